#include "sim/world/curl_seam.hpp"

#include <curl/curl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <deque>

#include "core/platform/async.hpp"
#include "core/platform/timer.hpp"
#include "sim/world/transfer_sockets.hpp"
#include "sim/world/world.hpp"

namespace provlab::world {
namespace {

using namespace std::chrono_literals;

constexpr Endpoint kServer{Ipv4Address::of(198, 51, 100, 10), 80};

InterfaceConfiguration at(Ipv4Address address, std::optional<Ipv4Address> router = {}) {
  return {{address, 24}, router};
}

/// The least that drives libcurl's multi-socket interface over TransferSockets.
class Curl final : TransferSockets::Observer {
 public:
  explicit Curl(VirtualHost& host) : host_(host), sockets_(host.transfer_sockets()) {
    const TransferSockets::Scope scope(sockets_);
    multi_ = curl_multi_init();
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    easy_ = curl_easy_init();
  }
  ~Curl() {
    const TransferSockets::Scope scope(sockets_);
    curl_multi_remove_handle(multi_, easy_);
    curl_easy_cleanup(easy_);
    curl_multi_cleanup(multi_);
  }

  void start(const std::string& url) {
    done_ = false;
    body.clear();
    const TransferSockets::Scope scope(sockets_);
    curl_multi_remove_handle(multi_, easy_);
    curl_easy_setopt(easy_, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy_, CURLOPT_PROXY, "");
    curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, 10'000L);
    curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, 60'000L);
    curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, &on_open);
    curl_easy_setopt(easy_, CURLOPT_OPENSOCKETDATA, this);
    curl_easy_setopt(easy_, CURLOPT_CLOSESOCKETFUNCTION, &on_close);
    curl_easy_setopt(easy_, CURLOPT_CLOSESOCKETDATA, this);
    curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &on_write);
    curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
    curl_multi_add_handle(multi_, easy_);
  }

  CURLcode result = CURLE_OK;
  std::string body;
  Instant ended{};
  bool done() const { return done_; }
  long new_connections() {
    long count = 0;
    curl_easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &count);
    return count;
  }

 private:
  void on_ready(int socket, bool readable, bool writable) override {
    act(socket, (readable ? CURL_CSELECT_IN : 0) | (writable ? CURL_CSELECT_OUT : 0));
  }
  void act(curl_socket_t socket, int events) {
    const TransferSockets::Scope scope(sockets_);
    int running = 0;
    curl_multi_socket_action(multi_, socket, events, &running);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      result = message->data.result;
      ended = host_.now();
      done_ = true;
    }
  }
  static int on_socket(CURL*, curl_socket_t socket, int what, void* user, void*) {
    auto* self = static_cast<Curl*>(user);
    self->sockets_.watch(socket, what == CURL_POLL_IN || what == CURL_POLL_INOUT,
                         what == CURL_POLL_OUT || what == CURL_POLL_INOUT, *self);
    return 0;
  }
  static int on_timer(CURLM*, long milliseconds, void* user) {
    auto* self = static_cast<Curl*>(user);
    self->timer_.cancel();
    if (milliseconds < 0) return 0;
    self->timer_.start(self->host_.now() + std::chrono::milliseconds(milliseconds),
                       [self] { self->act(CURL_SOCKET_TIMEOUT, 0); });
    return 0;
  }
  static curl_socket_t on_open(void* user, curlsocktype, curl_sockaddr* address) {
    const auto& in = reinterpret_cast<const sockaddr_in&>(address->addr);
    return static_cast<Curl*>(user)->sockets_.open(
        {Ipv4Address{ntohl(in.sin_addr.s_addr)}, ntohs(in.sin_port)});
  }
  static int on_close(void* user, curl_socket_t socket) {
    static_cast<Curl*>(user)->sockets_.close(socket);
    return 0;
  }
  static size_t on_write(char* data, size_t size, size_t count, void* user) {
    static_cast<Curl*>(user)->body.append(data, size * count);
    return size * count;
  }

  VirtualHost& host_;
  TransferSockets& sockets_;
  CURLM* multi_ = nullptr;
  CURL* easy_ = nullptr;
  Timer timer_{host_};
  bool done_ = true;
};

/// Accepts connections and answers each request (it must come in one piece) by a script.
struct Server {
  Server(VirtualHost& h, ListenOptions options) : host(h) {
    auto opened = host.listen(options);
    acceptor = std::move(*opened);
    accept();
  }
  void accept() {
    acceptor->start_accept([this](error_code error, std::unique_ptr<StreamSocket> socket) {
      if (error) return;
      sockets.push_back(std::move(socket));
      buffers.emplace_back(4096, '\0');
      read(sockets.size() - 1);
      accept();
    });
  }
  void read(std::size_t index) {
    sockets[index]->start_read(asio::buffer(buffers[index]),
                               [this, index](error_code error, std::size_t n) {
                                 if (error == asio::error::operation_aborted)
                                   return;  // this server is gone
                                 if (error) {
                                   ended = error;
                                   sockets[index]->close();
                                   return;
                                 }
                                 requests.push_back(buffers[index].substr(0, n));
                                 on_request(index);
                                 read(index);
                               });
  }
  void answer(std::size_t index, std::string text) {
    pending.push_back(std::make_unique<std::string>(std::move(text)));
    write(index, 0, *pending.back());
  }
  void write(std::size_t index, std::size_t offset, const std::string& text) {
    sockets[index]->start_write(asio::buffer(text.data() + offset, text.size() - offset),
                                [this, index, offset, &text](error_code error, std::size_t n) {
                                  if (!error && offset + n < text.size())
                                    write(index, offset + n, text);
                                });
  }

  VirtualHost& host;
  std::unique_ptr<StreamAcceptor> acceptor;
  std::vector<std::unique_ptr<StreamSocket>> sockets;
  std::deque<std::string> buffers;
  std::vector<std::unique_ptr<std::string>> pending;
  std::vector<std::string> requests;
  error_code ended;
  std::function<void(std::size_t)> on_request = [this](std::size_t index) {
    answer(index, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
  };
};

struct Seam : testing::Test {
  Seam() { world.network().link.latency = 10ms; }
  World world;
  VirtualHost& phone = world.add_host(
      {.name = "phone",
       .configuration = at(Ipv4Address::of(192, 0, 2, 9), Ipv4Address::of(192, 0, 2, 1))});
  VirtualHost& router = world.add_host(
      {.name = "router", .configuration = at(Ipv4Address::of(192, 0, 2, 1)), .routes = true});
  VirtualHost& web =
      world.add_host({.name = "web", .configuration = at(kServer.address), .segment = 1});

  void run(Curl& curl) {
    ASSERT_TRUE(world.run_until([&] { return curl.done(); }, Instant(1h)));
  }
};

TEST_F(Seam, GetTakesTwoRoundTripsOnAFreshConnection) {
  Server server(web, {.port = 80});
  Curl curl(phone);
  curl.start("http://198.51.100.10/a.xml");
  run(curl);
  EXPECT_EQ(curl.result, CURLE_OK);
  EXPECT_EQ(curl.body, "hello");
  EXPECT_EQ(curl.ended, Instant(40ms));
  ASSERT_EQ(server.requests.size(), 1U);
  EXPECT_TRUE(server.requests[0].starts_with("GET /a.xml HTTP/1.1\r\n"));
}

TEST_F(Seam, SecondGetUsesTheSameConnection) {
  Server server(web, {.port = 80});
  Curl curl(phone);
  curl.start("http://198.51.100.10/a");
  run(curl);
  const Instant before = world.now();
  curl.start("http://198.51.100.10/b");
  run(curl);
  EXPECT_EQ(curl.new_connections(), 0);
  EXPECT_EQ(curl.ended - before, 20ms);
}

TEST_F(Seam, RefusedConnectionIsKnownWithTheRst) {
  Curl curl(phone);
  curl.start("http://198.51.100.10/");
  run(curl);
  EXPECT_EQ(curl.result, CURLE_COULDNT_CONNECT);
  EXPECT_EQ(curl.ended, Instant(20ms));
}

TEST_F(Seam, LostSynIsSentAgainAfterASecond) {
  Server server(web, {.port = 80});
  int syns = 0;
  const RuleGuard loss = world.network().add_rule(
      [&](const Packet& packet, const Station&, const Station&) -> PacketFate {
        if (packet.flags.syn && !packet.flags.ack && ++syns == 1) return Lose{};
        return Pass{};
      });
  Curl curl(phone);
  curl.start("http://198.51.100.10/");
  run(curl);
  EXPECT_EQ(curl.result, CURLE_OK);
  EXPECT_EQ(curl.ended, Instant(1040ms));
}

TEST_F(Seam, UnansweredSynEndsAtTheConnectLimit) {
  Server server(web, {.port = 80, .silent = true});
  Curl curl(phone);
  curl.start("http://198.51.100.10/");
  run(curl);
  EXPECT_EQ(curl.result, CURLE_OPERATION_TIMEDOUT);
  EXPECT_GE(curl.ended, Instant(10s));
  EXPECT_LE(curl.ended, Instant(10s + 2ms));
}

TEST_F(Seam, SlowSynAckDelaysTheRequest) {
  Server server(web, {.port = 80, .syn_ack_delay = 300ms});
  Curl curl(phone);
  curl.start("http://198.51.100.10/");
  run(curl);
  EXPECT_EQ(curl.result, CURLE_OK);
  EXPECT_EQ(curl.ended, Instant(340ms));
}

TEST_F(Seam, ResetInTheBodyIsAReceiveError) {
  Server server(web, {.port = 80});
  server.on_request = [&](std::size_t index) {
    server.answer(index, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
    world.at(world.now() + 5ms, [&server, index] { server.sockets[index]->reset(); });
  };
  Curl curl(phone);
  curl.start("http://198.51.100.10/");
  run(curl);
  EXPECT_EQ(curl.result, CURLE_RECV_ERROR);
  EXPECT_EQ(curl.ended, Instant(45ms));
}

TEST_F(Seam, EarlyEndIsAPartialFile) {
  Server server(web, {.port = 80});
  server.on_request = [&](std::size_t index) {
    server.answer(index, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
    world.at(world.now() + 5ms, [&server, index] { server.sockets[index]->close(); });
  };
  Curl curl(phone);
  curl.start("http://198.51.100.10/");
  run(curl);
  EXPECT_EQ(curl.result, CURLE_PARTIAL_FILE);
}

TEST_F(Seam, StalledBodyEndsAtTheTotalLimit) {
  Server server(web, {.port = 80});
  server.on_request = [&](std::size_t index) {
    server.answer(index, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
  };
  Curl curl(phone);
  curl.start("http://198.51.100.10/");
  run(curl);
  EXPECT_EQ(curl.result, CURLE_OPERATION_TIMEDOUT);
  EXPECT_GE(curl.ended, Instant(60s));
  EXPECT_LE(curl.ended, Instant(60s + 2ms));
}

TEST_F(Seam, MegabyteArrivesWholeThroughLoss) {
  std::string body(1'000'000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i * 7919 % 26);
  for (const double loss : {0.0, 0.02}) {
    world.network().link.loss = loss;
    Server server(web, {.port = static_cast<Port>(loss > 0 ? 81 : 80)});
    server.on_request = [&](std::size_t index) {
      server.answer(index, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + body);
    };
    Curl curl(phone);
    curl.start(loss > 0 ? "http://198.51.100.10:81/" : "http://198.51.100.10/");
    run(curl);
    EXPECT_EQ(curl.result, CURLE_OK) << curl_easy_strerror(curl.result);
    EXPECT_TRUE(curl.body == body);
  }
}

TEST_F(Seam, ClosedClientIsSeenByTheServerAndNothingStaysOpen) {
  Server server(web, {.port = 80});
  {
    Curl curl(phone);
    curl.start("http://198.51.100.10/");
    run(curl);
  }
  world.run_until_idle();
  EXPECT_EQ(server.ended, asio::error::eof);
  EXPECT_EQ(phone.open_sockets(), 0U);
  EXPECT_EQ(web.open_sockets(), 1U);  // the listener
}

TEST_F(Seam, LeavesTheKernelsSocketsAlone) {
  const TransferSockets::Scope scope(phone.transfer_sockets());
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, nullptr), -1);  // none for libcurl
  curl_seam::leave(static_cast<VirtualTransferSockets&>(phone.transfer_sockets()));
  int pair[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  char byte = 'x';
  EXPECT_EQ(send(pair[0], &byte, 1, 0), 1);
  byte = 0;
  EXPECT_EQ(recv(pair[1], &byte, 1, 0), 1);
  EXPECT_EQ(byte, 'x');
  close(pair[0]);
  close(pair[1]);
}

}  // namespace
}  // namespace provlab::world
