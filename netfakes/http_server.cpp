#include "netfakes/http_server.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/string_body.hpp>
#include <set>

namespace provlab::netfakes {

namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::size_t kReadSize = 4096;
constexpr std::size_t kLongestRequest = 65536;

std::string_view view_of(beast::string_view text) {
  return {text.data(), text.size()};
}

/// The reply as it goes on the wire.
std::string render(const HttpReply& reply, unsigned version, bool keep_alive, bool head_only) {
  using Body = http::span_body<const char>;
  http::response<Body> response(static_cast<http::status>(reply.status), version);
  if (!reply.content_type.empty()) {
    response.set(http::field::content_type,
                 beast::string_view(reply.content_type.data(), reply.content_type.size()));
  }
  if (!reply.location.empty()) {
    response.set(http::field::location,
                 beast::string_view(reply.location.data(), reply.location.size()));
  }
  if (reply.headers != nullptr) {
    for (const auto& [name, value] : *reply.headers) response.insert(name, value);
  }
  const bool bodiless = reply.status == 204 || reply.status == 304 || reply.status / 100 == 1;
  if (!bodiless) response.content_length(reply.body.size());
  response.keep_alive(keep_alive);
  if (!bodiless && !head_only) {
    response.body() = Body::value_type(reply.body.data(), reply.body.size());
  }
  http::response_serializer<Body> serializer(response);
  std::string out;
  out.reserve(256 + response.body().size());
  error_code error;
  while (!serializer.is_done()) {
    serializer.next(error, [&](error_code&, const auto& buffers) {
      std::size_t taken = 0;
      for (const asio::const_buffer buffer : beast::buffers_range_ref(buffers)) {
        out.append(static_cast<const char*>(buffer.data()), buffer.size());
        taken += buffer.size();
      }
      serializer.consume(taken);
    });
    if (error) break;
  }
  return out;
}

}  // namespace

struct HttpServer::State {
  Host* host = nullptr;
  std::unique_ptr<StreamAcceptor> acceptor;
  bool keep_alive = true;
  Handler handler;
  ErrorHandler on_error;
  std::set<std::shared_ptr<HttpConnection>, std::owner_less<>> connections;
};

/// One accepted connection. Owned by its server's state until either side ends it; operations and
/// exchanges hold it weakly.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(std::weak_ptr<HttpServer::State> server, std::unique_ptr<StreamSocket> socket)
      : server_(std::move(server)), socket_(std::move(socket)), client_(socket_->remote()) {}

  void start() {
    new_parser();
    read();
  }

  void answer(const HttpReply& reply);

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
  void written();
  void next_request();
  /// Drops the owner's reference; destroys *this unless a caller holds another.
  void end();

  std::weak_ptr<HttpServer::State> server_;
  std::unique_ptr<StreamSocket> socket_;
  Endpoint client_;
  Phase phase_ = Phase::reading;
  bool reading_ = false;
  bool head_only_ = false;
  bool keep_alive_ = false;
  unsigned version_ = 11;
  std::array<char, kReadSize> chunk_;
  std::string input_;
  std::string output_;
  std::size_t output_done_ = 0;
  std::unique_ptr<Parser> parser_;
};

/// Reads on even while an answer is due, to learn that the client has gone.
void HttpConnection::read() {
  if (reading_) return;
  reading_ = true;
  socket_->start_read(asio::buffer(chunk_),
                      [weak = weak_from_this()](error_code error, std::size_t size) {
                        const auto self = weak.lock();
                        if (!self) return;
                        self->reading_ = false;
                        if (error || self->input_.size() + size > kLongestRequest) {
                          self->end();
                          return;
                        }
                        self->input_.append(self->chunk_.data(), size);
                        if (self->phase_ == Phase::reading) {
                          self->parse();
                        } else {
                          self->read();
                        }
                      });
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
  const auto& message = parser_->get();
  version_ = message.version();
  head_only_ = message.method() == http::verb::head;
  keep_alive_ = server->keep_alive && message.keep_alive();
  phase_ = Phase::answering;
  const HttpRequest request{.method = view_of(message.method_string()),
                            .target = view_of(message.target()),
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
          .close = true});
}

void HttpConnection::answer(const HttpReply& reply) {
  if (reply.close) keep_alive_ = false;
  output_ = render(reply, version_, keep_alive_, head_only_);
  output_done_ = 0;
  phase_ = Phase::writing;
  write();
}

void HttpConnection::write() {
  socket_->start_write(asio::buffer(output_) + output_done_,
                       [weak = weak_from_this()](error_code error, std::size_t size) {
                         const auto self = weak.lock();
                         if (!self) return;
                         if (error) {
                           self->end();
                           return;
                         }
                         self->output_done_ += size;
                         if (self->output_done_ < self->output_.size()) {
                           self->write();
                         } else {
                           self->written();
                         }
                       });
}

void HttpConnection::written() {
  if (keep_alive_) {
    next_request();
  } else {
    end();
  }
}

void HttpConnection::next_request() {
  phase_ = Phase::reading;
  new_parser();
  if (input_.empty()) {
    read();
  } else {
    parse();
  }
}

void HttpConnection::end() {
  socket_->close();
  if (const auto server = server_.lock()) server->connections.erase(shared_from_this());
}

void HttpExchange::answer(const HttpReply& reply) const {
  if (const auto connection = connection_.lock()) connection->answer(reply);
}

Expected<void> HttpServer::open(Host& host, const ListenOptions& options, bool keep_alive,
                                Handler handler, ErrorHandler on_error) {
  auto acceptor = host.listen(options);
  if (!acceptor) return std::unexpected(std::move(acceptor).error());
  state_ = std::make_shared<State>();
  state_->host = &host;
  state_->acceptor = std::move(*acceptor);
  state_->keep_alive = keep_alive;
  state_->handler = std::move(handler);
  state_->on_error = std::move(on_error);
  accept_next(state_);
  return {};
}

void HttpServer::accept_next(const std::shared_ptr<State>& state) {
  state->acceptor->start_accept(
      [weak = std::weak_ptr(state)](error_code error, std::unique_ptr<StreamSocket> socket) {
        const auto alive = weak.lock();
        if (!alive || error) return;
        const auto connection = std::make_shared<HttpConnection>(alive, std::move(socket));
        alive->connections.insert(connection);
        connection->start();
        accept_next(alive);
      });
}

}  // namespace provlab::netfakes
