#pragma once
#include "core/platform/host.hpp"

namespace provlab::world {

/// The sockets of a virtual world as the seam asks them. All calls take numbers that owns()
/// accepts, and set errno as the kernel would.
class SeamSockets {
 public:
  static constexpr int kFirstNumber = 1 << 20;  ///< above every descriptor limit in use
  static bool owns(int socket) { return socket >= kFirstNumber; }

  virtual int connect(int socket) = 0;
  virtual long send(int socket, const void* data, std::size_t size) = 0;
  virtual long receive(int socket, void* data, std::size_t size, bool peek) = 0;
  virtual short poll(int socket, short events) = 0;  ///< the events of poll(2) that hold now
  virtual int take_error(int socket) = 0;            ///< SO_ERROR
  virtual bool names(int socket, Endpoint& local, Endpoint& remote) = 0;
  virtual void close(int socket) = 0;
  virtual Instant now() const = 0;

 protected:
  ~SeamSockets() = default;
};

/// The seam between libcurl and the virtual world (D2). libcurl 7.88 calls connect() even when told
/// that it is connected, asks the kernel for names and errors of its sockets, and reads the real
/// clock. This file's .cpp defines connect, poll, send, recv, close, getsockopt, setsockopt,
/// getpeername, getsockname, fcntl, socketpair, getaddrinfo, pthread_create and clock_gettime for
/// the whole program.
///  1. Outside a scope of this thread, and for kernel descriptors, they are the C library's.
///  2. Inside, virtual descriptors go to their world, and CLOCK_MONOTONIC is virtual time.
///  3. Inside, libcurl gets no wake-up socket pair: nothing could wake it.
///  4. A resolver or thread started inside is a bug that ends the program with a message.
namespace curl_seam {

/// Ends the program with a message where the dynamic linker does not resolve to our definitions.
void require_in_effect();
void enter(SeamSockets& sockets);
void leave(SeamSockets& sockets);
SeamSockets* active();

}  // namespace curl_seam

}  // namespace provlab::world
