#include "netfakes/message_server.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/platform/stream_listener.hpp"

namespace provlab::netfakes {

struct MessageServer::State {
  Handler handler;
  StreamListener<MessageConnection> listener;
};

/// One accepted connection. Owned by its server's state until either side ends it; exchanges hold
/// it weakly.
class MessageConnection : public std::enable_shared_from_this<MessageConnection> {
 public:
  MessageConnection(const std::shared_ptr<MessageServer::State>& server,
                    std::unique_ptr<StreamSocket> socket)
      : server_(server), socket_(std::move(socket)), client_(socket_->remote()) {}

  void start() { read(); }

  void answer(BytesView message, std::size_t length) {
    if (ends_) return;
    ends_ = message.size() < length;
    output_.push_back(static_cast<std::uint8_t>(length >> 8));
    output_.push_back(static_cast<std::uint8_t>(length));
    output_.insert(output_.end(), message.begin(), message.end());
    if (!departure_.holds()) write();
  }

 private:
  void read() {
    socket_->start_read(asio::buffer(chunk_),
                        arrival_.tie([this](error_code error, std::size_t size) {
                          if (error) return end();
                          input_.insert(input_.end(), chunk_.begin(), chunk_.begin() + size);
                          const auto self = shared_from_this();  // a handler may end the server
                          hand_out();
                          if (!server_.expired()) read();
                        }));
  }

  void hand_out() {
    while (input_.size() >= 2) {
      const std::size_t length = static_cast<std::size_t>(input_[0]) << 8 | input_[1];
      if (input_.size() < 2 + length) return;
      const Bytes message(input_.begin() + 2, input_.begin() + 2 + static_cast<long>(length));
      input_.erase(input_.begin(), input_.begin() + 2 + static_cast<long>(length));
      const auto server = server_.lock();
      if (!server) return;
      server->handler(message, MessageExchange(weak_from_this(), client_));
    }
  }

  void write() {
    if (output_.empty()) {
      if (ends_) end();
      return;
    }
    socket_->start_write(
        asio::buffer(output_), departure_.tie([this](error_code error, std::size_t size) {
          if (error) return end();
          output_.erase(output_.begin(), output_.begin() + static_cast<long>(size));
          write();
        }));
  }

  void end() {
    socket_->close();
    if (const auto server = server_.lock()) server->listener.end(shared_from_this());
  }

  std::weak_ptr<MessageServer::State> server_;
  std::unique_ptr<StreamSocket> socket_;
  Endpoint client_;
  std::array<std::uint8_t, 4096> chunk_;
  Bytes input_;
  Bytes output_;
  bool ends_ = false;
  Tether arrival_;    ///< of the pending read
  Tether departure_;  ///< of the pending write
};

void MessageExchange::answer(BytesView message, std::size_t length) const {
  if (const auto connection = connection_.lock()) connection->answer(message, length);
}

Expected<void> MessageServer::open(Host& host, const ListenOptions& options, Handler handler) {
  auto state = std::make_shared<State>();
  state->handler = std::move(handler);
  const auto make = [to = std::weak_ptr(state)](std::unique_ptr<StreamSocket> socket) {
    return std::make_shared<MessageConnection>(to.lock(), std::move(socket));
  };
  if (auto opened = state->listener.open(host, options, make); !opened) return opened;
  state_ = std::move(state);
  return {};
}

void MessageServer::close() {
  state_.reset();
}

}  // namespace provlab::netfakes
