#include "sim/lab/pages/comparison_page.hpp"

#include <gmock/gmock.h>

#include <pugixml.hpp>

#include "sim/lab/pages/aligned_rows.hpp"
#include "sim/lab/pages/page_parts.hpp"
#include "sim/lab/pages/pages.hpp"
#include "tests/file_content.hpp"
#include "tests/unit/comparing/trace_text.hpp"
#include "tests/unit/lab/suite_fixture.hpp"

namespace provlab::lab {
namespace {

using ::testing::HasSubstr;

DiagramRows rows_at(const std::vector<std::pair<EventNumber, int>>& places) {
  DiagramRows rows{.points = {}, .gaps = {}, .ends = {}};
  for (const auto& [event, y] : places) {
    rows.points.push_back(
        {.event = event, .what = DiagramPoint::What::arriving, .index = rows.ends.size(), .y = y});
    rows.ends.push_back(y);
    rows.height = y + 10;
  }
  return rows;
}

TEST(AlignedRows, WhatIsTheSameStandsAtOneHeight) {
  DiagramRows a = rows_at({{1, 10}, {2, 20}, {3, 30}, {4, 40}});
  DiagramRows b = rows_at({{5, 15}, {6, 25}, {7, 70}});
  b.gaps.push_back({.y = 60});
  align_rows(a, b, {{1, 5}, {4, 6}});
  EXPECT_EQ(a.points[0].y, b.points[0].y);
  EXPECT_EQ(a.points[3].y, b.points[1].y);
  EXPECT_EQ(a.points[1].y - a.points[0].y, 10);
  EXPECT_EQ(b.ends[2], b.points[2].y);
  EXPECT_EQ(b.points[2].y - b.gaps[0].y, 10);
  EXPECT_EQ(a.height, b.height);
}

TEST(AlignedRows, WhatComesInAnotherOrderIsLeftWhereItIs) {
  DiagramRows a = rows_at({{1, 10}, {2, 20}, {3, 30}});
  DiagramRows b = rows_at({{1, 10}, {3, 22}, {2, 34}});
  align_rows(a, b, {{1, 1}, {2, 2}, {3, 3}});
  for (const DiagramRows* rows : {&a, &b}) {
    EXPECT_TRUE(std::ranges::is_sorted(rows->points, {}, &DiagramPoint::y));
  }
  EXPECT_EQ(a.points[0].y, b.points[0].y);
}

class ComparisonPage : public SuiteFixture {};

TEST_F(ComparisonPage, HasBothSequencesAndMarksWhereTheyPart) {
  const SuiteReport suite = run_shard(1, 1);
  const ComparedRun a = compared_report(suite.runs[0]);
  const ComparedRun b = compared_report(suite.runs[1]);
  const Comparison found = compare_runs(a, b, Matching(a, b), {});
  ASSERT_TRUE(found.parting);
  const std::string page = comparison_page(drawn(a, b, found), "1.html", "the run");
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(page.c_str(), pugi::parse_default | pugi::parse_doctype));
  EXPECT_LE(page.size(), kMostPageOctets);
  EXPECT_EQ(document.select_nodes("//*[local-name()='svg'][@role='group']").size(), 2U);
  // In both drawings, at one height.
  const auto lines = document.select_nodes("//*[@class='k fail']/*[local-name()='circle']");
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_STREQ(lines[0].node().attribute("cy").value(), lines[1].node().attribute("cy").value());
  // Where one is shown at a time it is the first.
  const auto shown = document.select_nodes("//input[@name='see'][@checked]");
  ASSERT_EQ(shown.size(), 1U);
  EXPECT_STREQ(shown[0].node().attribute("id").value(), "see-a");
  EXPECT_THAT(page, HasSubstr("Where they part"));
  EXPECT_THAT(page, HasSubstr("href=\"1.html\""));
}

TEST_F(ComparisonPage, OfAFailedVariantLeadsToTheNearestThatPassed) {
  write("c.xml", changed(changed(kScenario, "name=\"sample\"", "name=\"cherry\""),
                         "<winner is=\"first-answer\"/>", "<winner is=\"redirect\"/>"));
  RunnerOptions options;
  options.details = Details::failed;
  const SuiteReport suite = run_suite({folder_ / "c.xml"}, options);
  ASSERT_GT(suite.count(Outcome::failed), 0U);
  ASSERT_GT(suite.count(Outcome::passed), 0U);
  ASSERT_TRUE(write_pages(suite, folder_ / "pages", PageChoice::failed));
  for (const RunReport& run : suite.runs) {
    if (run.verdict.outcome != Outcome::failed) continue;
    const std::string page = test::content_of(folder_ / ("pages/" + page_path(run)));
    const std::size_t link = page.find("-beside.html");
    ASSERT_NE(link, page.npos) << run.title();
    const std::size_t begin = page.rfind('"', link) + 1;
    const std::string name = page.substr(begin, link - begin) + "-beside.html";
    EXPECT_THAT(test::content_of(folder_ / ("pages/runs/" + name)), HasSubstr("Where they part"));
  }
}

TEST_F(ComparisonPage, OfLongRunsIsStillSmall) {
  const auto run = [](const std::string& url) {
    TraceText text;
    for (int i = 0; i < 3000; ++i) {
      const EventNumber heard = text.packet(i * 10, "pbx", "device");
      text.event(i * 10 + 1, "device", "late_answer_ignored", heard,
                 fmt::format(R"("source":"{}{}")", url, i));
    }
    return text.run();
  };
  const ComparedRun a = run("<&>" + std::string(300, 'a'));
  const ComparedRun b = run(std::string(300, 'b'));
  const Comparison found = compared(a, b);
  const std::string page = comparison_page(drawn(a, b, found));
  EXPECT_LE(page.size(), kMostPageOctets);
  pugi::xml_document document;
  EXPECT_TRUE(document.load_string(page.c_str(), pugi::parse_default | pugi::parse_doctype));
}

}  // namespace
}  // namespace provlab::lab
