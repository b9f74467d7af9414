#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/world/tcp_layer.hpp"
#include "sim/world/world.hpp"

namespace provlab::world {

/// The client end of a TCP connection that keeps all it is sent.
class TcpClient final : private TcpConnection::User {
 public:
  TcpClient(VirtualHost& host, Endpoint remote)
      : host_(host), connection_(host.tcp().open(remote)) {
    connection_->set_user(this);
    connection_->connect();
  }
  ~TcpClient() { connection_->set_user(nullptr); }
  TcpClient(const TcpClient&) = delete;
  TcpClient& operator=(const TcpClient&) = delete;

  /// Leaves as soon as the connection stands.
  void send(std::string_view text) {
    waiting_ += text;
    on_tcp_change();
  }
  void shutdown_send() { connection_->shutdown_send(); }
  void close() { connection_->close(); }
  void reset() { connection_->reset(); }

  const std::string& received() const { return received_; }
  bool ended() const { return ended_; }  ///< the server has closed its side
  error_code error() const { return connection_->error(); }
  TcpConnection::State state() const { return connection_->state(); }
  Instant first_octet_at() const { return first_octet_at_; }

 private:
  void on_tcp_change() override {
    while (!waiting_.empty() && connection_->can_send()) {
      const std::size_t taken = connection_->send(bytes_of(waiting_));
      if (taken == 0) break;
      waiting_.erase(0, taken);
    }
    std::uint8_t octets[1024];
    while (const std::size_t size = connection_->read(octets, sizeof octets)) {
      if (received_.empty()) first_octet_at_ = host_.now();
      received_ += text_of({octets, size});
    }
    ended_ = connection_->at_end();
  }

  VirtualHost& host_;
  std::shared_ptr<TcpConnection> connection_;
  std::string waiting_;
  std::string received_;
  bool ended_ = false;
  Instant first_octet_at_{};
};

}  // namespace provlab::world
