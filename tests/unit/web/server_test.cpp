#include "sim/record/trace.hpp"
#include "tests/unit/web/web_lab.hpp"

/// What the Web UI's server bears, and what it costs.
namespace provlab::web {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

struct WebServer : WebLab {
  static std::string login(std::string_view more = "") {
    return "GET /login HTTP/1.1\r\nHost: 192.0.2.50\r\n" + std::string(more) + "\r\n";
  }
};

TEST_F(WebServer, CostsNothingUntilItIsAsked) {
  EXPECT_EQ(device_.tcp().open_sockets(), 1U) << "the listener";
  for (const TraceRecord record : world_.trace()) EXPECT_FALSE(record.event().starts_with("web"));
  ask("GET", "/login");
  for (const TraceRecord record : world_.trace()) EXPECT_FALSE(record.event().starts_with("web"));
}

TEST_F(WebServer, TakesItsOwnNamesOnly) {
  EXPECT_EQ(ask("GET", "/login", {{"Host", "192.0.2.50:80"}}).status, 200U);
  for (const char* host : {"evil.example", "192.0.2.51", "192.0.2.50:8080", "", "localhost"}) {
    EXPECT_EQ(ask("GET", "/login", {{"Host", host}}).status, 421U) << host;
    EXPECT_EQ(
        ask("POST", "/api/v1/login", {{"Host", host}, {"Authorization", "Basic " + kAdmin}}).status,
        421U);
  }
  EXPECT_THAT(raw("GET /login HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 421 "));
  EXPECT_THAT(raw("GET /login HTTP/1.1\r\nHost: 192.0.2.50\r\nHost: evil\r\n\r\n"),
              StartsWith("HTTP/1.1 421 "));
}

TEST_F(WebServer, KeepsConnectionsAndTakesRequestsBehindEachOther) {
  const std::string both = raw(login() + login("Connection: close\r\n"));
  EXPECT_THAT(both, HasSubstr("Connection: keep-alive"));
  EXPECT_THAT(both, HasSubstr("Connection: close"));
}

TEST_F(WebServer, PausesAndDribblesEnd) {
  const Instant before = world_.now();
  raw(login(), 60s);
  EXPECT_LT(world_.now() - before, 16s) << "a pause";
  EXPECT_GT(world_.now() - before, 14s);
  world::TcpClient slow(client_, {kDevice, 80});
  slow.send("GET /login HTTP/1.1\r\n");
  for (int i = 0; i < 20 && !slow.error(); ++i) {
    slow.send("X: y\r\n");
    run(1s);
  }
  EXPECT_EQ(slow.error(), asio::error::connection_reset);
  EXPECT_EQ(slow.received(), "");
}

TEST_F(WebServer, CrowdOfIdleConnectionsKeepsNobodyOut) {
  std::vector<std::unique_ptr<world::TcpClient>> crowd;
  for (std::size_t i = 0; i < 3 * Server::kMostConnections; ++i) {
    crowd.push_back(std::make_unique<world::TcpClient>(other_, Endpoint{kDevice, 80}));
    crowd.back()->send("GET /");
    run(1ms);
  }
  EXPECT_EQ(ask("GET", "/login").status, 200U);
  EXPECT_LE(device_.tcp().open_sockets(), Server::kMostConnections + 2);
}

TEST_F(WebServer, NonsenseIsAnsweredAndEnds) {
  for (const char* text : {"hello\r\n\r\n", "GET\r\n\r\n", "\x16\x03\x01\x02",
                           "GET http://192.0.2.50/login HTTP/1.1\r\nHost: 192.0.2.50\r\n\r\n",
                           "POST /login HTTP/1.1\r\nHost: 192.0.2.50\r\nContent-Length: x\r\n\r\n",
                           "GET /login HTTP/1.1\r\nHost 192.0.2.50\r\n\r\n"}) {
    EXPECT_THAT(raw(text, 20s), testing::AnyOf(StartsWith("HTTP/1.1 400 "), "")) << text;
  }
  EXPECT_THAT(raw(login("X: " + std::string(20'000, 'x') + "\r\n")), StartsWith("HTTP/1.1 431 "));
}

TEST_F(WebServer, LongBodiesOfStrangersAreNotWaitedFor) {
  const std::string head =
      "POST /restore HTTP/1.1\r\nHost: 192.0.2.50\r\nContent-Length: 900000\r\n";
  EXPECT_THAT(raw(head + "\r\n"), AllOf(StartsWith("HTTP/1.1 303 "), HasSubstr("/login")));
  EXPECT_THAT(raw("POST /api/v1/restore HTTP/1.1\r\nHost: 192.0.2.50\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n3000\r\n" +
                  std::string(0x3000, 'x')),
              StartsWith("HTTP/1.1 413 "));
}

TEST_F(WebServer, BodyFollowsWhenItIsAskedFor) {
  world::TcpClient client(client_, {kDevice, 80});
  client.send(
      "POST /login HTTP/1.1\r\nHost: 192.0.2.50\r\nExpect: 100-continue\r\nConnection: close\r\n"
      "Content-Length: 25\r\n\r\n");
  run(100ms);
  EXPECT_EQ(client.received(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("user=admin&password=admin");
  run(1s);
  EXPECT_THAT(client.received(), HasSubstr("HTTP/1.1 303 See Other\r\n"));
}

TEST_F(WebServer, PowerOffEndsAllAtOnce) {
  log_in("admin", "admin");
  world::TcpClient page(client_, {kDevice, 80});
  page.send("GET /events HTTP/1.1\r\nHost: 192.0.2.50\r\nCookie: " + cookie_ + "\r\n\r\n");
  world::TcpClient begun(client_, {kDevice, 80});
  begun.send("GET /");
  run(1s);
  phone_->power_off();
  device_.set_power(false);
  run(1s);
  EXPECT_TRUE(phone_->resources_released());
  EXPECT_EQ(device_.open_sockets(), 0U);
}

struct WebOff : WebLab {
  WebOff() : WebLab({.enabled = false}) {}
};

TEST_F(WebOff, NobodyListens) {
  EXPECT_EQ(raw("GET /login HTTP/1.1\r\n\r\n"), "");
  EXPECT_EQ(device_.tcp().open_sockets(), 0U);
}

}  // namespace
}  // namespace provlab::web
