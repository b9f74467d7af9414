#pragma once
#include <memory>
#include <set>
#include <utility>

#include "core/platform/host.hpp"
#include "core/platform/tether.hpp"

namespace provlab {

/// The connections of a TCP server, until they end or this does. What makes one of a socket that
/// was accepted is called from the loop, and start() of the connection after that.
template <class Connection>
class StreamListener {
 public:
  using Make = UniqueFunction<std::shared_ptr<Connection>(std::unique_ptr<StreamSocket>)>;

  Expected<void> open(Host& host, const ListenOptions& options, Make make) {
    auto acceptor = host.listen(options);
    if (!acceptor) return std::unexpected(std::move(acceptor).error());
    acceptor_ = std::move(*acceptor);
    make_ = std::move(make);
    accept_next();
    return {};
  }
  /// Takes a connection that came another way, and starts it.
  void take(const std::shared_ptr<Connection>& connection) {
    connections_.insert(connection);
    connection->start();
  }
  /// Lets go of a connection, which ends unless somebody else holds it.
  void end(const std::shared_ptr<Connection>& connection) { connections_.erase(connection); }
  /// In no order that means anything.
  const auto& connections() const { return connections_; }

 private:
  void accept_next() {
    acceptor_->start_accept(
        arrival_.tie([this](error_code error, std::unique_ptr<StreamSocket> socket) {
          if (error) return;
          take(make_(std::move(socket)));
          accept_next();
        }));
  }

  std::unique_ptr<StreamAcceptor> acceptor_;
  Make make_;
  std::set<std::shared_ptr<Connection>, std::owner_less<>> connections_;
  Tether arrival_;  ///< of the next connection
};

}  // namespace provlab
