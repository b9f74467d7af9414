#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "netfakes/answer_rules.hpp"
#include "netfakes/http_render.hpp"
#include "netfakes/tls_socket.hpp"

/// HTTP/1.1 on the serving side, on Beast's parser and serializer over StreamSocket callbacks: one
/// request at a time on a connection, answered whenever its owner likes.
namespace provlab::netfakes {

/// A request as it arrived; the views are valid while the handler runs.
struct HttpRequest {
  std::string_view method;
  std::string_view target;
  std::string lines;  ///< its header lines, as they are told
  Endpoint from;
};

class HttpConnection;

/// One request's way back to its client; outlives the connection safely.
class HttpExchange {
 public:
  explicit HttpExchange(std::weak_ptr<HttpConnection> connection, Endpoint client)
      : connection_(std::move(connection)), client_(client) {}
  Endpoint client() const { return client_; }
  bool open() const { return !connection_.expired(); }  ///< false once the client has gone
  /// Precondition: open(), and not answered yet. HEAD is answered without the body. `faults`, or
  /// null, must outlive the server; `sink` is told of each before this returns.
  void answer(const HttpReply& reply, const Faults* faults = nullptr, FaultSink sink = {}) const;

 private:
  std::weak_ptr<HttpConnection> connection_;
  Endpoint client_;
};

/// Which answers have a header line; nothing else of the rule counts.
struct HeaderRule : AnswerRule {
  HeaderLine line;
};

struct HttpServerOptions {
  ListenOptions listen;  ///< how SYNs are answered
  bool refuse = false;   ///< by RST
  bool keep_alive = true;
  std::shared_ptr<const TlsServer> tls{};  ///< null: without TLS
};

/// Accepts connections and hands out their requests.
///  1. A connection has one request at a time. It is answered by its exchange, during the handler's
///  call or later, once.
///  2. While an answer is due, the connection listens on for the client's end: the exchange is then
///  no longer open.
///  3. After close() and the end of this object no handler is called, and all connections end.
class HttpServer {
 public:
  using Handler = UniqueFunction<void(const HttpRequest&, const HttpExchange&)>;
  /// Called for bytes that are no HTTP request; they are answered with 400.
  using ErrorHandler = UniqueFunction<void(Endpoint from, std::string_view reason)>;

  Expected<void> open(Host& host, const HttpServerOptions& options, Handler handler,
                      ErrorHandler on_error);
  void close();  ///< also the connections there are
  /// Of connections with TLS that come from now on; `ear` must outlive the server.
  void set_ear(PlaintextEar* ear);
  bool is_open() const { return state_ != nullptr; }

  struct State;

 private:
  std::shared_ptr<State> state_;  ///< while open; connections look for it
  PlaintextEar* ear_ = nullptr;
};

}  // namespace provlab::netfakes
