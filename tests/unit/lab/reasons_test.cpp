#include <gmock/gmock.h>

#include "sim/lab/verdict/verdict.hpp"
#include "tests/unit/lab/scenario_text.hpp"

/// Why a race did not form, and where the power was cut: places and reasons instead of "it did
/// not".
namespace provlab::lab {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// The sample, in which the power goes at a moment.
std::string cut_at(const std::string& moment) {
  return changed(without_race(), "<boot at=\"0s\"/>",
                 "<boot at=\"0s\"/>\n    <power-off at=\"" + moment + "\"/>");
}

TEST(PowerCut, IsToldWithItsPlaceWhereTheRunDidNotEnd) {
  const Verdict verdict = run(cut_at("3ms"));
  ASSERT_EQ(verdict.failed(), 1U);
  const Finding& finding = verdict.findings.front();
  EXPECT_THAT(finding.actual,
              AllOf(HasSubstr("the run did not end: the power went at 3ms (line 25), just after "
                              "the phone "),
                    HasSubstr("DHCP")));
  // The time line is that around the cut.
  const std::string marked = *std::ranges::find_if(
      finding.slice, [](const std::string& line) { return line.starts_with("> "); });
  EXPECT_THAT(marked, HasSubstr("is switched off"));
}

TEST(PowerCut, IsToldOfAWinnerThatIsMissingToo) {
  const std::string text =
      changed(cut_at("3ms"), "<result is=\"provisioned\"/>", "<winner is=\"redirect\"/>");
  EXPECT_THAT(run(text).findings.front().actual,
              HasSubstr("no source won: the power went at 3ms (line 25)"));
}

TEST(PowerCut, BehindTheEndOfARunIsNoReason) {
  const std::string text =
      changed(cut_at("10s"), "<result is=\"provisioned\"/>", "<result is=\"no-url\"/>");
  EXPECT_THAT(run(text).findings.front().actual, Not(HasSubstr("power")));
}

TEST(RaceThatDidNotForm, SaysThatAnotherSourceHadWon) {
  const Verdict verdict = run(changed(kScenario, "<dhcp host=\"router\"/>",
                                      "<dhcp host=\"router\"><option code=\"66\" "
                                      "text=\"http://prov.server.com/a.xml\"/></dhcp>"),
                              "r-then-m");
  EXPECT_EQ(verdict.outcome, Outcome::invalid);
  EXPECT_EQ(verdict.line, 22);
  EXPECT_THAT(verdict.reason, HasSubstr("'r' (never asked for: dhcp has won at "));
}

TEST(RaceThatDidNotForm, SaysThatTheRunEndedBefore) {
  const Verdict verdict = run(changed(kScenario, "<ntp host=\"router\"/>",
                                      "<ntp host=\"router\"><on><nothing/></on></ntp>"),
                              "r-then-m");
  EXPECT_EQ(verdict.outcome, Outcome::invalid);
  EXPECT_THAT(verdict.reason, HasSubstr("the run ended no-valid-time at "));
}

TEST(RaceThatDidNotForm, SaysThatNoRequestFellToTheRule) {
  const std::string text =
      changed(kScenario, "<assign id=\"r\" url=\"http://prov.server.com/a.xml\"/>",
              "<on nth=\"9\"><answer id=\"r\" url=\"http://prov.server.com/a.xml\"/></on>");
  const Verdict verdict = run(text, "r-then-m");
  EXPECT_EQ(verdict.outcome, Outcome::invalid);
  EXPECT_THAT(verdict.reason, AllOf(HasSubstr("'r' (never due: "),
                                    HasSubstr(" to redirect came, and none fell to its rule")));
}

TEST(RaceThatCannotForm, IsTheFaultOfTheAnswerWhoseSourceIsNotInTheSequence) {
  std::string text = changed(kScenario, "<race><answer ref=\"r\"/><answer ref=\"m\"/></race>",
                             "<race>\n<answer ref=\"r\"/>\n<answer ref=\"m\"/></race>");
  text = changed(text, "release=\"2.2A\"/>",
                 "release=\"2.2A\"><knobs sequence=\"dhcp, redirect\"/></device>");
  EXPECT_THAT(complaints(text),
              ::testing::Contains(HasSubstr("s.xml:24: a race that cannot form: the knob sequence "
                                            "has no multicast, so 'm' is never asked for")));
}

}  // namespace
}  // namespace provlab::lab
