#include "netfakes/header_lines.hpp"

#include <gmock/gmock.h>

#include "netfakes/http_responder.hpp"
#include "tests/unit/netfakes/lan.hpp"
#include "tests/unit/world/tcp_client.hpp"

namespace provlab::netfakes::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

HeaderRule header_rule(std::string name, std::optional<std::string> value,
                       std::string request = {}) {
  HeaderRule rule;
  rule.request = std::move(request);
  rule.line = {std::move(name), std::move(value)};
  return rule;
}

class HeaderLinesTest : public LanTest {
 protected:
  std::string answer(std::vector<HeaderRule> headers, std::string_view request) {
    HttpConfig config;
    HttpResource resource;
    resource.path = "/a.xml";
    resource.body = "<configuration/>";
    config.resources.push_back(std::move(resource));
    config.headers = std::move(headers);
    responder_ = responder_on(server_, std::move(config));
    EXPECT_TRUE(responder_->start());
    client_end_ = std::make_unique<world::TcpClient>(client_, Endpoint{kServer, 80});
    client_end_->send(request);
    run();
    return client_end_->received();
  }

  std::unique_ptr<Responder> responder_;
  std::unique_ptr<world::TcpClient> client_end_;
};

constexpr std::string_view kGet = "GET /a.xml HTTP/1.1\r\nHost: x\r\n\r\n";

TEST_F(HeaderLinesTest, AreAddedToTheAnswer) {
  EXPECT_EQ(answer({header_rule("Set-Cookie", "a=1"), header_rule("Set-Cookie", "b=2")}, kGet),
            "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nSet-Cookie: a=1\r\n"
            "Set-Cookie: b=2\r\nContent-Length: 16\r\n\r\n<configuration/>");
}

TEST_F(HeaderLinesTest, StandInPlaceOfWhatTheServerWouldWrite) {
  EXPECT_EQ(
      answer({header_rule("content-type", "text/xml"), header_rule("Content-Length", "12, 16")},
             kGet),
      "HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\nContent-Length: 12, 16\r\n\r\n"
      "<configuration/>");
}

TEST_F(HeaderLinesTest, CanBeLeftOut) {
  EXPECT_EQ(answer({header_rule("Content-Type", std::nullopt)}, kGet),
            "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n<configuration/>");
}

TEST_F(HeaderLinesTest, BelongToTheRequestsThatTheirRuleNames) {
  HeaderRule second = header_rule("X-Second", "yes", "GET /a.xml");
  second.nth = Nth(2);
  const std::string both = answer({std::move(second), header_rule("X-Other", "yes", "GET /b.xml")},
                                  std::string(kGet) + std::string(kGet));
  EXPECT_THAT(both, Not(HasSubstr("X-Other")));
  const std::size_t place = both.find("X-Second: yes\r\n");
  EXPECT_NE(place, std::string::npos);
  EXPECT_GT(place, both.find("<configuration/>"));
}

TEST_F(HeaderLinesTest, LeaveWhatTheyAreNotAbout) {
  EXPECT_THAT(answer({header_rule("X-A", "1")}, "POST /a.xml HTTP/1.1\r\nHost: x\r\n\r\n"),
              testing::AllOf(HasSubstr("X-A: 1\r\n"), HasSubstr("Allow: GET, HEAD\r\n")));
}

TEST_F(HeaderLinesTest, OfARequestAreToldWithoutWhatProvesWhoAsks) {
  answer({},
         "GET /a.xml HTTP/1.1\r\nHost: x\r\nAuthorization: Basic YTpi\r\nCookie: a=1\r\n"
         "proxy-authorization: YTpi\r\nAccept: */*\r\n\r\n");
  EXPECT_THAT(recorded("request_received", "contents"),
              ElementsAre("Host: x | Authorization: Basic *** | Cookie: *** | "
                          "proxy-authorization: *** | Accept: */*"));
}

TEST(ToldLines, AreThoseBeforeTheBody) {
  EXPECT_EQ(told_lines("SIP/2.0 200 OK\r\nVia: a\r\nAuthorization: Digest x\r\n\r\nbody\r\n"),
            "SIP/2.0 200 OK | Via: a | Authorization: Digest ***");
}

}  // namespace
}  // namespace provlab::netfakes::test
