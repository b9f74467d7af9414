#include "sim/lab/pages/pages.hpp"

#include <gmock/gmock.h>

#include <pugixml.hpp>
#include <regex>
#include <set>

#include "sim/lab/pages/page_parts.hpp"
#include "sim/lab/pages/seconds_text.hpp"
#include "sim/lab/report/reports.hpp"
#include "sim/lab/trace/narration.hpp"
#include "tests/unit/lab/suite_fixture.hpp"

namespace provlab::lab {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
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
  /// What links of a page name and is not there.
  static std::string dangling(const pugi::xml_document& page) {
    std::set<std::string> ids;
    for (const auto& each : page.select_nodes("//*[@id]")) {
      EXPECT_TRUE(ids.insert(each.node().attribute("id").value()).second);
    }
    std::string missing;
    for (const auto& link : page.select_nodes("//a[starts-with(@href, '#')]")) {
      const std::string id = link.node().attribute("href").value() + 1;
      if (!ids.contains(id)) missing += id + " ";
    }
    return missing;
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

TEST(SecondsText, TellsTimesShortly) {
  EXPECT_EQ(seconds_text(std::chrono::milliseconds(92)), "0.092 s");
  EXPECT_EQ(seconds_text(std::chrono::nanoseconds(8983306)), "0.008983 s");
  EXPECT_EQ(seconds_text(std::chrono::seconds(31)), "31.000 s");
  EXPECT_EQ(seconds_text(std::chrono::milliseconds(599'250)), "9 min 59.25 s");
  EXPECT_EQ(seconds_text(std::chrono::minutes(70)), "1 h 10 min");
  EXPECT_EQ(seconds_text(std::chrono::hours(49) + std::chrono::seconds(3)), "2 d 1 h 3 s");
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
  ASSERT_TRUE(write_pages(suite, folder_ / "pages", PageChoice::all));
  const pugi::xml_document index = parsed(index_page(suite, PageChoice::all));
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
  EXPECT_STREQ(page.select_node((figure + "//a[@class='m win']/text").c_str()).node().text().get(),
               "NOTIFY http://prov.server.com/b.xml");
  EXPECT_STREQ(page.select_node((figure + "//a[@class='m late']/text").c_str()).node().text().get(),
               "302 http://prov.server.com/a.xml");
  EXPECT_EQ(page.select_nodes((figure + "//a[@class='m tcp']").c_str()).size(), 0U);
  // TCP's own packets are drawn where a run failed.
  const pugi::xml_document failed =
      parsed(run_page(titled(suite, "banana [m-then-r]"), folder_.path()));
  EXPECT_GT(failed.select_nodes("//div[@class='figure full']//a[@class='m tcp']").size(), 0U);
}

TEST_F(Pages, HoldEveryEventAndEveryLinkLeadsSomewhere) {
  const SuiteReport suite = detailed();
  for (const RunReport& run : suite.runs) {
    const pugi::xml_document page = parsed(run_page(run, folder_.path()));
    const std::size_t rows = page.select_nodes("//table[@class='events']/tbody/tr").size();
    if (run.verdict.outcome == Outcome::failed) {
      EXPECT_EQ(rows, run.events);
    } else {
      const auto log = *TraceLog::parse(run.detail->trace);
      EXPECT_EQ(rows, static_cast<std::size_t>(
                          std::ranges::count_if(log.events(), [](const LoggedEvent& event) {
                            return !told_by_others(event.name, [&](std::string_view key) {
                              return std::optional(std::string(event.field(key)));
                            });
                          })));
    }
    EXPECT_EQ(dangling(page), "");
  }
}

TEST_F(Pages, OfRunsThatPassedLinkToTheCauseBehindThePackets) {
  const SuiteReport suite = detailed();
  const pugi::xml_document page =
      parsed(run_page(titled(suite, "apple [r-then-m]"), folder_.path()));
  const auto row = [&page](const std::string& event) {
    return page.select_node(("//tr[td[4]='" + event + "' or td[4]/a='" + event + "']").c_str())
        .node();
  };
  EXPECT_EQ(row("packet_received"), pugi::xml_node());
  // Caused by the arrival of a packet, which was sent because of this.
  EXPECT_STREQ(row("request_received").select_node("td[6]/a").node().attribute("href").value(),
               ("#" + std::string(row("dhcp_sent").attribute("id").value())).c_str());
}

TEST_F(Pages, OfFailuresAndOfOneRunOfEachScenarioAreWritten) {
  SuiteReport suite = detailed();
  suite.runs[2].verdict.outcome = Outcome::failed;  // of the scenario that passes
  const auto written = [&](PageChoice choice) {
    const std::string folder = folder_ / std::to_string(static_cast<int>(choice));
    EXPECT_TRUE(write_pages(suite, folder, choice));
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder + "/runs"),
                      std::filesystem::directory_iterator()));
  };
  // Beside the pages of runs there is one that compares the failed variant with its neighbour.
  const std::size_t bad = suite.count(Outcome::failed) + 1;
  EXPECT_EQ(written(PageChoice::failed), bad);
  EXPECT_EQ(written(PageChoice::sampled), bad + 1);
  EXPECT_EQ(written(PageChoice::all), suite.runs.size() + 1);
  const std::string index = index_page(suite, PageChoice::sampled);
  EXPECT_THAT(index, HasSubstr("--pages all"));
  parsed(index);
  EXPECT_THAT(index_page(suite, PageChoice::all), Not(HasSubstr("--pages all")));
}

TEST_F(Pages, ShowWhatEachMessageSaysWhereItIsLinkedTo) {
  const SuiteReport suite = detailed();
  const pugi::xml_document page =
      parsed(run_page(titled(suite, "apple [r-then-m]"), folder_.path()));
  const pugi::xml_node get = page.select_node("//a[contains(text, 'GET /a.xml')]").node();
  const std::string id = get.attribute("href").value() + 1;
  const pugi::xml_node panel = page.select_node(("//article[@id='" + id + "']").c_str()).node();
  EXPECT_STREQ(panel.child("h3").text().get(), "GET /a.xml");
  EXPECT_THAT(panel.child("pre").text().get(), HasSubstr("Host: prov.server.com"));
  EXPECT_FALSE(
      page.select_node("//article[@class='says'][contains(., 'TFTP') or contains(., 'lease "
                       "time')]")
          .node()
          .empty());
}

TEST_F(Pages, ShowTheScenarioWithTheLineThatFailed) {
  const SuiteReport suite = detailed();
  const RunReport& run = titled(suite, "banana [r-then-m]");
  const pugi::xml_document page = parsed(run_page(run, folder_.path()));
  const pugi::xml_node line =
      page.select_node("//figure[@class='source']//li[@class='bad']").node();
  EXPECT_THAT(line.text().get(), HasSubstr("<result is=\"no-url\""));
  EXPECT_STREQ(line.attribute("value").value(), "27");
  EXPECT_THAT(line.child("b").text().get(), HasSubstr("it ended provisioned"));
  EXPECT_EQ(page.select_nodes("//figure[@class='source']//li[@class='ok']").size(), 1U);
  EXPECT_EQ(page.select_nodes("//figure[@class='source']//li[@value]").size(), 30U);
  EXPECT_FALSE(page.select_node("//article//a[@href='#L27']").node().empty());
}

TEST_F(Pages, HideSecretsEverywhereUnlessAskedToShowThem) {
  const std::string users = "<users><user index=\"1\"><password>s3cret</password></user></users>";
  write(
      "b.xml",
      changed(
          changed(without_race(),
                  "<telephony><callWaiting><active>true</active></callWaiting></telephony>", users),
          "<result is=\"provisioned\"/>", "<setting path=\"//password\" equals=\"s3cret2\"/>"));
  RunnerOptions options;
  options.details = Details::all;
  const SuiteReport hidden = run(options);
  for (const std::string& text : {json_report(hidden), run_page(hidden.runs.back(), "p"),
                                  index_page(hidden), junit_report(hidden)}) {
    EXPECT_THAT(text, Not(HasSubstr("s3cret")));
  }
  EXPECT_THAT(run_page(hidden.runs.back(), "p"), HasSubstr("***"));
  options.secrets = Secrets::Told::shown;
  const SuiteReport shown = run(options);
  EXPECT_THAT(run_page(shown.runs.back(), "p"), HasSubstr("s3cret"));
  EXPECT_EQ(shown.runs.back().checksum, hidden.runs.back().checksum);
}

TEST_F(Pages, HaveAtMostSoManyOctetsHoweverMuchThereIsToSay) {
  SuiteReport suite = detailed();
  RunReport& run = suite.runs.back();
  RunDetail& detail = *run.detail;
  auto log = *TraceLog::parse(detail.trace);
  const std::size_t once = log.events().size();
  for (int i = 0; i < 40; ++i) {
    for (std::size_t j = 0; j < once; ++j) {
      LoggedEvent event = log.events()[j];
      event.number = static_cast<EventNumber>(log.events().size() + 1);
      event.at = log.events().back().at;
      event.cause = 0;
      for (LoggedField& field : event.fields) {
        if (field.name == "packet") field.value = std::to_string(10'000 * (i + 1)) + field.value;
      }
      log.add(std::move(event));
    }
  }
  detail.trace = log.json_lines();
  const Finding failed = run.verdict.findings.front();
  for (int i = 0; i < 200; ++i) {
    run.verdict.findings.push_back(failed);
    run.verdict.findings.back().held = false;
    run.verdict.findings.back().actual = std::string(900, '<');
    run.verdict.findings.back().event = static_cast<EventNumber>(once * 20);
    run.logs.push_back({"daemon", std::string(9000, '&')});
    detail.settings.push_back({"a/b", std::string(72, '<'), std::string(72, '&')});
    if (i >= 40) continue;
    const auto packet = static_cast<EventNumber>(once * static_cast<std::size_t>(i + 1) + 11);
    detail.contents.push_back({packet, 0, {{"Body", std::string(3000, '<')}}});
  }
  for (int i = 0; i < 3000; ++i) detail.source += "<an-element with=\"an attribute\"/>\n";
  const std::string page = run_page(run, folder_.path());
  EXPECT_LE(page.size(), kMostPageOctets);
  const pugi::xml_document read = parsed(page);
  EXPECT_EQ(dangling(read), "");
  EXPECT_THAT(page,
              AllOf(HasSubstr("events are left out here"), HasSubstr("lines are left out here"),
                    HasSubstr("messages and marks are left out")));
  EXPECT_FALSE(
      read.select_node(("//tr[@id='e" + std::to_string(once * 20) + "']").c_str()).node().empty());
}

TEST_F(Pages, OfManyRunsHaveAnIndexThatIsNoLongerThanAnyOther) {
  SuiteReport suite = detailed();
  const RunReport one = suite.runs.front();
  for (const std::size_t count : {900U, 5000U}) {
    while (suite.runs.size() < count) {
      suite.runs.push_back(one);
      suite.runs.back().file = "folder/" + std::to_string(suite.runs.size()) + ".xml";
      suite.runs.back().about = "What this scenario is about, in a sentence of the usual length.";
    }
    const std::string page = index_page(suite, PageChoice::all);
    EXPECT_LE(page.size(), kMostPageOctets);
    parsed(page);
  }
}

TEST_F(Pages, NumberTheRunsWhoseAnswersTheyList) {
  write("b.xml", changed(kScenario, "<boot at=\"0s\"/>",
                         "<boot at=\"0s\"/><press at=\"20s\" button=\"start-provisioning\"/>"));
  const SuiteReport suite = detailed();
  const pugi::xml_document page = parsed(run_page(suite.runs.back(), folder_.path()));
  std::vector<std::string> titles;
  for (const auto& each : page.select_nodes("//section[@aria-labelledby='order']/h3")) {
    titles.emplace_back(each.node().text().get());
  }
  EXPECT_THAT(titles, ElementsAre(HasSubstr("Run 1 (boot)"), HasSubstr("Run 2 (")));
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
