#pragma once

namespace provlab::world {

class VirtualTransferSockets;

/// The seam between libcurl and the virtual world. libcurl 7.88 calls connect() even when told that
/// it is connected, asks the kernel for names and errors of its sockets, and reads the real clock.
/// This file's .cpp defines connect, poll, send, recv, close, getsockopt, setsockopt,
/// getpeername, getsockname, fcntl, socketpair, getaddrinfo, pthread_create and clock_gettime for
/// the whole program. Outside a scope of this thread, and for kernel descriptors, they are the C
/// library's. Inside: virtual descriptors go to their world, CLOCK_MONOTONIC is virtual time,
/// libcurl gets no wake-up socket pair (nothing could wake it), and a resolver or thread started in
/// there is a bug that ends the program with a message.
namespace curl_seam {

/// Ends the program with a message where the dynamic linker does not resolve to our definitions.
void require_in_effect();
void enter(VirtualTransferSockets& sockets);
void leave(VirtualTransferSockets& sockets);
VirtualTransferSockets* active();

}  // namespace curl_seam

}  // namespace provlab::world
