#include "core/net/http_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/text/parse.hpp"
#include "tests/component/raw_http_server.hpp"

namespace provlab::net {
namespace {

using namespace std::chrono_literals;
using test::RawAnswer;
using test::RawHttpServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kTooManyHeaders =
    "the answer's header lines are longer than the 65536 octets that the phone takes";

Url url(std::string_view text) {
  return Url::parse(text).value();
}

class HttpClientTest : public ::testing::Test {
 protected:
  using Get = test::Running<HttpResult>;

  std::unique_ptr<Get> start(std::string_view text, HttpLimits limits = {},
                             Redirects redirects = Redirects::follow) {
    return std::make_unique<Get>(lan.phone,
                                 client.get(url(text), limits, redirects, Purpose::document));
  }
  /// One GET from now to its end; `took` says how long.
  HttpResult get(std::string_view text, HttpLimits limits = {},
                 Redirects redirects = Redirects::follow) {
    const Instant started = lan.world.now();
    const auto running = start(text, limits, redirects);
    lan.world.run_until([&] { return running->done(); }, started + 10min);
    took = running->ended_at.value() - started;
    return running->value();
  }
  HttpError failure(std::string_view text, HttpLimits limits = {}) {
    const HttpResult result = get(text, limits);
    return result ? HttpError{HttpFailure::protocol, "succeeded"} : result.error();
  }
  std::string body(std::string_view text) {
    const HttpResult result = get(text);
    return result ? result->body : "failed: " + result.error().text;
  }

  test::Lan lan;
  Resolver resolver{lan.phone};
  DeviceClock clock{lan.phone};
  DeviceIdentity device;
  HttpClient client{lan.phone, resolver, clock, device, netfakes::tls_authority()};
  Duration took{};
};

TEST_F(HttpClientTest, GetsADocument) {
  RawHttpServer server(lan.first);
  server.answers["/a.xml"] = test::whole("200 OK", "<a/>", "Content-Type: text/xml\r\n");
  const HttpResult result = get("http://192.0.2.1/a.xml");
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->body, "<a/>");
  EXPECT_EQ(result->content_type, "text/xml");
  EXPECT_EQ(result->final_url, url("http://192.0.2.1/a.xml"));
  EXPECT_EQ(took, 4ms);  // SYN, SYN-ACK, GET, answer
  EXPECT_TRUE(client.idle());
}

TEST_F(HttpClientTest, SendsTheRequestOfAPhone) {
  RawHttpServer server(lan.first, {.port = 8080});
  server.answers["/prov.py?mac=00095200000E"] = test::whole("200 OK", "x");
  EXPECT_EQ(body("http://192.0.2.1:8080/prov.py?mac=00095200000E"), "x");
  EXPECT_THAT(server.requests, ElementsAre("GET /prov.py?mac=00095200000E HTTP/1.1\r\n"
                                           "Host: 192.0.2.1:8080\r\n"
                                           "User-Agent: D200/2.2A\r\n"
                                           "Accept: */*\r\n\r\n"));
}

TEST_F(HttpClientTest, TracesTheRequestWhenItLeavesAndTheAnswerWhenItIsWhole) {
  RawHttpServer server(lan.first);
  server.answers["/a.xml"] = test::whole("200 OK", "<a/>");
  (void)get("http://192.0.2.1/a.xml");
  EXPECT_THAT(lan.times("http_request_sent"), ElementsAre(Instant(2ms)));
  EXPECT_THAT(lan.values("http_request_sent", "address"), ElementsAre("192.0.2.1:80"));
  EXPECT_THAT(lan.times("http_response_received"), ElementsAre(Instant(4ms)));
  EXPECT_THAT(lan.values("http_response_received", "octets"), ElementsAre("4"));
}

TEST_F(HttpClientTest, GivesAnyFinalStatusAsAResponse) {
  RawHttpServer server(lan.first);
  server.answers["/404"] = test::whole("404 Not Found", "no");
  server.answers["/204"] = test::raw("HTTP/1.1 204 No Content\r\n\r\n");
  server.answers["/304"] = test::raw("HTTP/1.1 304 Not Modified\r\n\r\n");
  server.answers["/500"] = test::whole("500 Oops", "");
  EXPECT_EQ(get("http://192.0.2.1/404")->status, 404);
  EXPECT_EQ(get("http://192.0.2.1/404")->body, "no");
  EXPECT_EQ(get("http://192.0.2.1/204")->status, 204);
  EXPECT_EQ(get("http://192.0.2.1/304")->status, 304);
  EXPECT_EQ(get("http://192.0.2.1/500")->status, 500);
}

TEST_F(HttpClientTest, PassesOverInterimAnswers) {
  RawHttpServer server(lan.first);
  server.answers["/a"] = test::raw(
      "HTTP/1.1 103 Early Hints\r\nLocation: /x\r\n\r\nHTTP/1.1 200 OK\r\n"
      "Content-Length: 2\r\n\r\nok");
  const HttpResult result = get("http://192.0.2.1/a");
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->location, "");
}

TEST_F(HttpClientTest, JoinsChunksAsTheyCome) {
  RawHttpServer server(lan.first);
  server.answers["/a"] = {.pieces = {{0ms, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"},
                                     {1s, "3\r\nabc\r\n"},
                                     {1s, "2\r\nde\r\n"},
                                     {1s, "0\r\nLocation: /trailer\r\n\r\n"}}};
  const HttpResult result = get("http://192.0.2.1/a");
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->body, "abcde");
  EXPECT_EQ(result->location, "");
  EXPECT_EQ(took, 3s + 4ms);
}

TEST_F(HttpClientTest, ReadsAnAnswerThatEndsWithItsConnection) {
  RawHttpServer server(lan.first);
  server.answers["/a"] = test::raw("HTTP/1.0 200 OK\r\n\r\nabc", RawAnswer::End::finish);
  EXPECT_EQ(body("http://192.0.2.1/a"), "abc");
}

TEST_F(HttpClientTest, UsesItsConnectionAgain) {
  RawHttpServer server(lan.first);
  server.answers["/a"] = test::whole("200 OK", "a");
  server.answers["/b"] = test::whole("200 OK", "b");
  EXPECT_EQ(body("http://192.0.2.1/a"), "a");
  EXPECT_EQ(body("http://192.0.2.1/b"), "b");
  EXPECT_EQ(took, 2ms);
  EXPECT_EQ(server.connections, 1U);
}

TEST_F(HttpClientTest, ClosesIdleConnectionsWhenTold) {
  RawHttpServer server(lan.first);
  server.answers["/a"] = test::whole("200 OK", "a");
  EXPECT_EQ(body("http://192.0.2.1/a"), "a");
  EXPECT_EQ(lan.phone.open_sockets(), 1U);
  client.close_idle();
  lan.world.run_until_idle(Instant(1min));
  EXPECT_EQ(lan.phone.open_sockets(), 0U);
  EXPECT_EQ(server.closed_at.size(), 1U);
  EXPECT_EQ(body("http://192.0.2.1/a"), "a");
  EXPECT_EQ(server.connections, 2U);
}

TEST_F(HttpClientTest, MakesANewConnectionWhereTheOldOneWasClosedMeanwhile) {
  RawHttpServer server(lan.first);
  server.answers["/a"] = test::whole("200 OK", "a");
  server.answers["/a"].end = RawAnswer::End::finish;
  EXPECT_EQ(body("http://192.0.2.1/a"), "a");
  lan.world.run_until(Instant(1s));
  EXPECT_EQ(body("http://192.0.2.1/a"), "a");
  EXPECT_EQ(server.connections, 2U);
}

TEST_F(HttpClientTest, GetsInParallel) {
  RawHttpServer server(lan.first);
  for (const char* path : {"/a", "/b", "/c"}) {
    server.answers[path] = test::whole("200 OK", path);
    server.answers[path].pieces[0].after = 1s;
  }
  const auto a = start("http://192.0.2.1/a");
  const auto b = start("http://192.0.2.1/b");
  const auto c = start("http://192.0.2.1/c");
  EXPECT_FALSE(client.idle() && a->done());
  lan.world.run_until_idle(Instant(1min));
  EXPECT_EQ(a->value()->body + b->value()->body + c->value()->body, "/a/b/c");
  EXPECT_EQ(a->ended_at, Instant(1s + 4ms));
  EXPECT_EQ(c->ended_at, Instant(1s + 4ms));
  EXPECT_EQ(server.connections, 3U);
}

// ------------------------------------------------------------------------- connecting

TEST_F(HttpClientTest, SaysThatAConnectionWasRefused) {
  const HttpError error = failure("http://192.0.2.1/a");
  EXPECT_EQ(error.failure, HttpFailure::connect);
  EXPECT_EQ(error.text, "connection to 192.0.2.1:80 was refused");
  EXPECT_EQ(took, 2ms);
  EXPECT_THAT(lan.times("http_request_sent"), IsEmpty());
  EXPECT_THAT(lan.values("http_request_failed", "failure"), ElementsAre("connect"));
}

TEST_F(HttpClientTest, WaitsForASilentHostAsLongAsItMay) {
  const RawHttpServer server(lan.first, {.port = 80, .silent = true});
  const HttpError error = failure("http://192.0.2.1/a");
  EXPECT_EQ(error.failure, HttpFailure::connect_timeout);
  EXPECT_EQ(error.text, "connection to 192.0.2.1:80 was not made within 10s");
  EXPECT_EQ(took, 10s);
  EXPECT_EQ(lan.phone.open_sockets(), 0U);
}

TEST_F(HttpClientTest, WaitsForASlowSynAck) {
  RawHttpServer server(lan.first, {.port = 80, .syn_ack_delay = 700ms});
  server.answers["/a"] = test::whole("200 OK", "a");
  EXPECT_EQ(body("http://192.0.2.1/a"), "a");
  EXPECT_EQ(took, 704ms);
}

TEST_F(HttpClientTest, SaysThatThereIsNoRoute) {
  lan.phone.configure({{test::kPhone, 24}, {}});
  const HttpError error = failure("http://198.51.100.10/a");
  EXPECT_EQ(error.failure, HttpFailure::no_route);
  EXPECT_EQ(error.text, "there is no route to 198.51.100.10:80");
  EXPECT_EQ(took, 0s);
}

TEST_F(HttpClientTest, SaysThatANameDidNotResolve) {
  const HttpError error = failure("http://prov.example/a");
  EXPECT_EQ(error.failure, HttpFailure::name);
  EXPECT_THAT(error.text, HasSubstr("no DNS server is known"));
}

// ------------------------------------------------------------------------- all addresses of a name

/// A name server that knows these addresses of any name.
class NameServer {
 public:
  NameServer(Host& host, std::vector<Ipv4Address> addresses)
      : script_(host, 53, [addresses](UdpSocket& socket, const Datagram& query, unsigned) {
          Bytes answer = query.payload;
          answer[2] = 0x81;
          answer[3] = 0x80;
          answer[7] = static_cast<std::uint8_t>(addresses.size());
          for (const Ipv4Address address : addresses) {
            for (const unsigned octet :
                 {0xc0U, 12U, 0U, 1U, 0U, 1U, 0U, 0U, 0U, 60U, 0U, 4U, address.value >> 24,
                  address.value >> 16, address.value >> 8, address.value}) {
              answer.push_back(static_cast<std::uint8_t>(octet));
            }
          }
          (void)socket.send(query.from, answer);
        }) {}

 private:
  test::UdpScript script_;
};

constexpr Ipv4Address kMute = Ipv4Address::of(192, 0, 2, 77);
constexpr Ipv4Address kMuteToo = Ipv4Address::of(192, 0, 2, 78);

/// Hosts that are there and answer nothing, so that only patience ends a connection to them.
void add_mute_hosts(test::Lan& lan) {
  lan.add("mute", kMute).set_loss(1);
  lan.add("mute too", kMuteToo).set_loss(1);
}

TEST_F(HttpClientTest, GoesOnAtOnceWhereAnAddressRefuses) {
  const NameServer names(lan.second, {test::kSecondServer, test::kFirstServer});
  resolver.set_servers({test::kSecondServer});
  RawHttpServer server(lan.first);
  server.answers["/a"] = test::whole("200 OK", "a");
  server.answers["/b"] = test::whole("200 OK", "b");
  EXPECT_EQ(body("http://prov.example/a"), "a");
  EXPECT_EQ(took, 2ms + 2ms + 4ms);  // the name, the refusal, the answer
  EXPECT_THAT(lan.values("http_address_failed", "address"), ElementsAre("192.0.2.2:80"));
  EXPECT_EQ(body("http://prov.example/b"), "b");
  EXPECT_EQ(took, 2ms) << "by the connection that was kept";
}

TEST_F(HttpClientTest, GivesEachAddressAnEqualShareOfWhatIsLeft) {
  add_mute_hosts(lan);
  const NameServer names(lan.second, {kMute, test::kSecondServer, kMute, test::kFirstServer});
  resolver.set_servers({test::kSecondServer});
  RawHttpServer server(lan.first);
  server.answers["/a"] = test::whole("200 OK", "a");
  EXPECT_EQ(body("http://prov.example/a"), "a");
  // 10 s / 3, as an address given twice counts once; then a refusal at once.
  EXPECT_THAT(lan.values("http_address_failed", "address"),
              ElementsAre("192.0.2.77:80", "192.0.2.2:80"));
  EXPECT_GT(took, 3333ms);
  EXPECT_LT(took, 3350ms);
}

TEST_F(HttpClientTest, SpendsNoMoreThanItsLimitOnAllAddresses) {
  add_mute_hosts(lan);
  const NameServer names(lan.second, {kMute, kMuteToo});
  resolver.set_servers({test::kSecondServer});
  const HttpError error = failure("http://prov.example/a");
  EXPECT_EQ(error.failure, HttpFailure::connect_timeout);
  EXPECT_EQ(error.text,
            "no address of prov.example could be reached (connection to 192.0.2.77:80 was not made "
            "within 5s; connection to 192.0.2.78:80 was not made within 5s)");
  EXPECT_EQ(took, 10s + 2ms);
}

TEST_F(HttpClientTest, TriesNoOtherAddressOnceItHasReachedOne) {
  const NameServer names(lan.second, {test::kFirstServer, test::kSecondServer});
  resolver.set_servers({test::kSecondServer});
  clock.set(parse_wall_time("2026-03-01T08:00:00Z").value());
  RawHttpServer broken(lan.first);
  broken.answers["/a"] = test::raw("", RawAnswer::End::reset);
  RawHttpServer other(lan.second);
  other.answers["/a"] = test::whole("200 OK", "a");
  EXPECT_EQ(failure("http://prov.example/a").failure, HttpFailure::reset);
  const test::RawHttpServer silent(lan.first, {.port = 443});
  EXPECT_EQ(failure("https://prov.example/a").failure, HttpFailure::connect_timeout)
      << "a handshake that stalls has all of the 10 s";
  EXPECT_EQ(took, 10s);
  EXPECT_EQ(other.connections, 0U);
}

TEST_F(HttpClientTest, TriesNoOtherAddressOnceItIsCancelled) {
  const NameServer names(lan.second, {kMute, test::kFirstServer});
  resolver.set_servers({test::kSecondServer});
  RawHttpServer server(lan.first);
  const auto running = start("http://prov.example/a");
  lan.world.run_until(Instant(2s));
  running->cancel();
  lan.world.run_until_idle(Instant(1min));
  EXPECT_TRUE(running->cancelled);
  EXPECT_EQ(server.connections, 0U);
}

// ------------------------------------------------------------------------- the answer

TEST_F(HttpClientTest, GivesUpAnAnswerThatStalls) {
  RawHttpServer server(lan.first);
  server.answers["/a"] = test::raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
  const HttpError error = failure("http://192.0.2.1/a");
  EXPECT_EQ(error.failure, HttpFailure::timeout);
  EXPECT_EQ(error.text,
            "no complete answer from 192.0.2.1:80 within 60s (3 octets of its body had come)");
  EXPECT_EQ(took, 60s);
}

TEST_F(HttpClientTest, CountsTheWholeRequestAgainstOneLimit) {
  RawHttpServer server(lan.first);
  server.answers["/a"] = test::redirect("/b");
  server.answers["/a"].pieces[0].after = 40s;
  const HttpError error = failure("http://192.0.2.1/a");
  EXPECT_EQ(error.failure, HttpFailure::timeout);
  EXPECT_EQ(took, 60s);
}

TEST_F(HttpClientTest, ReadsASlowDripUntilItEnds) {
  RawHttpServer server(lan.first);
  RawAnswer& drip = server.answers["/a"];
  drip.pieces = {{0s, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n"}};
  for (int i = 0; i < 50; ++i) drip.pieces.push_back({1s, "x"});
  EXPECT_EQ(body("http://192.0.2.1/a"), std::string(50, 'x'));
  EXPECT_EQ(took, 50s + 4ms);
}

TEST_F(HttpClientTest, SaysThatAnAnswerIsTruncated) {
  RawHttpServer server(lan.first);
  server.answers["/length"] =
      test::raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", RawAnswer::End::finish);
  server.answers["/chunk"] = test::raw(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", RawAnswer::End::finish);
  server.answers["/nothing"] = test::raw("", RawAnswer::End::finish);
  server.answers["/head"] = test::raw("HTTP/1.1 200 OK\r\nContent-", RawAnswer::End::finish);
  EXPECT_EQ(failure("http://192.0.2.1/length").failure, HttpFailure::truncated);
  EXPECT_EQ(failure("http://192.0.2.1/length").text,
            "192.0.2.1:80 closed the connection before the answer was whole (3 octets of its body "
            "had come)");
  EXPECT_EQ(failure("http://192.0.2.1/chunk").failure, HttpFailure::truncated);
  EXPECT_EQ(failure("http://192.0.2.1/nothing").text,
            "192.0.2.1:80 closed the connection without an answer");
  EXPECT_EQ(failure("http://192.0.2.1/head").text,
            "192.0.2.1:80 closed the connection within the headers of its answer");
}

TEST_F(HttpClientTest, SaysThatTheConnectionWasReset) {
  RawHttpServer server(lan.first);
  server.answers["/a"] = {
      .pieces = {{0s, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"}, {1s, ""}},
      .end = RawAnswer::End::reset};
  const HttpError error = failure("http://192.0.2.1/a");
  EXPECT_EQ(error.failure, HttpFailure::reset);
  EXPECT_EQ(error.text, "connection to 192.0.2.1:80 was reset after 3 octets of the answer's body");
}

TEST_F(HttpClientTest, TakesABodyOfExactlyTheLimit) {
  RawHttpServer server(lan.first);
  server.answers["/a"] = test::whole("200 OK", std::string(1024 * 1024, 'x'));
  EXPECT_EQ(body("http://192.0.2.1/a").size(), 1024U * 1024);
}

TEST_F(HttpClientTest, RefusesALargerBodyAsSoonAsItIsAnnounced) {
  RawHttpServer server(lan.first);
  server.answers["/a"] = test::raw("HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n");
  const HttpError error = failure("http://192.0.2.1/a");
  EXPECT_EQ(error.failure, HttpFailure::too_large);
  EXPECT_EQ(error.text, "the answer's body is larger than 1048576 octets");
  EXPECT_EQ(took, 4ms);
}

TEST_F(HttpClientTest, StopsReadingAnEndlessBody) {
  RawHttpServer server(lan.first);
  RawAnswer& endless = server.answers["/a"];
  endless.pieces = {{0s, "HTTP/1.1 200 OK\r\n\r\n"}};
  for (int i = 0; i < 200; ++i) endless.pieces.push_back({10ms, std::string(16384, 'x')});
  const HttpError error = failure("http://192.0.2.1/a");
  EXPECT_EQ(error.failure, HttpFailure::too_large);
  EXPECT_LT(took, 700ms);
  lan.world.run_until_idle(Instant(1min));
  EXPECT_EQ(server.closed_at.size(), 1U);
}

TEST_F(HttpClientTest, StopsReadingEndlessHeaders) {
  RawHttpServer server(lan.first);
  RawAnswer& endless = server.answers["/a"];
  endless.pieces = {{0s, "HTTP/1.1 200 OK\r\n"}};
  for (int i = 0; i < 200; ++i) {
    endless.pieces.push_back({1ms, "X-Filler: " + std::string(1000, 'x') + "\r\n"});
  }
  const HttpError error = failure("http://192.0.2.1/a");
  EXPECT_EQ(error.failure, HttpFailure::headers);
  EXPECT_EQ(error.text, kTooManyHeaders);
}

TEST_F(HttpClientTest, TellsALongHeaderLineAsALimitToo) {
  RawHttpServer server(lan.first);
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  server.answers["/line"] = test::raw(ok + "X: " + std::string(70'000, 'x') + "\r\n\r\n");
  server.answers["/longer"] = test::raw(ok + "X: " + std::string(300'000, 'x') + "\r\n\r\n");
  server.answers["/status"] = test::raw("HTTP/1.1 200 " + std::string(300'000, 'x') + "\r\n\r\n");
  server.answers["/trailer"] = test::raw(
      ok + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n");
  server.answers["/fits"] = test::whole("200 OK", "a", "X: " + std::string(65'000, 'x') + "\r\n");
  for (const char* target : {"/line", "/longer", "/status", "/trailer"}) {
    const HttpError error = failure(std::string("http://192.0.2.1") + target);
    EXPECT_EQ(error.failure, HttpFailure::headers) << target;
    EXPECT_EQ(error.text, kTooManyHeaders) << target;
  }
  EXPECT_EQ(body("http://192.0.2.1/fits"), "a");
}

TEST_F(HttpClientTest, RefusesWhatIsNotHttp) {
  RawHttpServer server(lan.first);
  server.answers["/text"] = test::raw("hello\r\n\r\n", RawAnswer::End::finish);
  server.answers["/chunk"] =
      test::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n");
  server.answers["/ten"] = test::raw("HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(failure("http://192.0.2.1/text").failure, HttpFailure::protocol);
  EXPECT_EQ(failure("http://192.0.2.1/chunk").failure, HttpFailure::protocol);
  EXPECT_EQ(failure("http://192.0.2.1/ten").failure, HttpFailure::protocol);
}

TEST_F(HttpClientTest, SaysThatTheFirstHeaderLineIsFolded) {
  RawHttpServer server(lan.first);
  server.answers["/folded"] = test::raw("HTTP/1.1 200 OK\r\n Server: folded\r\n\r\n");
  const HttpError error = failure("http://192.0.2.1/folded");
  EXPECT_EQ(error.failure, HttpFailure::protocol);
  EXPECT_EQ(error.text,
            "the answer of 192.0.2.1:80 is not understandable HTTP (its first header line begins "
            "with a blank, as if it went on with one before it)");
}

TEST_F(HttpClientTest, RefusesAnEncodingThatItDidNotAskFor) {
  RawHttpServer server(lan.first);
  server.answers["/a"] = test::whole("200 OK", "\x1f\x8b", "Content-Encoding: gzip\r\n");
  const HttpError error = failure("http://192.0.2.1/a");
  EXPECT_EQ(error.failure, HttpFailure::protocol);
  EXPECT_EQ(error.text, "the answer is encoded as 'gzip', which was not asked for");
}

TEST_F(HttpClientTest, RefusesATransferCodingThatItDidNotAskFor) {
  RawHttpServer server(lan.first);
  const auto coded = [](const std::string& coding) {
    return test::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: " + coding + "\r\n\r\n\x1f\x8b",
                     RawAnswer::End::finish);
  };
  server.answers["/gzip"] = coded("gzip");
  server.answers["/both"] = coded("gzip, chunked");
  server.answers["/own"] = coded("x-own");
  for (const char* target : {"/gzip", "/both", "/own"}) {
    const HttpError error = failure(std::string("http://192.0.2.1") + target);
    EXPECT_EQ(error.failure, HttpFailure::protocol);
    EXPECT_THAT(error.text, HasSubstr("which was not asked for")) << target;
  }
  EXPECT_THAT(failure("http://192.0.2.1/gzip").text, HasSubstr("the transfer coding 'gzip'"));
}

TEST_F(HttpClientTest, LooksAtTheEncodingOfWhatCountsAs200) {
  RawHttpServer server(lan.first);
  server.answers["/a"] = test::whole("203 Changed", "\x1f\x8b", "Content-Encoding: gzip\r\n");
  EXPECT_THAT(failure("http://192.0.2.1/a").text, HasSubstr("encoded as 'gzip'"));
}

TEST_F(HttpClientTest, KnowsIdentityInAnyCaseAsNoEncoding) {
  RawHttpServer server(lan.first);
  server.answers["/a"] = test::whole("200 OK", "a", "Content-Encoding: Identity\r\n");
  server.answers["/b"] = test::whole("200 OK", "b", "Content-Encoding: \r\n");
  EXPECT_EQ(body("http://192.0.2.1/a"), "a");
  EXPECT_EQ(body("http://192.0.2.1/b"), "b");
}

TEST_F(HttpClientTest, LooksAtTheStatusBeforeTheEncoding) {
  RawHttpServer server(lan.first);
  const std::string gzip = "Content-Encoding: gzip\r\n";
  server.answers["/404"] = test::whole("404 Not Found", "\x1f\x8b", gzip);
  server.answers["/302"] = test::whole("302 Found", "\x1f\x8b", gzip + "Location: /a\r\n");
  server.answers["/a"] = test::whole("200 OK", "a");
  EXPECT_EQ(get("http://192.0.2.1/404")->status, 404);
  EXPECT_EQ(body("http://192.0.2.1/302"), "a");
  EXPECT_EQ(get("http://192.0.2.1/302", {}, Redirects::answer)->location, "/a");
}

TEST_F(HttpClientTest, RefusesAnAnswerWithTwoLengths) {
  RawHttpServer server(lan.first);
  server.answers["/two"] =
      test::raw("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 3\r\n\r\n<a/>");
  server.answers["/one"] =
      test::raw("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\n<a/>");
  const HttpError error = failure("http://192.0.2.1/two");
  EXPECT_EQ(error.failure, HttpFailure::protocol);
  EXPECT_EQ(error.text,
            "the answer of 192.0.2.1:80 is not understandable HTTP (its Content-Length is both 4 "
            "and 3)");
  EXPECT_EQ(body("http://192.0.2.1/one"), "<a/>");
}

TEST_F(HttpClientTest, JoinsAFoldedHeader) {
  RawHttpServer server(lan.first);
  server.answers["/a"] = test::whole("302 Found", "", "Location:\r\n /b\r\n");
  server.answers["/b"] = test::whole("200 OK", "b");
  EXPECT_EQ(body("http://192.0.2.1/a"), "b");
}

// ------------------------------------------------------------------------- redirects

TEST_F(HttpClientTest, FollowsRedirectsAndSaysWhereItArrived) {
  RawHttpServer first(lan.first);
  RawHttpServer second(lan.second, {.port = 8080});
  first.answers["/x/a"] = test::redirect("b?c", "301 Moved");
  first.answers["/x/b?c"] = test::redirect("http://192.0.2.2:8080/y/", "307 Temporary");
  second.answers["/y/"] = test::redirect("../z", "308 Permanent");
  second.answers["/z"] = test::whole("200 OK", "there");
  const HttpResult result = get("http://192.0.2.1/x/a");
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->body, "there");
  EXPECT_EQ(result->final_url, url("http://192.0.2.2:8080/z"));
  EXPECT_THAT(
      lan.values("http_redirect_followed", "to"),
      ElementsAre("http://192.0.2.1/x/b?c", "http://192.0.2.2:8080/y/", "http://192.0.2.2:8080/z"));
  EXPECT_THAT(lan.values("http_redirect_followed", "hop"), ElementsAre("1", "2", "3"));
}

TEST_F(HttpClientTest, GivesARedirectAsItIsWhenNotToFollow) {
  RawHttpServer server(lan.first);
  server.answers["/a"] = test::redirect("http://prov.example/<MACADR>");
  const HttpResult result = get("http://192.0.2.1/a", {}, Redirects::answer);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 302);
  EXPECT_EQ(result->location, "http://prov.example/<MACADR>");
}

TEST_F(HttpClientTest, ReplacesTheMarkersOfARedirect) {
  RawHttpServer server(lan.first);
  server.answers["/a"] = test::redirect("/{type}/<MACADR>.xml?c={colour}");
  server.answers["/D200/00095200000E.xml?c=%7Bcolour%7D"] = test::whole("200 OK", "mine");
  EXPECT_EQ(body("http://192.0.2.1/a"), "mine");
  EXPECT_THAT(lan.values("marker_unknown", "marker"), ElementsAre("{colour}"));
}

TEST_F(HttpClientTest, FollowsFiveRedirectsAndNotSix) {
  RawHttpServer server(lan.first);
  for (int i = 1; i <= 6; ++i) {
    server.answers["/" + std::to_string(i)] = test::redirect("/" + std::to_string(i + 1));
  }
  server.answers["/7"] = test::whole("200 OK", "arrived");
  EXPECT_EQ(body("http://192.0.2.1/2"), "arrived");
  const HttpError error = failure("http://192.0.2.1/1");
  EXPECT_EQ(error.failure, HttpFailure::too_many_redirects);
  EXPECT_EQ(error.text, "more than 5 redirects");
  EXPECT_EQ(server.requests.size(), 12U);
}

TEST_F(HttpClientTest, RefusesRedirectsThatLeadNowhere) {
  RawHttpServer server(lan.first);
  server.answers["/none"] = test::whole("302 Found", "");
  server.answers["/blank"] = test::redirect("");
  server.answers["/tftp"] = test::redirect("tftp://192.0.2.1/a");
  EXPECT_EQ(failure("http://192.0.2.1/none").failure, HttpFailure::bad_redirect);
  EXPECT_EQ(failure("http://192.0.2.1/blank").text, "the answer 302 names no Location to go to");
  EXPECT_THAT(failure("http://192.0.2.1/tftp").text, HasSubstr("scheme 'tftp'"));
}

// ------------------------------------------------------------------------- https

TEST_F(HttpClientTest, JudgesNoCertificateWithoutAClock) {
  const HttpError error = failure("https://192.0.2.1/a");
  EXPECT_EQ(error.failure, HttpFailure::tls);
  EXPECT_EQ(error.text, "the device's clock is not set, so no certificate can be judged");
  EXPECT_THAT(lan.values("packet_sent", "to"), IsEmpty());
}

TEST_F(HttpClientTest, SaysThatTheOtherSideDoesNotSpeakTls) {
  clock.set(parse_wall_time("2026-03-01T08:00:00Z").value());
  const test::RawHttpServer server(lan.first, {.port = 443});
  const auto running = start("https://192.0.2.1/a");
  lan.world.run_until_idle(Instant(2min));
  ASSERT_FALSE(running->value());
  EXPECT_EQ(running->value().error().failure, HttpFailure::connect_timeout)
      << "the handshake belongs to the connection's limit";
  EXPECT_EQ(running->ended_at, Instant(10s));
}

// ------------------------------------------------------------------------- cancelling

TEST_F(HttpClientTest, ClosesTheConnectionOfACancelledTransferAtOnce) {
  RawHttpServer server(lan.first);
  server.answers["/a"] = test::raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
  const auto running = start("http://192.0.2.1/a");
  lan.world.run_until(Instant(1s));
  running->cancel();
  lan.world.run_until(Instant(1s));
  EXPECT_TRUE(running->cancelled);
  EXPECT_TRUE(client.idle());
  lan.world.run_until(Instant(1s + 1ms));
  EXPECT_THAT(server.closed_at, ElementsAre(Instant(1s + 1ms)));
  EXPECT_THAT(lan.times("http_request_cancelled"), ElementsAre(Instant(1s)));
}

TEST_F(HttpClientTest, SendsNoRequestOnceCancelledWhileConnecting) {
  RawHttpServer server(lan.first);
  const auto running = start("http://192.0.2.1/a");
  lan.world.run_until(Instant(1500us));
  running->cancel();
  lan.world.run_until(Instant(1min));
  EXPECT_TRUE(running->cancelled);
  EXPECT_THAT(server.requests, IsEmpty());
  EXPECT_EQ(lan.phone.open_sockets(), 0U);
}

TEST_F(HttpClientTest, FollowsNoRedirectOnceCancelled) {
  RawHttpServer server(lan.first);
  server.answers["/a"] = test::redirect("/b");
  const auto running = start("http://192.0.2.1/a");
  lan.world.run_until(Instant(3500us));
  running->cancel();
  lan.world.run_until(Instant(1min));
  EXPECT_EQ(server.requests.size(), 1U);
}

TEST_F(HttpClientTest, OneCancelledTransferLeavesTheOthersAlone) {
  RawHttpServer server(lan.first);
  for (const char* path : {"/a", "/b"}) {
    server.answers[path] = test::whole("200 OK", path);
    server.answers[path].pieces[0].after = 1s;
  }
  const auto a = start("http://192.0.2.1/a");
  const auto b = start("http://192.0.2.1/b");
  lan.world.run_until(Instant(500ms));
  a->cancel();
  lan.world.run_until(Instant(2s));
  EXPECT_TRUE(a->cancelled);
  EXPECT_EQ(b->value()->body, "/b");
}

TEST_F(HttpClientTest, DestroyedClientEndsItsTransfers) {
  RawHttpServer server(lan.first);
  auto other = std::make_unique<HttpClient>(lan.phone, resolver, clock, device);
  Get running(lan.phone,
              other->get(url("http://192.0.2.1/a"), {}, Redirects::follow, Purpose::document));
  lan.world.run_until(Instant(1s));
  other.reset();
  lan.world.run_until(Instant(2s));
  EXPECT_TRUE(running.cancelled);
  EXPECT_EQ(lan.phone.open_sockets(), 0U);
}

// ------------------------------------------------------------------------- repeatability

TEST(HttpClientTrace, DoesNotDependOnWhatThisThreadDidBefore) {
  const auto checksum = [](bool fail_first) {
    test::Lan lan;
    Resolver resolver(lan.phone);
    DeviceClock clock(lan.phone);
    RawHttpServer server(lan.first);
    server.answers["/a"] = test::whole("200 OK", "a");
    const DeviceIdentity device;
    HttpClient client(lan.phone, resolver, clock, device);
    const char* target = fail_first ? "http://192.0.2.2/refused" : "http://192.0.2.1/a";
    test::Running<HttpResult> running(
        lan.phone, client.get(url(target), {}, Redirects::follow, Purpose::document));
    lan.world.run_until_idle(Instant(1min));
    return lan.world.trace().checksum();
  };
  const std::uint64_t fresh = checksum(false);
  EXPECT_EQ(checksum(false), fresh);
  (void)checksum(true);
  EXPECT_EQ(checksum(false), fresh);
}

}  // namespace
}  // namespace provlab::net
