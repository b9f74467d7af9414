#include "core/net/sip_endpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/net/sip_subscription.hpp"
#include "tests/unit/discovery/discovery_lab.hpp"

namespace provlab::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A device of which only the SIP port is used.
class SipPort : public testing::Test {
 protected:
  /// Sends one message from the PBX and returns what came back within a second.
  std::vector<std::string> exchange(std::string_view text) {
    const std::size_t before = lab.responder.arrivals().size();
    lab.responder.send(text);
    lab.world.run_until(lab.world.now() + 1s);
    std::vector<std::string> answers;
    for (std::size_t i = before; i < lab.responder.arrivals().size(); ++i) {
      answers.push_back(lab.responder.arrivals()[i].text);
    }
    return answers;
  }
  std::string status(std::string_view text) {
    const auto answers = exchange(text);
    if (answers.size() != 1) return std::to_string(answers.size()) + " answers";
    return answers[0].substr(8, 3);
  }
  static std::string request(std::string_view method, std::string_view extra = "",
                             std::string_view branch = "z9hG4bK-r") {
    return std::string(method) +
           " sip:192.0.2.100 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10;branch=" + std::string(branch) +
           "\r\nFrom: <sip:a>;tag=1\r\nTo: <sip:b>\r\nCall-ID: foreign\r\nCSeq: 1 " +
           std::string(method) + "\r\n" + std::string(extra) + "\r\n";
  }
  std::string last(std::string_view event, std::string_view field) {
    const auto records = lab.events(event);
    return records.empty() ? "" : records.back().field(field).value_or("");
  }

  /// From now on check-syncs are answered 200 and counted.
  void accept_check_syncs() {
    lab.sip.on_unsolicited_notify([this](const net::SipNotify& notify) -> net::SipAnswer {
      const std::string_view package = notify.message.event_package();
      if (package != "check-sync") return net::bad_event(package);
      ++accepted;
      return {200, "OK", "check-sync"};
    });
  }

  DiscoveryLab lab;
  int accepted = 0;
};

TEST_F(SipPort, ForeignUaProfileNotifyGets481) {
  EXPECT_EQ(status(request("NOTIFY", "Event: ua-profile;x=y\r\n")), "481");
  EXPECT_THAT(last("sip_response_sent", "reason"), HasSubstr("no subscription of ours"));
}

TEST_F(SipPort, NotifyOfAnotherEventGets489WithWhatIsKnown) {
  const auto answers = exchange(request("NOTIFY", "o: message-summary\r\n"));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_THAT(answers[0], testing::StartsWith("SIP/2.0 489 Bad Event\r\n"));
  EXPECT_EQ(header(answers[0], "Allow-Events"), "ua-profile, check-sync");
  EXPECT_THAT(header(answers[0], "To"), HasSubstr("<sip:b>;tag="));
  EXPECT_EQ(status(request("NOTIFY", "", "z9hG4bK-2")), "489") << "without an event";
  EXPECT_EQ(status(request("NOTIFY", "Event: check-sync\r\n", "z9hG4bK-3")), "489");
}

TEST_F(SipPort, OtherMethodsGet405WithAllow) {
  for (const char* method : {"SUBSCRIBE", "INVITE", "OPTIONS", "REGISTER", "NONSENSE", "CANCEL"}) {
    const auto answers = exchange(request(method));
    ASSERT_EQ(answers.size(), 1U) << method;
    EXPECT_THAT(answers[0], testing::StartsWith("SIP/2.0 405 Method Not Allowed\r\n"));
    EXPECT_EQ(header(answers[0], "Allow"), "NOTIFY");
  }
}

TEST_F(SipPort, MalformedRequestGets400WhereItCanBeAnswered) {
  EXPECT_EQ(status(request("NOTIFY", "Content-Length: 7\r\n")), "400");
  EXPECT_THAT(last("sip_response_sent", "reason"), HasSubstr("Content-Length says 7"));
  EXPECT_EQ(status("NOTIFY sip:x SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK-missing\r\n"
                   "Max-Forwards: 70\r\n\r\n"),
            "400");
  EXPECT_THAT(last("sip_response_sent", "reason"), HasSubstr("From is missing"));
  EXPECT_THAT(exchange("NOTIFY sip:x SIP/2.0\r\nFrom: <sip:a>\r\n\r\n"), IsEmpty());
  EXPECT_THAT(last("sip_message_ignored", "reason"), HasSubstr("Via is missing"));
  EXPECT_THAT(exchange("hello\r\n\r\n"), IsEmpty());
}

TEST_F(SipPort, VersionComesBeforeMethodAndMethodBeforeEverythingElse) {
  const std::string malformed = "Content-Length: 7\r\n";
  const auto of_version_3 = [&](std::string_view method) {
    std::string text = request(method, malformed);
    return text.replace(text.find("SIP/2.0"), 7, "SIP/3.0");
  };
  EXPECT_EQ(status(of_version_3("INVITE")), "505");
  EXPECT_EQ(status(of_version_3("NOTIFY")), "505");
  EXPECT_THAT(exchange(of_version_3("ACK")), IsEmpty());
  const auto answers = exchange(request("OPTIONS", malformed));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_THAT(answers[0], testing::StartsWith("SIP/2.0 405 Method Not Allowed\r\n"));
  EXPECT_EQ(header(answers[0], "Allow"), "NOTIFY");
  EXPECT_THAT(exchange(request("ACK", malformed)), IsEmpty());
  EXPECT_EQ(status(request("NOTIFY", malformed)), "400");
}

TEST_F(SipPort, ControlCharactersDoNotComeBack) {
  const auto answers = exchange(request("NOTIFY", "f: \x1b[2J\r\nSubject: \x07\r\n"));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_THAT(answers[0], testing::StartsWith("SIP/2.0 400 "));
  EXPECT_EQ(answers[0].find_first_of("\x1b\x07"), std::string::npos);
}

TEST_F(SipPort, UnknownExtensionsAreNamedIn420) {
  lab.sip.on_unsolicited_notify([](const net::SipNotify&) -> net::SipAnswer {
    return {420, "Bad Extension", "for the test"};
  });
  const auto answers = exchange(request("NOTIFY", "Require: a, b\r\nRequire: c\r\n"));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(header(answers[0], "Unsupported"), "a, b, c");
}

TEST_F(SipPort, AcknowledgementsKeepAlivesAndResponsesAreNotAnswered) {
  EXPECT_THAT(exchange(request("ACK")), IsEmpty());
  EXPECT_THAT(last("sip_message_ignored", "reason"), HasSubstr("ACK"));
  EXPECT_THAT(exchange("\r\n\r\n"), IsEmpty());
  EXPECT_THAT(exchange(""), IsEmpty());
  EXPECT_THAT(last("sip_message_ignored", "reason"), HasSubstr("keep-alive"));
  EXPECT_THAT(exchange(ok_text(request("SUBSCRIBE"))), IsEmpty());
  EXPECT_EQ(last("sip_response_received", "effect"), "none: it answers no request of ours");
}

TEST_F(SipPort, RetransmittedRequestGetsTheSameAnswerAndIsDispatchedOnce) {
  accept_check_syncs();
  const std::string text = request("NOTIFY", "Event: check-sync\r\n");
  const auto first = exchange(text);
  const auto second = exchange(text);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_THAT(first[0], testing::StartsWith("SIP/2.0 200 OK"));
  EXPECT_EQ(first, second);
  EXPECT_EQ(accepted, 1);
  lab.world.run_until(lab.world.now() + 32s);
  exchange(text);
  EXPECT_EQ(accepted, 2) << "after 32 s it is a new request";
  EXPECT_EQ(status(request("NOTIFY", "Event: presence\r\n", "z9hG4bK-other")), "489")
      << "the handler declined";
}

TEST_F(SipPort, RetransmissionMayComeFromAnotherPort) {
  accept_check_syncs();
  const std::string text = request("NOTIFY", "Event: check-sync\r\n");
  const auto answer = exchange(text);
  auto other = std::move(*lab.pbx.open_udp({.port = 6000, .groups = {}}));
  (void)other->send(kDeviceSip, bytes_of(text));
  EXPECT_EQ(exchange(""), answer) << "where the first answer went";
  EXPECT_EQ(accepted, 1);
}

TEST_F(SipPort, RetransmissionIsKnownToTheEndpointThatTookOver) {
  accept_check_syncs();
  const std::string text = request("NOTIFY", "Event: check-sync\r\n");
  const auto answer = exchange(text);
  lab.sip.take_over(lab.sip.hand_over());
  EXPECT_EQ(exchange(text), answer);
  EXPECT_EQ(accepted, 1);
  (void)lab.sip.hand_over();
  exchange(text);
  EXPECT_EQ(accepted, 2) << "what was handed over is forgotten here";
}

TEST_F(SipPort, RequestOfAnotherSenderIsAnotherThoughItIsNumberedAlike) {
  accept_check_syncs();
  std::string text = request("NOTIFY", "Event: check-sync\r\n");
  exchange(text);
  auto other = std::move(*lab.cloud.open_udp({.port = 5060, .groups = {}}));
  (void)other->send(kDeviceSip, bytes_of(text));
  lab.world.run_until(lab.world.now() + 1s);
  EXPECT_EQ(accepted, 2) << "branch, Call-ID and CSeq are copied, as some responders do";
  text.replace(text.find("192.0.2.10;"), 11, "192.0.2.11;");
  exchange(text);
  EXPECT_EQ(accepted, 2) << "what the Via says of the sender does not count";
}

TEST_F(SipPort, RefusedRequestsTakeNoPlaceAmongTheAccepted) {
  accept_check_syncs();
  const std::string text = request("NOTIFY", "Event: check-sync\r\n");
  exchange(text);
  for (int i = 0; i < 100; ++i) {
    lab.responder.send(request("NOTIFY", "Event: presence\r\n", "z9hG4bK-" + std::to_string(i)));
    lab.responder.send(request("OPTIONS", "", "z9hG4bK-" + std::to_string(i)));
  }
  exchange(text);
  EXPECT_EQ(accepted, 1);
}

TEST_F(SipPort, RemembersTheLast64AcceptedRequests) {
  accept_check_syncs();
  const auto numbered = [](int i) {
    return request("NOTIFY", "Event: check-sync\r\n", "z9hG4bK-" + std::to_string(i));
  };
  for (int i = 0; i < 65; ++i) lab.responder.send(numbered(i));
  exchange(numbered(1));
  EXPECT_EQ(accepted, 65);
  exchange(numbered(0));
  EXPECT_EQ(accepted, 66) << "the oldest has made room";
}

TEST_F(SipPort, RefusedRequestIsJudgedAnewAndGetsTheSameAnswer) {
  const std::string text = request("NOTIFY", "Event: check-sync\r\n");
  const auto refused = exchange(text);
  EXPECT_EQ(exchange(text), refused);
  accept_check_syncs();
  EXPECT_EQ(status(text), "200");
}

TEST_F(SipPort, AnswerIsNeverLongerThanThreeTimesItsRequest) {
  const auto with_vias = [](std::size_t commas) {
    return "NOTIFY sip:a SIP/2.0\r\nv:SIP/2.0/UDP h" + std::string(commas, ',') +
           "\r\nf:<sip:a>\r\nt:<sip:b>\r\ni:x\r\nCSeq:1 NOTIFY\r\n\r\n";
  };
  EXPECT_THAT(exchange(with_vias(1000)), IsEmpty());
  EXPECT_THAT(last("sip_response_withheld", "reason"), HasSubstr("three times"));
  for (std::size_t commas = 0; commas < 200; ++commas) {
    const std::string text = with_vias(commas);
    for (const std::string& answer : exchange(text)) EXPECT_LE(answer.size(), 3 * text.size());
  }
}

TEST_F(SipPort, AnswersToThePortThatTheViaNames) {
  auto socket = std::move(*lab.pbx.open_udp({.port = 5070, .groups = {}}));
  std::string text = request("NOTIFY");
  text.replace(text.find("192.0.2.10;"), 11, "192.0.2.10:5060;");
  (void)socket->send(kDeviceSip, bytes_of(text));
  lab.run_until(10ms);
  EXPECT_EQ(lab.responder.arrivals().size(), 1U);
}

TEST_F(SipPort, IsFreeAfterClosing) {
  EXPECT_TRUE(lab.sip.is_open());
  lab.sip.close();
  lab.run_until(1ms);
  EXPECT_TRUE(lab.tasks.empty()) << "the receive loop ends";
  EXPECT_EQ(lab.device.open_sockets(), 0U);
  EXPECT_TRUE(lab.sip.open());
}

/// A multicast subscription of its own, with a verdict the test sets.
class Subscription : public SipPort {
 protected:
  void start(Duration limit) { lab.tasks.spawn(drive(*this, limit)); }
  static Task<> drive(Subscription& test, Duration limit) {
    net::SipSubscription subscription(
        test.lab.sip,
        [&test](const net::SipNotify& notify) {
          test.heard.emplace_back(notify.first_line());
          return test.verdict;
        },
        [&test](const net::SipNotify& notify) { test.late.emplace_back(notify.first_line()); });
    const auto end = co_await subscription.run(at(limit));
    using End = net::SipSubscription::End;
    test.result = !end                     ? end.error().text
                  : *end == End::finished  ? "finished"
                  : *end == End::timed_out ? "timed out"
                                           : "cancelled";
  }

  net::NotifyVerdict verdict = net::NotifyVerdict::finished;
  std::vector<std::string> heard;
  std::vector<std::string> late;
  std::string result;
};

TEST_F(Subscription, SaysWhatTheRuleSays) {
  start(5s);
  lab.run_until(10ms);
  ASSERT_EQ(lab.responder.arrivals().size(), 1U);
  const std::string& text = lab.responder.arrivals()[0].text;
  const std::string branch = std::string(text).substr(text.find("branch=") + 7, 23);
  const std::string tag = text.substr(text.find(";tag=") + 5, 8);
  const std::string call = header(text, "Call-ID");
  EXPECT_EQ(text,
            "SUBSCRIBE sip:MAC%3a00095200000E@224.0.1.75 SIP/2.0\r\n"
            "Via: SIP/2.0/UDP 192.0.2.100:5060;branch=" +
                branch +
                ";rport\r\n"
                "From: <sip:MAC%3a00095200000E@224.0.1.75>;tag=" +
                tag +
                "\r\n"
                "To: <sip:MAC%3a00095200000E@224.0.1.75>\r\n"
                "Call-ID: " +
                call +
                "\r\n"
                "CSeq: 1 SUBSCRIBE\r\n"
                "Contact: <sip:192.0.2.100:5060>\r\n"
                "Max-Forwards: 70\r\n"
                "Event: ua-profile;profile-type=\"device\";vendor=\"Auerswald\";model=\"D200\";"
                "version=\"2.2A\"\r\n"
                "Expires: 0\r\n"
                "Accept: application/url\r\n"
                "User-Agent: Auerswald D200/2.2A\r\n"
                "Content-Length: 0\r\n\r\n");
  EXPECT_THAT(branch, testing::MatchesRegex("z9hG4bK[0-9a-f]{16}"));
  EXPECT_THAT(call, testing::MatchesRegex("[0-9a-f]{16}@192.0.2.100"));
}

TEST_F(Subscription, IsRetransmittedAtTheTimesOfTimerE) {
  start(60s);
  lab.run_until(60s);
  EXPECT_THAT(lab.responder.times_of("SUBSCRIBE"),
              ElementsAre(1ms, 501ms, 1501ms, 3501ms, 7501ms, 11501ms, 15501ms, 19501ms, 23501ms,
                          27501ms, 31501ms));
  for (const auto& arrival : lab.responder.arrivals()) {
    EXPECT_EQ(arrival.text, lab.responder.arrivals()[0].text);
  }
  EXPECT_EQ(result, "timed out");
}

TEST_F(Subscription, IsRetransmittedUntilA2xx) {
  lab.responder.after_subscribe(1s,
                                [](auto subscribe) { return ok_text(subscribe, "202 Accepted"); });
  start(20s);
  lab.run_until(20s);
  EXPECT_EQ(lab.responder.times_of("SUBSCRIBE").size(), 2U);
  EXPECT_EQ(last("sip_response_received", "effect"), "ends the retransmissions");
}

TEST_F(Subscription, OtherResponsesDoNotEndTheRetransmissions) {
  for (const char* status : {"100 Trying", "302 Moved", "404 Not Found", "503 Unavailable"}) {
    lab.responder.after_subscribe(1ms, [=](auto subscribe) { return ok_text(subscribe, status); });
  }
  start(5s);
  lab.run_until(5s);
  EXPECT_EQ(lab.responder.times_of("SUBSCRIBE").size(), 4U);
}

TEST_F(Subscription, ResponseOfAnotherBranchIsNone) {
  lab.responder.after_subscribe(1ms, [](auto subscribe) {
    std::string text = ok_text(subscribe);
    text.replace(text.find("z9hG4bK"), 23, "z9hG4bKabcdefabcdefabcd");
    return text;
  });
  start(1s);
  lab.run_until(2s);
  EXPECT_EQ(lab.responder.times_of("SUBSCRIBE").size(), 2U);
  EXPECT_EQ(last("sip_response_received", "effect"), "none: it answers no request of ours");
}

TEST_F(Subscription, NotifyBeforeThe2xxEndsTheRetransmissionsAndIsUsed) {
  verdict = net::NotifyVerdict::keep_listening;
  lab.responder.notify_after(600ms, {});
  lab.responder.after_subscribe(700ms, [](auto subscribe) { return ok_text(subscribe); });
  start(5s);
  lab.run_until(5s);
  EXPECT_EQ(lab.responder.times_of("SUBSCRIBE").size(), 2U);
  EXPECT_THAT(heard, ElementsAre("http://prov.server.com/b.xml"));
  EXPECT_EQ(last("sip_response_received", "effect"), "none: there are no more retransmissions");
}

TEST_F(Subscription, NotifyIsMatchedByItsCallIdAlone) {
  lab.responder.notify_after(1ms, {.event = "anything"});
  start(5s);
  lab.run_until(1s);
  EXPECT_EQ(result, "finished");
  const auto& answer = lab.responder.arrivals().back().text;
  EXPECT_THAT(answer, testing::StartsWith("SIP/2.0 200 OK\r\n"));
  EXPECT_EQ(header(answer, "From"), "<sip:224.0.1.75>;tag=11707SIPpTag1");
}

TEST_F(Subscription, NotifyOfAnotherCallIdIsNotHeard) {
  lab.responder.notify_after(1ms, {.call_id = "other"});
  start(1s);
  lab.run_until(2s);
  EXPECT_THAT(heard, IsEmpty());
  EXPECT_THAT(lab.responder.start_lines(), Contains("SIP/2.0 481 Subscription Does Not Exist"));
}

TEST_F(Subscription, FoldedAndCompactNotifyOf65507OctetsIsHeard) {
  lab.responder.after_subscribe(1ms, [](std::string_view subscribe) {
    std::string text =
        "NOTIFY sip:192.0.2.100 SIP/2.0\r\nv: SIP/2.0/UDP\r\n 192.0.2.10;branch=z9hG4bK1\r\n"
        "f: <sip:pbx>;tag=1\r\nt: <sip:x>\r\ni:\r\n\t" +
        header(subscribe, "Call-ID") +
        "\r\nCSeq: 9 NOTIFY\r\no: ua-profile\r\nm: <sip:192.0.2.10>\r\n"
        "c: application/url\r\nl: 65000\r\ns: ";
    const std::string body = "http://prov.server.com/c.xml\r\n" + std::string(65000 - 30, '#');
    return text + std::string(65507 - text.size() - 4 - body.size(), 'p') + "\r\n\r\n" + body;
  });
  start(5s);
  lab.run_until(1s);
  EXPECT_THAT(heard, ElementsAre("http://prov.server.com/c.xml"));
  EXPECT_THAT(lab.responder.start_lines(), Contains("SIP/2.0 200 OK"));
}

TEST_F(Subscription, RetransmittedNotifyIsHeardOnceAndAnsweredEachTime) {
  verdict = net::NotifyVerdict::keep_listening;
  for (const Duration delay : {1ms, 501ms, 1501ms}) lab.responder.notify_after(delay, {});
  start(5s);
  lab.run_until(5s);
  EXPECT_EQ(heard.size(), 1U);
  EXPECT_EQ(lab.responder.times_of("SIP/2.0 200").size(), 3U);
}

TEST_F(Subscription, LateNotifyIsRefusedAndReported) {
  lab.responder.notify_after(2s, {});
  start(1s);
  lab.run_until(3s);
  EXPECT_THAT(heard, IsEmpty());
  EXPECT_THAT(late, ElementsAre("http://prov.server.com/b.xml"));
  EXPECT_THAT(lab.responder.start_lines(), Contains("SIP/2.0 481 Subscription Does Not Exist"));
}

TEST_F(Subscription, CancelledSendsNothingMore) {
  start(5s);
  lab.world.at(at(400ms), [&] { lab.tasks.cancel(); });
  lab.run_until(10s);
  EXPECT_EQ(lab.responder.times_of("SUBSCRIBE").size(), 1U);
  EXPECT_EQ(result, "cancelled");
}

TEST_F(Subscription, FailsWithoutAnAddress) {
  lab.device.deconfigure();
  start(5s);
  lab.run_until(1ms);
  EXPECT_EQ(result, "the device has no address");
}

}  // namespace
}  // namespace provlab::test
