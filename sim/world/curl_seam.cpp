#include "sim/world/curl_seam.hpp"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

// How the seam works:
//  1. The functions in the middle of this file have names of the C library. The dynamic linker
//  takes a program's definitions before those of libraries, so libcurl's calls arrive here, as
//  everybody else's do. require_in_effect() sees whether it is so.
//  2. t_active names the sockets of the world whose scope is open on this thread, if one is.
//  3. With it, a number that SeamSockets owns goes to that world; all else goes on to the next
//  definition (RTLD_NEXT), the C library's.
//  4. What would wait, resolve or start a thread in real time inside a scope ends the program.
namespace provlab::world::curl_seam {

namespace {

thread_local SeamSockets* t_active = nullptr;

[[noreturn]] void die(const char* what) {
  std::fprintf(stderr, "provlab: the seam to libcurl is broken: %s\n", what);
  std::abort();
}

/// The C library's function of that name (or a sanitizer's wrapper of it).
template <class Function>
Function next(const char* name) {
  void* symbol = dlsym(RTLD_NEXT, name);
  if (symbol == nullptr) die(name);
  return reinterpret_cast<Function>(symbol);
}

bool is_ours(int socket) {
  return t_active != nullptr && SeamSockets::owns(socket);
}

/// libcurl's clock starts late enough that no difference it computes goes below zero.
constexpr Duration kClockBase = std::chrono::hours(1000);

int fill_name(Endpoint endpoint, sockaddr* address, socklen_t* length) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_port = htons(endpoint.port);
  in.sin_addr.s_addr = htonl(endpoint.address.value);
  std::memcpy(address, &in, *length < sizeof in ? *length : sizeof in);
  *length = sizeof in;
  return 0;
}

}  // namespace

SeamSockets* active() {
  return t_active;
}

void enter(SeamSockets& sockets) {
  if (t_active != nullptr) die("a libcurl call was made inside another one");
  t_active = &sockets;
}

void leave(SeamSockets&) {
  t_active = nullptr;
}

}  // namespace provlab::world::curl_seam

namespace seam = provlab::world::curl_seam;

// Each definition below has the C library's signature and forwards to it.
extern "C" {

int connect(int socket, const sockaddr* address, socklen_t length) {
  static const auto real = seam::next<decltype(&::connect)>("connect");
  if (seam::is_ours(socket)) return seam::t_active->connect(socket);
  return real(socket, address, length);
}

ssize_t send(int socket, const void* data, size_t size, int flags) {
  static const auto real = seam::next<decltype(&::send)>("send");
  if (seam::is_ours(socket)) return seam::t_active->send(socket, data, size);
  return real(socket, data, size, flags);
}

ssize_t recv(int socket, void* data, size_t size, int flags) {
  static const auto real = seam::next<decltype(&::recv)>("recv");
  if (seam::is_ours(socket)) {
    return seam::t_active->receive(socket, data, size, (flags & MSG_PEEK) != 0);
  }
  return real(socket, data, size, flags);
}

int poll(pollfd* sockets, nfds_t count, int timeout) {
  static const auto real = seam::next<decltype(&::poll)>("poll");
  if (seam::t_active == nullptr) return real(sockets, count, timeout);
  int ready = 0;
  for (nfds_t i = 0; i < count; ++i) {
    if (sockets[i].fd < 0) continue;
    if (!seam::is_ours(sockets[i].fd)) seam::die("poll() on a descriptor of the kernel");
    sockets[i].revents = seam::t_active->poll(sockets[i].fd, sockets[i].events);
    if (sockets[i].revents != 0) ++ready;
  }
  if (ready == 0 && timeout != 0) seam::die("poll() would wait in real time");
  return ready;
}

// libcurl closes a socket that never got connected itself, past CURLOPT_CLOSESOCKETFUNCTION.
int close(int socket) {
  static const auto real = seam::next<decltype(&::close)>("close");
  if (!seam::is_ours(socket)) return real(socket);
  seam::t_active->close(socket);
  return 0;
}

int getsockopt(int socket, int level, int name, void* value, socklen_t* length) noexcept {
  static const auto real = seam::next<decltype(&::getsockopt)>("getsockopt");
  if (!seam::is_ours(socket)) return real(socket, level, name, value, length);
  const int result =
      level == SOL_SOCKET && name == SO_ERROR ? seam::t_active->take_error(socket) : 0;
  if (*length >= sizeof result) std::memcpy(value, &result, sizeof result);
  return 0;
}

int setsockopt(int socket, int level, int name, const void* value, socklen_t length) noexcept {
  static const auto real = seam::next<decltype(&::setsockopt)>("setsockopt");
  if (seam::is_ours(socket)) return 0;  // no option changes what is modelled
  return real(socket, level, name, value, length);
}

int getpeername(int socket, sockaddr* address, socklen_t* length) noexcept {
  static const auto real = seam::next<decltype(&::getpeername)>("getpeername");
  if (!seam::is_ours(socket)) return real(socket, address, length);
  provlab::Endpoint local;
  provlab::Endpoint remote;
  if (seam::t_active->names(socket, local, remote)) return seam::fill_name(remote, address, length);
  errno = ENOTCONN;
  return -1;
}

int getsockname(int socket, sockaddr* address, socklen_t* length) noexcept {
  static const auto real = seam::next<decltype(&::getsockname)>("getsockname");
  if (!seam::is_ours(socket)) return real(socket, address, length);
  provlab::Endpoint local;
  provlab::Endpoint remote;
  seam::t_active->names(socket, local, remote);
  return seam::fill_name(local, address, length);
}

int fcntl(int socket, int command, ...) {
  static const auto real = seam::next<int (*)(int, int, ...)>("fcntl");
  va_list arguments;
  va_start(arguments, command);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  if (seam::is_ours(socket)) return command == F_GETFL ? O_RDWR | O_NONBLOCK : 0;
  return real(socket, command, argument);
}

int socketpair(int domain, int type, int protocol, int* sockets) noexcept {
  static const auto real = seam::next<decltype(&::socketpair)>("socketpair");
  if (seam::t_active == nullptr) return real(domain, type, protocol, sockets);
  errno = EMFILE;  // libcurl then does without the pair that wakes curl_multi_poll()
  return -1;
}

int getaddrinfo(const char* node, const char* service,  // house-rules: refuses the real one
                const addrinfo* hints, addrinfo** result) {
  static const auto real = seam::next<decltype(&::getaddrinfo)>("getaddrinfo");
  if (seam::t_active != nullptr) seam::die("libcurl asked the real resolver for a name");
  return real(node, service, hints, result);
}

/// AddressSanitizer's, where clang links it into the program: it knows only of threads it made.
// NOLINTNEXTLINE(bugprone-reserved-identifier)
[[gnu::weak]] int __interceptor_pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                                               void* (*start)(void*), void* argument);

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                   void* argument) noexcept {
  static const auto real = &__interceptor_pthread_create != nullptr
                               ? &__interceptor_pthread_create
                               : seam::next<decltype(&::pthread_create)>("pthread_create");
  if (seam::t_active != nullptr) seam::die("libcurl started a thread, most likely its resolver");
  return real(thread, attributes, start, argument);
}

// house-rules: puts virtual time in place of the real clock
int clock_gettime(clockid_t clock, timespec* time) noexcept {
  static const auto real = seam::next<decltype(&::clock_gettime)>("clock_gettime");
  if (seam::t_active == nullptr || clock != CLOCK_MONOTONIC) return real(clock, time);
  const auto now = (seam::t_active->now().time_since_epoch() + seam::kClockBase).count();
  time->tv_sec = now / 1'000'000'000;
  time->tv_nsec = now % 1'000'000'000;
  return 0;
}

}  // extern "C"

namespace provlab::world::curl_seam {

void require_in_effect() {
  static const bool in_effect = [] {
    return dlsym(RTLD_DEFAULT, "connect") == reinterpret_cast<void*>(&::connect) &&
           dlsym(RTLD_DEFAULT, "recv") == reinterpret_cast<void*>(&::recv) &&
           dlsym(RTLD_DEFAULT, "send") == reinterpret_cast<void*>(&::send) &&
           dlsym(RTLD_DEFAULT, "poll") == reinterpret_cast<void*>(&::poll) &&
           dlsym(RTLD_DEFAULT, "close") == reinterpret_cast<void*>(&::close) &&
           dlsym(RTLD_DEFAULT, "clock_gettime") == reinterpret_cast<void*>(&::clock_gettime);
  }();
  if (!in_effect) die("this program's definitions are not the ones that libraries call");
}

}  // namespace provlab::world::curl_seam
