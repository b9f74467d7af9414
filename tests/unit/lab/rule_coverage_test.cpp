#include "sim/lab/language/coverage.hpp"

#include <gmock/gmock.h>

#include <set>

#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const RuleCoverage& of(const std::vector<RuleCoverage>& coverage, std::string_view number) {
  const auto found = std::ranges::find_if(
      coverage, [&](const RuleCoverage& each) { return each.rule.number == number; });
  if (found == coverage.end()) throw std::logic_error("no such rule");
  return *found;
}

TEST(Rules, HaveEachNumberOnceAndATitle) {
  std::set<std::string_view> numbers;
  for (const Rule& rule : specification_rules()) {
    EXPECT_TRUE(numbers.insert(rule.number).second) << rule.number;
    EXPECT_FALSE(rule.title.empty()) << rule.number;
    EXPECT_FALSE(rule.title.ends_with('.')) << rule.number;
  }
}

TEST(Rules, AreKnownByTheirNumber) {
  EXPECT_TRUE(is_rule("2.10"));
  EXPECT_TRUE(is_rule("9.dhcp-nak"));
  EXPECT_TRUE(is_rule("I11"));
  EXPECT_FALSE(is_rule("2.16"));
  EXPECT_FALSE(is_rule(""));
}

TEST(RuleCoverage, NamesTheScenariosOfEachRule) {
  const std::vector<Shared<ScenarioPlan>> plans{
      plan_of(kScenario), nullptr,
      plan_of(changed(changed(kScenario, "sample", "other"), "\"2.8\"", "\"2.8 I4\""))};
  const auto coverage = rule_coverage(plans);
  EXPECT_THAT(of(coverage, "2.8").scenarios, ElementsAre("sample", "other"));
  EXPECT_THAT(of(coverage, "I4").scenarios, ElementsAre("other"));
  EXPECT_THAT(of(coverage, "2.9").scenarios, IsEmpty());
}

TEST(RuleCoverage, EndsWithTheNumberOfUncoveredRules) {
  const std::vector<Shared<ScenarioPlan>> plans{plan_of(kScenario)};
  const std::string text = coverage_text(rule_coverage(plans));
  EXPECT_THAT(text, HasSubstr("\n2.9         Usable is"));
  EXPECT_THAT(text,
              EndsWith("\nuncovered: " + std::to_string(specification_rules().size() - 1) + "\n"));
}

TEST(RuleCoverage, WrapsLongLists) {
  std::vector<RuleCoverage> coverage{{specification_rules().front(), {}}};
  coverage.front().scenarios.assign(20, "a-scenario-with-a-long-name");
  const std::string text = coverage_text(coverage);
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start);
    EXPECT_LE(end - start, 100U) << text.substr(start, end - start);
    start = end + 1;
  }
  EXPECT_THAT(text, EndsWith("\nuncovered: 0\n"));
}

TEST(ScenarioRules, ThatDoNotExistAreComplainedAbout) {
  EXPECT_THAT(
      complaints(changed(kScenario, "\"2.8\"", "\"2.8 2.16\"")),
      ElementsAre("s.xml:2: rules: there is no rule '2.16' (did you mean '2.1'?); section 2 "
                  "has 2.1 to 2.15; 'provlab list --rules' shows them all"));
  EXPECT_THAT(complaints(changed(kScenario, "\"2.8\"", "\"9.dhcp-nack\"")),
              ElementsAre("s.xml:2: rules: there is no rule '9.dhcp-nack' (did you mean "
                          "'9.dhcp-nak'?); 'provlab list --rules' shows them all"));
  EXPECT_THAT(complaints(changed(kScenario, "\"2.8\"", "\"I12\"")),
              ElementsAre("s.xml:2: rules: there is no rule 'I12' (did you mean 'I1'?); 'provlab "
                          "list --rules' shows them all"));
}

}  // namespace
}  // namespace provlab::lab
