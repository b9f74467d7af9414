#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/net/http_client.hpp"
#include "tests/component/raw_http_server.hpp"
#include "tests/component/tls_server.hpp"

namespace provlab::net {
namespace {

using namespace std::chrono_literals;
using test::Authority;
using test::TlsServer;
using ::testing::HasSubstr;

constexpr const char* kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret";

class HttpTlsTest : public ::testing::Test {
 protected:
  HttpTlsTest() {
    clock.set(parse_wall_time("2026-06-01T00:00:00Z").value());
    lan.phone.configure({{test::kPhone, 24}, {}});
    names.emplace(lan.second, 53, [](UdpSocket& socket, const Datagram& query, unsigned) {
      Bytes answer = query.payload;  // any name is at the first server
      answer[2] = 0x81;
      answer[3] = 0x80;
      answer[7] = 1;
      for (const int octet : {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1}) {
        answer.push_back(static_cast<std::uint8_t>(octet));
      }
      (void)socket.send(query.from, answer);
    });
    resolver.set_servers({test::kSecondServer});
  }

  HttpResult get(std::string_view text) {
    test::Running<HttpResult> running(lan.phone,
                                      client.get(Url::parse(text).value(), {}, true, "document"));
    lan.world.run_until([&] { return running.done(); }, lan.world.now() + 5min);
    return running.value();
  }
  std::string complaint(std::string_view text) {
    const HttpResult result = get(text);
    if (result) return "succeeded";
    EXPECT_EQ(result.error().failure, HttpFailure::tls);
    return result.error().text;
  }

  test::Lan lan;
  Authority authority;
  DeviceClock clock{lan.phone};
  Resolver resolver{lan.phone};
  std::optional<test::UdpScript> names;
  DeviceIdentity device;
  HttpClient client{lan.phone, resolver, clock, device, authority.trust_file()};
};

TEST_F(HttpTlsTest, GetsADocumentFromAServerItTrusts) {
  const TlsServer server(lan.first, authority.issue({}), kAnswer);
  const HttpResult result = get("https://prov.example/a.xml");
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->body, "secret");
  EXPECT_EQ(server.requests, 1U);
}

TEST_F(HttpTlsTest, JudgesExpiryByTheDevicesClock) {
  const TlsServer server(lan.first, authority.issue({}), kAnswer);
  clock.set(parse_wall_time("2031-01-01T00:00:00Z").value());
  EXPECT_THAT(complaint("https://prov.example/a.xml"),
              HasSubstr("the certificate of prov.example has expired at 2031-01-01T00:00:00"));
  clock.set(parse_wall_time("2026-12-31T23:59:00Z").value());
  EXPECT_EQ(complaint("https://prov.example/a.xml"), "succeeded");
  EXPECT_EQ(server.requests, 1U);
}

TEST_F(HttpTlsTest, JudgesTheBeginningByTheDevicesClock) {
  const TlsServer server(lan.first, authority.issue({}), kAnswer);
  clock.set(parse_wall_time("2025-12-31T23:59:00Z").value());
  EXPECT_THAT(complaint("https://prov.example/a.xml"),
              HasSubstr("the certificate of prov.example is not yet valid at 2025-12-31T23:59:00"));
  EXPECT_EQ(server.requests, 0U);
}

TEST_F(HttpTlsTest, RefusesACertificateForAnotherHost) {
  const TlsServer server(lan.first, authority.issue({.host = "other.example"}), kAnswer);
  EXPECT_EQ(complaint("https://prov.example/a.xml"),
            "the certificate presented is not one for prov.example");
}

TEST_F(HttpTlsTest, RefusesASelfSignedCertificate) {
  const TlsServer server(lan.first, Authority::self_signed({}), kAnswer);
  EXPECT_EQ(complaint("https://prov.example/a.xml"),
            "the certificate of prov.example is self-signed and not trusted");
}

TEST_F(HttpTlsTest, RefusesAnIssuerItDoesNotKnow) {
  const Authority other;
  const TlsServer server(lan.first, other.issue({}), kAnswer);
  EXPECT_THAT(complaint("https://prov.example/a.xml"), HasSubstr("prov.example"));
  EXPECT_EQ(server.requests, 0U);
}

TEST_F(HttpTlsTest, SaysThatTheOtherSideDoesNotSpeakTls) {
  auto acceptor = lan.first.listen({.port = 443}).value();
  std::unique_ptr<StreamSocket> accepted;
  const std::string text = "HTTP/1.1 400 Bad Request\r\n\r\n";
  acceptor->start_accept([&](error_code, std::unique_ptr<StreamSocket> socket) {
    accepted = std::move(socket);
    accepted->start_write(asio::buffer(text), [](error_code, std::size_t) {});
  });
  EXPECT_THAT(complaint("https://prov.example/a.xml"),
              HasSubstr("the TLS handshake with prov.example failed"));
}

TEST_F(HttpTlsTest, RefusesARedirectToPlainHttp) {
  const TlsServer server(lan.first, authority.issue({}),
                         "HTTP/1.1 302 Found\r\nLocation: http://prov.example/b\r\n"
                         "Content-Length: 0\r\n\r\n");
  const HttpResult result = get("https://prov.example/a.xml");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().failure, HttpFailure::downgrade);
  EXPECT_EQ(result.error().text,
            "the answer 302 leads from https to http://prov.example/b, which is refused");
}

TEST_F(HttpTlsTest, FollowsARedirectFromPlainHttpToHttps) {
  const TlsServer server(lan.first, authority.issue({}), kAnswer);
  test::RawHttpServer plain(lan.first);
  plain.answers["/a"] = test::redirect("https://prov.example/b");
  const HttpResult result = get("http://prov.example/a");
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->final_url.to_string(), "https://prov.example/b");
}

TEST_F(HttpTlsTest, ChecksAgainOnEveryNewConnection) {
  const TlsServer server(lan.first, authority.issue({}), kAnswer);
  EXPECT_EQ(complaint("https://prov.example/a.xml"), "succeeded");
  client.close_idle();
  clock.set(parse_wall_time("2031-01-01T00:00:00Z").value());
  EXPECT_THAT(complaint("https://prov.example/a.xml"), HasSubstr("has expired"));
}

}  // namespace
}  // namespace provlab::net
