#include "tests/unit/port/kernel_stream.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <span>

namespace provlab::wire {

namespace {

constexpr int kSmallBuffer = 4096;

sockaddr_in address_of(Endpoint endpoint) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(endpoint.port);
  address.sin_addr.s_addr = htonl(endpoint.address.value);
  return address;
}

int new_socket(bool slow) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (slow) ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &kSmallBuffer, sizeof kSmallBuffer);
  return socket;
}

}  // namespace

std::unique_ptr<KernelStream> KernelStream::server(Endpoint local, const StreamTask& task,
                                                   std::function<void()> done) {
  const int listener = new_socket(task.slow);
  const sockaddr_in address = address_of(local);
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener, 1) != 0) {
    ::close(listener);
    return nullptr;
  }
  return std::unique_ptr<KernelStream>(new KernelStream(listener, {}, task, std::move(done)));
}

std::unique_ptr<KernelStream> KernelStream::client(Endpoint remote, const StreamTask& task,
                                                   std::function<void()> done) {
  return std::unique_ptr<KernelStream>(new KernelStream(-1, remote, task, std::move(done)));
}

KernelStream::KernelStream(int listener, Endpoint remote, const StreamTask& task,
                           std::function<void()> done)
    : task_(task),
      sending_(numbered_octets(task.sends, task.seed)),
      wanted_(numbered_octets(task.expects, task.peer_seed)),
      listener_(listener),
      done_(std::move(done)) {
  thread_ = std::thread([this, remote] { run(remote); });
}

KernelStream::~KernelStream() {
  if (listener_ >= 0) ::shutdown(listener_, SHUT_RDWR);
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
  thread_.join();
  if (listener_ >= 0) ::close(listener_);
  if (socket_ >= 0) ::close(socket_);
}

void KernelStream::run(Endpoint remote) {
  if (listener_ >= 0) {
    socket_ = ::accept(listener_, nullptr, nullptr);
  } else {
    socket_ = new_socket(task_.slow);
    const sockaddr_in address = address_of(remote);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      end_ = {.kind = StreamEnd::Kind::error, .received = 0, .why = std::strerror(errno)};
      return done_();
    }
  }
  std::thread writer;
  if (!task_.answers) writer = std::thread([this] { write_all(); });
  read_all();
  if (task_.answers && end_.kind == StreamEnd::Kind::right) write_all();
  if (end_.kind != StreamEnd::Kind::right) ::shutdown(socket_, SHUT_RDWR);
  if (writer.joinable()) writer.join();
  // The kernel tells a reset once: where the writer hears of it, the reader sees an end.
  const bool told_of_reset = ended_early_ && write_error_ == std::strerror(ECONNRESET);
  if ((end_.kind == StreamEnd::Kind::right && !write_error_.empty()) || told_of_reset) {
    end_ = {StreamEnd::Kind::error, end_.received, write_error_};
  }
  done_();
}

void KernelStream::read_all() {
  Bytes chunk(task_.slow ? 1000 : 65536);
  for (;;) {
    const ssize_t count = ::recv(socket_, chunk.data(), chunk.size(), 0);
    if (count < 0) {
      end_.kind = StreamEnd::Kind::error;
      end_.why = std::strerror(errno);
      return;
    }
    const auto size = static_cast<std::size_t>(count);
    const bool right = size <= wanted_.size() - end_.received &&
                       std::ranges::equal(std::span(chunk).first(size),
                                          std::span(wanted_).subspan(end_.received, size));
    end_.received += right ? size : 0;
    if (!right || (size == 0 && end_.received < wanted_.size())) {
      ended_early_ = right;
      end_.kind = StreamEnd::Kind::wrong;
      return;
    }
    if (size == 0) {
      end_.kind = StreamEnd::Kind::right;
      return;
    }
    if (task_.resets_at && end_.received >= *task_.resets_at) {
      const linger at_once{.l_onoff = 1, .l_linger = 0};
      ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      // To connect to nobody is to reset, also while another thread writes.
      sockaddr nobody{};
      nobody.sa_family = AF_UNSPEC;
      ::connect(socket_, &nobody, sizeof nobody);
      end_.kind = StreamEnd::Kind::error;
      end_.why = "reset here";
      return;
    }
  }
}

void KernelStream::write_all() {
  for (std::size_t at = 0; at < sending_.size();) {
    const std::size_t chunk = std::min<std::size_t>(sending_.size() - at, 65536);
    const ssize_t count = ::send(socket_, sending_.data() + at, chunk, MSG_NOSIGNAL);
    if (count <= 0) {
      write_error_ = std::strerror(errno);
      return;
    }
    at += static_cast<std::size_t>(count);
  }
  ::shutdown(socket_, SHUT_WR);
}

}  // namespace provlab::wire
