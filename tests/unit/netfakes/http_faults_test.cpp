#include <gmock/gmock.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <boost/beast/zlib/inflate_stream.hpp>

#include "netfakes/http_responder.hpp"
#include "sim/text/parse.hpp"
#include "tests/unit/netfakes/lan.hpp"
#include "tests/unit/world/tcp_client.hpp"

namespace provlab::netfakes::test {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr std::string_view kBody = "<configuration/>";
constexpr std::string_view kAsk = "GET /a.xml HTTP/1.1\r\nHost: prov\r\n\r\n";

class HttpFaultsTest : public LanTest {
 protected:
  /// What the client has got after so long.
  std::string got(const Faults& faults, Duration duration = 1s) {
    HttpConfig config;
    HttpResource resource;
    resource.path = "/a.xml";
    resource.body = kBody;
    resource.faults = std::make_shared<const Faults>(faults);
    config.resources.push_back(std::move(resource));
    responder_ = responder_on(server_, std::move(config));
    EXPECT_TRUE(responder_->start());
    client_end_ = std::make_unique<world::TcpClient>(client_, Endpoint{kServer, 80});
    client_end_->send(kAsk);
    run(duration);
    return client_end_->received();
  }
  static Faults stream(StreamFaults faults) {
    Faults made;
    made.stream = faults;
    return made;
  }
  std::unique_ptr<Responder> responder_;
  std::unique_ptr<world::TcpClient> client_end_;
};

TEST_F(HttpFaultsTest, ResetComesAfterSoManyOctets) {
  EXPECT_EQ(got(stream({.reset_at = 20})), "HTTP/1.1 200 OK\r\nCon");
  EXPECT_EQ(client_end_->error(), asio::error::connection_reset);
  EXPECT_THAT(recorded("fault_injected", "fault"), ElementsAre("reset"));
}

TEST_F(HttpFaultsTest, StallLeavesTheConnectionOpen) {
  EXPECT_THAT(got(stream({.stall_at = 20}), 1h), SizeIs(20));
  EXPECT_FALSE(client_end_->ended());
  EXPECT_FALSE(client_end_->error());
}

TEST_F(HttpFaultsTest, StallEndsWithTheClient) {
  got(stream({.stall_at = 20}));
  client_end_->close();
  run();
  EXPECT_EQ(server_.tcp().open_sockets(), 1U) << "the listener";
}

TEST_F(HttpFaultsTest, CutEndsTheConnectionInOrder) {
  Faults faults;
  faults.cut = 20;
  EXPECT_THAT(got(faults), SizeIs(20));
  EXPECT_TRUE(client_end_->ended());
  EXPECT_FALSE(client_end_->error());
}

TEST_F(HttpFaultsTest, DripTakesItsTime) {
  Faults faults = stream({.drip = 10});
  faults.gap = 100ms;
  EXPECT_THAT(got(faults, 250ms), SizeIs(30)) << "at 3 ms, 103 ms and 203 ms";
  run(1s);
  EXPECT_THAT(client_end_->received(), EndsWith(kBody));
}

TEST_F(HttpFaultsTest, ContentLengthCanLie) {
  EXPECT_THAT(got(stream({.length = 99})), HasSubstr("Content-Length: 99\r\n"));
}

TEST_F(HttpFaultsTest, WithoutLengthTheConnectionEndsTheBody) {
  const std::string answer = got(stream({.no_length = true}));
  EXPECT_THAT(answer, Not(HasSubstr("Content-Length")));
  EXPECT_THAT(answer, EndsWith(kBody));
  EXPECT_TRUE(client_end_->ended());
}

TEST_F(HttpFaultsTest, ChunksHaveTheirSize) {
  const std::string answer = got(stream({.chunk = 10}));
  EXPECT_THAT(answer, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\na\r\n<configura\r\n6\r\ntion/>\r\n0\r\n\r\n"));
}

TEST_F(HttpFaultsTest, EndlessBodyGoesOnUntilTheClientHasEnough) {
  const std::size_t first = got(stream({.endless = true})).size();
  EXPECT_GT(first, 100'000U);
  run();
  EXPECT_GT(client_end_->received().size(), first + 100'000U);
  client_end_->reset();
  run();
  EXPECT_EQ(server_.tcp().open_sockets(), 1U) << "the listener";
}

TEST_F(HttpFaultsTest, KeptConnectionCanCloseAtOnceOrAtTheNextRequest) {
  got(stream({.then = StreamFaults::Then::close}));
  EXPECT_TRUE(client_end_->ended());
  responder_.reset();
  EXPECT_THAT(got(stream({.then = StreamFaults::Then::close_at_next})),
              Not(HasSubstr("Connection: close")));
  EXPECT_FALSE(client_end_->ended());
  client_end_->send(kAsk);
  run();
  EXPECT_TRUE(client_end_->ended());
  EXPECT_THAT(recorded("request_received", "request"), SizeIs(2)) << "the third was not heard";
}

TEST_F(HttpFaultsTest, RawOctetsAreTheWholeAnswer) {
  Faults faults;
  faults.raw = Bytes{'n', 'o'};
  EXPECT_EQ(got(faults), "no");
  EXPECT_TRUE(client_end_->ended());
  EXPECT_THAT(recorded("answer_sent", "summary"),
              ElementsAre("octets of the scenario: 2 of them, no message of http"));
}

TEST(Gzip, CanBeUnpackedAgain) {
  const std::string text(1000, 'x');
  const std::string packed = gzip(text);
  ASSERT_GT(packed.size(), 18U);
  EXPECT_EQ(packed.substr(0, 3), "\x1f\x8b\x08");
  std::string unpacked(2000, '\0');
  boost::beast::zlib::inflate_stream inflate;
  boost::beast::zlib::z_params params;
  params.next_in = packed.data() + 10;
  params.avail_in = packed.size() - 18;
  params.next_out = unpacked.data();
  params.avail_out = unpacked.size();
  boost::beast::error_code error;
  inflate.write(params, boost::beast::zlib::Flush::sync, error);
  EXPECT_EQ(unpacked.substr(0, params.total_out), text);
  EXPECT_EQ(static_cast<unsigned char>(packed[packed.size() - 4]) +
                256 * static_cast<unsigned char>(packed[packed.size() - 3]),
            1000);
}

/// Whether the server's certificate fits a host, is of its time, and of the laboratory's authority.
std::string flaws(CertificateKind kind) {
  const WallTime now = *parse_wall_time("2026-03-01T08:00:00Z");
  const TlsServer server(
      {.certificate = kind, .stall = false, .names = {"prov.server.com"}, .now = now});
  X509* certificate = SSL_CTX_get0_certificate(server.context());
  std::time_t at = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  const std::string& pem = tls_authority();
  BIO* memory = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* authority = PEM_read_bio_X509(memory, nullptr, nullptr, nullptr);
  std::string found;
  const auto host_fits = [&](unsigned how) {
    return X509_check_host(certificate, "prov.server.com", 0, how, nullptr) == 1;
  };
  if (!host_fits(0)) found += " host";
  if (host_fits(0) && !host_fits(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)) found += " subject";
  if (X509_cmp_time(X509_get0_notBefore(certificate), &at) > 0) found += " early";
  if (X509_cmp_time(X509_get0_notAfter(certificate), &at) < 0) found += " late";
  if (X509_verify(certificate, X509_get0_pubkey(authority)) != 1) found += " issuer";
  X509_free(authority);
  BIO_free(memory);
  return found;
}

TEST(Certificate, HasTheFlawAskedForAndNoOther) {
  EXPECT_EQ(flaws(CertificateKind::valid), "");
  EXPECT_EQ(flaws(CertificateKind::expired), " late");
  EXPECT_EQ(flaws(CertificateKind::not_yet_valid), " early");
  EXPECT_EQ(flaws(CertificateKind::self_signed), " issuer");
  EXPECT_EQ(flaws(CertificateKind::wrong_host), " host");
  EXPECT_EQ(flaws(CertificateKind::common_name), " subject");
}

}  // namespace
}  // namespace provlab::netfakes::test
