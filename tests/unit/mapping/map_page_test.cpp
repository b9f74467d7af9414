#include "sim/lab/pages/map_page.hpp"

#include <gmock/gmock.h>

#include <pugixml.hpp>

namespace provlab::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Plane sample() {
  return {.x = {"<r>", {0s, 12s}},
          .y = DelayAxis{"m", {0s, 6s}},
          .resolution = 1s,
          .outcomes = {"winner <redirect>", "winner multicast"},
          .bands = {{.y = {0s, 6s},
                     .cells = {{.outcome = 0, .end = Line{.at = 1s, .slope = 1}},
                               {.outcome = 1, .end = {}}}}},
          .borders = {
              {.before = 0,
               .behind = 1,
               .line = Line{.at = 1s, .slope = 1},
               .last = {},
               .along = {0s, 6s},
               .cause = BorderCause{
                   .kind = BorderCause::Kind::answer, .answer = "m", .other = "<r>", .tie = 1}}}};
}

std::string page_of(const Plane& plane, std::vector<std::string> moved = {},
                    const Plane* before = nullptr) {
  return map_page({.scenario = "a & b",
                   .effort = "7 runs",
                   .plane = plane,
                   .missing = {},
                   .baseline = moved.empty() ? "" : "x.map",
                   .moved = std::move(moved),
                   .before = before});
}

TEST(MapPage, IsWellFormedAndDrawsAreasAndBorders) {
  const std::string page = page_of(sample());
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(page.substr(page.find('\n')).c_str()));
  EXPECT_EQ(document.select_nodes("//*[contains(@class, 'area ')]").size(), 2U);
  EXPECT_EQ(document.select_nodes("//*[@class='border']/title").size(), 1U);
  EXPECT_TRUE(document.select_node("//dt[@id='border-1']"));
  EXPECT_THAT(page, AllOf(HasSubstr("A: winner &lt;redirect&gt;"), HasSubstr("&lt;r&gt; = m + 1s"),
                          HasSubstr("in one instant it is B"), Not(HasSubstr("<redirect>")),
                          Not(HasSubstr("Otherwise than in"))));
}

TEST(MapPage, EveryLinkLeadsSomewhere) {
  const std::string page = page_of(sample());
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(page.substr(page.find('\n')).c_str()));
  for (const auto& link : document.select_nodes("//a[@href]")) {
    const std::string target = link.node().attribute("href").value();
    const std::string id = "//*[@id='" + target.substr(1) + "']";
    EXPECT_TRUE(document.select_node(id.c_str())) << target;
  }
}

TEST(MapPage, ARowIsDrawnToo) {
  Plane row = sample();
  row.y.reset();
  row.bands[0] = {.y = {},
                  .cells = {{.outcome = 0, .end = Line{.at = 3s}}, {.outcome = 1, .end = {}}}};
  row.borders[0].line = Line{.at = 3s};
  row.borders[0].along = {};
  EXPECT_THAT(page_of(row), AllOf(HasSubstr("up to &lt;r&gt; 3s"), Not(HasSubstr("nan "))));
}

TEST(MapPage, DrawsBordersOfTheBaselineThatAreNoneAnyMore) {
  Plane before = sample();
  EXPECT_THAT(page_of(sample(), {"nothing of these"}, &before), Not(HasSubstr("class=\"before\"")));
  before.borders[0].line = Line{.at = 2s, .slope = 1};
  EXPECT_THAT(page_of(sample(), {"the patience ended"}, &before),
              AllOf(HasSubstr("class=\"before\""),
                    HasSubstr("<title>in the baseline: up to &lt;r&gt; = m + 2s</title>"),
                    HasSubstr("border in the baseline")));
}

TEST(MapPage, TellsWhatHasMoved) {
  EXPECT_THAT(
      page_of(sample(), {"the patience ended"}),
      AllOf(HasSubstr("Otherwise than in x.map"), HasSubstr("<li>the patience ended</li>")));
}

}  // namespace
}  // namespace provlab::lab
