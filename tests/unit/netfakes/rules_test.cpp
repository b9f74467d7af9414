#include "netfakes/rules.hpp"

#include <gtest/gtest.h>

#include <climits>

namespace provlab::netfakes {
namespace {

bool pattern_names(std::string_view pattern, std::string text, std::string_view detail = {}) {
  return names(pattern, Request{std::move(text), detail});
}

TEST(Rule, EmptyPatternNamesEveryRequest) {
  EXPECT_TRUE(pattern_names("", "discover"));
}

TEST(Rule, NamesItsTextAndNothingLonger) {
  EXPECT_TRUE(pattern_names("GET /a.xml", "GET /a.xml"));
  EXPECT_FALSE(pattern_names("GET /a.xml", "GET /a.xml.bak"));
  EXPECT_FALSE(pattern_names("GET /a.xml", "GET /b.xml"));
}

TEST(Rule, NamesByTheFirstWordAlone) {
  EXPECT_TRUE(pattern_names("GET", "GET /a.xml"));
  EXPECT_TRUE(pattern_names("assignment", "assignment mac=00095200000E"));
  EXPECT_FALSE(pattern_names("A", "AAAA prov.server.com"));
}

TEST(Rule, WithoutQueryNamesThePathWithAnyQuery) {
  EXPECT_TRUE(pattern_names("GET /prov.py", "GET /prov.py?mac=1"));
  EXPECT_FALSE(pattern_names("GET /prov.py?mac=2", "GET /prov.py?mac=1"));
}

TEST(Rule, NamesBeginningsByAStar) {
  EXPECT_TRUE(pattern_names("GET /prov/*", "GET /prov/a.xml"));
  EXPECT_FALSE(pattern_names("GET /prov/*", "GET /other/a.xml"));
}

TEST(Rule, NamesTextAndDetail) {
  EXPECT_TRUE(pattern_names("request", "request", "renewing"));
  EXPECT_TRUE(pattern_names("request renewing", "request", "renewing"));
  EXPECT_FALSE(pattern_names("request renewing", "request", "rebinding"));
  EXPECT_FALSE(pattern_names("request renewing", "request"));
}

Rule rule(std::string request, std::string id) {
  Rule made;
  made.request = std::move(request);
  made.answer.id = std::move(id);
  return made;
}

std::string chosen(RuleCounter& counter, const std::vector<Rule>& rules, std::string request,
                   Instant now = Instant{}) {
  const Rule* found = counter.choose(std::span(rules), Request{std::move(request), {}}, now);
  return found == nullptr ? "none" : found->answer.id;
}

TEST(RuleCounter, KnowsWhenARuleIsOver) {
  using namespace std::chrono_literals;
  std::vector<Rule> rules = {rule("b", "1"), rule("b", "2")};
  rules[0].until = Instant{} + 10s;
  rules[0].nth = Nth(1, 2);
  RuleCounter counter;
  EXPECT_EQ(chosen(counter, rules, "b", Instant{} + 10s - 1ns), "1");
  EXPECT_EQ(chosen(counter, rules, "b", Instant{} + 10s), "2");
}

TEST(RuleCounter, ChoosesTheFirstRuleThatApplies) {
  const std::vector<Rule> rules = {rule("b", "1"), rule("", "2"), rule("b", "3")};
  RuleCounter counter;
  EXPECT_EQ(chosen(counter, rules, "a"), "2");
  EXPECT_EQ(chosen(counter, rules, "b"), "1");
}

TEST(RuleCounter, NthAppliesOnceAndCountsOnlyWhatTheRuleNames) {
  std::vector<Rule> rules = {rule("b", "second b")};
  rules[0].nth = 2;
  RuleCounter counter;
  EXPECT_EQ(chosen(counter, rules, "b"), "none");
  EXPECT_EQ(chosen(counter, rules, "a"), "none");
  EXPECT_EQ(chosen(counter, rules, "b"), "second b");
  EXPECT_EQ(chosen(counter, rules, "b"), "none");
}

TEST(RuleCounter, NthCanBeARangeWithoutEnd) {
  std::vector<Rule> rules = {rule("", "some"), rule("", "later")};
  rules[0].nth = {2, 3};
  rules[1].nth = {5, UINT_MAX};
  RuleCounter counter;
  std::string seen;
  for (int i = 0; i < 7; ++i) seen += chosen(counter, rules, "a")[0];
  EXPECT_EQ(seen, "nssnlll") << "none, some, later";
}

TEST(RuleCounter, EveryAppliesToEachMultiple) {
  std::vector<Rule> rules = {rule("", "third")};
  rules[0].every = 3;
  RuleCounter counter;
  std::string seen;
  for (int i = 0; i < 7; ++i) seen += chosen(counter, rules, "a") == "third" ? '3' : '.';
  EXPECT_EQ(seen, "..3..3.");
}

TEST(RuleCounter, CountsWhatAnEarlierRuleAnswered) {
  std::vector<Rule> rules = {rule("", "first"), rule("", "second")};
  rules[0].nth = 1;
  rules[1].nth = 2;
  RuleCounter counter;
  EXPECT_EQ(chosen(counter, rules, "a"), "first");
  EXPECT_EQ(chosen(counter, rules, "a"), "second");
}

}  // namespace
}  // namespace provlab::netfakes
