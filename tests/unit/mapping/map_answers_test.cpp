#include "sim/lab/mapping/map_answers.hpp"

#include <gmock/gmock.h>

#include "sim/lab/language/load.hpp"
#include "sim/lab/mapping/plane_drift.hpp"
#include "sim/lab/mapping/plane_text.hpp"
#include "tests/file_content.hpp"

namespace provlab::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::string_view kReference =
    PROVLAB_SOURCE_DIR "/scenarios/reference/redirect-beats-multicast.xml";

/// The reference race on a phone whose firmware is turned so.
TrialSetting reference(const std::string& knobs = {}) {
  std::string text = test::content_of(std::string(kReference));
  constexpr std::string_view kEnd = "release=\"2.2A\"/>";
  const std::size_t end = text.find(kEnd);
  if (!knobs.empty()) {
    text.replace(end, kEnd.size(), "release=\"2.2A\"><knobs " + knobs + "/></device>");
  }
  return {.plan = compile_scenario(text, std::string(kReference)).value(),
          .x = {"redirect-answer", {0s, 12s}},
          .y = DelayAxis{"multicast-answer", {0s, 6s}},
          .seed = 7};
}

MapOptions coarse(unsigned jobs = 2) {
  MapOptions options;
  options.resolution = 1s;
  options.jobs = jobs;
  return options;
}

Plane plane_of(const TrialSetting& setting) {
  return map_answers(setting, coarse()).plane;
}

TEST(AnswerMap, TheReferenceRaceHasExactBordersAndNamesThem) {
  const AnswerMap map = map_answers(reference(), coarse());
  ASSERT_TRUE(map.complete);
  EXPECT_THAT(map.outcomes, SizeIs(3));
  ASSERT_THAT(map.plane.borders, SizeIs(4));
  std::vector<std::string> words;
  for (const Border& border : map.plane.borders) {
    words.push_back(border_place(map.plane, border) + ": " + cause_words(border.cause.value()));
  }
  EXPECT_THAT(
      words,
      ElementsAre("redirect-answer = multicast-answer - 84ms: multicast-answer and redirect-answer "
                  "arrive together; in one instant it is B",
                  "redirect-answer 9.914s: redirect-answer arrives as the patience with redirect "
                  "ends, 10s after it was asked; in one instant it is B",
                  "multicast-answer 4.998s: multicast-answer arrives as the patience with "
                  "multicast ends, 5s after it was asked; in one instant it is A",
                  "multicast-answer 4.998s: multicast-answer arrives as the patience with "
                  "multicast ends, 5s after it was asked; in one instant it is A"));
}

TEST(AnswerMap, BothSidesOfEveryBorderAreAsPlayed) {
  const TrialSetting setting = reference();
  const AnswerMap map = map_answers(setting, coarse());
  for (const Border& border : map.plane.borders) {
    for (const Duration along : {border.along.from, border.along.to}) {
      const auto at = [&](Duration further) {
        return border.line ? PlanePoint{border.line->x_at(along) + further, along}
                           : PlanePoint{along, border.last + further};
      };
      EXPECT_EQ(outcome_at(setting, at(0ns)), map.outcomes[border.before]);
      EXPECT_EQ(outcome_at(setting, at(1ns)), map.outcomes[border.behind]);
    }
  }
}

TEST(AnswerMap, IsTheSameForEveryNumberOfThreads) {
  EXPECT_EQ(map_answers(reference(), coarse(1)).plane, map_answers(reference(), coarse(3)).plane);
}

TEST(AnswerMap, OneAnswerMakesARow) {
  TrialSetting setting = reference();
  setting.y.reset();
  setting.x = {"multicast-answer", {0s, 6s}};
  const Plane plane = plane_of(setting);
  ASSERT_THAT(plane.bands, SizeIs(1));
  EXPECT_THAT(plane.borders, SizeIs(1));
  EXPECT_EQ(plane.resolution, 1s);
}

TEST(AnswerMap, ABudgetThatEndsLeavesWhatIsKnown) {
  MapOptions options = coarse();
  options.budget = 60;
  const AnswerMap map = map_answers(reference(), options);
  EXPECT_FALSE(map.complete);
  EXPECT_LE(map.runs, 60U);
  options.budget = 50'000;
  options.enough = [] { return true; };
  EXPECT_EQ(map_answers(reference(), options).runs, 0U);
}

TEST(AnswerMap, IsKeptInAFileAndReadBack) {
  const Plane plane = plane_of(reference());
  const std::string text = plane_file(plane, "a name");
  const auto read = read_plane(text, "x.map");
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_EQ(*read, plane);
  EXPECT_EQ(plane_file(*read, "a name"), text);
}

TEST(AnswerMap, AFileThatIsNoneIsRefusedByItsLine) {
  const std::string text = plane_file(plane_of(reference()), "a name");
  const auto refuses = [&](const std::string& from, const std::string& to) {
    std::string broken = text;
    const std::size_t at = broken.find(from);
    ASSERT_NE(at, broken.npos) << from;
    broken.replace(at, from.size(), to);
    const auto read = read_plane(broken, "x.map");
    ASSERT_FALSE(read) << to;
    EXPECT_THAT(read.error().to_string(), AllOf(HasSubstr("x.map"), HasSubstr("--update"))) << to;
  };
  refuses("x 0s..12s", "x 12s..0s");
  refuses("x 0s..12s redirect-answer\n", "");
  refuses("resolution 1s", "resolution 0s");
  refuses("outcome B", "outcome D");
  refuses("  B to y - 84ms", "  B to y * 84ms");
  refuses("  B to y - 84ms", "  G to y - 84ms");
  refuses("\nborder B", "\nborder Z");
  refuses("| patience |", "| impatience |");
  refuses("outcome A", "whatever");
  EXPECT_FALSE(read_plane("", "x.map"));
}

TEST(PlaneDrift, NothingHasMovedInTheSamePhone) {
  EXPECT_THAT(moved(plane_of(reference()), plane_of(reference())), IsEmpty());
}

TEST(PlaneDrift, PatienceThatEndsAtAnotherTimeIsToldAsSuch) {
  const Plane known = plane_of(reference());
  EXPECT_THAT(moved(known, plane_of(reference("multicast-timeout=\"4s\""))),
              Contains("the patience with multicast now ends at 4s instead of 5s"));
  EXPECT_THAT(moved(known, plane_of(reference("redirect-timeout=\"9s\""))),
              ElementsAre("the patience with redirect now ends at 9s instead of 10s",
                          "the border of B and C is now at redirect-answer 8.914s instead of "
                          "redirect-answer 9.914s"));
  EXPECT_THAT(
      moved(known, plane_of(reference("redirect-timeout=\"5s\" multicast-timeout=\"10s\""))),
      AllOf(Contains("the patience with redirect now ends at 5s instead of 10s"),
            Contains("the patience with multicast does not end within the plane any more; it "
                     "ended at 5s")));
}

TEST(PlaneDrift, OutcomesTiesAndBordersAreTold) {
  const Plane known = plane_of(reference());
  Plane other = known;
  other.outcomes[2] = "winner nobody";
  EXPECT_THAT(moved(known, other), AllOf(Contains("a new outcome: winner nobody"),
                                         Contains(HasSubstr("an outcome is gone: winner none"))));
  other = known;
  other.borders[0].cause->tie = 0;
  EXPECT_THAT(moved(known, other),
              ElementsAre(AllOf(HasSubstr("multicast-answer arrives in one instant with redirect"),
                                HasSubstr("it is now winner multicast"))));
  other = known;
  other.bands[2].cells[0].end->at += 1ms;
  EXPECT_THAT(moved(known, other), ElementsAre(HasSubstr("with redirect-answer after 9.915s")));
}

TEST(PlaneDrawing, HasALetterForEachOutcome) {
  const std::string drawing = plane_drawing(plane_of(reference()));
  EXPECT_THAT(drawing, AllOf(HasSubstr("6s |BBB"), HasSubstr("BCC"), HasSubstr("BAA"),
                             HasSubstr("12s"), Not(HasSubstr("D"))));
}

}  // namespace
}  // namespace provlab::lab
