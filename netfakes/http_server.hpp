#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/platform/host.hpp"

/// HTTP/1.1 on the serving side, on Beast's parser and serializer over StreamSocket callbacks: one
/// request at a time on a connection, answered whenever its owner likes.
namespace provlab::netfakes {

/// A request as it arrived; the views are valid while the handler runs.
struct HttpRequest {
  std::string_view method;
  std::string_view target;
  Endpoint from;
};

struct HttpReply {
  unsigned status = 200;
  std::string_view content_type;  ///< no such header where empty
  std::string_view location;      ///< likewise
  const std::vector<std::pair<std::string, std::string>>* headers = nullptr;
  std::string_view body;
  bool close = false;  ///< ends the connection after this answer
};

class HttpConnection;

/// One request's way back to its client; outlives the connection safely.
class HttpExchange {
 public:
  explicit HttpExchange(std::weak_ptr<HttpConnection> connection, Endpoint client)
      : connection_(std::move(connection)), client_(client) {}
  Endpoint client() const { return client_; }
  bool open() const { return !connection_.expired(); }  ///< false once the client has gone
  /// Precondition: open(), and not answered yet. HEAD is answered without the body.
  void answer(const HttpReply& reply) const;

 private:
  std::weak_ptr<HttpConnection> connection_;
  Endpoint client_;
};

/// Accepts connections and hands out their requests, until close() or its destruction.
class HttpServer {
 public:
  using Handler = UniqueFunction<void(const HttpRequest&, const HttpExchange&)>;
  /// Called for bytes that are no HTTP request; they are answered with 400.
  using ErrorHandler = UniqueFunction<void(Endpoint from, std::string_view reason)>;

  Expected<void> open(Host& host, const ListenOptions& options, bool keep_alive, Handler handler,
                      ErrorHandler on_error);
  void close() { state_.reset(); }
  bool is_open() const { return state_ != nullptr; }

  struct State;

 private:
  static void accept_next(const std::shared_ptr<State>& state);
  std::shared_ptr<State> state_;
};

}  // namespace provlab::netfakes
