#include "tests/unit/explaining/hidden_causes.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>

#include "sim/lab/explaining/explainer.hpp"
#include "sim/lab/suite/runner.hpp"
#include "tests/temporary_folder.hpp"

/// Captures that are made with a cause which they do not show, and what is found of it.
namespace provlab::lab {
namespace {

using test::by_dhcp;
using test::Case;
using test::lost_ones;

class HiddenCauses : public ::testing::Test {
 protected:
  HiddenCauses() { prepare_language(); }

  std::string captured(const Case& each) {
    const std::string text = fmt::format(
        "<scenario name=\"made\"><about>Made for a test.</about>{}"
        "<expect><event name=\"powered_on\"/></expect></scenario>",
        each.body);
    const PlanResult plan = compile_scenario(text, folder_ / "made.xml");
    EXPECT_TRUE(plan) << each.name << ": " << (plan ? "" : plan.error().front().to_string());
    if (!plan) return {};
    test::Tap tap(each.mishaps);
    tap.begin += each.begin;
    tap.rewrite = [&](world::Packet& packet) {
      for (const auto& [before, after] : each.shown_as) replace(packet, before, after);
    };
    return tap.capture(*plan);
  }

  static void replace(world::Packet& packet, const std::string& before, const std::string& after) {
    std::string text(text_of(packet.payload));
    if (packet.from.port != 67) return;
    const std::size_t at = text.find(before);
    if (at == text.npos) return;
    text.replace(at, before.size(), after);
    packet.payload = Bytes(text.begin(), text.end());
  }

  CaptureExplanation explained(const std::string& capture, const std::string& name,
                               const SearchLimits& limits = {}) {
    const std::string file = folder_ / "capture.pcapng";
    std::ofstream(file, std::ios::binary) << capture;
    auto found =
        explain_capture({.import = {.capture = file, .folder = folder_ / name, .name = "explained"},
                         .limits = limits});
    EXPECT_TRUE(found) << name << ": " << (found ? "" : found.error().to_string());
    return std::move(*found);
  }

  /// From 1; 0: it is not among them.
  static std::size_t rank(const Case& each, const CaptureExplanation& found) {
    const auto has = [&](const std::string& text) { return text.find(each.cause) != text.npos; };
    if (each.shown) {
      for (std::size_t i = 0; i < found.decisions.size(); ++i) {
        if (has(found.decisions[i].oddity)) return i + 1;
      }
      return 0;
    }
    for (std::size_t i = 0; i < found.hypotheses.size(); ++i) {
      if (std::ranges::any_of(found.hypotheses[i].sentences, has)) return i + 1;
    }
    return 0;
  }

  /// A kept scenario is one of the library's kind: it is valid, and passes.
  static void expect_passing(const CaptureExplanation& found, const std::string& name) {
    std::vector<std::string> files{found.import.scenario};
    for (const KeptHypothesis& each : found.hypotheses) files.push_back(each.scenario);
    const SuiteReport report = run_suite(files, {});
    for (const Complaint& each : report.complaints) ADD_FAILURE() << name << each.to_string();
    for (const RunReport& run : report.runs) {
      if (run.file == found.import.scenario && !found.replays) continue;
      EXPECT_EQ(run.verdict.reason, "") << name;
      for (const Finding& each : run.verdict.findings) {
        if (!each.held) ADD_FAILURE() << name << ": " << run.heading(each) << each.actual;
      }
    }
  }

  ::provlab::test::TemporaryFolder folder_;
};

TEST_F(HiddenCauses, AreAmongTheFirstHypotheses) {
  std::vector<Case> all = lost_ones();
  for (auto more : {test::late_ones(), test::device_ones(), test::stored_ones(),
                    test::release_ones(), test::shown_ones()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  std::size_t first = 0;
  std::size_t among_three = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto started = std::chrono::steady_clock::now();
    const CaptureExplanation found = explained(captured(all[i]), fmt::format("case{}", i));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    const std::size_t place = rank(all[i], found);
    first += place == 1 ? 1 : 0;
    among_three += place >= 1 && place <= 3 ? 1 : 0;
    std::cout << fmt::format("{:<45} rank {} {:6} runs {:5.2f} s{}\n", all[i].name, place,
                             found.runs, took.count(), found.replays ? " (replays)" : "");
    if (place != 1) {
      if (found.import.divergence) std::cout << "    " << found.import.divergence->text << '\n';
      for (const auto& each : found.hypotheses) {
        std::cout << "    ? " << each.probability << " " << each.apart;
        for (const auto& sentence : each.sentences) std::cout << ": " << sentence;
        std::cout << '\n';
      }
      for (const auto& each : found.decisions) {
        std::cout << "    ! " << each.oddity << " | " << each.consequence << '\n';
      }
    }
    EXPECT_LT(took.count(), 30) << all[i].name;
    expect_passing(found, all[i].name);
  }
  std::cout << fmt::format("{} causes: {} first, {} among three\n", all.size(), first, among_three);
  EXPECT_GE(all.size(), 30U);
  EXPECT_GE(first * 30, all.size() * 25);
  EXPECT_EQ(among_three, all.size());
}

std::string told(const CaptureExplanation& found) {
  std::string text;
  for (const KeptHypothesis& each : found.hypotheses) {
    text += each.probability + fmt::format(" {}\n", each.apart);
    for (const std::string& sentence : each.sentences) text += sentence + "\n";
    std::ifstream file(each.scenario);
    text.append(std::istreambuf_iterator<char>(file), {});
  }
  for (const Decision& each : found.decisions) text += each.oddity + each.consequence + "\n";
  for (const std::string& each : found.unknown) text += each + "\n";
  return text + fmt::format("{}", found.runs);
}

TEST_F(HiddenCauses, AreToldAlikeOnAnyNumberOfThreads) {
  const std::string capture = captured(lost_ones().back());
  const std::string first = told(explained(capture, "same", {.jobs = 1}));
  EXPECT_THAT(first, ::testing::HasSubstr("two lost packets"));
  EXPECT_EQ(told(explained(capture, "same", {.jobs = 3})), first);
}

TEST_F(HiddenCauses, BudgetEndsTheSearch) {
  const CaptureExplanation found =
      explained(captured(lost_ones().back()), "short", {.runs = 100, .assumptions = 2});
  EXPECT_FALSE(found.explains());
  EXPECT_FALSE(found.exhausted);
  ASSERT_TRUE(found.farthest) << "one of the two losses leads farther";
  EXPECT_EQ(found.farthest->probability, "one lost packet");
  EXPECT_GT(found.explained, Duration::zero());
}

TEST_F(HiddenCauses, WhatIsOpenIsTold) {
  const CaptureExplanation found =
      explained(captured({.name = "",
                          .body = by_dhcp("", R"(<on request="discover" nth="1"><nothing/></on>)"),
                          .cause = {}}),
                "open");
  EXPECT_TRUE(found.replays);
  EXPECT_THAT(found.unknown, ::testing::Contains(::testing::HasSubstr(
                                 "discover to everybody at 0.000000 s was lost behind the tap")));
}

TEST(Assumptions, ClassIsSaidInWords) {
  const auto of = [](std::vector<AssumptionKind> kinds) {
    std::vector<Assumption> all;
    for (const AssumptionKind each : kinds)
      all.push_back({.kind = each, .words = {}, .change = {}});
    return class_of(all);
  };
  EXPECT_EQ(of({AssumptionKind::lost}), "one lost packet");
  EXPECT_EQ(of({AssumptionKind::lost, AssumptionKind::lost}), "two lost packets");
  EXPECT_EQ(of({AssumptionKind::setting, AssumptionKind::lost}), "one lost packet and one setting");
}

}  // namespace
}  // namespace provlab::lab
