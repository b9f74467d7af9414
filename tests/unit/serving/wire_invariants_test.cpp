#include "sim/lab/verdict/wire_invariants.hpp"

#include <gmock/gmock.h>

#include "netfakes/events.hpp"
#include "sim/lab/trace/lab_events.hpp"
#include "sim/record/trace.hpp"
#include "sim/world/events.hpp"
#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr MacAddress kServed{{0, 9, 0x52, 0, 0, 0x0e}};

/// The trace of those who serve a phone, made by hand.
class ServedTrace {
 public:
  ServedTrace() {
    server_ = trace_.add_host("prov");
    device_ = trace_.add_host("device");
  }
  ServedTrace& booted() { return lab(PhoneBooted{kServed}); }
  ServedTrace& asked_to(std::string_view what) { return lab(PhoneAsked{what}); }
  ServedTrace& quiet() { return lab(PhoneQuiet{std::chrono::seconds(12)}); }
  ServedTrace& request(std::string_view kind, std::string_view text) {
    trace_.set_cause(packet(device_));
    trace_.record(server_, {}, netfakes::RequestReceived{kind, kind, text, {}, {}, {}, 1});
    return *this;
  }
  /// It leaves; arrive() lets the phone have it.
  EventNumber answer(std::string_view kind, std::string_view summary) {
    trace_.set_cause(0);
    return trace_.record(server_, {}, netfakes::AnswerSent{kind, kind, {}, "id", {}, summary});
  }
  ServedTrace& arrive(EventNumber answer) {
    trace_.set_cause(answer);
    trace_.set_cause(packet(server_));
    trace_.record(device_, {}, world::PacketReceived{7, {}});
    return *this;
  }
  ServedTrace& answered(std::string_view kind, std::string_view summary) {
    return arrive(answer(kind, summary));
  }
  std::vector<std::string> broken() const {
    std::vector<std::string> numbers;
    for (const BrokenInvariant& each : broken_on_wire(*plan_, trace_)) {
      numbers.emplace_back(each.invariant.number);
    }
    return numbers;
  }

 private:
  template <TraceEvent E>
  ServedTrace& lab(const E& event) {
    trace_.set_cause(0);
    trace_.record(device_, {}, event);
    return *this;
  }
  EventNumber packet(HostId from) {
    world::Packet sent;
    sent.payload = {1};
    return trace_.record(from, {}, world::PacketSent{sent});
  }

  Trace trace_;
  HostId server_{};
  HostId device_{};
  Shared<ScenarioPlan> plan_ = plan_of(kScenario);
};

constexpr std::string_view kA = "302 http://prov.server.com/a.xml";
constexpr std::string_view kB = "notify http://prov.server.com/b.xml";

TEST(WireInvariants, PhoneThatTakesTheFirstUrlKeepsThem) {
  ServedTrace trace;
  trace.booted().request("redirect", "assignment mac=x").request("multicast", "subscribe");
  trace.answered("redirect", kA).answered("multicast", kB).request("http", "GET /a.xml");
  trace.answered("http", "200 application/xml 20 octets").quiet();
  EXPECT_THAT(trace.broken(), IsEmpty());
}

TEST(WireInvariants, UrlThatArrivedFirstIsAskedForFirst) {
  ServedTrace trace;
  trace.booted().answered("redirect", kA).answered("multicast", kB).request("http", "GET /b.xml");
  EXPECT_THAT(trace.broken(), ElementsAre("I4"));
}

TEST(WireInvariants, OrderOfArrivalCountsNotThatOfLeaving) {
  ServedTrace trace;
  trace.booted();
  const EventNumber redirect = trace.answer("redirect", kA);
  trace.answered("multicast", kB).arrive(redirect).request("http", "GET /b.xml");
  EXPECT_THAT(trace.broken(), IsEmpty());
}

TEST(WireInvariants, UrlThatNoPhoneCanUseDoesNotCount) {
  ServedTrace trace;
  trace.booted().answered("redirect", "302 ftp://prov.server.com/a.xml");
  trace.answered("multicast", kB).request("http", "GET /b.xml");
  EXPECT_THAT(trace.broken(), IsEmpty());
}

TEST(WireInvariants, LoserStartsNothing) {
  ServedTrace trace;
  trace.booted().answered("redirect", kA).request("http", "GET /a.xml");
  trace.answered("http", "200 application/xml 20 octets").request("multicast", "subscribe");
  EXPECT_THAT(trace.broken(), ElementsAre("I5"));
}

TEST(WireInvariants, NoLaterStageOnceThereIsADocument) {
  ServedTrace trace;  // the URL was one of DHCP's
  trace.booted().request("http", "GET /d.xml").answered("http", "200 application/xml 20 octets");
  trace.request("redirect", "assignment mac=x");
  EXPECT_THAT(trace.broken(), ElementsAre("I3"));
}

TEST(WireInvariants, NextSourceAfterAFailedDownloadIsAllowed) {
  ServedTrace trace;
  trace.booted().request("http", "GET /d.xml").answered("http", "404 not found");
  trace.request("redirect", "assignment mac=x");
  EXPECT_THAT(trace.broken(), IsEmpty());
}

TEST(WireInvariants, AfterSilenceThePhoneMayBeginAnew) {
  ServedTrace trace;
  trace.booted().request("http", "GET /d.xml").answered("http", "200 application/xml 20 octets");
  trace.quiet().request("redirect", "assignment mac=x");
  EXPECT_THAT(trace.broken(), IsEmpty());
}

TEST(WireInvariants, NoBootThatNobodyAskedFor) {
  ServedTrace trace;
  trace.booted().booted();
  EXPECT_THAT(trace.broken(), ElementsAre("I8"));
}

TEST(WireInvariants, BootThatAPersonWasAskedForIsAllowed) {
  ServedTrace trace;
  trace.booted().asked_to("switch it off: pull its power plug").asked_to(PhoneAsked::kPowerOn);
  trace.booted();
  EXPECT_THAT(trace.broken(), IsEmpty());
}

TEST(WireInvariants, CheckSyncMayAskForABoot) {
  ServedTrace trace;
  trace.booted().answered("check-sync", "notify check-sync;reboot=true 0 octets").booted();
  EXPECT_THAT(trace.broken(), IsEmpty());
}

}  // namespace
}  // namespace provlab::lab
