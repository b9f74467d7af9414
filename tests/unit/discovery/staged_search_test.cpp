#include "core/discovery/staged_search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/world/network.hpp"
#include "tests/dhcp_client_fields.hpp"
#include "tests/unit/discovery/discovery_lab.hpp"

namespace provlab::test {
namespace {

using discovery::SourceKind;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kA = "http://prov.server.com/a.xml";
constexpr const char* kB = "http://prov.server.com/b.xml";

std::string url_of(const std::optional<discovery::FoundUrl>& found) {
  return found ? found->url.to_string() : "none";
}

// The race of redirect and multicast (SPEC 2.10). A redirect answer sent `d` after the request
// arrives d + 4 ms after the start, a NOTIFY sent `d` after the SUBSCRIBE d + 2 ms.

TEST(Race, RedirectFirstWinsAndMulticastIsCancelled) {
  DiscoveryLab lab;
  lab.redirect.answer(10ms, redirect_text(kA));
  lab.responder.notify_after(100ms, {});
  EXPECT_EQ(url_of(lab.find()), kA);
  EXPECT_EQ(lab.outcome.at, at(14ms));
  EXPECT_TRUE(lab.outcome.found->authenticated);
  EXPECT_THAT(lab.story(), ElementsAre("stage_started 1 redirect,multicast",
                                       "source_started redirect", "source_started multicast",
                                       "source_answered redirect http://prov.server.com/a.xml true "
                                       "Location of status 302",
                                       "winner_chosen redirect http://prov.server.com/a.xml 1",
                                       "source_cancelled multicast", "stage_ended 1 url"));
}

TEST(Race, LateNotifyIsRefusedAndRecordedAndChangesNothing) {
  DiscoveryLab lab;
  lab.redirect.answer(10ms, redirect_text(kA));
  lab.responder.notify_after(100ms, {});
  lab.find();
  lab.run_until(20s);
  EXPECT_EQ(lab.responder.times_of("SUBSCRIBE").size(), 1U);
  EXPECT_THAT(lab.responder.start_lines(), Contains("SIP/2.0 481 Subscription Does Not Exist"));
  EXPECT_THAT(lab.story(), Contains("late_answer_ignored multicast http://prov.server.com/b.xml"));
  EXPECT_THAT(lab.packets_after(14ms), ElementsAre("102ms udp 192.0.2.10:5060"));
}

TEST(Race, MulticastFirstWinsAndTheTransferIsCancelled) {
  DiscoveryLab lab;
  lab.redirect.answer(100ms, redirect_text(kA));
  lab.responder.notify_after(5ms, {});
  EXPECT_EQ(url_of(lab.find()), kB);
  EXPECT_EQ(lab.outcome.at, at(7ms));
  EXPECT_FALSE(lab.outcome.found->authenticated);
  EXPECT_THAT(lab.story(), Contains("source_cancelled redirect"));
  EXPECT_THAT(lab.story(), Contains("unauthenticated_source multicast"));
  EXPECT_TRUE(lab.http.idle());
  lab.run_until(20s);
  EXPECT_THAT(lab.packets_after(7ms), IsEmpty());
  EXPECT_EQ(lab.redirect.requests().size(), 1U);
}

TEST(Race, CancelledWhileConnectingSendsNoRequest) {
  DiscoveryLab lab;
  lab.cloud.set_power(false);  // its SYN stays unanswered and would be repeated after a second
  lab.responder.notify_after(5ms, {});
  EXPECT_EQ(url_of(lab.find()), kB);
  lab.run_until(20s);
  EXPECT_THAT(lab.packets_after(7ms), IsEmpty());
}

TEST(Race, CancelledWhileAskingForTheNameAsksNoMore) {
  DiscoveryLab lab;
  lab.options.redirect_base = "http://connect.redirect.auerswald.de";
  lab.resolver.set_servers({Ipv4Address::of(192, 0, 2, 20)});  // nobody answers there
  lab.responder.notify_after(1500ms, {});
  EXPECT_EQ(url_of(lab.find()), kB);
  EXPECT_THAT(lab.packets_after(1502ms), IsEmpty());
  const std::size_t queries = lab.events("name_query_sent").size();
  EXPECT_GT(queries, 0U);
  lab.run_until(30s);
  EXPECT_THAT(lab.packets_after(1502ms), IsEmpty());
}

class Tie : public testing::TestWithParam<bool> {};

TEST_P(Tie, LowerRankWinsAndTheOtherChangesNothing) {
  const bool multicast = GetParam();
  DiscoveryLab lab;
  const world::RuleGuard precedence =
      lab.world.network().add_rule([sender = Ipv4Address::of(192, 0, 2, multicast ? 10 : 20)](
                                       const world::Packet& packet, const world::Station&,
                                       const world::Station&) -> world::PacketFate {
        if (packet.from.address != sender) return world::Pass{};
        return world::Deliver{.rank = static_cast<world::Rank>(-1)};
      });
  lab.redirect.answer(10ms, redirect_text(kA));
  lab.responder.notify_after(12ms, {});
  EXPECT_EQ(url_of(lab.find()), multicast ? kB : kA);
  EXPECT_EQ(lab.outcome.at, at(14ms));
  lab.run_until(1s);
  EXPECT_EQ(lab.events("winner_chosen").size(), 1U);
  EXPECT_EQ(lab.events("late_answer_ignored").size(), multicast ? 0U : 1U);
}
INSTANTIATE_TEST_SUITE_P(BothWays, Tie, testing::Bool());

TEST(Race, EitherSourceAloneIsEnough) {
  for (const bool multicast : {false, true}) {
    DiscoveryLab lab;
    lab.redirect.answer(1ms, redirect_text(kA));
    lab.responder.notify_after(1ms, {});
    EXPECT_EQ(
        url_of(lab.find({.redirect = !multicast, .multicast = multicast, .configured_url = {}})),
        multicast ? kB : kA);
    EXPECT_THAT(lab.story(),
                Contains(std::string("source_skipped ") + (multicast ? "redirect" : "multicast") +
                         " switched off in the settings"));
    EXPECT_EQ(lab.responder.times_of("SUBSCRIBE").size(), multicast ? 1U : 0U);
    EXPECT_EQ(lab.redirect.requests().size(), multicast ? 0U : 1U);
  }
}

TEST(Race, UnregisteredDeviceWaitsForMulticast) {
  DiscoveryLab lab;
  lab.redirect.answer(0ms, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  lab.responder.notify_after(3s, {});
  EXPECT_EQ(url_of(lab.find()), kB);
  EXPECT_EQ(lab.outcome.at, at(3002ms));
  EXPECT_THAT(lab.story(), Not(Contains("source_cancelled redirect"))) << "it had ended by itself";
}

TEST(Race, EndsWithoutUrlWhenBothHaveFailed) {
  DiscoveryLab lab;
  lab.redirect.answer(0ms, "HTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_EQ(url_of(lab.find()), "none");
  EXPECT_EQ(lab.outcome.at, at(5s)) << "the multicast source's limit";
  EXPECT_THAT(lab.story(), Contains("source_failed multicast no NOTIFY within 5s"));
  EXPECT_THAT(lab.story(), Contains("stage_ended 1 no-url"));
}

TEST(Race, EndsWithoutUrlWhenBothTimedOut) {
  DiscoveryLab lab;
  EXPECT_EQ(url_of(lab.find()), "none");
  EXPECT_EQ(lab.outcome.at, at(10s)) << "the redirect source's limit";
  lab.run_until(60s);
  EXPECT_THAT(lab.packets_after(10s), IsEmpty());
}

TEST(Race, TimeoutsAreKnobs) {
  DiscoveryLab lab;
  lab.options.redirect_timeout = 700ms;
  lab.options.multicast_timeout = 300ms;
  lab.find();
  EXPECT_EQ(lab.outcome.at, at(700ms));
  EXPECT_EQ(lab.responder.times_of("SUBSCRIBE").size(), 1U);
}

TEST(Race, AnswerAfterTheMulticastLimitIsLate) {
  DiscoveryLab lab;
  lab.redirect.answer(0ms, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  lab.responder.notify_after(6s, {});
  EXPECT_EQ(url_of(lab.find()), "none");
  lab.run_until(20s);
  EXPECT_THAT(lab.story(), Contains("late_answer_ignored multicast http://prov.server.com/b.xml"));
}

TEST(Race, UnusableNotifyNeitherWinsNorEndsTheStage) {
  DiscoveryLab lab;
  lab.redirect.answer(800ms, redirect_text(kA));
  lab.responder.notify_after(5ms, {.body = "tftp://192.0.2.1/x", .branch = "z9hG4bK1"});
  EXPECT_EQ(url_of(lab.find()), kA);
  EXPECT_EQ(lab.outcome.at, at(804ms));
  EXPECT_EQ(lab.events("source_answered")[0].field("usable"), "false");
  EXPECT_THAT(*lab.events("source_answered")[0].field("reason"), HasSubstr("tftp"));
  EXPECT_EQ(lab.responder.times_of("SUBSCRIBE").size(), 1U) << "the NOTIFY ends retransmissions";
  EXPECT_THAT(lab.responder.start_lines(), Contains("SIP/2.0 200 OK"));
}

TEST(Race, UnusableRedirectNeitherWinsNorEndsTheStage) {
  DiscoveryLab lab;
  lab.redirect.answer(5ms, redirect_text("ftp://prov.server.com/a.xml"));
  lab.responder.notify_after(2s, {});
  EXPECT_EQ(url_of(lab.find()), kB);
  EXPECT_EQ(lab.outcome.at, at(2002ms));
  EXPECT_THAT(lab.story(), Contains("source_failed redirect the assigned URL is not usable"));
}

TEST(Race, OfSeveralRespondersTheFirstUsableUrlCounts) {
  DiscoveryLab lab;
  SipPeer second(lab.cloud);
  SipPeer third(lab.world.add_host(
      {.name = "third",
       .configuration = InterfaceConfiguration{{Ipv4Address::of(192, 0, 2, 30), 24}, {}},
       .mac = {}}));
  lab.responder.notify_after(10ms, {.body = "garbage\x7f", .branch = "z9hG4bK1"});
  second.notify_after(20ms, {.body = "", .branch = "z9hG4bK1", .address = "192.0.2.20"});
  third.notify_after(30ms, {.branch = "z9hG4bK1", .address = "192.0.2.30"});
  lab.responder.notify_after(40ms, {.body = "http://late/", .branch = "z9hG4bK2"});
  EXPECT_EQ(url_of(lab.find({.redirect = false, .configured_url = {}})), kB);
  EXPECT_EQ(lab.outcome.at, at(32ms));
  lab.run_until(1s);
  EXPECT_EQ(lab.events("source_answered").size(), 3U);
  EXPECT_THAT(second.start_lines(), Contains("SIP/2.0 200 OK")) << "empty, but answered";
  EXPECT_THAT(third.start_lines(), Contains("SIP/2.0 200 OK"));
  EXPECT_THAT(lab.responder.start_lines(), Contains("SIP/2.0 481 Subscription Does Not Exist"));
  EXPECT_THAT(lab.story(), Contains("late_answer_ignored multicast http://late/"));
}

TEST(Race, NotifyOfAnotherMediaTypeIsNotUsable) {
  DiscoveryLab lab;
  lab.responder.notify_after(1ms, {.branch = "z9hG4bK1", .content_type = "text/html"});
  lab.responder.notify_after(2ms, {.branch = "z9hG4bK2", .content_type = "Application/URL; q=1"});
  EXPECT_EQ(url_of(lab.find()), kB);
  EXPECT_EQ(lab.outcome.at, at(4ms));
}

TEST(Race, PowerCutFromOutsideEndsTheSearchAndSendsNothing) {
  DiscoveryLab lab;
  lab.search();
  lab.world.at(at(700ms), [&] { lab.tasks.cancel(); });
  lab.run_until(20s);
  EXPECT_FALSE(lab.outcome.ended);
  EXPECT_TRUE(lab.tasks.empty());
  EXPECT_TRUE(lab.http.idle());
  EXPECT_THAT(lab.packets_after(700ms), IsEmpty());
}

TEST(Race, DeadlineEndsTheSearchAndSendsNothing) {
  DiscoveryLab lab;
  lab.deadline = at(700ms);
  lab.redirect.answer(10s, redirect_text(kA));
  EXPECT_EQ(url_of(lab.find()), "none");
  EXPECT_EQ(lab.outcome.at, at(700ms));
  EXPECT_TRUE(lab.http.idle());
  lab.run_until(20s);
  EXPECT_THAT(lab.packets_after(700ms), IsEmpty());
  EXPECT_THAT(lab.events("source_failed"), IsEmpty());
  EXPECT_THAT(lab.events("stage_ended"), IsEmpty());
}

TEST(Race, WorldMayEndInTheMiddle) {
  for (const Duration moment : {0ms, 1ms, 3ms, 14ms, 600ms}) {
    DiscoveryLab lab;
    lab.redirect.answer(10s, redirect_text(kA));
    lab.search();
    lab.run_until(moment);
  }
}

TEST(Race, SameSeedGivesTheSameTrace) {
  const auto run = [](std::uint64_t seed) {
    DiscoveryLab lab(seed);
    lab.redirect.answer(10ms, redirect_text(kA));
    lab.responder.notify_after(700ms, {});
    lab.find({.redirect = false, .configured_url = {}});
    return std::string(lab.world.trace().json_lines());
  };
  EXPECT_EQ(run(1), run(1));
  EXPECT_NE(run(1), run(2));
}

// The redirect source (SPEC 4.1)

struct RedirectCase {
  const char* name;
  std::string answer;
  const char* url;
};

void PrintTo(const RedirectCase& each, std::ostream* out) {
  *out << each.name;
}

class Redirect : public testing::TestWithParam<RedirectCase> {};

TEST_P(Redirect, AnswerMeansWhatTheRuleSays) {
  DiscoveryLab lab;
  lab.redirect.answer(0ms, GetParam().answer);
  EXPECT_EQ(url_of(lab.find({.multicast = false, .configured_url = {}})), GetParam().url);
  EXPECT_EQ(lab.events("source_failed").size(), std::string(GetParam().url) == "none" ? 1U : 0U);
}

const RedirectCase kRedirectCases[] = {
    {"Status301", redirect_text(kA, "301 Moved"), kA},
    {"Status302", redirect_text(kA, "302 Found"), kA},
    {"Status303", redirect_text(kA, "303 See Other"), kA},
    {"Status307", redirect_text(kA, "307 Temporary"), kA},
    {"Status308", redirect_text(kA, "308 Permanent"), kA},
    {"Status300", redirect_text(kA, "300 Choices"), "none"},
    {"NoLocation", "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", "none"},
    {"BlankLocation", redirect_text(""), "none"},
    {"LocationOfTheRequest", redirect_text("#x"), "none"},
    {"RelativeLocation", redirect_text("prov/a.xml"), "http://192.0.2.20/prov/a.xml"},
    {"MarkersInLocation", redirect_text("http://h/<HWTYP>?mac={mac}"),
     "http://h/D200?mac=00095200000E"},
    {"PlainText", plain_text("http://h/a\r\nsecond line"), "http://h/a"},
    {"PlainTextWithCharset", plain_text("http://h/a", "Text/Plain; charset=utf-8"), "http://h/a"},
    {"PlainTextWithoutHost", plain_text("http:///a"), "none"},
    {"EmptyText", plain_text("\r\nhttp://h/a"), "none"},
    {"Html", plain_text("http://h/a", "text/html"), "none"},
    {"NotRegistered204", "HTTP/1.1 204 No Content\r\n\r\n", "none"},
    {"NotRegistered404", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "none"},
    {"ServerError", "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "none"},
};
INSTANTIATE_TEST_SUITE_P(Answers, Redirect, testing::ValuesIn(kRedirectCases),
                         [](const auto& each) { return each.param.name; });

TEST(Redirect, RequestNamesTheDevice) {
  DiscoveryLab lab;
  lab.redirect.answer(0ms, redirect_text(kA));
  lab.find();
  ASSERT_EQ(lab.redirect.requests().size(), 1U);
  EXPECT_THAT(lab.redirect.requests()[0],
              testing::StartsWith("GET /?mac=00095200000E&type=D200&serial=0000000001 HTTP/1.1"));
}

// Stages (SPEC 2.8, 2.9)

TEST(StagedSearch, StopsAtTheFirstStageWithAUrl) {
  DiscoveryLab lab;
  lab.options.sequence = {{SourceKind::configured}, {SourceKind::redirect, SourceKind::multicast}};
  EXPECT_EQ(url_of(lab.find({.configured_url = "http://h/{serial}"})), "http://h/0000000001");
  lab.run_until(20s);
  EXPECT_THAT(lab.packets_after(-1ms), IsEmpty());
  EXPECT_THAT(lab.story(),
              ElementsAre("stage_started 1 configured", "source_started configured",
                          "source_answered configured http://h/0000000001 true "
                          "provisioning/url",
                          "winner_chosen configured http://h/0000000001 1", "stage_ended 1 url"));
}

TEST(StagedSearch, GoesOnAfterAnUnusableConfiguredUrl) {
  DiscoveryLab lab;
  lab.options.sequence = {{SourceKind::configured}, {SourceKind::redirect}};
  lab.redirect.answer(0ms, redirect_text(kA));
  EXPECT_EQ(url_of(lab.find({.configured_url = "prov.xml"})), kA);
  EXPECT_THAT(lab.story(), Contains("source_failed configured the URL is not usable"));
}

TEST(StagedSearch, NothingToAskGivesNoUrl) {
  DiscoveryLab lab;
  lab.options.sequence = {
      {SourceKind::dhcp}, {SourceKind::redirect, SourceKind::multicast}, {SourceKind::configured}};
  EXPECT_EQ(url_of(lab.find(
                {.dhcp = false, .redirect = false, .multicast = false, .configured_url = {}})),
            "none");
  EXPECT_EQ(lab.outcome.at, at(0ms));
  EXPECT_EQ(lab.events("source_skipped").size(), 4U);
  EXPECT_THAT(lab.story(), Contains("source_skipped configured no URL is configured"));
}

TEST(StagedSearch, UnknownMarkerIsReportedAndStays) {
  DiscoveryLab lab;
  lab.options.sequence = {{SourceKind::configured}};
  EXPECT_EQ(url_of(lab.find({.configured_url = "http://h/{color}"})), "http://h/%7Bcolor%7D");
  EXPECT_THAT(lab.story(), Contains("marker_unknown {color} http://h/{color}"));
}

TEST(StagedSearch, SourceThatWinsAtOnceKeepsLaterOnesFromStarting) {
  DiscoveryLab lab;
  lab.options.sequence = {{SourceKind::configured, SourceKind::redirect, SourceKind::multicast}};
  EXPECT_EQ(url_of(lab.find({.configured_url = kA})), kA);
  lab.run_until(20s);
  EXPECT_THAT(lab.packets_after(-1ms), IsEmpty());
  EXPECT_THAT(lab.story(), Not(Contains("source_started redirect")));
  EXPECT_THAT(lab.story(), Contains("source_cancelled multicast"));
}

TEST(StagedSearch, SourceThatWinsAtOnceCancelsThoseThatHadStarted) {
  DiscoveryLab lab;
  lab.options.sequence = {{SourceKind::redirect, SourceKind::multicast, SourceKind::configured}};
  EXPECT_EQ(url_of(lab.find({.configured_url = kA})), kA);
  EXPECT_EQ(lab.outcome.at, at(0ms));
  lab.run_until(20s);
  EXPECT_THAT(lab.packets_after(0ms), IsEmpty());
}

TEST(StagedSearch, CanBeRunAgain) {
  DiscoveryLab lab;
  lab.redirect.answer(0ms, redirect_text(kA));
  EXPECT_EQ(url_of(lab.find()), kA);
  EXPECT_EQ(url_of(lab.find()), kA);
  EXPECT_EQ(lab.redirect.requests().size(), 2U);
}

// DHCP (SPEC 2.8, 3.6)

/// Answers DHCPINFORM with option 66.
class InformServer {
 public:
  InformServer(world::VirtualHost& host, Duration after, std::string url)
      : host_(host), after_(after), url_(std::move(url)) {
    UdpOptions udp;
    udp.port = net::kDhcpServerPort;
    socket_ = std::move(*host.open_udp(udp));
    listen();
  }
  unsigned requests = 0;

 private:
  void listen() {
    socket_->start_receive(std::nullopt, [this](error_code error, const Datagram& datagram) {
      if (error) return;
      ++requests;
      auto inform = net::DhcpMessage::parse(datagram.payload);
      test::read_client_fields(datagram.payload, *inform);
      net::DhcpMessage ack;
      ack.type = net::DhcpType::ack;
      ack.reply = true;
      ack.xid = inform->xid;
      ack.ciaddr = inform->ciaddr;
      ack.chaddr = inform->chaddr;
      ack.set_address(net::dhcp_option::kServerIdentifier, host_.configuration()->address.address);
      ack.set_text(net::dhcp_option::kTftpServerName, url_);
      host_.start_timer(host_.now() + after_, [this, ack](error_code at_time) {
        if (!at_time) (void)socket_->send({kDeviceAddress, 68}, ack.serialize());
      });
      listen();
    });
  }
  world::VirtualHost& host_;
  Duration after_;
  std::string url_;
  std::unique_ptr<UdpSocket> socket_;
};

TEST(DhcpSource, AsksByInformWithoutALease) {
  DiscoveryLab lab;
  lab.options.sequence = {{SourceKind::dhcp}};
  InformServer server(lab.pbx, 5ms, kA);
  EXPECT_EQ(url_of(lab.find()), kA);
  EXPECT_THAT(lab.story(), Contains("source_answered dhcp http://prov.server.com/a.xml true "
                                    "option 66"));
}

TEST(DhcpSource, IsDiagnosed) {
  DiscoveryLab lab;
  lab.options.sequence = {{SourceKind::dhcp}};
  InformServer server(lab.pbx, 5ms, "tftp://192.0.2.1");
  EXPECT_EQ(url_of(lab.find()), "none");
  EXPECT_EQ(lab.events("dhcp_url_diagnosed").size(), 1U);
  EXPECT_THAT(*lab.events("source_failed")[0].field("reason"), HasSubstr("tftp"));
}

TEST(DhcpSource, FailsAfterThreeInformsWithoutAnswer) {
  DiscoveryLab lab;
  lab.options.sequence = {{SourceKind::dhcp}};
  EXPECT_EQ(url_of(lab.find()), "none");
  EXPECT_EQ(lab.outcome.at, at(12s));
}

TEST(DhcpSource, AloneInItsStageEndsAtTheDeadline) {
  DiscoveryLab lab;
  lab.options.sequence = {{SourceKind::dhcp}, {SourceKind::configured}};
  lab.deadline = at(5s);
  EXPECT_EQ(url_of(lab.find({.configured_url = kA})), "none");
  EXPECT_EQ(lab.outcome.at, at(5s));
  EXPECT_THAT(lab.events("source_failed"), IsEmpty());
}

TEST(DhcpSource, RacesInsideTheConcurrentStage) {
  DiscoveryLab lab;
  lab.options.sequence = {{SourceKind::dhcp, SourceKind::redirect, SourceKind::multicast}};
  InformServer server(lab.pbx, 50ms, "http://dhcp/");
  lab.redirect.answer(100ms, redirect_text(kA));
  lab.responder.notify_after(200ms, {});
  EXPECT_EQ(url_of(lab.find()), "http://dhcp/");
  EXPECT_EQ(lab.outcome.at, at(52ms));
  EXPECT_THAT(lab.story(), Contains("source_cancelled redirect"));
  EXPECT_THAT(lab.story(), Contains("source_cancelled multicast"));
}

TEST(DhcpSource, LoserOfTheConcurrentStageAsksNoMore) {
  DiscoveryLab lab;
  lab.options.sequence = {{SourceKind::dhcp, SourceKind::redirect}};
  lab.redirect.answer(3s, redirect_text(kA));
  EXPECT_EQ(url_of(lab.find()), kA);
  lab.run_until(30s);
  EXPECT_THAT(lab.packets_after(3004ms), IsEmpty());
}

Task<> expect_nothing_of(discovery::StagedSearch& search) {
  discovery::SourceSettings settings;
  const auto found = co_await search.run(std::move(settings), kNever);
  EXPECT_FALSE(found);
}

TEST(DhcpSource, WithoutAClientIsSkipped) {
  DiscoveryLab lab;
  lab.options.sequence = {{SourceKind::dhcp}};
  discovery::StagedSearch search(lab.device, lab.identity, lab.options, nullptr, lab.http, lab.sip);
  lab.tasks.spawn(expect_nothing_of(search));
  lab.run_until(1ms);
  EXPECT_THAT(lab.story(), Contains("source_skipped dhcp the device has no DHCP client"));
}

}  // namespace
}  // namespace provlab::test
