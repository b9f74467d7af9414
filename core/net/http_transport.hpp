#pragma once
#include <curl/curl.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/net/http_head.hpp"
#include "core/net/http_types.hpp"
#include "core/platform/async.hpp"
#include "core/platform/timer.hpp"

namespace provlab::net {

/// One request as it goes to one server: the name is resolved, redirects are none of its business.
struct HttpExchange {
  std::string url;
  std::string host;
  Endpoint server;
  Purpose purpose;
  HttpLimits limits;                  ///< for messages and the body's limit
  Duration patience;                  ///< TCP must stand within that …
  Instant connect_deadline;           ///< … TLS by then
  Instant deadline;                   ///< and the answer must be whole
  std::optional<WallTime> verify_at;  ///< when certificates are judged, for https
};

struct HttpReply {
  int status = 0;
  HttpFields fields;
  std::string body;
};

using HttpOutcome = std::expected<HttpReply, HttpError>;

/// Runs exchanges over one libcurl multi handle on the host's transfer sockets. The connection
/// cache lives as long as the transport.
///  1. A handler is called once for each start(). It is always posted: start(), cancel() and
///     libcurl never call it.
///  2. It gets the reply, or an HttpError where the transfer failed or one of its limits passed.
///  3. cancel() closes the connection at once and has the handler called with operation_aborted. A
///     transfer that has ended cannot be cancelled any more.
///  4. The destructor ends every transfer as cancel() does, but records nothing.
class HttpTransport final : public TransferSockets::Observer {
 public:
  using Handler = UniqueFunction<void(error_code, HttpOutcome)>;
  using TransferId = std::uint64_t;

  HttpTransport(Host& host, std::string user_agent, std::string ca_file);
  ~HttpTransport();
  HttpTransport(const HttpTransport&) = delete;
  HttpTransport& operator=(const HttpTransport&) = delete;

  TransferId start(HttpExchange exchange, Handler handler);
  /// Closes the transfer's connection at once; its handler gets operation_aborted.
  void cancel(TransferId id);
  /// Has `slot` cancel that transfer, unless it has ended already.
  void cancel_by(asio::cancellation_slot slot, TransferId id);
  bool idle() const { return transfers_.empty(); }

 private:
  struct Transfer;

  void on_ready(int socket, bool readable, bool writable) override;
  void drive(int socket, int events);
  void collect();
  static HttpOutcome outcome_of(Transfer& transfer, CURLcode code);
  void finish(Transfer& transfer, CURLcode code);
  void release_handle(Transfer& transfer);
  void abort(TransferId id, error_code error, HttpError reason);
  void complete(Transfer& transfer, error_code error, HttpOutcome outcome);
  void configure(Transfer& transfer);
  void arm_limit(Transfer& transfer, Instant at);
  void note_reached(Transfer& transfer);
  void on_limit(TransferId id);
  void settle_curl_timer();
  void on_curl_timer();
  Transfer* find(TransferId id);

  static int on_socket(CURL* handle, curl_socket_t socket, int what, void* self, void* unused);
  static int on_timer(CURLM* multi, long timeout_ms, void* self);
  static curl_socket_t on_open(void* transfer, curlsocktype purpose, curl_sockaddr* address);
  static int on_close(void* self, curl_socket_t socket);
  static int on_connected(void* transfer, char* remote_ip, char* local_ip, int remote_port,
                          int local_port);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* transfer);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* transfer);
  static CURLcode on_tls_context(CURL* handle, void* context, void* transfer);

  Host& host_;
  TransferSockets& sockets_;
  std::string user_agent_;
  std::string ca_file_;
  CURLM* multi_;
  std::vector<std::unique_ptr<Transfer>> transfers_;
  TransferId last_id_ = 0;
  bool expired_ = false;             ///< libcurl asked to be called back at once
  std::optional<Instant> curl_due_;  ///< when libcurl wants to be called back
  Timer curl_timer_;
  Instant curl_timer_at_{};  ///< when curl_timer_ fires, where it is pending
};

/// Awaitable form: completes with `void(error_code, HttpOutcome)`; cancelling aborts the transfer.
template <class Token>
auto async_exchange(HttpTransport& transport, HttpExchange exchange, Token&& token) {
  return asio::async_initiate<Token, void(error_code, HttpOutcome)>(
      [](auto handler, HttpTransport* t, HttpExchange e) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        const HttpTransport::TransferId id = t->start(
            std::move(e),
            [handler = std::move(handler), slot](error_code error, HttpOutcome outcome) mutable {
              if (slot.is_connected()) slot.clear();
              std::move(handler)(error, std::move(outcome));
            });
        if (slot.is_connected()) t->cancel_by(slot, id);
      },
      token, &transport, std::move(exchange));
}

}  // namespace provlab::net
