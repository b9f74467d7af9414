#include "netfakes/message_server.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace provlab::netfakes {

struct MessageServer::State {
  Host* host = nullptr;
  std::unique_ptr<StreamAcceptor> acceptor;
  Handler handler;
  std::set<std::shared_ptr<MessageConnection>, std::owner_less<>> connections;
};

/// One accepted connection. Owned by its server's state until either side ends it; exchanges hold
/// it weakly.
class MessageConnection : public std::enable_shared_from_this<MessageConnection> {
 public:
  MessageConnection(const std::shared_ptr<MessageServer::State>& server,
                    std::unique_ptr<StreamSocket> socket)
      : server_(server), socket_(std::move(socket)), client_(socket_->remote()) {}

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

  void answer(BytesView message, std::size_t length) {
    if (ends_) return;
    ends_ = message.size() < length;
    output_.push_back(static_cast<std::uint8_t>(length >> 8));
    output_.push_back(static_cast<std::uint8_t>(length));
    output_.insert(output_.end(), message.begin(), message.end());
    if (!departure_.holds()) write();
  }

 private:
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
    if (const auto server = server_.lock()) server->connections.erase(shared_from_this());
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
  auto acceptor = host.listen(options);
  if (!acceptor) return std::unexpected(std::move(acceptor).error());
  state_ = std::make_shared<State>();
  state_->host = &host;
  state_->acceptor = std::move(*acceptor);
  state_->handler = std::move(handler);
  accept_next();
  return {};
}

void MessageServer::close() {
  arrival_.cut();
  state_.reset();
}

void MessageServer::accept_next() {
  state_->acceptor->start_accept(
      arrival_.tie([this](error_code error, std::unique_ptr<StreamSocket> socket) {
        if (error) return;
        const auto connection = std::make_shared<MessageConnection>(state_, std::move(socket));
        state_->connections.insert(connection);
        connection->read();
        accept_next();
      }));
}

}  // namespace provlab::netfakes
