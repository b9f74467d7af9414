#include "sim/lab/language/coverage.hpp"

#include <gmock/gmock.h>

#include "sim/lab/language/rule_search.hpp"
#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const RuleCoverage& of(const std::vector<RuleCoverage>& coverage, std::string_view number) {
  const auto found = std::ranges::find_if(
      coverage, [&](const RuleCoverage& each) { return each.rule->number == number; });
  if (found == coverage.end()) throw std::logic_error("no such rule");
  return *found;
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

TEST(RuleCoverage, ARuleIsMissingWithoutScenariosUnlessItSaysWhy) {
  SpecRule rule{.number = "2.8", .title = "A rule"};
  RuleCoverage covered{&rule, {}};
  EXPECT_TRUE(covered.is_missing());
  rule.not_yet = {{"a part", false}};
  rule.beyond_runs = {{"a part", "a reason", false}};
  EXPECT_TRUE(covered.is_missing());
  rule.not_yet[0].whole = true;
  EXPECT_FALSE(covered.is_missing());
  rule.not_yet.clear();
  rule.beyond_runs[0].whole = true;
  EXPECT_FALSE(covered.is_missing());
  rule.beyond_runs.clear();
  covered.scenarios = {"sample"};
  EXPECT_FALSE(covered.is_missing());
}

TEST(RuleCoverage, IsToldRuleByRule) {
  const SpecRule covered{.number = "2.1", .title = "Covered"};
  const SpecRule in_part{.number = "2.2", .title = "In part", .not_yet = {{"A part."}}};
  const SpecRule ignored{.number = "2.3", .title = "Ignored", .not_yet = {{"all of it", true}}};
  const SpecRule beyond{.number = "I11",
                        .title = "Beyond",
                        .beyond_runs = {{"all of it", "it takes two runs", true}}};
  const SpecRule missing{.number = "2.4", .title = "Missing"};
  EXPECT_EQ(coverage_text(std::vector<RuleCoverage>{{&covered, {"one", "two"}},
                                                    {&in_part, {"one"}},
                                                    {&ignored, {}},
                                                    {&beyond, {}},
                                                    {&missing, {}}}),
            R"(2.1         Covered (2)
            one, two
2.2         In part (1, in part not yet)
            one

no run can show:
I11         Beyond
            (it takes two runs)

not yet followed, and covered by no scenario:
2.3         Ignored

covered by no scenario:
2.4         Missing

uncovered: 1
)");
}

TEST(RuleCoverage, WrapsLongLists) {
  const SpecRule rule{.number = "2.1", .title = "A rule"};
  std::vector<RuleCoverage> coverage{{&rule, {}}};
  coverage.front().scenarios.assign(20, "a-scenario-with-a-long-name");
  const std::string text = coverage_text(coverage);
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start);
    EXPECT_LE(end - start, 100U) << text.substr(start, end - start);
    start = end + 1;
  }
  EXPECT_THAT(text, EndsWith("\nuncovered: 0\n"));
}

std::string numbers(const RulesMeant& meant) {
  std::string text;
  for (const SpecRule* rule : meant.rules) text += rule->number + ' ';
  return text;
}

TEST(RuleSearch, TakesANumberAsThatRule) {
  const RulesMeant meant = rules_meant("2.1");
  EXPECT_EQ(numbers(meant), "2.1 ");
  EXPECT_EQ(meant.heading, "");
}

TEST(RuleSearch, TakesANumberOfASectionAsItsRules) {
  EXPECT_EQ(numbers(rules_meant("1")), "1.1 1.2 1.3 1.4 1.5 ");
  EXPECT_EQ(rules_meant("1").heading, "section 1, Device: 5 rules");
  EXPECT_EQ(numbers(rules_meant("I")), numbers(rules_meant("10")));
  EXPECT_THAT(numbers(rules_meant("I")), StartsWith("I1 I2 "));
  EXPECT_EQ(numbers(rules_meant("9")), "9 ") << "which lists those of its section";
}

TEST(RuleSearch, FindsAWordInTitlesAndTexts) {
  const RulesMeant meant = rules_meant("UNSYNCHRONISED");
  EXPECT_EQ(rule_titles(meant),
            "1 rule with 'UNSYNCHRONISED'\n"
            "9.ntp-unsynchronised  NTP fault: a server that is not synchronised\n");
  EXPECT_THAT(rule_titles(rules_meant("nul")),
              HasSubstr("\n3.2         Option 43 carries the same two as sub-options\n"
                        "            are `http://foo`"));
  EXPECT_THAT(rule_titles(rules_meant("kiss")), Not(HasSubstr("\n3.2 ")));
}

TEST(RuleSearch, SaysThatNothingIsCalledSo) {
  EXPECT_THAT(rules_meant("no such word").rules, IsEmpty());
  EXPECT_EQ(names_no_rule("wombat"),
            "no rule is called 'wombat' or says it; 'provlab list --rules' shows them all");
  EXPECT_THAT(names_no_rule("I12"), StartsWith("there is no rule 'I12' (did you mean "));
}

TEST(RuleSearch, ListsEveryRuleUnderItsSection) {
  const std::string text = all_rule_titles();
  EXPECT_THAT(text, StartsWith("1 Device\n1.1         Types D100 and D200"));
  for (const SpecRule& rule : specification().rules) {
    EXPECT_THAT(text, HasSubstr('\n' + rule.number + ' '));
  }
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
