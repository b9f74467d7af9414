#include "sim/lab/verdict/invariants.hpp"

#include <gmock/gmock.h>

#include <functional>

#include "core/discovery/events.hpp"
#include "core/net/net_events.hpp"
#include "core/net/sip_events.hpp"
#include "core/service/events.hpp"
#include "sim/lab/language/load.hpp"
#include "sim/lab/language/specification.hpp"
#include "sim/lab/trace/lab_events.hpp"
#include "sim/phone/events.hpp"
#include "sim/record/trace.hpp"
#include "sim/world/events.hpp"
#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kRedirectUrl = "http://prov.server.com/a.xml";
constexpr const char* kMulticastUrl = "http://prov.server.com/b.xml";

/// A trace written by hand: what a phone might have done, piece by piece.
class Story {
 public:
  Story() : device_(trace_.add_host("device")) {}

  template <class Event>
  Story& then(const Event& event) {
    trace_.record(device_, Instant{}, event);
    return *this;
  }
  Story& begin(unsigned run = 1) { return then(service::RunStarted{run, service::Trigger::boot}); }
  Story& prepare() {
    return then(service::PreconditionMet{"network", {}}).then(service::PreconditionMet{"time", {}});
  }
  Story& dhcp_without_url() {
    return then(discovery::StageStarted{1, "dhcp"})
        .then(discovery::SourceStarted{"dhcp"})
        .then(discovery::SourceFailed{"dhcp", "no URL"})
        .then(discovery::StageEnded{1, "no-url"});
  }
  Story& race() {
    return then(discovery::StageStarted{2, "redirect,multicast"})
        .then(discovery::SourceStarted{"redirect"})
        .then(discovery::SourceStarted{"multicast"})
        .then(net::SipRequestSent{"SUBSCRIBE", kGroup, "id", 1});
  }
  Story& answer(std::string_view source, const char* url, bool usable = true) {
    return then(discovery::SourceAnswered{source, url, usable, "said so"});
  }
  Story& win(std::string_view source, const char* url) {
    return then(discovery::WinnerChosen{source, url, 2});
  }
  Story& choose(const char* url, std::string_view source) {
    return then(service::UrlChosen{url, source});
  }
  Story& load(const char* url, unsigned index = 1, unsigned depth = 1) {
    return then(service::DocumentDownloadStarted{url, depth, index});
  }
  Story& loaded(const char* url) { return then(service::DocumentDownloaded{url, url, 200, 10}); }
  Story& end(unsigned run = 1, bool released = true) {
    const service::DocumentTally tally;
    return then(service::RunEnded{
        run, service::RunResult::provisioned, "Done.", "redirect", tally, {}, released});
  }
  /// Up to where redirect has won.
  Story& won() {
    return begin()
        .prepare()
        .dhcp_without_url()
        .race()
        .answer("redirect", kRedirectUrl)
        .win("redirect", kRedirectUrl);
  }

  std::vector<BrokenInvariant> broken() const {
    return broken_invariants(*compiled(kScenario), trace_);
  }
  EventNumber last() const { return trace_.last(); }

  static constexpr Endpoint kGroup{Ipv4Address::of(224, 0, 1, 75), 5060};

 private:
  static Shared<ScenarioPlan> compiled(const std::string& text) {
    return compile_scenario(text, "sample.xml").value();
  }
  Trace trace_;
  HostId device_;
};

TEST(Invariants, HoldOfARunAsItShouldBe) {
  Story story;
  story.then(phone::PoweredOn{DeviceType::d200, Release::r2_2A});
  story.won().choose(kRedirectUrl, "redirect");
  story.then(discovery::LateAnswerIgnored{"multicast", kMulticastUrl});
  story.load(kRedirectUrl).loaded(kRedirectUrl).load(kMulticastUrl, 2, 2).loaded(kMulticastUrl);
  story.end().begin(2).prepare().dhcp_without_url().race().end(2);
  story.then(ScenarioEnded{"settled", true, true});
  EXPECT_THAT(story.broken(), IsEmpty());
}

TEST(Invariants, ExcuseARunThatAPowerCutEnded) {
  Story story;
  story.begin().prepare().then(phone::PoweredOff{true});
  story.begin().end().then(ScenarioEnded{"settled", true, std::nullopt});
  EXPECT_THAT(story.broken(), IsEmpty());
}

TEST(Invariants, TellEverythingThatBreaksInTheOrderOfTheTrace) {
  Story story;
  story.won().then(discovery::SourceStarted{"dhcp"}).end(1, false);
  std::string numbers;
  for (const BrokenInvariant& each : story.broken()) numbers += each.invariant.number;
  EXPECT_EQ(numbers, "I3I5I9");
}

TEST(Invariants, HaveTheNumbersAndTitlesOfTheSpecification) {
  std::vector<std::string> law;
  for (const SpecRule& rule : specification().rules) {
    if (!rule.number.starts_with('I') || rule.is_beyond_runs()) continue;
    law.push_back(rule.number + " " + rule.title);
  }
  std::vector<std::string> watched;
  for (const Invariant& each : kInvariants) {
    watched.push_back(fmt::format("{} {}", each.number, each.title));
  }
  EXPECT_EQ(watched, law);
}

TEST(Invariants, ArePromisedInTheWordsOfTheSpecification) {
  Story story;
  const auto broken = story.begin().begin(2).broken();
  ASSERT_THAT(broken, SizeIs(1));
  EXPECT_EQ(broken.front().promise(), "exactly one result for each run");
}

/// What a phone must not do, and what is said of it.
struct Case {
  const char* name;
  std::function<void(Story&)> tell;
  const char* number;
  const char* actual;
};

class Invariant : public ::testing::TestWithParam<Case> {};

TEST_P(Invariant, IsNamedWhereItBreaks) {
  Story story;
  GetParam().tell(story);
  const auto broken = story.broken();
  ASSERT_THAT(broken, SizeIs(1));
  EXPECT_EQ(broken.front().invariant.number, GetParam().number);
  EXPECT_THAT(broken.front().actual, HasSubstr(GetParam().actual));
  EXPECT_EQ(broken.front().event, story.last());
}

INSTANTIATE_TEST_SUITE_P(
    Of, Invariant,
    ::testing::Values(
        Case{"SecondRunBeforeTheResult", [](Story& s) { s.begin().begin(2); }, "I1",
             "run 1 had no result yet when run 2 began"},
        Case{"SecondResult", [](Story& s) { s.begin().end().end(); }, "I1", "a result of run 1"},
        Case{"NoResult",
             [](Story& s) {
               s.begin().then(ScenarioEnded{"settled", true, std::nullopt});
             },
             "I1", "run 1 never ended"},
        Case{"SearchWithoutTime",
             [](Story& s) {
               s.begin().then(service::PreconditionMet{"network", {}});
               s.then(net::SipRequestSent{"SUBSCRIBE", Story::kGroup, "id", 1});
             },
             "I2", "before the time was there"},
        Case{"DownloadWithoutNetwork", [](Story& s) { s.begin().load(kRedirectUrl); }, "I2",
             "before the network was there"},
        Case{"RequestWithoutRun",
             [](Story& s) {
               s.then(net::HttpRequestSent{kRedirectUrl, {}, "document"});
             },
             "I2", "while there was no run"},
        Case{"StageAfterTheWinner",
             [](Story& s) {
               s.won().then(discovery::StageStarted{3, "configured"});
             },
             "I3", "stage 3 began after redirect had won"},
        Case{"StageLeftOut",
             [](Story& s) {
               s.begin().prepare().then(discovery::StageStarted{2, "x"});
             },
             "I3", "stage 2 began where stage 1 was due"},
        Case{"StageOfOtherSources",
             [](Story& s) {
               s.begin().prepare().then(discovery::StageStarted{1, "redirect"});
             },
             "I3", "stage 1 is made of redirect, not of dhcp"},
        Case{"SourceOfAnotherStage",
             [](Story& s) {
               s.begin().prepare().then(discovery::StageStarted{1, "dhcp"});
               s.then(discovery::SourceStarted{"multicast"});
             },
             "I3", "multicast was asked in stage 1"},
        Case{"SecondUsableUrlWins",
             [](Story& s) {
               s.begin().prepare().dhcp_without_url().race();
               s.answer("redirect", "ftp://x", false).answer("redirect", kRedirectUrl);
               s.answer("multicast", kMulticastUrl).win("multicast", kMulticastUrl);
             },
             "I4", "multicast won with http://prov.server.com/b.xml, but the first usable"},
        Case{"AnotherUrlIsChosen", [](Story& s) { s.won().choose(kMulticastUrl, "multicast"); },
             "I4", "but redirect had won with http://prov.server.com/a.xml"},
        Case{"AnotherUrlIsRequested",
             [](Story& s) { s.won().choose(kRedirectUrl, "redirect").load(kMulticastUrl); }, "I4",
             "http://prov.server.com/b.xml was asked for first"},
        Case{"LateAnswerIsJudged", [](Story& s) { s.won().answer("multicast", kMulticastUrl); },
             "I5", "an answer of multicast was judged after redirect had won"},
        Case{"SubscribeAfterTheWinner",
             [](Story& s) {
               s.won().then(net::SipRequestSent{"SUBSCRIBE", Story::kGroup, "id", 2});
             },
             "I5", "a SUBSCRIBE was sent after redirect had won"},
        Case{"SilentPacketToTheGroup",
             [](Story& s) {
               world::Packet packet;
               packet.to = Story::kGroup;
               s.won().then(world::PacketSent{packet});
             },
             "I5", "a packet went to 224.0.1.75:5060"},
        Case{"NameOfTheLoser",
             [](Story& s) {
               s.begin().prepare().dhcp_without_url().race();
               s.answer("multicast", kMulticastUrl).win("multicast", kMulticastUrl);
               s.then(net::NameQuerySent{"connect.redirect.auerswald.de", {}, 2});
             },
             "I5", "the redirect service's name was asked for"},
        Case{"TwoFilesAtOnce",
             [](Story& s) {
               s.won().choose(kRedirectUrl, "redirect").load(kRedirectUrl);
               s.load(kMulticastUrl, 2, 2);
             },
             "I6", "before the last file was there"},
        Case{"DepthThatLeaps",
             [](Story& s) {
               s.won().choose(kRedirectUrl, "redirect").load(kRedirectUrl).loaded(kRedirectUrl);
               s.load(kMulticastUrl, 2, 3);
             },
             "I6", "file 2 in depth 3 came after file 1 in depth 1"},
        Case{"SectionThatIsNotValid",
             [](Story& s) {
               s.then(ConfigurationJudged{"audio", "", "audio/volume: 11 is too much"});
             },
             "I7", "audio/volume: 11 is too much"},
        Case{"SectionThatNobodyApplied",
             [](Story& s) {
               s.then(ConfigurationJudged{"audio", "audio", ""});
             },
             "I7", "audio changed, and no section_applied says so"},
        Case{"BootThatNobodyAskedFor",
             [](Story& s) {
               s.then(phone::PoweredOn{DeviceType::d200, Release::r2_2A});
               s.then(phone::PoweredOn{DeviceType::d200, Release::r2_2A});
             },
             "I8", "it booted 2 times, and was told to once"},
        Case{"RunThatHoldsOn", [](Story& s) { s.begin().end(1, false); }, "I9",
             "run 1 ended and still held something"},
        Case{"StoreThatDiffers",
             [](Story& s) {
               s.then(ScenarioEnded{"settled", true, false});
             },
             "I10", "they differ"}),
    [](const auto& which) { return which.param.name; });

}  // namespace
}  // namespace provlab::lab
