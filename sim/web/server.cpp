#include "sim/web/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>

#include "core/platform/stream_listener.hpp"
#include "core/platform/text.hpp"
#include "core/platform/timer.hpp"

namespace provlab::web {

namespace http = boost::beast::http;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kReadSize = 16'384;
constexpr std::uint32_t kMostHead = 8192;
constexpr Duration kPause = 15s;       ///< between two requests
constexpr Duration kHeadTime = 10s;    ///< from its first octet
constexpr Duration kBodyTime = 60s;    ///< from its head
constexpr Duration kAnswerTime = 20s;  ///< for each step of an answer
constexpr Duration kFeedStep = 250ms;
constexpr Duration kLinger = 2s;  ///< for a client that still talks, to read its answer
constexpr std::size_t kMostLingering = std::size_t{4} << 20;

std::string_view view_of(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

std::string rendered(const Response& response, bool keep_alive, bool head_only) {
  std::string out =
      fmt::format("HTTP/1.1 {} {}\r\n", response.status,
                  view_of(http::obsolete_reason(http::int_to_status(response.status))));
  const auto field = [&out](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
  };
  if (!response.content_type.empty()) field("Content-Type", response.content_type);
  if (!response.feed) field("Content-Length", std::to_string(response.body.size()));
  field("Connection", keep_alive ? "keep-alive" : "close");
  field("Cache-Control", "no-store");
  field("X-Content-Type-Options", "nosniff");
  field("X-Frame-Options", "DENY");
  field("Referrer-Policy", "same-origin");
  field("Cross-Origin-Resource-Policy", "same-origin");
  for (const auto& [name, value] : response.fields) field(name, value);
  out += "\r\n";
  if (!head_only) out += response.body;
  return out;
}

}  // namespace

class Connection;

struct Server::State {
  State(Host& h, Handler& by) : host(h), handler(by) {}
  void make_room();

  Host& host;
  Handler& handler;
  std::uint64_t begun = 0;  ///< waits of connections for their clients
  StreamListener<Connection> listener;
};

/// One connection. Owned by its server's state until either side ends it.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(const std::shared_ptr<Server::State>& server, std::unique_ptr<StreamSocket> socket,
             std::vector<std::string> names)
      : server_(server),
        socket_(std::move(socket)),
        client_(socket_->remote()),
        names_(std::move(names)),
        limit_(server->host),
        next_feed_(server->host) {}

  void start() {
    next_request();
    if (const auto server = server_.lock()) server->make_room();
  }
  /// Since when it keeps the phone waiting; nothing where it does not.
  std::optional<std::uint64_t> waits_since() const {
    return phase_ == Phase::answering || phase_ == Phase::feeding ? std::nullopt
                                                                  : std::optional(since_);
  }
  /// For one that has kept the phone waiting too long: nothing of it stays.
  void cut_off() {
    socket_->reset();
    end();
  }
  /// Drops the owner's reference; destroys *this unless a caller holds another.
  void end() {
    socket_->close();
    if (const auto server = server_.lock()) server->listener.end(shared_from_this());
  }

 private:
  enum class Phase { pausing, reading, answering, feeding, lingering };
  using Parser = http::request_parser<http::string_body>;

  void next_request();
  void read();
  void take(std::size_t size);
  void parse();
  bool judge_head();
  bool names_us() const;
  Request request_of(const Parser::value_type& message) const;
  void refuse(unsigned status, std::string_view reason);
  void respond(const Response& response, bool keep_alive);
  void write_answer();
  void write();
  void all_written();
  void feed();
  void linger();
  void allow(Duration time) {
    limit_.start(host().now() + time, [this] { phase_ == Phase::pausing ? end() : cut_off(); });
  }
  Host& host() const { return server_.lock()->host; }

  std::weak_ptr<Server::State> server_;
  std::unique_ptr<StreamSocket> socket_;
  Endpoint client_;
  std::vector<std::string> names_;
  Phase phase_ = Phase::pausing;
  std::uint64_t since_ = 0;
  std::array<char, kReadSize> chunk_;
  std::string input_;
  std::unique_ptr<Parser> parser_;
  bool judged_ = false;  ///< the head of the request under way
  std::string answer_;   ///< to be written next
  std::string output_;   ///< being written
  std::size_t output_done_ = 0;
  bool head_only_ = false;
  bool keep_alive_ = false;
  Feed feed_;
  std::size_t lingered_ = 0;
  Tether arrival_;    ///< of the pending read
  Tether departure_;  ///< of the pending write
  Timer limit_;
  Timer next_feed_;
};

/// Where there are too many connections, the one ends that has kept the phone waiting longest.
void Server::State::make_room() {
  if (listener.connections().size() <= kMostConnections) return;
  std::shared_ptr<Connection> longest;
  for (const auto& each : listener.connections()) {
    if (each->waits_since() && (!longest || *each->waits_since() < *longest->waits_since())) {
      longest = each;
    }
  }
  if (longest) longest->cut_off();
}

void Connection::next_request() {
  const auto server = server_.lock();
  if (!server) return;
  phase_ = Phase::pausing;
  since_ = ++server->begun;
  judged_ = false;
  parser_ = std::make_unique<Parser>();
  parser_->header_limit(kMostHead);
  parser_->body_limit(boost::none);  // judged by the handler
  parser_->eager(false);
  allow(kPause);
  input_.empty() ? read() : parse();
}

void Connection::read() {
  if (arrival_.holds()) return;
  socket_->start_read(asio::buffer(chunk_),
                      arrival_.tie([this](error_code error, std::size_t size) {
                        if (error) return end();
                        take(size);
                      }));
}

void Connection::take(std::size_t size) {
  if (phase_ == Phase::feeding || phase_ == Phase::lingering) {  // nobody reads it any more
    lingered_ += size;
    if (lingered_ > kMostLingering) return end();
    read();
    return;
  }
  input_.append(chunk_.data(), size);
  parse();
}

void Connection::parse() {
  if (phase_ == Phase::pausing) {
    phase_ = Phase::reading;
    allow(kHeadTime);
  }
  while (!parser_->is_done() && !input_.empty()) {
    error_code error;
    const std::size_t used = parser_->put(asio::buffer(input_), error);
    input_.erase(0, used);
    if (parser_->is_header_done() && !judged_) {
      if (!judge_head()) return;
    }
    if (error == http::error::need_more) break;
    if (error == http::error::header_limit) return refuse(431, "the request's head is too long");
    if (error == http::error::body_limit) return refuse(413, "the request's body is too long");
    if (error) return refuse(400, "this is no request of HTTP");
    if (used == 0) break;
  }
  if (!parser_->is_done()) return read();
  const auto server = server_.lock();
  if (!server) return;
  const auto self = shared_from_this();  // the answer may end the server
  Parser::value_type message = parser_->release();
  Request request = request_of(message);
  request.body = std::move(message.body());
  head_only_ = message.method() == http::verb::head;
  respond(server->handler.answer(request), message.keep_alive());
}

/// Of a request whose head has come: whether its body may follow.
bool Connection::judge_head() {
  judged_ = true;
  const auto server = server_.lock();
  if (!server) return false;
  if (!names_us()) {
    refuse(421, "this is not the telephone's address");
    return false;
  }
  if (!view_of(parser_->get().target()).starts_with('/')) {
    refuse(400, "the request's target is no path");
    return false;
  }
  const std::size_t most = server->handler.most_octets(request_of(parser_->get()));
  if (parser_->content_length() && *parser_->content_length() > most) {
    respond(server->handler.too_long(request_of(parser_->get()), most), false);
    return false;
  }
  parser_->body_limit(most);
  parser_->eager(true);
  allow(kBodyTime);
  // Those who ask before they send a long body wait for this (RFC 9110 10.1.1).
  if (same_ignoring_case(view_of(parser_->get()[http::field::expect]), "100-continue")) {
    answer_ = "HTTP/1.1 100 Continue\r\n\r\n";
    write_answer();
  }
  return true;
}

bool Connection::names_us() const {
  const auto& message = parser_->get();
  if (message.count(http::field::host) != 1) return false;
  const std::string_view host = view_of(message[http::field::host]);
  return std::ranges::any_of(
      names_, [host](const std::string& name) { return same_ignoring_case(name, host); });
}

Request Connection::request_of(const Parser::value_type& message) const {
  const std::string_view target = view_of(message.target());
  const std::size_t question = target.find('?');
  const auto field = [&message](http::field name) { return std::string(view_of(message[name])); };
  return {.method = std::string(view_of(message.method_string())),
          .path = std::string(target.substr(0, question)),
          .query = std::string(question == target.npos ? "" : target.substr(question + 1)),
          .authorization = field(http::field::authorization),
          .content_type = field(http::field::content_type),
          .cookie = field(http::field::cookie),
          .origin = field(http::field::origin),
          .host = field(http::field::host),
          .body = {},
          .from = client_};
}

void Connection::refuse(unsigned status, std::string_view reason) {
  respond({.status = status,
           .content_type = "text/plain; charset=utf-8",
           .body = fmt::format("{}\n", reason),
           .fields = {},
           .feed = {}},
          false);
}

void Connection::respond(const Response& response, bool keep_alive) {
  keep_alive_ = keep_alive && !response.feed;
  if (!head_only_) feed_ = response.feed;
  phase_ = Phase::answering;
  answer_ = rendered(response, keep_alive_, head_only_);
  if (!departure_.holds()) write_answer();  // else it follows the interim answer
}

void Connection::write_answer() {
  output_ = std::exchange(answer_, {});
  output_done_ = 0;
  write();
}

void Connection::write() {
  if (phase_ == Phase::answering || phase_ == Phase::feeding) allow(kAnswerTime);
  socket_->start_write(asio::buffer(output_.data() + output_done_, output_.size() - output_done_),
                       departure_.tie([this](error_code error, std::size_t size) {
                         if (error) return end();
                         output_done_ += size;
                         output_done_ < output_.size() ? write() : all_written();
                       }));
}

void Connection::all_written() {
  output_.clear();
  if (!answer_.empty()) return write_answer();
  if (phase_ == Phase::reading) return;  // that was an interim answer
  if (feed_) {
    phase_ = Phase::feeding;
    limit_.cancel();
    read();  // to learn that the client has gone
    next_feed_.start(host().now() + kFeedStep, [this] { feed(); });
  } else if (keep_alive_) {
    next_request();
  } else {
    linger();
  }
}

void Connection::feed() {
  if (server_.expired()) return;
  const std::optional<std::string> more = feed_();
  if (!more) {
    feed_ = {};
    return linger();
  }
  if (more->empty()) {
    next_feed_.start(host().now() + kFeedStep, [this] { feed(); });
    return;
  }
  answer_ = *more;
  write_answer();
}

/// Says that nothing more comes, and hears the client out for a moment: closed at once with
/// something unread, the connection would be reset, and the answer lost (RFC 9112 9.6).
void Connection::linger() {
  if (server_.expired()) return;
  phase_ = Phase::lingering;
  socket_->shutdown_send();
  input_.clear();
  allow(kLinger);
  read();
}

std::shared_ptr<Server::State> Server::state() {
  if (!state_) state_ = std::make_shared<State>(host_, handler_);
  return state_;
}

Expected<void> Server::open(Port port) {
  const auto make = [to = std::weak_ptr(state())](std::unique_ptr<StreamSocket> socket) {
    const Endpoint local = socket->local();
    std::vector<std::string> names{local.to_string()};
    if (local.port == 80) names.push_back(local.address.to_string());
    return std::make_shared<Connection>(to.lock(), std::move(socket), std::move(names));
  };
  return state()->listener.open(host_, {.port = port}, make);
}

void Server::adopt(std::unique_ptr<StreamSocket> socket, std::vector<std::string> names) {
  const auto to = state();
  to->listener.take(std::make_shared<Connection>(to, std::move(socket), std::move(names)));
}

std::size_t Server::connections() const {
  return state_ ? state_->listener.connections().size() : 0;
}

}  // namespace provlab::web
