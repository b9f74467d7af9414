#include "netfakes/answer_rules.hpp"

#include <gtest/gtest.h>

#include <climits>

namespace provlab::netfakes {
namespace {

bool pattern_names(std::string_view pattern, std::string text, std::string_view detail = {}) {
  return names(pattern, Request{std::move(text), detail});
}

TEST(AnswerRule, EmptyPatternNamesEveryRequest) {
  EXPECT_TRUE(pattern_names("", "discover"));
}

TEST(AnswerRule, NamesItsTextAndNothingLonger) {
  EXPECT_TRUE(pattern_names("GET /a.xml", "GET /a.xml"));
  EXPECT_FALSE(pattern_names("GET /a.xml", "GET /a.xml.bak"));
  EXPECT_FALSE(pattern_names("GET /a.xml", "GET /b.xml"));
}

TEST(AnswerRule, NamesByTheFirstWordAlone) {
  EXPECT_TRUE(pattern_names("GET", "GET /a.xml"));
  EXPECT_TRUE(pattern_names("assignment", "assignment mac=00095200000E"));
  EXPECT_FALSE(pattern_names("A", "AAAA prov.server.com"));
}

TEST(AnswerRule, WithoutQueryNamesThePathWithAnyQuery) {
  EXPECT_TRUE(pattern_names("GET /prov.py", "GET /prov.py?mac=1"));
  EXPECT_FALSE(pattern_names("GET /prov.py?mac=2", "GET /prov.py?mac=1"));
}

TEST(AnswerRule, NamesBeginningsByAStar) {
  EXPECT_TRUE(pattern_names("GET /prov/*", "GET /prov/a.xml"));
  EXPECT_FALSE(pattern_names("GET /prov/*", "GET /other/a.xml"));
}

TEST(AnswerRule, NamesTextAndDetail) {
  EXPECT_TRUE(pattern_names("request", "request", "renewing"));
  EXPECT_TRUE(pattern_names("request renewing", "request", "renewing"));
  EXPECT_FALSE(pattern_names("request renewing", "request", "rebinding"));
  EXPECT_FALSE(pattern_names("request renewing", "request"));
}

AnswerRule rule(std::string request, std::string id) {
  AnswerRule made;
  made.request = std::move(request);
  made.answer.id = std::move(id);
  return made;
}

std::string chosen(AnswerRuleCounter& counter, const std::vector<AnswerRule>& rules,
                   std::string request, Instant now = Instant{}) {
  const AnswerRule* found = counter.choose(std::span(rules), Request{std::move(request), {}}, now);
  return found == nullptr ? "none" : found->answer.id;
}

TEST(AnswerRuleCounter, KnowsWhenARuleIsOver) {
  using namespace std::chrono_literals;
  std::vector<AnswerRule> rules = {rule("b", "1"), rule("b", "2")};
  rules[0].until = Instant{} + 10s;
  rules[0].nth = Nth(1, 2);
  AnswerRuleCounter counter;
  EXPECT_EQ(chosen(counter, rules, "b", Instant{} + 10s - 1ns), "1");
  EXPECT_EQ(chosen(counter, rules, "b", Instant{} + 10s), "2");
}

TEST(AnswerRuleCounter, CountsTheRequestsOfARulesTime) {
  using namespace std::chrono_literals;
  std::vector<AnswerRule> rules = {rule("b", "1")};
  rules[0].since = Instant{} + 10s;
  rules[0].nth = 2;
  AnswerRuleCounter counter;
  EXPECT_EQ(chosen(counter, rules, "b", Instant{} + 10s - 1ns), "none");
  EXPECT_EQ(chosen(counter, rules, "b", Instant{} + 10s), "none");
  EXPECT_EQ(chosen(counter, rules, "b", Instant{} + 11s), "1");
}

TEST(AnswerRuleCounter, ChoosesTheFirstRuleThatApplies) {
  const std::vector<AnswerRule> rules = {rule("b", "1"), rule("", "2"), rule("b", "3")};
  AnswerRuleCounter counter;
  EXPECT_EQ(chosen(counter, rules, "a"), "2");
  EXPECT_EQ(chosen(counter, rules, "b"), "1");
}

TEST(AnswerRuleCounter, NthAppliesOnceAndCountsOnlyWhatTheRuleNames) {
  std::vector<AnswerRule> rules = {rule("b", "second b")};
  rules[0].nth = 2;
  AnswerRuleCounter counter;
  EXPECT_EQ(chosen(counter, rules, "b"), "none");
  EXPECT_EQ(chosen(counter, rules, "a"), "none");
  EXPECT_EQ(chosen(counter, rules, "b"), "second b");
  EXPECT_EQ(chosen(counter, rules, "b"), "none");
}

TEST(AnswerRuleCounter, NthCanBeARangeWithoutEnd) {
  std::vector<AnswerRule> rules = {rule("", "some"), rule("", "later")};
  rules[0].nth = {2, 3};
  rules[1].nth = {5, UINT_MAX};
  AnswerRuleCounter counter;
  std::string seen;
  for (int i = 0; i < 7; ++i) seen += chosen(counter, rules, "a")[0];
  EXPECT_EQ(seen, "nssnlll") << "none, some, later";
}

TEST(AnswerRuleCounter, EveryAppliesToEachMultiple) {
  std::vector<AnswerRule> rules = {rule("", "third")};
  rules[0].every = 3;
  AnswerRuleCounter counter;
  std::string seen;
  for (int i = 0; i < 7; ++i) seen += chosen(counter, rules, "a") == "third" ? '3' : '.';
  EXPECT_EQ(seen, "..3..3.");
}

TEST(AnswerRuleCounter, CountsWhatAnEarlierRuleAnswered) {
  std::vector<AnswerRule> rules = {rule("", "first"), rule("", "second")};
  rules[0].nth = 1;
  rules[1].nth = 2;
  AnswerRuleCounter counter;
  EXPECT_EQ(chosen(counter, rules, "a"), "first");
  EXPECT_EQ(chosen(counter, rules, "a"), "second");
}

}  // namespace
}  // namespace provlab::netfakes
