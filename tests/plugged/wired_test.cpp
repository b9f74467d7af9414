#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "sim/lab/language/load.hpp"
#include "sim/lab/wired/event_order.hpp"
#include "sim/lab/wired/wire_suite.hpp"
#include "sim/lab/wired/wired_play.hpp"
#include "sim/record/trace.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/unit/port/cable.hpp"

/// Suites over real cables: `provlab run --wire` but for its command line.
namespace provlab::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Wired : wire::CableTest {
  static RunnerOptions options() {
    RunnerOptions options;
    options.jobs = 6;
    return options;
  }
  static std::string library(const std::string& name) {
    return PROVLAB_SOURCE_DIR "/scenarios/" + name;
  }
  /// A scenario of a moment, expecting something.
  static std::string written(const std::filesystem::path& folder, const std::string& about,
                             const std::string& expectations) {
    const std::string file = (folder / "written.xml").string();
    std::ofstream(file) << R"(<scenario name="written"><about )" << about
                        << R"(>A URL from DHCP.</about>
  <responders>
    <dhcp><option code="66" text="http://prov.server.com/a.xml"/></dhcp>
    <http><file path="/a.xml"><time><timezone>UTC1</timezone></time></file></http>
  </responders>
  <expect>)" << expectations
                        << "</expect>\n</scenario>\n";
    return file;
  }
  static RunReport one(const std::string& file, const WireOptions& wire = {},
                       const RunnerOptions& how = options()) {
    const SuiteReport report = run_wired({file}, how, wire);
    EXPECT_TRUE(report.complaints.empty());
    EXPECT_EQ(report.runs.size(), 1U);
    return report.runs.front();
  }
};

TEST_F(Wired, RaceComesInTheOrderOfEachVariant) {
  const SuiteReport report = run_wired(
      {library("reference/redirect-beats-multicast.xml"), library("reference/reference-chain.xml")},
      options(), {});
  EXPECT_EQ(report.count(Outcome::passed), report.runs.size());
  EXPECT_EQ(report.runs.size(), 7U);
  for (const RunReport& run : report.runs) {
    EXPECT_TRUE(run.on_wire);
    EXPECT_THAT(run.repeat(), HasSubstr(" run --wire "));
    EXPECT_EQ(run.verdict.findings.back().text, kOrderOnWire);
    // It took the time that it says, and not a virtual one.
    EXPECT_GE(run.wall_time, run.virtual_time);
  }
}

TEST_F(Wired, WhatDoesNotHoldFails) {
  const test::TemporaryFolder folder;
  const RunReport run = one(written(folder.path(), "", R"(<result is="no-url"/>)"));
  EXPECT_EQ(run.verdict.outcome, Outcome::failed);
  EXPECT_THAT(run.verdict.findings.front().actual, HasSubstr("it ended provisioned"));
}

TEST_F(Wired, SlackWidensTimesAndNarrowsWhatMustNotCome) {
  const test::TemporaryFolder folder;
  // The request comes after about 40 ms, and in virtual time after 41 ms exactly.
  const std::string expectations = R"(
    <request to="prov" path="/a.xml" within="0s..20ms"/>
    <never><request to="prov" path="/a.xml" within="20ms..70ms"/></never>)";
  const std::string file = written(folder.path(), "", expectations);
  EXPECT_EQ(one(file, {.slack = 300ms}).verdict.outcome, Outcome::passed);
  const RunReport strict = one(file, {.slack = 1ms});
  EXPECT_NE(strict.verdict.outcome, Outcome::passed);
  EXPECT_EQ(strict.verdict.failed(), 2U);
}

TEST_F(Wired, MachineThatIsTooSlowForTheSlackIsToldAsSuch) {
  const test::TemporaryFolder folder;
  // No machine is so quick that a request comes within a microsecond of this moment, again and
  // again.
  const std::string file =
      written(folder.path(), "", R"(<request to="prov" path="/a.xml" within="0s..20ms"/>)");
  const SuiteReport report = run_wired({file}, options(), {.slack = 1us});
  EXPECT_EQ(report.count(Outcome::too_slow), 1U);
  EXPECT_EQ(report.exit_code(), 4);
  EXPECT_THAT(report.runs.front().verdict.reason, HasSubstr("the machine is too slow: at the "));
  EXPECT_THAT(report.runs.front().verdict.reason, HasSubstr("where 1us may be"));
}

TEST_F(Wired, LongRunsAndThoseOfNoWireAreLeftOut) {
  const test::TemporaryFolder folder;
  const RunReport lasting = one(library("reference/reference-chain.xml"), {.limit = 100ms});
  EXPECT_EQ(lasting.verdict.outcome, Outcome::left_out);
  EXPECT_THAT(lasting.verdict.reason, HasSubstr("longer than --wire-limit 100ms"));
  const RunReport named =
      one(written(folder.path(), R"(not-on-wire="because")", R"(<result is="provisioned"/>)"));
  EXPECT_EQ(named.verdict.outcome, Outcome::left_out);
  EXPECT_THAT(named.verdict.reason, HasSubstr("because"));
}

TEST_F(Wired, PatienceDoesNotRaceWithinTheSlack) {
  const SuiteReport report =
      run_wired({library("races/notify-and-the-end-of-the-patience.xml")}, options(), {});
  EXPECT_EQ(report.count(Outcome::left_out), 4U);
  EXPECT_EQ(report.count(Outcome::passed), report.runs.size() - 4);
  EXPECT_EQ(report.exit_code(), 0);
}

TEST_F(Wired, FramesAreKept) {
  const test::TemporaryFolder folder;
  RunnerOptions how = options();
  how.root = folder.path();
  const std::string file = written(folder.path(), "", R"(<result is="provisioned"/>)");
  const std::string kept = folder / "frames";
  how.frames_directory = kept;
  EXPECT_EQ(one(file, {}, how).verdict.outcome, Outcome::passed);
  const std::filesystem::recursive_directory_iterator files(kept);
  ASSERT_NE(files, std::filesystem::recursive_directory_iterator());
  EXPECT_EQ(files->path().filename(), "written.pcapng");
  std::ifstream capture(files->path(), std::ios::binary);
  const std::string octets{std::istreambuf_iterator<char>(capture), {}};
  EXPECT_THAT(octets, HasSubstr("GET /a.xml"));
  // An ARP request, which no capture of the world's packets has.
  EXPECT_THAT(octets, HasSubstr(std::string("\x08\x06\0\x01\x08\0\x06\x04\0\x01", 10)));
}

TEST_F(Wired, TraceKnowsWhatArrivesAsWhatWasSent) {
  const PlanResult plan = load_scenario(library("reference/reference-chain.xml"));
  ASSERT_TRUE(plan);
  WiredPlay play(*plan, (*plan)->variants.front(), 1, open("ours"), open("theirs"));
  ASSERT_TRUE(play.run(Instant{} + 20s));
  const Trace& trace = play.trace();
  unsigned arrived = 0;
  for (const TraceRecord record : trace) {
    EXPECT_NE(trace.host_name(record.host()), "cable") << record.event();
    if (!record.is("packet_received")) continue;
    ++arrived;
    ASSERT_NE(record.cause(), 0U);
    const TraceRecord sent = trace.event(record.cause());
    ASSERT_TRUE(sent.is("packet_sent")) << sent.event();
    EXPECT_EQ(sent.field("packet"), record.field("packet"));
    EXPECT_NE(sent.host(), record.host());
    EXPECT_LT(sent.at(), record.at());
  }
  EXPECT_GT(arrived, 30U);
}

TEST_F(Wired, OrderTellsTheFirstThatDiffers) {
  const PlanResult plan = load_scenario(library("reference/reference-chain.xml"));
  ASSERT_TRUE(plan);
  WiredPlay play(*plan, (*plan)->variants.front(), 1, open("ours"), open("theirs"));
  ASSERT_TRUE(play.run(Instant{} + 20s));
  std::vector<OrderedEvent> order = order_of_events(play.trace());
  EXPECT_TRUE(compare_order(order, play.trace()).held);
  std::size_t here = 5;
  while (order[here].words == order[here - 1].words || order[here].at == order[here - 1].at) ++here;
  std::swap(order[here - 1].words, order[here].words);
  const Finding swapped = compare_order(order, play.trace());
  EXPECT_FALSE(swapped.held);
  EXPECT_THAT(swapped.actual, HasSubstr("'" + order[here].words + "' came where '"));
  // In one instant there is no order.
  order[here - 1].at = order[here].at;
  EXPECT_TRUE(compare_order(order, play.trace()).held);
  order.push_back({order.back().at, "one more"});
  EXPECT_THAT(compare_order(order, play.trace()).actual, HasSubstr("'one more'"));
  order.resize(order.size() - 2);
  EXPECT_THAT(compare_order(order, play.trace()).actual, HasSubstr("'the end'"));
}

}  // namespace
}  // namespace provlab::lab
