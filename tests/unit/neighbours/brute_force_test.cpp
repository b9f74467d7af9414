#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "sim/lab/neighbours/neighbour_search.hpp"
#include "sim/lab/neighbours/what_if_words.hpp"
#include "tests/file_content.hpp"
#include "tests/unit/lab/scenario_text.hpp"
#include "tests/unit/neighbours/passing.hpp"

/// What the search names is measured against all that could have been.
namespace provlab::lab {
namespace {

using namespace std::chrono_literals;

/// So finely delays are tried, where nothing says that it matters.
constexpr std::size_t kEvenly = 60;

/// A run that fails, since its phone ought to be another or its expectation is wrong.
struct Failing {
  const char* file;
  const char* expectation;  ///< of the file, one of its texts
  const char* instead;
  const char* variant;
};

void PrintTo(const Failing& failing, std::ostream* out) {
  *out << failing.file << " [" << failing.variant << "] with " << failing.instead;
}

BaseRun base_of(const Failing& failing) {
  const std::string path = std::string(PROVLAB_SOURCE_DIR "/scenarios/") + failing.file;
  const std::string text = changed(test::content_of(path), failing.expectation, failing.instead);
  const PlanResult plan = compile_scenario(text, path);
  if (!plan) throw std::logic_error(path + " is no scenario");
  const Variant* variant = (*plan)->variant(failing.variant);
  if (variant == nullptr) throw std::logic_error(path + " has no such variant");
  return {.plan = *plan, .variant = *variant, .seed = (*plan)->seed};
}

/// All delays below `end` with which two things of the run come together, with a nanosecond on both
/// sides, and others evenly.
std::set<Duration> delays_below(Duration end, const PlayedNeighbour& run, Instant due) {
  std::set<Duration> delays;
  const auto add = [&](Duration delay) {
    if (delay > Duration::zero() && delay < end) delays.insert(delay);
  };
  for (std::size_t i = 1; i < kEvenly; ++i) add(end / kEvenly * i);
  add(end - Duration(1));
  add(Duration(1));
  for (const Instant from : run.moments) {
    for (const Instant to : run.moments) {
      if (from < due || to <= from) continue;
      for (const int aside : {-1, 0, 1}) add(to - from + Duration(aside));
    }
  }
  return delays;
}

/// What is nearer than `found`, of all that can happen to one packet; `found` is a delay, or
/// nothing where all is to be tried up to the end of the run.
std::vector<std::string> nearer(const BaseRun& base, std::optional<Duration> found) {
  const PlayedNeighbour natural = play_neighbour(base, {});
  std::vector<std::string> tokens;
  const auto look = [&](std::size_t packet, const Mishap& mishap) {
    const Mishaps mishaps{{packet, mishap}};
    if (passes(base, mishaps)) tokens.push_back(mishap_token(mishaps));
  };
  for (std::size_t packet = 1; packet <= natural.arrivals.size(); ++packet) {
    const Instant due = natural.arrivals[packet - 1].at;
    const Duration end = found.value_or(natural.moments.back() - due + 1s);
    for (const Duration by : delays_below(end, natural, due)) {
      look(packet, {Mishap::Kind::later, by});
    }
    if (packet < natural.arrivals.size() && natural.arrivals[packet].at - due < end) {
      look(packet, {Mishap::Kind::swapped});
    }
    if (found) continue;
    look(packet, {Mishap::Kind::twice});
    look(packet, {Mishap::Kind::lost});
  }
  return tokens;
}

class BruteForce : public ::testing::TestWithParam<Failing> {};

TEST_P(BruteForce, FindsNothingNearerThanTheSearch) {
  const BaseRun base = base_of(GetParam());
  ASSERT_FALSE(passes(base, {}));
  NeighbourOptions options;
  options.steps = 1;
  const WhatIf found = search_neighbours(base, options);
  ASSERT_TRUE(found.whole);
  if (!found.nearest) {
    EXPECT_THAT(nearer(base, std::nullopt), ::testing::IsEmpty());
    return;
  }
  const Mishaps nearest = *parse_mishaps(found.nearest->token);
  EXPECT_TRUE(passes(base, nearest)) << found.nearest->token;
  ASSERT_EQ(nearest.size(), 1U);
  const auto& [packet, mishap] = *nearest.begin();
  Duration by = mishap.by;
  if (mishap.kind == Mishap::Kind::swapped) {
    const auto arrivals = play_neighbour(base, {}).arrivals;
    by = arrivals.at(packet).at - arrivals.at(packet - 1).at;
  }
  EXPECT_THAT(nearer(base, by), ::testing::IsEmpty()) << found.nearest->token;
}

/// What can be told of outcomes, with the last moment at which each could be reached.
using Reach = std::map<std::pair<std::string, bool>, Duration>;

/// By everything that can happen to one packet, packet by packet.
Reach reach_by_force(const BaseRun& base) {
  const PlayedNeighbour natural = play_neighbour(base, {});
  Reach reach;
  for (std::size_t packet = 1; packet <= natural.arrivals.size(); ++packet) {
    const Instant due = natural.arrivals[packet - 1].at;
    std::vector<Mishap> all{{Mishap::Kind::swapped}, {Mishap::Kind::twice}, {Mishap::Kind::lost}};
    const PlayedNeighbour without = play_neighbour(base, {{packet, {Mishap::Kind::lost}}});
    for (const PlayedNeighbour* run : {&natural, &without}) {
      for (const Duration by : delays_below(run->moments.back() - due + 1s, *run, due)) {
        all.push_back({Mishap::Kind::later, by});
      }
    }
    for (const Mishap& mishap : all) {
      const PlayedNeighbour run = play_neighbour(base, {{packet, mishap}});
      if (!run.came) continue;
      const bool wanted = base.deviations ? run.outcome != natural.outcome : run.passed;
      reach[{outcome_words(run.outcome, natural.outcome), wanted}] = due.time_since_epoch();
    }
  }
  return reach;
}

/// The same as the search tells it; what the run itself comes to is left out of both.
void expect_reach(const BaseRun& base) {
  NeighbourOptions options;
  options.steps = 1;
  const WhatIf found = search_neighbours(base, options);
  ASSERT_TRUE(found.whole);
  Reach told;
  for (const ReachableOutcome& each : found.outcomes) {
    told[{each.words, each.wanted}] = each.until;
  }
  Reach forced = reach_by_force(base);
  const std::pair natural(found.outcomes.front().words, found.outcomes.front().wanted);
  told.erase(natural);
  forced.erase(natural);
  EXPECT_EQ(told, forced);
}

constexpr const char* kFirst = "<winner is=\"first-answer\"";
constexpr const char* kRedirect = "<winner is=\"redirect\"";
constexpr const char* kMulticast = "<winner is=\"multicast\"";

INSTANTIATE_TEST_SUITE_P(
    Runs, BruteForce,
    ::testing::Values(
        Failing{"reference/redirect-beats-multicast.xml", kFirst, kMulticast,
                "redirect-answer-then-multicast-answer"},
        Failing{"reference/redirect-beats-multicast.xml", kFirst, kRedirect,
                "multicast-answer-ties-redirect-answer"},
        Failing{"tutorial/7-race.xml", kFirst, kMulticast, "without-multicast-answer"},
        Failing{"races/three-responders.xml", kFirst, kRedirect,
                "pbx-notify-then-redirect-answer-then-other-notify"},
        Failing{"results/run-limit-ends-a-search.xml", "<result is=\"no-url\"",
                "<result is=\"no-valid-time\"", ""},
        Failing{"results/run-limit-ends-a-search.xml", "<result is=\"no-url\"",
                "<event name=\"clock_set\" at=\"3s\"/><result is=\"no-url\"", ""},
        // The same is done on both sides of that instant.
        Failing{"reference/redirect-beats-multicast.xml", kFirst,
                "<event name=\"late_answer_ignored\" at=\"116ms\"/><winner is=\"redirect\"",
                "redirect-answer-then-multicast-answer"}));

constexpr Failing kShort{"results/run-limit-ends-a-search.xml", "<result is=\"no-url\"",
                         "<result is=\"no-valid-time\"", ""};

TEST(PointOfNoReturn, IsWhereBruteForceFindsIt) {
  expect_reach(base_of(kShort));
  expect_reach(base_of({"reference/redirect-beats-multicast.xml", kFirst, kRedirect,
                        "multicast-answer-ties-redirect-answer"}));
}

TEST(PointOfNoReturn, IsWhereBruteForceFindsItInAnExploration) {
  BaseRun base = base_of(kShort);
  base.deviations = Deviations{};
  expect_reach(base);
}

}  // namespace
}  // namespace provlab::lab
