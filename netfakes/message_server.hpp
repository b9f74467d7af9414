#pragma once
#include <memory>

#include "core/platform/host.hpp"

/// Messages over TCP, each with its length in two octets before it (RFC 1035 4.2.2), on the serving
/// side.
namespace provlab::netfakes {

class MessageConnection;

/// One message's way back to its client; outlives the connection safely.
class MessageExchange {
 public:
  MessageExchange(std::weak_ptr<MessageConnection> connection, Endpoint client)
      : connection_(std::move(connection)), client_(client) {}
  Endpoint client() const { return client_; }
  bool open() const { return !connection_.expired(); }  ///< false once the client has gone
  /// Sends a message that says it has `length` octets, at least as many as there are; where it has
  /// fewer, the connection ends behind it. Nothing where it is not open().
  void answer(BytesView message, std::size_t length) const;

 private:
  std::weak_ptr<MessageConnection> connection_;
  Endpoint client_;
};

/// Accepts connections and hands out their messages, in their order; answers may come in another.
/// After close() and the end of this object no handler is called, and all connections end.
class MessageServer {
 public:
  using Handler = UniqueFunction<void(BytesView, const MessageExchange&)>;

  Expected<void> open(Host& host, const ListenOptions& options, Handler handler);
  void close();

  struct State;

 private:
  std::shared_ptr<State> state_;  ///< while open; connections look for it
};

}  // namespace provlab::netfakes
