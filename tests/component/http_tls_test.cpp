#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/net/http_client.hpp"
#include "sim/text/parse.hpp"
#include "tests/component/raw_http_server.hpp"
#include "tests/temporary_folder.hpp"

namespace provlab::net {
namespace {

using namespace std::chrono_literals;
using netfakes::CertificateKind;
using ::testing::HasSubstr;

/// The server's certificate is valid from a year before to ten years after this.
constexpr const char* kIssued = "2026-06-01T00:00:00Z";

class TlsServer : public test::RawHttpServer {
 public:
  explicit TlsServer(Host& host, CertificateKind kind = CertificateKind::valid)
      : RawHttpServer(host, {.port = 443},
                      std::make_shared<const netfakes::TlsServer>(
                          netfakes::TlsOptions{.certificate = kind,
                                               .names = {"prov.example"},
                                               .now = parse_wall_time(kIssued).value()})) {
    answers["/a.xml"] = test::whole("200 OK", "secret");
  }
};

class HttpTlsTest : public ::testing::Test {
 protected:
  HttpTlsTest() {
    set_clock(kIssued);
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

  void set_clock(std::string_view time) { clock.set(parse_wall_time(time).value()); }
  HttpResult get(std::string_view text) { return get(client, text); }
  HttpResult get(HttpClient& by, std::string_view text) {
    test::Running<HttpResult> running(
        lan.phone, by.get(Url::parse(text).value(), {}, Redirects::follow, Purpose::document));
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
  DeviceClock clock{lan.phone};
  Resolver resolver{lan.phone};
  std::optional<test::UdpScript> names;
  DeviceIdentity device;
  HttpClient client{lan.phone, resolver, clock, device, netfakes::tls_authority()};
};

TEST_F(HttpTlsTest, GetsADocumentFromAServerItTrusts) {
  const TlsServer server(lan.first);
  const HttpResult result = get("https://prov.example/a.xml");
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->body, "secret");
  EXPECT_EQ(server.requests.size(), 1U);
}

TEST_F(HttpTlsTest, ReadsTheAuthoritiesItTrustsFromAFile) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "trusted.pem") << netfakes::tls_authority();
  HttpClient by_file(lan.phone, resolver, clock, device, folder / "trusted.pem");
  const TlsServer server(lan.first);
  const HttpResult result = get(by_file, "https://prov.example/a.xml");
  ASSERT_TRUE(result) << result.error().text;
}

TEST_F(HttpTlsTest, JudgesExpiryByTheDevicesClock) {
  const TlsServer server(lan.first);
  set_clock("2036-06-01T00:00:00Z");
  EXPECT_THAT(complaint("https://prov.example/a.xml"),
              HasSubstr("the certificate of prov.example has expired at 2036-06-01T00:00:00"));
  set_clock("2036-05-28T23:59:00Z");
  EXPECT_EQ(complaint("https://prov.example/a.xml"), "succeeded");
  EXPECT_EQ(server.requests.size(), 1U);
}

TEST_F(HttpTlsTest, JudgesTheBeginningByTheDevicesClock) {
  const TlsServer server(lan.first);
  set_clock("2025-05-31T23:59:00Z");
  EXPECT_THAT(complaint("https://prov.example/a.xml"),
              HasSubstr("the certificate of prov.example is not yet valid at 2025-05-31T23:59:00"));
  EXPECT_EQ(server.requests.size(), 0U);
}

TEST_F(HttpTlsTest, RefusesACertificateForAnotherHost) {
  const TlsServer server(lan.first, CertificateKind::wrong_host);
  EXPECT_EQ(complaint("https://prov.example/a.xml"),
            "the certificate presented is not one for prov.example");
}

TEST_F(HttpTlsTest, TakesNoCommonNameForAName) {
  const TlsServer server(lan.first, CertificateKind::common_name);
  EXPECT_EQ(complaint("https://prov.example/a.xml"),
            "the certificate of prov.example has no subject alternative name, and a common name "
            "does not count");
  EXPECT_EQ(server.requests.size(), 0U);
}

TEST_F(HttpTlsTest, KnowsAServerByItsAddressAndByACompleteName) {
  const TlsServer server(lan.first);
  EXPECT_EQ(complaint("https://prov.example./a.xml"), "succeeded");
  EXPECT_EQ(complaint("https://192.0.2.1/a.xml"),
            "the certificate presented is not one for 192.0.2.1");
}

TEST_F(HttpTlsTest, SaysThatItHasNoCertificatesToTrust) {
  const TlsServer server(lan.first);
  const test::TemporaryFolder folder;
  std::ofstream(folder / "empty.pem") << "";
  for (const std::string& trusted : {folder / "absent.pem", folder / "empty.pem"}) {
    HttpClient trusting_nobody(lan.phone, resolver, clock, device, trusted);
    const HttpResult result = get(trusting_nobody, "https://prov.example/a.xml");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().failure, HttpFailure::trust);
    EXPECT_EQ(result.error().text,
              "the phone has no certificates of authorities to trust, so it cannot judge that of "
              "prov.example");
  }
}

TEST_F(HttpTlsTest, RefusesASelfSignedCertificate) {
  const TlsServer server(lan.first, CertificateKind::self_signed);
  EXPECT_EQ(complaint("https://prov.example/a.xml"),
            "the certificate of prov.example is self-signed and not trusted");
}

TEST_F(HttpTlsTest, RefusesAnIssuerItDoesNotKnow) {
  const TlsServer server(lan.first);
  HttpClient stranger(lan.phone, resolver, clock, device, PROVLAB_TEST_DATA "/other-authority.pem");
  const HttpResult result = get(stranger, "https://prov.example/a.xml");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().failure, HttpFailure::tls);
  EXPECT_EQ(result.error().text,
            "the certificate of prov.example comes from an issuer that is not trusted");
  EXPECT_EQ(server.requests.size(), 0U);
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
  TlsServer server(lan.first);
  server.answers["/a.xml"] = test::redirect("http://prov.example/b");
  const HttpResult result = get("https://prov.example/a.xml");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().failure, HttpFailure::downgrade);
  EXPECT_EQ(result.error().text,
            "the answer 302 leads from https to http://prov.example/b, which is refused");
}

TEST_F(HttpTlsTest, FollowsARedirectFromPlainHttpToHttps) {
  const TlsServer server(lan.first);
  test::RawHttpServer plain(lan.first);
  plain.answers["/a"] = test::redirect("https://prov.example/a.xml");
  const HttpResult result = get("http://prov.example/a");
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->final_url.to_string(), "https://prov.example/a.xml");
}

TEST_F(HttpTlsTest, ChecksAgainOnEveryNewConnection) {
  const TlsServer server(lan.first);
  EXPECT_EQ(complaint("https://prov.example/a.xml"), "succeeded");
  client.close_idle();
  set_clock("2036-06-01T00:00:00Z");
  EXPECT_THAT(complaint("https://prov.example/a.xml"), HasSubstr("has expired"));
}

}  // namespace
}  // namespace provlab::net
