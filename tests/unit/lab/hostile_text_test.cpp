#include <gmock/gmock.h>
#include <libxml/parser.h>

#include "core/platform/utf8.hpp"
#include "sim/lab/pages/pages.hpp"
#include "sim/lab/report/json_reader.hpp"
#include "sim/lab/report/reports.hpp"
#include "sim/text/json_members.hpp"
#include "sim/text/visible.hpp"

namespace provlab::lab {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A suite in which everything that comes from files and servers says `text`.
SuiteReport saying(const std::string& text) {
  SuiteReport suite;
  suite.total = suite.files = 1;
  suite.complaints.push_back({text, 3, text});
  RunReport run;
  run.position = 1;
  run.scenario = run.variant = run.file = run.about = text;
  run.trace_file = run.capture_file = text;
  run.program = "provlab";
  run.narration = {text};
  run.verdict.outcome = Outcome::failed;
  run.verdict.reason = text;
  Finding finding;
  finding.line = 1;
  finding.text = finding.expected = finding.actual = finding.why = text;
  finding.slice = {text};
  run.verdict.findings = {finding};
  TextBuffer value;
  JsonMembers{value}("url", text);
  run.detail.emplace();
  run.detail->trace = "{\"n\":1,\"time_ns\":0,\"host\":\"device\",\"event\":\"source_answered\"" +
                      std::string(value.view()) + "}\n";
  run.detail->settings.push_back({text, text, text, false});
  suite.runs.push_back(std::move(run));
  return suite;
}

/// Every octet, alone and between letters, and characters of each kind.
std::vector<std::string> hostile_texts() {
  std::vector<std::string> texts;
  for (unsigned octet = 0; octet < 256; ++octet) {
    texts.push_back({'a', static_cast<char>(octet), 'b'});
  }
  for (const char* each : {"\u0085",
                           "\u009b31m",
                           "\u00ad",
                           "\u061c",
                           "\u200b",
                           "\u200e",
                           "\u2028",
                           "\u202e",
                           "\u2066",
                           "\ufeff",
                           "\ufdd0",
                           "\ufffe",
                           "\uffff",
                           "\U0001fffe",
                           "\U000e0041",
                           "\U0010ffff",
                           "\xed\xa0\x80",
                           "\xc0\xaf",
                           "\xf4\x90\x80\x80",
                           "\xe2\x82",
                           "\x1b]0;title\x07\x1b[2J",
                           "]]></failure><script>alert(1)</script>",
                           "a\n  ok   everything passed",
                           "--><!--",
                           "' onload='x",
                           "\" onload=\"x",
                           "&#0;",
                           "{}",
                           "中 ä → א"}) {
    texts.emplace_back(each);
  }
  return texts;
}

void expect_nothing_hidden(std::string_view text, const char* where, const std::string& of) {
  while (!text.empty()) {
    const FrontCharacter front = front_character(text);
    const bool layout = front.code == '\n' || front.code == '\t';
    ASSERT_TRUE(front.whole && (layout || !is_hidden(front.code))) << where << visible(of);
    text.remove_prefix(front.octets);
  }
}

/// By a parser that knows what XML cannot hold.
void expect_well_formed(const std::string& text, const char* where, const std::string& of) {
  xmlDoc* document = xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr,
                                   XML_PARSE_NONET | XML_PARSE_NOERROR);
  EXPECT_NE(document, nullptr) << where << visible(of);
  xmlFreeDoc(document);
}

TEST(HostileText, ActsOnNothingThatIsPutOut) {
  for (const std::string& text : hostile_texts()) {
    const SuiteReport suite = saying(text);
    const std::string written = text_report(suite, {.verbose = true});
    expect_nothing_hidden(written, "text ", text);
    EXPECT_EQ(std::ranges::count(written, '\n'),
              std::ranges::count(text_report(saying("x"), {.verbose = true}), '\n'))
        << visible(text);
    const std::string junit = junit_report(suite);
    expect_nothing_hidden(junit, "JUnit ", text);
    expect_well_formed(junit, "JUnit ", text);
    const std::string json = json_report(suite);
    expect_nothing_hidden(json, "JSON ", text);
    const auto read = read_json_report(json, "x.json");
    ASSERT_TRUE(read) << visible(text) << read.error().to_string();
    // Octets that are no UTF-8 are lost in JSON; what was read once is read again.
    const std::string second = json_report(*read);
    const auto again = read_json_report(second, "y.json");
    ASSERT_TRUE(again) << visible(text);
    EXPECT_TRUE(json_report(*again) == second) << visible(text);
    for (const std::string& page : {index_page(suite), run_page(suite.runs[0], "pages")}) {
      expect_nothing_hidden(page, "page ", text);
      expect_well_formed(page, "page ", text);
      EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
    }
  }
}

TEST(HostileText, IsShownAsAReaderCanTellIt) {
  const SuiteReport suite = saying("a\x1b[31m\u202e\uffff");
  constexpr const char* kShown = "a\\x1b[31m\\u{202e}\\u{ffff}";
  EXPECT_THAT(text_report(suite, {}), HasSubstr(kShown));
  EXPECT_THAT(junit_report(suite), HasSubstr(kShown));
  EXPECT_THAT(run_page(suite.runs[0], "pages"), HasSubstr(kShown));
  EXPECT_THAT(json_report(suite), HasSubstr("a\\u001b[31m\\u202e\\uffff"));
}

}  // namespace
}  // namespace provlab::lab
