#include "netfakes/http_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "core/platform/stream_listener.hpp"

namespace provlab::netfakes {

namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::size_t kReadSize = 4096;
constexpr std::size_t kLongestRequest = 65536;

std::string_view view_of(beast::string_view text) {
  return {text.data(), text.size()};
}

/// The header lines of a request, in their order.
std::string lines_of(const http::fields& fields) {
  std::string lines;
  for (const auto& field : fields) {
    tell_line(lines, view_of(field.name_string()), view_of(field.value()));
  }
  return lines;
}

}  // namespace

struct HttpServer::State {
  Host* host = nullptr;
  bool keep_alive = true;
  Handler handler;
  ErrorHandler on_error;
  PlaintextEar* ear = nullptr;
  StreamListener<HttpConnection> listener;
};

/// One accepted connection. Owned by its server's state until either side ends it; exchanges hold
/// it weakly.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(const std::shared_ptr<HttpServer::State>& server,
                 std::unique_ptr<StreamSocket> socket)
      : server_(server), socket_(std::move(socket)), client_(socket_->remote()) {}

  void start() {
    new_parser();
    read();
  }

  void answer(const HttpReply& reply, const Faults* faults, FaultSink sink);

 private:
  enum class Phase { reading, answering, writing };
  using Parser = http::request_parser<http::string_body>;

  void new_parser() {
    parser_ = std::make_unique<Parser>();
    parser_->body_limit(kLongestRequest);
  }
  void read();
  void parse();
  void hand_out();
  void refuse(std::string_view reason);
  void write();
  void written(std::size_t size);
  void all_written();
  void spoil_output(const Faults& faults, FaultSink sink);
  void next_request();
  /// Drops the owner's reference; destroys *this unless a caller holds another.
  void end();

  std::weak_ptr<HttpServer::State> server_;
  std::unique_ptr<StreamSocket> socket_;
  Endpoint client_;
  Phase phase_ = Phase::reading;
  bool head_only_ = false;
  bool keep_alive_ = false;
  unsigned version_ = 11;
  std::array<char, kReadSize> chunk_;
  std::string input_;
  std::string output_;
  std::size_t output_done_ = 0;
  std::string repeated_;            ///< follows for ever
  const Faults* faults_ = nullptr;  ///< of the answer on its way, as its configuration has them
  bool closes_at_next_ = false;
  std::unique_ptr<Parser> parser_;
  Tether arrival_;     ///< of the pending read
  Tether departure_;   ///< of the pending write
  Tether next_piece_;  ///< of the timer of an answer that drips
};

/// Reads on even while an answer is due, to learn that the client has gone.
void HttpConnection::read() {
  if (arrival_.holds()) return;
  socket_->start_read(asio::buffer(chunk_),
                      arrival_.tie([this](error_code error, std::size_t size) {
                        if (error || input_.size() + size > kLongestRequest) return end();
                        if (closes_at_next_) return end();
                        input_.append(chunk_.data(), size);
                        if (phase_ == Phase::reading) {
                          parse();
                        } else {
                          read();
                        }
                      }));
}

void HttpConnection::parse() {
  error_code error;
  while (!input_.empty() && !parser_->is_done()) {
    const std::size_t used = parser_->put(asio::buffer(input_), error);
    input_.erase(0, used);
    if (error == http::error::need_more) break;
    if (error) {
      refuse(error.message());
      return;
    }
    if (used == 0) break;
  }
  if (!parser_->is_done()) {
    read();
    return;
  }
  hand_out();
}

void HttpConnection::hand_out() {
  const auto server = server_.lock();
  if (!server) return;
  const auto self = shared_from_this();  // the handler may end server and connection
  const auto& message = parser_->get();
  version_ = message.version();
  head_only_ = message.method() == http::verb::head;
  keep_alive_ = server->keep_alive && message.keep_alive();
  phase_ = Phase::answering;
  const HttpRequest request{.method = view_of(message.method_string()),
                            .target = view_of(message.target()),
                            .lines = lines_of(message),
                            .from = client_};
  server->handler(request, HttpExchange(weak_from_this(), client_));
  if (phase_ == Phase::answering) read();
}

void HttpConnection::refuse(std::string_view reason) {
  if (const auto server = server_.lock()) server->on_error(client_, reason);
  keep_alive_ = false;
  head_only_ = false;
  answer({.status = 400,
          .content_type = "text/plain",
          .location = {},
          .headers = nullptr,
          .body = "This is not an HTTP request.\n",
          .close = true},
         nullptr, {});
}

void HttpConnection::answer(const HttpReply& reply, const Faults* faults, FaultSink sink) {
  static const StreamFaults kNoFaults;
  const StreamFaults& stream = faults != nullptr ? faults->stream : kNoFaults;
  // Where the body's end cannot be told otherwise, the connection's end tells it.
  const bool ends_with_connection =
      stream.no_length || (stream.endless && !stream.chunk) || (faults != nullptr && faults->raw);
  if (reply.close || ends_with_connection) keep_alive_ = false;
  RenderedReply rendered = render(reply, version_, keep_alive_, head_only_, stream);
  output_ = std::move(rendered.octets);
  repeated_ = std::move(rendered.repeated);
  output_done_ = 0;
  phase_ = Phase::writing;
  faults_ = faults;
  if (faults != nullptr) {
    spoil_output(*faults, std::move(sink));
    read();  // the client may well give up on such an answer
  }
  write();
}

void HttpConnection::spoil_output(const Faults& faults, FaultSink sink) {
  const auto server = server_.lock();
  if (!server) return;
  if (faults.cut && *faults.cut < output_.size()) keep_alive_ = false;
  const Bytes octets = spoil(faults, bytes_of(output_), {}, server->host->random(),
                             [&sink](const FaultDone& fault) { sink(fault); });
  output_ = text_of(octets);
  const StreamFaults& stream = faults.stream;
  const auto stop_at = [&](std::optional<std::size_t> place, std::string_view name) {
    if (!place) return;
    sink({name,
          fmt::format("after {} of {} octets", std::min(*place, output_.size()), output_.size())});
    if (*place < output_.size()) output_.resize(*place);
    repeated_.clear();
  };
  stop_at(stream.reset_at, "reset");
  stop_at(stream.stall_at, "stall");
  if (stream.drip)
    sink({"drip", fmt::format("{} octets every {}", *stream.drip, to_string(faults.gap))});
  if (stream.length) sink({"length", fmt::format("said to be {} octets", *stream.length)});
  if (stream.no_length) sink({"length", "not said"});
  if (stream.chunk) sink({"chunked", fmt::format("{} octets each", *stream.chunk)});
  if (stream.endless) sink({"endless", "the body is repeated for ever"});
  if (stream.gzip) sink({"gzip", "the body is compressed"});
  if (stream.then != StreamFaults::Then::as_announced) {
    sink({"then", stream.then == StreamFaults::Then::reset ? "the connection is reset"
                                                           : "the connection is closed"});
  }
}

void HttpConnection::write() {
  const std::size_t left = output_.size() - output_done_;
  const auto piece = faults_ != nullptr && faults_->stream.drip ? *faults_->stream.drip : left;
  if (left == 0) {
    all_written();
    return;
  }
  socket_->start_write(asio::buffer(output_.data() + output_done_, std::min(left, piece)),
                       departure_.tie([this](error_code error, std::size_t size) {
                         if (error) return end();
                         written(size);
                       }));
}

void HttpConnection::written(std::size_t size) {
  output_done_ += size;
  if (output_done_ == output_.size() && !repeated_.empty()) {
    output_ = repeated_;
    output_done_ = 0;
  }
  const auto server = server_.lock();
  const bool drips = faults_ != nullptr && faults_->stream.drip && output_done_ < output_.size();
  if (!drips || !server) {
    write();
    return;
  }
  server->host->start_timer(server->host->now() + faults_->gap,
                            next_piece_.tie([this](error_code) { write(); }));
}

void HttpConnection::all_written() {
  using Then = StreamFaults::Then;
  const StreamFaults* stream = faults_ != nullptr ? &faults_->stream : nullptr;
  if (stream != nullptr && stream->stall_at) return;  // until the client gives up
  if (stream != nullptr && (stream->reset_at || stream->then == Then::reset)) {
    socket_->reset();
    end();
    return;
  }
  closes_at_next_ = stream != nullptr && stream->then == Then::close_at_next;
  if (!keep_alive_ || (stream != nullptr && stream->then == Then::close)) {
    end();
    return;
  }
  next_request();
}

void HttpConnection::next_request() {
  phase_ = Phase::reading;
  faults_ = nullptr;
  new_parser();
  if (input_.empty()) {
    read();
  } else {
    parse();
  }
}

void HttpConnection::end() {
  socket_->close();
  if (const auto server = server_.lock()) server->listener.end(shared_from_this());
}

void HttpExchange::answer(const HttpReply& reply, const Faults* faults, FaultSink sink) const {
  if (const auto connection = connection_.lock()) {
    connection->answer(reply, faults, std::move(sink));
  }
}

Expected<void> HttpServer::open(Host& host, const HttpServerOptions& options, Handler handler,
                                ErrorHandler on_error) {
  if (options.refuse) return {};  // nobody listens: every SYN is answered by RST
  auto state = std::make_shared<State>();
  state->host = &host;
  state->keep_alive = options.keep_alive;
  state->handler = std::move(handler);
  state->on_error = std::move(on_error);
  state->ear = ear_;
  const auto make = [to = std::weak_ptr(state), &host,
                     tls = options.tls](std::unique_ptr<StreamSocket> socket) {
    const auto server = to.lock();
    if (tls) {
      PlaintextEar* const ear = server ? server->ear : nullptr;
      socket = std::make_unique<TlsSocket>(host, std::move(socket), tls, ear);
    }
    return std::make_shared<HttpConnection>(server, std::move(socket));
  };
  if (auto opened = state->listener.open(host, options.listen, make); !opened) return opened;
  state_ = std::move(state);
  return {};
}

void HttpServer::close() {
  state_.reset();
}

void HttpServer::set_ear(PlaintextEar* ear) {
  ear_ = ear;
  if (state_) state_->ear = ear;
}

}  // namespace provlab::netfakes
