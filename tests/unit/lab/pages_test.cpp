#include "sim/lab/pages/pages.hpp"

#include <gmock/gmock.h>

#include <pugixml.hpp>
#include <regex>

#include "core/platform/html_writer.hpp"
#include "sim/lab/pages/seconds_text.hpp"
#include "tests/unit/lab/suite_fixture.hpp"

namespace provlab::lab {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Pages : public SuiteFixture {
 protected:
  SuiteReport detailed() { return run_shard(1, 1); }
  static const RunReport& titled(const SuiteReport& suite, std::string_view title) {
    for (const RunReport& run : suite.runs) {
      if (run.title() == title) return run;
    }
    throw std::logic_error("no such run");
  }
  /// Read strictly, as XML: what is not closed or not escaped makes it fail.
  static pugi::xml_document parsed(const std::string& page) {
    pugi::xml_document document;
    const auto result =
        document.load_string(page.c_str(), pugi::parse_default | pugi::parse_doctype);
    EXPECT_TRUE(result) << result.description() << " at "
                        << page.substr(
                               static_cast<std::size_t>(std::max<std::ptrdiff_t>(result.offset, 0)),
                               200);
    return document;
  }
};

TEST(HtmlWriter, EscapesMarkupAndWhatXmlCannotHold) {
  EXPECT_EQ(html_escaped("<a b='c' d=\"e\">&amp;"),
            "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;amp;");
  EXPECT_EQ(html_escaped("tab\tnew\nline"), "tab\tnew\nline");
  EXPECT_EQ(html_escaped(std::string_view("\0\x01\x7f", 3)), "\\x00\\x01\\x7f");
  EXPECT_EQ(html_escaped("\xc3\xa4 \xf0\x9f\x93\x9e"), "\xc3\xa4 \xf0\x9f\x93\x9e");
  EXPECT_EQ(html_escaped("\xc3<"), "\\xc3&lt;");
  EXPECT_EQ(html_escaped("\u202e\ufffe"), "\\u{202e}\\u{fffe}");
}

TEST(HtmlWriter, TellsTimesShortly) {
  EXPECT_EQ(seconds_text(std::chrono::milliseconds(92)), "0.092 s");
  EXPECT_EQ(seconds_text(std::chrono::nanoseconds(8983306)), "0.008983 s");
  EXPECT_EQ(seconds_text(std::chrono::seconds(31)), "31.000 s");
}

TEST(HtmlWriter, InsistsThatElementsAreClosed) {
  HtmlWriter html;
  html.open("p");
  EXPECT_THROW(html.take(), std::logic_error);
  html.close();
  EXPECT_THROW(html.close(), std::logic_error);
}

TEST_F(Pages, AreWellFormed) {
  const SuiteReport suite = detailed();
  parsed(index_page(suite));
  for (const RunReport& run : suite.runs) parsed(run_page(run, folder_.path()));
}

TEST_F(Pages, HaveNoTextOfTheScenarioAsMarkup) {
  const std::string attack = "&lt;script&gt;alert(1)&lt;/script&gt; \" ' ]]&gt; &amp;lt;";
  write("a.xml", changed(changed(kScenario, "A sample.", attack), "is=\"provisioned\"",
                         "is=\"no-url\" why=\"&lt;img src=x onerror=alert(2)&gt;\""));
  const SuiteReport suite = detailed();
  const std::size_t scripts_of_ours = 1;
  for (const std::string& page : {index_page(suite), run_page(suite.runs[0], folder_.path())}) {
    const pugi::xml_document document = parsed(page);
    EXPECT_EQ(document.select_nodes("//script").size(), scripts_of_ours);
    EXPECT_EQ(document.select_nodes("//img").size(), 0U);
    EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)"));
  }
  EXPECT_THAT(run_page(suite.runs[0], folder_.path()), HasSubstr("&lt;img src=x onerror=alert(2)"));
}

TEST_F(Pages, NeedNothingFromElsewhere) {
  const SuiteReport suite = detailed();
  const std::regex fetched("(src|href)=\"(https?:)?//|@import|url\\(");
  for (const std::string& page : {index_page(suite), run_page(suite.runs[4], folder_.path())}) {
    EXPECT_FALSE(std::regex_search(page, fetched));
  }
}

TEST_F(Pages, LinkFromTheIndexToEveryRunAndBack) {
  const SuiteReport suite = detailed();
  ASSERT_TRUE(write_pages(suite, folder_ / "pages"));
  const pugi::xml_document index = parsed(index_page(suite));
  for (const RunReport& run : suite.runs) {
    const std::string path = page_path(run);
    EXPECT_FALSE(index.select_node(("//tr//a[@href='" + path + "']").c_str()).node().empty())
        << path;
    EXPECT_TRUE(std::filesystem::exists(folder_ / ("pages/" + path))) << path;
  }
  const pugi::xml_document page = parsed(run_page(suite.runs[0], folder_ / "pages"));
  EXPECT_FALSE(page.select_node("//a[@href='../index.html']").node().empty());
}

TEST_F(Pages, OfAFailedRunSayWhatWasExpectedFirst) {
  const SuiteReport suite = detailed();
  const RunReport& run = titled(suite, "banana [r-then-m]");
  const pugi::xml_document page = parsed(run_page(run, folder_.path()));
  const pugi::xml_node card = page.select_node("//article[@class='card bad']").node();
  EXPECT_STREQ(card.select_node(".//dd[1]").node().text().get(), "run 1 ends no-url");
  EXPECT_THAT(card.select_node(".//dd[2]").node().text().get(), HasSubstr("it ended provisioned"));
  EXPECT_STREQ(card.select_node(".//dd[3]").node().text().get(), "to fail");
  const std::string row = card.child("a").attribute("href").value();
  EXPECT_STREQ(page.select_node(("//tr[@id='" + row.substr(1) + "']").c_str())
                   .node()
                   .attribute("class")
                   .value(),
               "fail");
  EXPECT_FALSE(page.select_node("//a[@class='k fail']").node().empty());
}

TEST_F(Pages, DrawWinnerAndLateAnswer) {
  const SuiteReport suite = detailed();
  const pugi::xml_document page =
      parsed(run_page(titled(suite, "apple [m-then-r]"), folder_.path()));
  const std::string figure = "//div[@class='figure folded']";
  EXPECT_STREQ(page.select_node((figure + "//a[@class='m win']/text[@class='l r']").c_str())
                   .node()
                   .text()
                   .get(),
               "NOTIFY http://prov.server.com/b.xml");
  EXPECT_STREQ(page.select_node((figure + "//a[@class='m late']/text[@class='l r']").c_str())
                   .node()
                   .text()
                   .get(),
               "302 http://prov.server.com/a.xml");
  EXPECT_EQ(page.select_nodes((figure + "//a[@class='m tcp']").c_str()).size(), 0U);
  EXPECT_GT(page.select_nodes("//div[@class='figure full']//a[@class='m tcp']").size(), 0U);
}

TEST_F(Pages, HoldEveryEventAndEveryLinkLeadsToOne) {
  const SuiteReport suite = detailed();
  const pugi::xml_document page = parsed(run_page(suite.runs[0], folder_.path()));
  EXPECT_EQ(page.select_nodes("//table[@class='events']/tbody/tr").size(), suite.runs[0].events);
  for (const auto& link : page.select_nodes("//a[starts-with(@href, '#e')]")) {
    const std::string id = link.node().attribute("href").value() + 1;
    EXPECT_FALSE(page.select_node(("//*[@id='" + id + "']").c_str()).node().empty()) << id;
  }
}

TEST_F(Pages, ShowTheSettingsThatChanged) {
  const SuiteReport suite = detailed();
  const pugi::xml_document page =
      parsed(run_page(titled(suite, "apple [r-then-m]"), folder_.path()));
  const pugi::xml_node row = page.select_node("//table[@class='settings']/tbody/tr").node();
  EXPECT_STREQ(row.select_node("td[1]/code").node().text().get(), "telephony/callWaiting/active");
  EXPECT_STREQ(row.select_node("td[@class='old']").node().text().get(), "false");
  EXPECT_STREQ(row.select_node("td[@class='new']").node().text().get(), "true");
}

TEST_F(Pages, WithoutATraceSayWhereOneComesFrom) {
  const SuiteReport suite = run();
  const std::string page = run_page(suite.runs[0], folder_.path());
  parsed(page);
  EXPECT_THAT(page, HasSubstr("--details all"));
}

TEST_F(Pages, LinkToFilesWhateverTheyAreCalled) {
  RunReport run = detailed().runs.front();
  run.trace_file = folder_ / "traces/a b#1 \"%\".jsonl";
  EXPECT_THAT(run_page(run, folder_ / "pages"),
              HasSubstr("href=\"../../traces/a%20b%231%20%22%25%22.jsonl\""));
}

TEST_F(Pages, NameTheFilesThatAreNoScenarios) {
  write("c.xml", changed(kScenario, "latency=\"1ms\"", "latency=\"1\""));
  const std::string page = index_page(detailed());
  parsed(page);
  EXPECT_THAT(page, HasSubstr("/c.xml:5"));
}

TEST_F(Pages, SayWhereTheyCannotBeWritten) {
  write("file", "");
  const auto written = write_pages(detailed(), folder_ / "file/pages");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().to_string(), HasSubstr("file/pages"));
}

}  // namespace
}  // namespace provlab::lab
