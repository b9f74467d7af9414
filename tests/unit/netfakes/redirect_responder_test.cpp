#include "netfakes/redirect_responder.hpp"

#include <gmock/gmock.h>

#include "tests/unit/netfakes/lan.hpp"
#include "tests/unit/world/tcp_client.hpp"

namespace provlab::netfakes::test {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class RedirectResponderTest : public LanTest {
 protected:
  std::string ask(RedirectConfig config, std::string_view target = kTarget) {
    responder_ = responder_on(server_, std::move(config));
    EXPECT_TRUE(responder_->start());
    world::TcpClient client(client_, {kServer, 80});
    client.send("GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    run();
    return client.received();
  }
  static Assignment assign(std::string url, unsigned status = 302) {
    return {.id = "redirect-answer", .url = std::move(url), .status = status, .after = {}};
  }
  static constexpr std::string_view kTarget = "/?mac=00095200000E&type=D200&serial=0000000001";
  std::unique_ptr<Responder> responder_;
};

TEST_F(RedirectResponderTest, AssignsByLocation) {
  RedirectConfig config;
  config.otherwise = assign("http://prov.server.com/a.xml");
  const std::string answer = ask(std::move(config));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 302 Found\r\n"));
  EXPECT_THAT(answer, HasSubstr("Location: http://prov.server.com/a.xml\r\n"));
  EXPECT_THAT(recorded("request_received", "request"), ElementsAre("assignment mac=00095200000E"));
  EXPECT_THAT(recorded("answer_sent", "answer"), ElementsAre("redirect-answer"));
  EXPECT_THAT(recorded("answer_sent", "summary"), ElementsAre("302 http://prov.server.com/a.xml"));
}

TEST_F(RedirectResponderTest, AssignsByText) {
  RedirectConfig config;
  config.otherwise = assign("http://prov.server.com/a.xml", 200);
  const std::string answer = ask(std::move(config));
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/plain\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nhttp://prov.server.com/a.xml\n"));
}

TEST_F(RedirectResponderTest, KnowsDevicesByMac) {
  RedirectConfig config;
  config.devices["00095200000E"] = assign("http://prov.server.com/mine.xml");
  EXPECT_THAT(ask(config), HasSubstr("mine.xml"));
  responder_.reset();
  EXPECT_THAT(ask(config, "/?mac=00095200000F&type=D200&serial=1"), StartsWith("HTTP/1.1 404"));
  EXPECT_EQ(recorded("answer_sent", "summary").back(), "404 not registered");
}

/// A list that changes between two questions.
struct ChangingDirectory final : DeviceDirectory {
  std::optional<std::string> url_of(std::string_view mac) const override {
    if (mac != "00095200000E") return std::nullopt;
    return url;
  }
  const std::string& source() const override { return url; }
  std::string url = "http://prov.server.com/listed.xml";
};

TEST_F(RedirectResponderTest, AsksItsDirectoryAboutDevicesThatItDoesNotKnow) {
  const auto directory = std::make_shared<ChangingDirectory>();
  RedirectConfig config;
  config.devices["00095200000F"] = assign("http://prov.server.com/mine.xml");
  config.otherwise = assign("http://prov.server.com/other.xml");
  config.directory = directory;
  EXPECT_THAT(ask(config), HasSubstr("Location: http://prov.server.com/listed.xml\r\n"));
  responder_.reset();
  directory->url = "http://prov.server.com/changed.xml";
  EXPECT_THAT(ask(config), HasSubstr("changed.xml"));
  responder_.reset();
  EXPECT_THAT(ask(config, "/?mac=00095200000F&type=D200&serial=1"), HasSubstr("mine.xml"));
  responder_.reset();
  EXPECT_THAT(ask(config, "/?mac=00095200000D&type=D200&serial=1"), HasSubstr("other.xml"));
}

TEST_F(RedirectResponderTest, UnescapesTheMac) {
  RedirectConfig config;
  config.devices["00095200000E"] = assign("http://prov.server.com/mine.xml");
  EXPECT_THAT(ask(std::move(config), "/base/?type=D200&mac=0009520000%30E"), HasSubstr("mine.xml"));
}

TEST_F(RedirectResponderTest, FailsAsToldWithoutAUrl) {
  RedirectConfig config;
  config.otherwise = assign("", 503);
  const std::string answer = ask(std::move(config));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
}

TEST_F(RedirectResponderTest, RefusesRequestsForNoDevice) {
  EXPECT_THAT(ask({}, "/index.html"), StartsWith("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_THAT(recorded("request_ignored", "reason"),
              ElementsAre("GET /index.html asks for no device's URL"));
}

TEST_F(RedirectResponderTest, RuleReplacesTheAssignment) {
  RedirectConfig config;
  config.otherwise = assign("http://prov.server.com/a.xml");
  config.rules.resize(1);
  config.rules[0].request = "assignment";
  config.rules[0].assignment = Assignment::not_registered();
  EXPECT_THAT(ask(std::move(config)), StartsWith("HTTP/1.1 404"));
}

TEST_F(RedirectResponderTest, SilentRuleWithholdsTheAssignment) {
  RedirectConfig config;
  config.otherwise = assign("http://prov.server.com/a.xml");
  config.rules.resize(1);
  config.rules[0].answer.silent = true;
  EXPECT_EQ(ask(std::move(config)), "");
  EXPECT_THAT(recorded("answer_withheld", "answer"), ElementsAre("redirect-answer"));
}

}  // namespace
}  // namespace provlab::netfakes::test
