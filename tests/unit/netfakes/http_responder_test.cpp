#include "netfakes/http_responder.hpp"

#include <gmock/gmock.h>

#include "tests/unit/netfakes/lan.hpp"
#include "tests/unit/world/tcp_client.hpp"

namespace provlab::netfakes::test {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::string get(std::string_view target, std::string_view more = {}) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: prov.server.com\r\n" +
         std::string(more) + "\r\n";
}

class HttpResponderTest : public LanTest {
 protected:
  static HttpConfig with(HttpResource resource) {
    HttpConfig config;
    config.resources.push_back(std::move(resource));
    return config;
  }
  static HttpConfig with_document() {
    HttpResource resource;
    resource.path = "/a.xml";
    resource.body = "<configuration/>";
    return with(std::move(resource));
  }
  void serve(HttpConfig config) {
    responder_ = responder_on(server_, std::move(config));
    ASSERT_TRUE(responder_->start());
    client_end_ = std::make_unique<world::TcpClient>(client_, Endpoint{kServer, 80});
  }
  std::string exchange(std::string_view request) {
    client_end_->send(request);
    run();
    return client_end_->received();
  }

  std::unique_ptr<Responder> responder_;
  std::unique_ptr<world::TcpClient> client_end_;
};

TEST_F(HttpResponderTest, ServesAResource) {
  serve(with_document());
  EXPECT_EQ(exchange(get("/a.xml")),
            "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: 16\r\n\r\n"
            "<configuration/>");
  EXPECT_THAT(recorded("request_received", "request"), ElementsAre("GET /a.xml"));
  EXPECT_THAT(recorded("answer_sent", "summary"), ElementsAre("200 application/xml 16 octets"));
  EXPECT_THAT(recorded("answer_sent", "answer"), ElementsAre("http:GET /a.xml"));
}

TEST_F(HttpResponderTest, KeepsTheConnectionForTheNextRequest) {
  serve(with_document());
  exchange(get("/a.xml"));
  EXPECT_FALSE(client_end_->ended());
  EXPECT_THAT(exchange(get("/a.xml")), EndsWith("<configuration/>"));
  EXPECT_THAT(recorded("request_received", "nth"), ElementsAre("1", "2"));
}

TEST_F(HttpResponderTest, AnswersRequestsThatCameTogetherOneAfterTheOther) {
  serve(with_document());
  const std::string both = exchange(get("/a.xml") + get("/b.xml"));
  EXPECT_LT(both.find("200 OK"), both.find("404 Not Found"));
}

TEST_F(HttpResponderTest, ClosesWhenTheClientAsksForIt) {
  serve(with_document());
  EXPECT_THAT(exchange(get("/a.xml", "Connection: close\r\n")), HasSubstr("Connection: close"));
  EXPECT_TRUE(client_end_->ended());
}

TEST_F(HttpResponderTest, ClosesAlwaysWithoutKeepAlive) {
  HttpConfig config = with_document();
  config.server.keep_alive = false;
  serve(std::move(config));
  exchange(get("/a.xml"));
  EXPECT_TRUE(client_end_->ended());
}

TEST_F(HttpResponderTest, PrefersTheExactTargetToThePath) {
  HttpConfig config = with_document();
  HttpResource special;
  special.path = "/a.xml?mac=1";
  special.body = "special";
  config.resources.push_back(special);
  serve(std::move(config));
  EXPECT_THAT(exchange(get("/a.xml?mac=1")), EndsWith("special"));
  EXPECT_THAT(exchange(get("/a.xml?mac=2")), EndsWith("<configuration/>"));
}

TEST_F(HttpResponderTest, SaysWhatItHasWhereItHasNotWhatIsAsked) {
  serve(with_document());
  const std::string answer = exchange(get("/b.xml"));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_THAT(answer, EndsWith("There is no /b.xml on this server.\nIt has /a.xml.\n"));
}

TEST_F(HttpResponderTest, RedirectsAndAddsHeaders) {
  HttpResource resource;
  resource.path = "/old.xml";
  resource.status = 302;
  resource.location = "http://prov.server.com/new.xml";
  resource.content_type.clear();
  resource.headers = {{.name = "X-Why", .value = "moved"}};
  serve(with(std::move(resource)));
  EXPECT_EQ(exchange(get("/old.xml")),
            "HTTP/1.1 302 Found\r\nLocation: http://prov.server.com/new.xml\r\nX-Why: moved\r\n"
            "Content-Length: 0\r\n\r\n");
  EXPECT_THAT(recorded("answer_sent", "summary"),
              ElementsAre("302 http://prov.server.com/new.xml 0 octets"));
}

TEST_F(HttpResponderTest, AnswersHeadWithoutTheBody) {
  serve(with_document());
  EXPECT_EQ(exchange("HEAD /a.xml HTTP/1.1\r\nHost: x\r\n\r\n"),
            "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: 16\r\n\r\n");
}

TEST_F(HttpResponderTest, AllowsNoOtherMethods) {
  serve(with_document());
  const std::string answer =
      exchange("POST /a.xml HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 405 Method Not Allowed\r\n"));
  EXPECT_THAT(answer, HasSubstr("Allow: GET, HEAD\r\n"));
}

TEST_F(HttpResponderTest, SendsNoBodyWithoutContent) {
  HttpResource resource;
  resource.path = "/none";
  resource.status = 204;
  resource.content_type.clear();
  serve(with(std::move(resource)));
  EXPECT_EQ(exchange(get("/none")), "HTTP/1.1 204 No Content\r\n\r\n");
}

TEST_F(HttpResponderTest, RefusesWhatIsNoHttp) {
  serve(with_document());
  EXPECT_THAT(exchange("SUBSCRIBE\r\n\r\n"), StartsWith("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_TRUE(client_end_->ended());
  EXPECT_EQ(recorded("request_ignored", "reason").size(), 1u);
}

TEST_F(HttpResponderTest, ServesALargeBodyWhole) {
  HttpResource resource;
  resource.path = "/big";
  resource.body.assign(1'000'000, 'x');
  serve(with(std::move(resource)));
  client_end_->send(get("/big"));
  run(60s);
  EXPECT_THAT(client_end_->received(), HasSubstr("Content-Length: 1000000"));
  EXPECT_GT(client_end_->received().size(), 1'000'000u);
}

TEST_F(HttpResponderTest, DelaysAResource) {
  HttpConfig config = with_document();
  config.resources[0].id = "slow";
  config.resources[0].after = 300ms;
  serve(std::move(config));
  exchange(get("/a.xml"));
  // SYN, SYN-ACK, request: 3 ms; the answer's way: 1 ms.
  EXPECT_EQ(client_end_->first_octet_at(), Instant(304ms));
  EXPECT_THAT(recorded("answer_sent", "answer"), ElementsAre("slow"));
}

TEST_F(HttpResponderTest, DoesNotAnswerAClientThatHasGone) {
  HttpConfig config = with_document();
  config.resources[0].after = 300ms;
  serve(std::move(config));
  world_.at(Instant(100ms), [&] { client_end_->close(); });
  exchange(get("/a.xml"));
  EXPECT_THAT(recorded("answer_sent", "answer"), IsEmpty());
  EXPECT_THAT(recorded("answer_failed", "reason"),
              ElementsAre("the client has closed the connection"));
}

TEST_F(HttpResponderTest, SilentRuleKeepsTheConnectionOpenWithoutAWord) {
  HttpConfig config = with_document();
  config.rules.resize(1);
  config.rules[0].answer.silent = true;
  serve(std::move(config));
  EXPECT_EQ(exchange(get("/a.xml")), "");
  EXPECT_FALSE(client_end_->ended());
  EXPECT_THAT(recorded("answer_withheld", "request"), ElementsAre("GET /a.xml"));
}

TEST_F(HttpResponderTest, RuleAnswersTheSecondGetOtherwise) {
  auto unavailable = std::make_shared<HttpResource>();
  unavailable->status = 503;
  HttpConfig config = with_document();
  config.rules.resize(1);
  config.rules[0].request = "GET /a.xml";
  config.rules[0].nth = 2;
  config.rules[0].resource = unavailable;
  serve(std::move(config));
  EXPECT_THAT(exchange(get("/a.xml")), Not(HasSubstr("503")));
  EXPECT_THAT(exchange(get("/a.xml")), HasSubstr("503 Service Unavailable"));
}

TEST_F(HttpResponderTest, StoppedResponderClosesItsConnectionsAndAcceptsNoMore) {
  serve(with_document());
  exchange(get("/a.xml"));
  responder_->stop();
  run();
  EXPECT_TRUE(client_end_->ended());
  world::TcpClient late(client_, {kServer, 80});
  run();
  EXPECT_EQ(late.error(), asio::error::connection_refused);
}

TEST_F(HttpResponderTest, MayBeDestroyedInTheMiddleOfARequest) {
  HttpConfig config = with_document();
  config.resources[0].after = 300ms;
  serve(std::move(config));
  world_.at(Instant(100ms), [&] { responder_.reset(); });
  EXPECT_EQ(exchange(get("/a.xml")), "");
  EXPECT_TRUE(client_end_->ended());
}

TEST_F(HttpResponderTest, ReleasesClosedConnections) {
  serve(with_document());
  exchange(get("/a.xml"));
  client_end_->close();
  run(10s);
  EXPECT_EQ(server_.open_sockets(), 1u);  // the listener
}

}  // namespace
}  // namespace provlab::netfakes::test
