#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "sim/lab/language/load.hpp"
#include "sim/lab/serving/session.hpp"
#include "sim/record/trace.hpp"
#include "tests/plugged/phone_boot.hpp"
#include "tests/unit/port/cable.hpp"

/// A session that serves a scenario on one end of a cable, in a thread of its own, and our phone on
/// the other, which boots whenever the session wants it to.
namespace provlab::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct ServeSession : wire::CableTest {
  /// What the session told, found and asked for.
  struct Seen {
    std::vector<std::string> lines;
    std::vector<ServedResult> results;
    std::vector<std::string> asked_for;  ///< variants, at whose boots ...
    std::vector<PhoneBoot> boots;        ///< ... this happened
    std::string error;
    std::string all_lines() const {
      std::string text;
      for (const std::string& line : lines) text += line + '\n';
      return text;
    }
  };

  static Seen serve(const Shared<ScenarioPlan>& plan, SessionOptions options) {
    Seen seen;
    std::atomic<unsigned> wanted = 0;
    std::atomic<bool> done = false;
    SessionHands hands;
    hands.tell = [&](const std::string& line) { seen.lines.push_back(line); };
    hands.stop = []() -> Expected<bool> { return false; };
    hands.bring_to_boot = [&](const Variant& variant, unsigned) {
      seen.asked_for.push_back(variant.name);
      ++wanted;
      wanted.notify_one();
    };
    hands.take = [&](ServedResult result, const Trace&) {
      seen.results.push_back(std::move(result));
    };
    Session session(open("theirs"), *plan, options, hands);
    std::thread serving([&] {
      const auto ended = session.run();
      if (!ended) seen.error = ended.error().to_string();
      done = true;
      ++wanted;
      wanted.notify_one();
    });
    for (unsigned booted = 0;;) {
      wanted.wait(booted);
      if (done) break;
      seen.boots.push_back(boot_phone(plan, 1000 + ++booted, open("ours")));
    }
    serving.join();
    return seen;
  }

  static Shared<ScenarioPlan> reference() {
    const PlanResult loaded =
        load_scenario(PROVLAB_SOURCE_DIR "/scenarios/reference/redirect-beats-multicast.xml");
    if (!loaded) throw std::runtime_error(loaded.error().front().to_string());
    return *loaded;
  }
  static SessionOptions quick() {
    SessionOptions options;
    options.times = {.slack = 200ms, .quiet = 150ms};
    options.patience = 10s;
    options.beside_dhcp = true;  // spares 4.5 s
    options.boots_by_command = true;
    return options;
  }
};

TEST_F(ServeSession, PlaysEachVariantOfARaceAtAnotherBoot) {
  const Shared<ScenarioPlan> plan = reference();
  SessionOptions options = quick();
  options.repeat = 3;
  const Seen seen = serve(plan, options);
  EXPECT_EQ(seen.error, "");
  ASSERT_EQ(seen.results.size(), 3 * plan->variants.size());
  ASSERT_EQ(seen.boots.size(), seen.results.size());
  for (std::size_t i = 0; i < seen.results.size(); ++i) {
    const ServedResult& result = seen.results[i];
    SCOPED_TRACE(result.variant.name);
    EXPECT_EQ(result.variant.name, plan->variants[i % plan->variants.size()].name);
    EXPECT_EQ(seen.asked_for[i], result.variant.name);
    EXPECT_EQ(result.verdict.outcome, Outcome::passed) << seen.all_lines();
    EXPECT_TRUE(result.complete);
    EXPECT_EQ(seen.boots[i].result, "provisioned");
    if (!result.variant.missing.empty()) continue;
    EXPECT_EQ(seen.boots[i].order, result.variant.order);
  }
}

/// A scenario in the standard world, with this timeline and these expectations.
Shared<ScenarioPlan> plan_with(const std::string& timeline, const std::string& expect) {
  const auto plan = compile_scenario(
      "<scenario name=\"served\"><about>One.</about>"
      "<responders><redirect><assign url=\"http://prov.server.com/a.xml\"/></redirect><http>"
      "<file path=\"/a.xml\"><time><timezone>UTC0</timezone></time></file></http></responders>" +
          timeline + "<expect>" + expect + "</expect></scenario>",
      "served.xml");
  if (!plan) throw std::runtime_error(plan.error().front().to_string());
  return *plan;
}

TEST_F(ServeSession, TellsWhatDepartsWhileItHappens) {
  const Seen seen = serve(plan_with("",
                                    "<never><request to=\"prov\" path=\"/a.xml\"/></never>"
                                    "<request to=\"prov\" path=\"/a.xml\"/>"
                                    "<result is=\"provisioned\"/>"),
                          quick());
  ASSERT_THAT(seen.results, SizeIs(1));
  EXPECT_EQ(seen.results[0].verdict.outcome, Outcome::failed);
  EXPECT_TRUE(seen.results[0].departed);
  EXPECT_EQ(seen.results[0].verdict.failed(), 1U);
  EXPECT_THAT(seen.all_lines(), HasSubstr("FAILS line 1: expected never GET /a.xml at prov; there "
                                          "came GET /a.xml at prov"));
  EXPECT_THAT(seen.all_lines(), HasSubstr("ok    line 1: GET /a.xml at prov comes at least once"));
}

TEST_F(ServeSession, WaitsForWhatIsMissingAsLongAsItsPatience) {
  SessionOptions options = quick();
  options.patience = 700ms;
  const Seen seen = serve(plan_with("", "<request to=\"prov\" path=\"/b.xml\"/>"), options);
  ASSERT_THAT(seen.results, SizeIs(1));
  EXPECT_EQ(seen.results[0].verdict.outcome, Outcome::failed);
  EXPECT_FALSE(seen.results[0].complete);
  EXPECT_FALSE(seen.results[0].departed) << "it might have come";
  EXPECT_GT(seen.results[0].time, 700ms);
}

TEST_F(ServeSession, ABootThatSaysTooMuchFailsAtItsLimit) {
  SessionOptions options = quick();
  options.limits.events = 10;
  const Seen seen = serve(plan_with("", "<request to=\"prov\" path=\"/b.xml\"/>"), options);
  ASSERT_THAT(seen.results, SizeIs(1));
  const Verdict& verdict = seen.results[0].verdict;
  EXPECT_EQ(verdict.outcome, Outcome::failed);
  ASSERT_FALSE(verdict.findings.empty());
  EXPECT_THAT(verdict.findings[0].actual, HasSubstr("by its event no. 10 (--limit-events)"));
}

TEST_F(ServeSession, AsksAPersonAndSeesTheEffect) {
  const Shared<ScenarioPlan> plan = plan_with(
      "<timeline><boot at=\"0s\"/><press at=\"provisioned+400ms\" "
      "button=\"start-provisioning\"/></timeline>",
      "<request to=\"prov\" path=\"/a.xml\" count=\"2\"/>");
  std::atomic<bool> on = false;
  std::atomic<bool> press = false;
  std::atomic<bool> done = false;
  std::vector<ServedResult> results;
  SessionHands hands;
  hands.tell = [&](const std::string& line) {
    press = press || line == ">>> now press Start provisioning";
  };
  hands.stop = []() -> Expected<bool> { return false; };
  hands.bring_to_boot = [&](const Variant&, unsigned) { on = true; };
  hands.take = [&](ServedResult result, const Trace&) { results.push_back(std::move(result)); };
  Session session(open("theirs"), *plan, quick(), hands);
  std::thread serving([&] {
    EXPECT_TRUE(session.run());
    done = true;
  });
  world::World world(5);
  world.network().link.latency = {};
  PhoneHalf half(world, world.network(), plan, {});
  wire::Port port(world, open("ours"));
  wire::Pacer pacer(world, &port);
  half.start();
  while (!done) {
    (void)pacer.run([&] { return done.load(); }, pacer.clock() + 20ms);
    world.at(world.now(), [&] {
      if (on.exchange(false)) half.perform(PowerOn{});
      if (press.exchange(false)) half.perform(PressStart{});
    });
  }
  serving.join();
  ASSERT_THAT(results, SizeIs(1));
  EXPECT_EQ(results[0].verdict.outcome, Outcome::passed);
  EXPECT_GT(results[0].time, 400ms);
}

TEST_F(ServeSession, RefusesAddressesThatAreInUse) {
  ASSERT_TRUE(wire::set_interface_address("ours", {Ipv4Address::of(192, 0, 2, 1), 24}));
  const Seen seen = serve(plan_with("", "<request to=\"prov\"/>"), quick());
  EXPECT_THAT(seen.error,
              HasSubstr("192.0.2.1, the address of 'router', is in use on this wire by "));
  EXPECT_THAT(seen.results, IsEmpty());
}

TEST_F(ServeSession, RefusesToServeBesideAnotherDhcpServer) {
  const auto other = compile_scenario(
      "<scenario name=\"other\"><about>Another.</about><world><host id=\"office\" "
      "address=\"192.0.2.77\"/></world><responders><dhcp host=\"office\"/></responders>"
      "<expect><result is=\"no-url\"/></expect></scenario>",
      "other.xml");
  ASSERT_TRUE(other) << other.error().front().to_string();
  std::atomic<bool> done = false;
  std::thread office([&] {
    world::World world(9);
    ServersHalf half(world, world.network(), *other, (*other)->variants.front());
    wire::Port port(world, open("ours"), {.name = std::string(kDeviceName)});
    wire::Pacer pacer(world, &port);
    half.start({port.outside(), [] { return std::nullopt; }});
    while (!done) (void)pacer.run([&] { return done.load(); }, pacer.clock() + 10ms);
  });
  SessionOptions options = quick();
  options.beside_dhcp = false;
  const Seen seen = serve(plan_with("", "<request to=\"prov\"/>"), options);
  done = true;
  office.join();
  EXPECT_THAT(seen.error, HasSubstr("another DHCP server answers on this wire, 192.0.2.77 (02:"));
  EXPECT_THAT(seen.error, HasSubstr("--beside-dhcp"));
  EXPECT_THAT(seen.results, IsEmpty());
}

}  // namespace
}  // namespace provlab::lab
