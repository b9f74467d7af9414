#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/platform/host.hpp"
#include "sim/web/http.hpp"

namespace provlab::web {

/// HTTP/1.1 for people's browsers and scripts, on Beast's parser.
///  1. A connection has one request at a time, which comes whole before it is answered.
///  2. A request names the connection's own address as its host (RFC 9112 3.2): a name that
///  somebody
///     else has pointed here is answered 421, so that no foreign page speaks for its reader.
///  3. All is bounded: a request's head by 8 KiB and 10 s, its body by the handler and 60 s, a
///  pause
///     between requests by 15 s, an answer that nobody takes by 20 s, connections by their number:
///     a newcomer takes the place of whoever has kept the phone waiting longest.
///  4. Answers are never kept by others, never framed, and load nothing from elsewhere.
///  5. Nothing is recorded here.
class Server {
 public:
  static constexpr std::size_t kMostConnections = 32;

  /// Must outlive the server.
  class Handler {
   public:
    /// How long the body may be of a request whose head has come.
    virtual std::size_t most_octets(const Request& head) = 0;
    virtual Response answer(const Request& request) = 0;
    /// Instead, where the body would be longer.
    virtual Response too_long(const Request& head, std::size_t most) = 0;

   protected:
    ~Handler() = default;
  };

  Server(Host& host, Handler& handler) : host_(host), handler_(handler) {}

  Expected<void> open(Port port);
  /// Serves a connection that came another way, under these names (`127.0.0.1:8080`).
  void adopt(std::unique_ptr<StreamSocket> socket, std::vector<std::string> names);
  /// Ends all connections.
  void close() { state_.reset(); }
  std::size_t connections() const;

  struct State;

 private:
  std::shared_ptr<State> state();

  Host& host_;
  Handler& handler_;
  std::shared_ptr<State> state_;
};

}  // namespace provlab::web
