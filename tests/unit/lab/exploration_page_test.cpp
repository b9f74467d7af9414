#include "sim/lab/pages/exploration_page.hpp"

#include <gmock/gmock.h>

#include <pugixml.hpp>
#include <regex>

#include "tests/unit/lab/suite_fixture.hpp"

namespace provlab::lab {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ExplorationPages : public SuiteFixture {
 protected:
  /// Two outcomes, the second with nothing looked for, and one broken invariant.
  ExplorationPage sample() {
    if (suite_.runs.empty()) suite_ = run_shard(1, 1);
    WhatIf what_if{.nearest = Neighbour{"natural@7:+1ns", "had <this> come 1ns later, b", 1},
                   .outcomes = {{.words = "a won", .last_packet = {}},
                                {.words = "b won",
                                 .wanted = true,
                                 .runs = 3,
                                 .last = 9,
                                 .until = std::chrono::milliseconds(9),
                                 .last_packet = "the NOTIFY"}},
                   .runs = 20,
                   .steps = 1,
                   .whole = true};
    ExplorationPage page;
    page.scenario = "a & b";
    page.conditions = "window 200ms";
    page.figures = {{"runs", "9"}};
    page.extent = {"seen of 6 packets"};
    page.unit = "classes of orders";
    page.all = 8;
    page.outcomes.push_back({.title = "a won",
                             .count = 6,
                             .facts = {},
                             .when = "nothing is changed",
                             .token = "natural",
                             .natural = true,
                             .repeat = "provlab explore x --token natural",
                             .run = suite_.runs[0],
                             .what_if = what_if,
                             .compare = "provlab compare x@natural @natural@7:+1ns"});
    page.outcomes.push_back({.title = "<b> won",
                             .count = 2,
                             .facts = {{"heard", "run, load"}},
                             .when = "c waits",
                             .token = "3:1",
                             .repeat = "provlab explore x --token 3:1",
                             .run = suite_.runs[1],
                             .what_if = std::nullopt,
                             .compare = {}});
    return page;
  }

  static pugi::xml_document parsed(const std::string& page) {
    pugi::xml_document document;
    EXPECT_TRUE(document.load_string(page.substr(page.find('\n')).c_str()));
    return document;
  }

 private:
  SuiteReport suite_;
};

TEST_F(ExplorationPages, AreWellFormedAndDrawARunOfEachOutcome) {
  const std::string page = exploration_page(sample());
  const pugi::xml_document document = parsed(page);
  EXPECT_EQ(document.select_nodes("//section[h2/@id='outcome-1']/div[@class='figure']").size(), 1U);
  EXPECT_EQ(document.select_nodes("//section[h2/@id='outcome-2']/div[@class='figure']").size(), 1U);
  EXPECT_THAT(page, AllOf(HasSubstr("&lt;b&gt; won"), HasSubstr("had &lt;this&gt; come 1ns later"),
                          HasSubstr("6 of 8 classes of orders"), Not(HasSubstr("<b> won")),
                          HasSubstr("no invariant broke"), HasSubstr("heard: run, load")));
}

TEST_F(ExplorationPages, SayHowTheNearestIsShownAndWhenItWasTooLate) {
  const std::string page = exploration_page(sample());
  EXPECT_THAT(page, AllOf(HasSubstr("<code>provlab compare x@natural @natural@7:+1ns</code>"),
                          HasSubstr("until 0.009 s: <span>the NOTIFY</span>"),
                          HasSubstr("⚑ too late for another outcome"),
                          HasSubstr("class=\"reach share\""), HasSubstr("class=\"reach other\""),
                          HasSubstr("<title>B: b won, lost with the NOTIFY</title>"),
                          HasSubstr("was not looked for")));
}

TEST_F(ExplorationPages, LeadToWhatIsThere) {
  ExplorationPage page = sample();
  page.outcomes[1].run.reset();  // it has no room
  const std::string text = exploration_page(page);
  const pugi::xml_document document = parsed(text);
  EXPECT_EQ(document.select_nodes("//td/a[@href]").size(), 1U);
  for (const auto& link : document.select_nodes("//a[starts-with(@href, '#')]")) {
    const std::string id = link.node().attribute("href").value() + 1;
    EXPECT_TRUE(document.select_node(("//*[@id='" + id + "']").c_str())) << id;
  }
  EXPECT_THAT(text, HasSubstr("1 more stand in the table alone"));
}

TEST_F(ExplorationPages, TellWhatBrokeFirst) {
  ExplorationPage page = sample();
  page.broken.push_back(page.outcomes[1]);
  page.broken[0].title = "invariant I4: it held two";
  page.broken[0].token = "5:1";
  page.broken[0].run->verdict.findings = {{.text = "invariant I4",
                                           .held = false,
                                           .expected = "one",
                                           .actual = "it held two",
                                           .why = {},
                                           .slice = {},
                                           .event = 12}};
  const std::string text = exploration_page(page);
  EXPECT_LT(text.find("id=\"broken\""), text.find("id=\"outcomes\""));
  EXPECT_LT(text.find("id=\"broken-1\""), text.find("id=\"outcome-1\""));
  EXPECT_THAT(text, AllOf(HasSubstr("badge failed\">failed"), HasSubstr("✗ invariant I4"),
                          HasSubstr("an invariant breaks"), Not(HasSubstr("no invariant broke"))));
}

TEST_F(ExplorationPages, DrawARunOnceWhereItBreaksSomethingToo) {
  ExplorationPage page = sample();
  page.broken.push_back(page.outcomes[1]);
  const pugi::xml_document document = parsed(exploration_page(page));
  EXPECT_EQ(document.select_nodes("//div[@class='figure']").size(), 2U);
  EXPECT_TRUE(document.select_node("//section[h2/@id='outcome-2']/p/a[@href='#broken-1']"));
}

TEST_F(ExplorationPages, TellWhatAnotherBaselineHas) {
  ExplorationPage page = sample();
  page.baseline = "x.outcomes";
  EXPECT_THAT(exploration_page(page), HasSubstr("x.outcomes: nothing has changed"));
  page.gone = {"winner <c>"};
  EXPECT_THAT(exploration_page(page), AllOf(HasSubstr("Otherwise than in x.outcomes"),
                                            HasSubstr("<li>gone: winner &lt;c&gt;</li>")));
}

TEST_F(ExplorationPages, AreTheSameForTheSameFindingsAndNeedNothing) {
  const std::string page = exploration_page(sample());
  EXPECT_EQ(page, exploration_page(sample()));
  EXPECT_FALSE(std::regex_search(page, std::regex("(src|href)=\"(https?:)?//|@import|url\\(")));
}

TEST_F(ExplorationPages, OfManyOutcomesStaySmall) {
  ExplorationPage page = sample();
  const ExplorationPage::Part part = page.outcomes[1];
  for (int i = 0; i < 2000; ++i) {
    page.outcomes.push_back(part);
    page.outcomes.back().run.reset();
    page.outcomes.back().title = std::string(3000, 'w');
  }
  const std::string text = exploration_page(page);
  EXPECT_LT(text.size(), 600'000U);
  EXPECT_THAT(text, HasSubstr("And 1502 more, which --json has."));
}

}  // namespace
}  // namespace provlab::lab
