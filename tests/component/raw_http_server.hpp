#pragma once
#include <boost/asio/as_tuple.hpp>

#include "netfakes/tls_socket.hpp"
#include "tests/component/net_fixture.hpp"

namespace provlab::test {

/// What a RawHttpServer does for one target: pieces of octets, each after a pause, then an end.
struct RawAnswer {
  enum class End { keep_alive, finish, reset };
  struct Piece {
    Duration after{};
    std::string octets;
  };
  std::vector<Piece> pieces;
  End end = End::keep_alive;
};

inline RawAnswer raw(std::string octets, RawAnswer::End end = RawAnswer::End::keep_alive) {
  return {.pieces = {{.after = {}, .octets = std::move(octets)}}, .end = end};
}

/// A whole answer with Content-Length; `headers` are complete lines.
inline RawAnswer whole(std::string status, std::string body, std::string headers = {}) {
  return raw("HTTP/1.1 " + status + "\r\n" + headers +
             "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

inline RawAnswer redirect(std::string location, std::string status = "302 Found") {
  return whole(std::move(status), "moved", "Location: " + location + "\r\n");
}

/// Accepts connections and answers each request by its target, octet for octet as told; what has no
/// answer is left without one. With `tls` it speaks that.
class RawHttpServer {
 public:
  using Tls = std::shared_ptr<const netfakes::TlsServer>;
  RawHttpServer(Host& host, ListenOptions options, Tls tls = nullptr)
      : host_(host), acceptor_(host.listen(options).value()), tls_(std::move(tls)), tasks_(host) {
    tasks_.spawn(accept(this));
  }
  explicit RawHttpServer(Host& host) : RawHttpServer(host, ListenOptions{.port = 80}) {}

  std::map<std::string, RawAnswer> answers;
  std::vector<std::string> requests;  ///< whole heads, in order of arrival
  unsigned connections = 0;
  std::vector<Instant> closed_at;  ///< when each connection's end was seen here

 private:
  static Task<> accept(RawHttpServer* self) {
    for (;;) {
      auto socket = co_await async_accept(self->host_, *self->acceptor_, use_task);
      ++self->connections;
      if (self->tls_) {
        socket = std::make_unique<netfakes::TlsSocket>(self->host_, std::move(socket), self->tls_);
      }
      self->tasks_.spawn(serve(self, std::move(socket)));
    }
  }

  static Task<> serve(RawHttpServer* self, std::unique_ptr<StreamSocket> socket) {
    Stream stream(self->host_, std::move(socket));
    std::string input;
    for (;;) {
      std::size_t end = input.find("\r\n\r\n");
      while (end == std::string::npos) {
        std::array<char, 4096> buffer;
        auto [error, size] =
            co_await stream.async_read_some(asio::buffer(buffer), asio::as_tuple(use_task));
        if (error) {
          self->closed_at.push_back(self->host_.now());
          co_return;
        }
        input.append(buffer.data(), size);
        end = input.find("\r\n\r\n");
      }
      const std::string head = input.substr(0, end + 4);
      input.erase(0, end + 4);
      self->requests.push_back(head);
      const std::size_t target = head.find(' ') + 1;
      const auto found = self->answers.find(head.substr(target, head.find(' ', target) - target));
      if (found == self->answers.end()) continue;
      const RawAnswer answer = found->second;
      const bool sent = co_await send(self, &stream, answer);
      if (!sent) co_return;
    }
  }

  static Task<bool> send(RawHttpServer* self, Stream* stream, RawAnswer answer) {
    for (const RawAnswer::Piece& piece : answer.pieces) {
      if (piece.after > Duration::zero()) co_await async_wait(self->host_, piece.after, use_task);
      for (std::size_t done = 0; done < piece.octets.size();) {
        const asio::const_buffer rest(piece.octets.data() + done, piece.octets.size() - done);
        auto [error, size] = co_await stream->async_write_some(rest, asio::as_tuple(use_task));
        if (error) {
          self->closed_at.push_back(self->host_.now());
          co_return false;
        }
        done += size;
      }
    }
    if (answer.end == RawAnswer::End::reset) stream->socket().reset();
    if (answer.end == RawAnswer::End::finish) stream->socket().close();
    co_return answer.end == RawAnswer::End::keep_alive;
  }

  Host& host_;
  std::unique_ptr<StreamAcceptor> acceptor_;
  Tls tls_;
  TaskGroup tasks_;
};

}  // namespace provlab::test
