#include "core/net/http_transport.hpp"

#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <new>

#include "core/net/http_failure.hpp"
#include "core/net/http_handles.hpp"
#include "core/net/http_trust.hpp"
#include "core/net/net_events.hpp"

// libcurl is driven from two sides: by sockets that are ready (on_ready) and by the one timer that
// it asks for (on_timer notes when, settle_curl_timer() sets curl_timer_). Both end in drive(),
// which lets libcurl work and then collects the transfers that have ended. libcurl's callbacks run
// inside drive(); they record and take notes: the head, the body, a verdict that stops the
// transfer. The limits of a transfer are timers of ours: the connection first, then the whole
// (on_limit). A transfer ends once, in complete(), by libcurl's result (finish) or by our decision
// (abort).
namespace provlab::net {

namespace {

constexpr std::string_view kPemStart = "-----BEGIN";

constexpr int kMostImmediateCalls = 8;

/// libcurl gives up connecting after 300 s by itself, unless told otherwise.
constexpr Duration kCurlConnectLimit = std::chrono::seconds(290);

}  // namespace

/// A request under way. libcurl's callbacks get a pointer to it.
struct HttpTransport::Transfer {
  explicit Transfer(HttpTransport& transport) : owner(&transport), limit(transport.host_) {}

  HttpTransport* owner;
  TransferId id = 0;
  HttpExchange exchange;
  Handler handler;
  CURL* handle = nullptr;
  HttpHead head;
  HttpReply reply;
  std::optional<HttpError> verdict;  ///< why a callback of ours made libcurl stop
  Timer limit;                       ///< the next one
  Tether cancellation;               ///< to the slot that can cancel it
  std::size_t header_octets = 0;
  bool reached = false;    ///< TCP stands
  bool connected = false;  ///< so does TLS, where there is any
  bool in_body = false;
  std::string connect_to_text;
  curl_slist connect_to{};
  std::array<char, CURL_ERROR_SIZE> detail{};
};

HttpTransport::HttpTransport(Host& host, std::string user_agent, std::string ca_file)
    : host_(host),
      sockets_(host.transfer_sockets()),
      user_agent_(std::move(user_agent)),
      ca_file_(std::move(ca_file)),
      curl_timer_(host) {
  initialise_curl();
  const TransferSockets::Scope scope(sockets_);
  multi_ = curl_multi_init();
  if (multi_ == nullptr) throw std::bad_alloc();
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
}

HttpTransport::~HttpTransport() {
  while (!transfers_.empty()) {
    abort(transfers_.back()->id, asio::error::operation_aborted, {HttpFailure::reset, {}});
  }
  const TransferSockets::Scope scope(sockets_);
  curl_multi_cleanup(multi_);
}

HttpTransport::TransferId HttpTransport::start(HttpExchange exchange, Handler handler) {
  auto owned = std::make_unique<Transfer>(*this);
  Transfer& transfer = *owned;
  transfer.id = ++last_id_;
  transfer.exchange = std::move(exchange);
  transfer.handler = std::move(handler);
  transfers_.push_back(std::move(owned));
  arm_limit(transfer,
            std::min(host_.now() + transfer.exchange.patience, transfer.exchange.deadline));
  const TransferId id = transfer.id;
  {
    const TransferSockets::Scope scope(sockets_);
    configure(transfer);
    curl_multi_add_handle(multi_, transfer.handle);
  }
  expired_ = false;
  drive(CURL_SOCKET_TIMEOUT, 0);
  return id;
}

void HttpTransport::configure(Transfer& transfer) {
  transfer.handle = new_easy_handle();
  CURL* const handle = transfer.handle;
  const HttpExchange& exchange = transfer.exchange;
  transfer.connect_to_text = "::" + exchange.server.to_string();
  transfer.connect_to.data = transfer.connect_to_text.data();
  curl_easy_setopt(handle, CURLOPT_PRIVATE, &transfer);
  curl_easy_setopt(handle, CURLOPT_URL, exchange.url.c_str());
  // Where to connect, so that libcurl has no name to resolve. Unlike CURLOPT_RESOLVE this leaves
  // nothing in the multi handle that could outlive the answer's time to live.
  curl_easy_setopt(handle, CURLOPT_CONNECT_TO, &transfer.connect_to);
  curl_easy_setopt(handle, CURLOPT_USERAGENT, user_agent_.c_str());
  if (exchange.verify_at && !ca_file_.empty()) {
    if (ca_file_.starts_with(kPemStart)) {
      curl_blob pem{ca_file_.data(), ca_file_.size(), CURL_BLOB_NOCOPY};
      curl_easy_setopt(handle, CURLOPT_CAINFO_BLOB, &pem);
    } else {
      curl_easy_setopt(handle, CURLOPT_CAINFO, ca_file_.c_str());
    }
  }
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, transfer.detail.data());
  curl_easy_setopt(handle, CURLOPT_MAXFILESIZE_LARGE,
                   static_cast<curl_off_t>(exchange.limits.body));
  const bool long_limit = exchange.limits.connect > kCurlConnectLimit;
  const auto limit = std::chrono::duration_cast<std::chrono::seconds>(exchange.limits.connect);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT,
                   long_limit ? static_cast<long>(limit.count() + 10) : 0L);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, &on_open);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, &on_close);
  curl_easy_setopt(handle, CURLOPT_CLOSESOCKETDATA, this);  // kept by the connection
  curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, &on_connected);
  curl_easy_setopt(handle, CURLOPT_PREREQDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &on_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, &on_tls_context);
  curl_easy_setopt(handle, CURLOPT_SSL_CTX_DATA, &transfer);
}

void HttpTransport::cancel(TransferId id) {
  const Transfer* transfer = find(id);
  if (transfer == nullptr) return;
  host_.record(HttpRequestCancelled{.url = transfer->exchange.url,
                                    .purpose = to_string(transfer->exchange.purpose)});
  abort(id, asio::error::operation_aborted, {HttpFailure::reset, {}});
}

void HttpTransport::cancel_by(asio::cancellation_slot slot, TransferId id) {
  Transfer* const transfer = find(id);
  if (transfer == nullptr) return;
  slot.assign(transfer->cancellation.tie([this, id](asio::cancellation_type) { cancel(id); }));
}

void HttpTransport::on_ready(int socket, bool readable, bool writable) {
  drive(socket, (readable ? CURL_CSELECT_IN : 0) | (writable ? CURL_CSELECT_OUT : 0));
}

/// Lets libcurl work, as often as it asks to be called back at once, and takes what has ended.
void HttpTransport::drive(int socket, int events) {
  {
    const TransferSockets::Scope scope(sockets_);
    int running = 0;
    curl_multi_socket_action(multi_, socket, events, &running);
    for (int calls = 0; expired_ && calls < kMostImmediateCalls; ++calls) {
      expired_ = false;
      curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    collect();
  }
  settle_curl_timer();
}

void HttpTransport::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;  // the message does not outlive the next call
    char* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    finish(*reinterpret_cast<Transfer*>(transfer), code);
  }
}

HttpOutcome HttpTransport::outcome_of(Transfer& transfer, CURLcode code) {
  if (transfer.verdict) return std::unexpected(std::move(*transfer.verdict));
  if (code == CURLE_OK && !transfer.in_body) {  // libcurl calls this success
    return std::unexpected(
        HttpError{HttpFailure::truncated,
                  fmt::format("{} closed the connection within the headers of its answer",
                              transfer.exchange.server.to_string())});
  }
  if (code != CURLE_OK) {
    return std::unexpected(explain({.handle = transfer.handle,
                                    .code = code,
                                    .detail = transfer.detail.data(),
                                    .host = transfer.exchange.host,
                                    .server = transfer.exchange.server,
                                    .body_limit = transfer.exchange.limits.body,
                                    .body_received = transfer.reply.body.size(),
                                    .verified_at = transfer.exchange.verify_at}));
  }
  long status = 0;
  curl_easy_getinfo(transfer.handle, CURLINFO_RESPONSE_CODE, &status);
  transfer.reply.status = static_cast<int>(status);
  transfer.reply.fields = transfer.head.take_fields();
  return std::move(transfer.reply);
}

/// Precondition: inside a Scope.
void HttpTransport::finish(Transfer& transfer, CURLcode code) {
  HttpOutcome outcome = outcome_of(transfer, code);
  release_handle(transfer);
  complete(transfer, {}, std::move(outcome));
}

/// Takes the handle off libcurl's hands, closing the connection of a transfer that has not ended.
/// Precondition: inside a Scope.
void HttpTransport::release_handle(Transfer& transfer) {
  curl_multi_remove_handle(multi_, transfer.handle);
  curl_easy_cleanup(transfer.handle);
}

void HttpTransport::abort(TransferId id, error_code error, HttpError reason) {
  Transfer& transfer = *find(id);
  {
    const TransferSockets::Scope scope(sockets_);
    release_handle(transfer);
  }
  complete(transfer, error, std::unexpected(std::move(reason)));
  settle_curl_timer();
}

void HttpTransport::complete(Transfer& transfer, error_code error, HttpOutcome outcome) {
  transfer.limit.cancel();
  if (!outcome) outcome.error().reached = transfer.reached;
  EventRecorder& trace = host_.trace();
  asio::post(host_.executor(),
             [&trace, cause = trace.cause(), handler = std::move(transfer.handler), error,
              outcome = std::move(outcome)]() mutable {
               trace.set_cause(cause);
               handler(error, std::move(outcome));
             });
  std::erase_if(transfers_, [&](const auto& owned) { return owned.get() == &transfer; });
}

HttpTransport::Transfer* HttpTransport::find(TransferId id) {
  const auto it =
      std::ranges::find_if(transfers_, [&](const auto& owned) { return owned->id == id; });
  return it == transfers_.end() ? nullptr : it->get();
}

void HttpTransport::arm_limit(Transfer& transfer, Instant at) {
  transfer.limit.start(at, [this, id = transfer.id] { on_limit(id); });
}

void HttpTransport::on_limit(TransferId id) {
  Transfer* const transfer = find(id);
  if (transfer == nullptr) return;
  const HttpExchange& exchange = transfer->exchange;
  const std::string server = exchange.server.to_string();
  if (host_.now() >= exchange.deadline) {
    const std::string limit = provlab::to_string(exchange.limits.total);
    abort(
        id, {},
        {HttpFailure::timeout,
         transfer->connected
             ? fmt::format("no complete answer from {} within {} ({} octets of its body had come)",
                           server, limit, transfer->reply.body.size())
             : fmt::format("no connection to {} before the limit of {} for the whole request",
                           server, limit)});
  } else if (!transfer->connected) {
    abort(id, {},
          {HttpFailure::connect_timeout,
           fmt::format("connection to {} was not made within {}", server,
                       provlab::to_string(transfer->reached ? exchange.limits.connect
                                                            : exchange.patience))});
  } else {
    arm_limit(*transfer, exchange.deadline);
  }
}

/// The other side is there: what is left of the time for addresses is its own.
void HttpTransport::note_reached(Transfer& transfer) {
  transfer.reached = true;
  arm_limit(transfer, std::min(transfer.exchange.connect_deadline, transfer.exchange.deadline));
}

/// Keeps one Host timer that fires no later than libcurl wants; firing too early does no harm.
void HttpTransport::settle_curl_timer() {
  if (expired_) curl_due_ = host_.now();
  if (transfers_.empty()) curl_due_.reset();
  if (!curl_due_) {
    if (transfers_.empty()) curl_timer_.cancel();
    return;
  }
  if (curl_timer_.pending() && curl_timer_at_ <= *curl_due_) return;
  curl_timer_at_ = *curl_due_;
  curl_timer_.start(curl_timer_at_, [this] { on_curl_timer(); });
}

/// Called for a timeout libcurl forgets what it announced, and announces anew what it still waits
/// for, if anything.
void HttpTransport::on_curl_timer() {
  curl_due_.reset();
  expired_ = false;
  drive(CURL_SOCKET_TIMEOUT, 0);
}

int HttpTransport::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  auto& transport = *static_cast<HttpTransport*>(self);
  const bool read = what == CURL_POLL_IN || what == CURL_POLL_INOUT;
  const bool write = what == CURL_POLL_OUT || what == CURL_POLL_INOUT;
  transport.sockets_.watch(socket, read, write, transport);
  return 0;
}

int HttpTransport::on_timer(CURLM*, long timeout_ms, void* self) {
  auto& transport = *static_cast<HttpTransport*>(self);
  transport.expired_ = timeout_ms == 0;
  transport.curl_due_.reset();
  if (timeout_ms > 0) {
    transport.curl_due_ = transport.host_.now() + std::chrono::milliseconds(timeout_ms);
  }
  return 0;
}

curl_socket_t HttpTransport::on_open(void* data, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(data);
  if (address->family != AF_INET) return CURL_SOCKET_BAD;
  const int socket = transfer.owner->sockets_.open(transfer.exchange.server);
  if (socket >= 0) return socket;
  transfer.verdict = HttpError{HttpFailure::no_route,
                               fmt::format("there is no route to {}, or the device has no address",
                                           transfer.exchange.server.to_string())};
  return CURL_SOCKET_BAD;
}

int HttpTransport::on_close(void* self, curl_socket_t socket) {
  static_cast<HttpTransport*>(self)->sockets_.close(socket);
  return 0;
}

/// The connection stands, TLS included, and the request is about to leave. Called once more where
/// libcurl repeats a request because a connection kept alive turned out to be dead.
int HttpTransport::on_connected(void* data, char*, char*, int, int) {
  auto& transfer = *static_cast<Transfer*>(data);
  transfer.reached = true;
  transfer.connected = true;
  transfer.owner->host_.record(HttpRequestSent{.url = transfer.exchange.url,
                                               .address = transfer.exchange.server,
                                               .purpose = to_string(transfer.exchange.purpose)});
  return CURL_PREREQFUNC_OK;
}

std::size_t HttpTransport::on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string_view line(data, size * count);
  transfer.header_octets += line.size();
  if (transfer.header_octets > kMostHeaderOctets) {
    transfer.verdict = too_many_headers();
    return 0;
  }
  if (transfer.in_body) return line.size();  // a trailer
  // Also after an interim answer (1xx).
  if (line.starts_with("HTTP/")) {
    transfer.head = {};
    return line.size();
  }
  if (const auto taken = transfer.head.take(line); !taken) {
    transfer.verdict = not_understandable(transfer.exchange.server, taken.error().text);
    return 0;
  }
  if (line == "\r\n" || line == "\n") {
    long status = 0;
    curl_easy_getinfo(transfer.handle, CURLINFO_RESPONSE_CODE, &status);
    transfer.in_body = status >= 200;
  }
  return line.size();
}

std::size_t HttpTransport::on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string_view piece(data, size * count);
  std::string& body = transfer.reply.body;
  if (piece.size() > transfer.exchange.limits.body - body.size()) {
    transfer.verdict = HttpError{
        HttpFailure::too_large,
        fmt::format("the answer's body is larger than {} octets", transfer.exchange.limits.body)};
    return 0;
  }
  body += piece;
  return piece.size();
}

/// OpenSSL would judge certificates by the real time, and libcurl takes a common name for a name.
CURLcode HttpTransport::on_tls_context(CURL*, void* context, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (!transfer.exchange.verify_at) return CURLE_ABORTED_BY_CALLBACK;
  transfer.owner->note_reached(transfer);
  judge_certificates(*static_cast<SSL_CTX*>(context), transfer.exchange.host,
                     *transfer.exchange.verify_at);
  return CURLE_OK;
}

}  // namespace provlab::net
