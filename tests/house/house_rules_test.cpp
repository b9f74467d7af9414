#include "tests/house/house_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace provlab::house {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::vector<SourceFile>& this_tree() {
  static const std::vector<SourceFile> tree = read_tree(PROVLAB_SOURCE_DIR);
  return tree;
}

std::vector<std::string> as_text(const std::vector<Offence>& offences) {
  std::vector<std::string> text;
  for (const Offence& offence : offences) text.push_back(offence.to_string());
  return text;
}

// The tree as it is.

TEST(House, TreeIsReadWhole) {
  const auto count = [](std::string_view room) {
    return std::ranges::count_if(this_tree(), [&](const SourceFile& f) {
      return is_cpp(f.path) && room_of(f.path) == room;
    });
  };
  for (const std::string_view room : {"core/platform",   "core/net",        "core/settings",
                                      "core/discovery",  "core/service",    "netfakes",
                                      "sim/world",       "sim/wire",        "sim/web",
                                      "sim/phone",       "sim/lab/machine", "sim/lab/markup",
                                      "sim/lab/trace",   "sim/lab/plan",    "sim/lab/language",
                                      "sim/lab/play",    "sim/lab/verdict", "sim/lab/suite",
                                      "sim/lab/explore", "sim/lab/soak",    "sim/lab/report",
                                      "sim/lab/pages",   "tools",           "tests"}) {
    EXPECT_GT(count(room), 0) << room;
  }
}

TEST(House, RoomsIncludeOnlyWhatTheyMayKnow) {
  EXPECT_THAT(as_text(check_includes(this_tree())), IsEmpty());
}

TEST(House, NoRoomIsAllowedWhatItDoesNotUse) {
  EXPECT_THAT(as_text(check_allowances(this_tree())), IsEmpty());
}

TEST(House, NothingIncludesInACircle) {
  EXPECT_THAT(as_text(check_circles(this_tree())), IsEmpty());
}

TEST(House, NothingMakesRunsDiffer) {
  EXPECT_THAT(as_text(check_repeatability(this_tree())), IsEmpty());
}

TEST(House, TextGoesOutAndFilesComeInAtTheBorder) {
  EXPECT_THAT(as_text(check_borders(this_tree())), IsEmpty());
}

TEST(House, NothingIsLeftUnfinished) {
  EXPECT_THAT(as_text(check_unfinished(this_tree())), IsEmpty());
}

TEST(House, LongFilesSayWhy) {
  EXPECT_THAT(as_text(check_lengths(this_tree())), IsEmpty());
}

TEST(House, LongFunctionsSayWhy) {
  EXPECT_THAT(as_text(check_functions(this_tree())), IsEmpty());
}

// The guards themselves: each planted mistake must be caught.

std::vector<SourceFile> tree_with(std::string path, std::string text) {
  return {{"core/net/url.hpp", ""},
          {"core/platform/host.hpp", ""},
          {"core/settings/device_settings.hpp", ""},
          {"core/discovery/search.hpp", ""},
          {"core/service/run.hpp", ""},
          {"netfakes/dhcp.hpp", ""},
          {"sim/world/world.hpp", ""},
          {"sim/world/events.hpp", ""},
          {"sim/phone/phone.hpp", ""},
          {"sim/lab/machine/output_file.hpp", ""},
          {"sim/lab/markup/element.hpp", ""},
          {"sim/lab/markup/complaint.hpp", ""},
          {"sim/lab/trace/log.hpp", ""},
          {"sim/lab/plan/plan.hpp", ""},
          {"sim/lab/language/load.hpp", ""},
          {"sim/lab/play/play.hpp", ""},
          {"sim/lab/verdict/judge.hpp", ""},
          {"sim/lab/suite/runner.hpp", ""},
          {"sim/lab/soak/soak.hpp", ""},
          {"sim/lab/report/reports.hpp", ""},
          {"tools/command.hpp", ""},
          {std::move(path), std::move(text)}};
}

struct Include {
  std::string from;
  std::string what;
};

void PrintTo(const Include& include, std::ostream* out) {
  *out << include.from << " <- " << include.what;
}

class ForbiddenInclude : public ::testing::TestWithParam<Include> {};
class AllowedInclude : public ::testing::TestWithParam<Include> {};

TEST_P(ForbiddenInclude, IsCaughtInItsLine) {
  const auto tree = tree_with(GetParam().from + "/planted.cpp",
                              "#pragma once\n#include " + GetParam().what + "\n");
  const auto offences = check_includes(tree);
  ASSERT_THAT(offences, SizeIs(1));
  EXPECT_EQ(offences[0].path, GetParam().from + "/planted.cpp");
  EXPECT_EQ(offences[0].line, 2U);
}

INSTANTIATE_TEST_SUITE_P(
    Rooms, ForbiddenInclude,
    ::testing::Values(
        Include{"core/platform", "\"core/net/url.hpp\""},
        Include{"core/net", "\"core/settings/device_settings.hpp\""},
        Include{"core/net", "\"sim/world/world.hpp\""},
        Include{"core/net", "<sim/world/world.hpp>"},
        Include{"core/settings", "\"core/net/url.hpp\""},
        Include{"core/discovery", "\"core/service/run.hpp\""},
        Include{"core/service", "\"netfakes/dhcp.hpp\""},
        Include{"core/service", "\"sim/phone/phone.hpp\""},
        Include{"netfakes", "\"core/net/url.hpp\""}, Include{"netfakes", "\"sim/world/world.hpp\""},
        Include{"sim/world", "\"core/net/url.hpp\""}, Include{"sim/world", "\"netfakes/dhcp.hpp\""},
        Include{"sim/wire", "\"netfakes/responder.hpp\""},
        Include{"sim/phone", "\"sim/world/world.hpp\""},
        Include{"sim/phone", "\"netfakes/dhcp.hpp\""},
        // Floors of the lab: never upwards, never sideways, and not everything below.
        Include{"sim/lab/machine", "\"sim/lab/plan/plan.hpp\""},
        Include{"sim/lab/markup", "\"sim/lab/language/load.hpp\""},
        Include{"sim/lab/trace", "\"sim/lab/report/reports.hpp\""},
        Include{"sim/lab/plan", "\"sim/lab/language/load.hpp\""},
        Include{"sim/lab/plan", "\"sim/lab/markup/complaint.hpp\""},
        Include{"sim/lab/language", "\"sim/lab/suite/runner.hpp\""},
        Include{"sim/lab/language", "\"sim/lab/play/play.hpp\""},
        Include{"sim/lab/play", "\"sim/lab/verdict/judge.hpp\""},
        Include{"sim/lab/verdict", "\"sim/lab/play/play.hpp\""},
        Include{"sim/lab/verdict", "\"sim/world/world.hpp\""},
        Include{"sim/lab/verdict", "\"sim/phone/phone.hpp\""},
        Include{"sim/lab/suite", "\"sim/lab/report/reports.hpp\""},
        Include{"sim/lab/suite", "\"sim/lab/markup/element.hpp\""},
        Include{"sim/lab/suite", "\"sim/lab/soak/soak.hpp\""},
        Include{"sim/lab/explore", "\"sim/lab/suite/runner.hpp\""},
        Include{"sim/lab/soak", "\"sim/lab/markup/element.hpp\""},
        Include{"sim/lab/report", "\"sim/lab/play/play.hpp\""},
        Include{"sim/lab/pages", "\"sim/lab/report/reports.hpp\""},
        Include{"sim/lab/pages", "\"tools/command.hpp\""},
        Include{"tools", "\"../sim/lab/suite/runner.hpp\""}, Include{"core/net", "\"url.hpp\""},
        Include{"core/net", "\"core/net/../settings/device_settings.hpp\""},
        Include{"core/net", "<core/net/../settings/device_settings.hpp>"}),
    [](const auto& planted) { return "Case" + std::to_string(planted.index); });

INSTANTIATE_TEST_SUITE_P(Libraries, ForbiddenInclude,
                         ::testing::Values(Include{"core/net", "<tins/dhcp.h>"},
                                           Include{"core/net", "<osip2/osip.h>"},
                                           Include{"core/discovery", "<curl/curl.h>"},
                                           Include{"netfakes", "<curl/curl.h>"},
                                           Include{"core/service", "<pugixml.hpp>"},
                                           Include{"core/net", "<boost/beast/http.hpp>"},
                                           Include{"sim/world", "<gtest/gtest.h>"},
                                           Include{"sim/lab/suite", "<CLI/CLI.hpp>"},
                                           Include{"sim/lab/verdict", "<libxml/tree.h>"}),
                         [](const auto& planted) {
                           return "Case" + std::to_string(planted.index);
                         });

TEST_P(AllowedInclude, IsLeftAlone) {
  const auto tree =
      tree_with(GetParam().from + "/planted.cpp", "#include " + GetParam().what + "\n");
  EXPECT_THAT(as_text(check_includes(tree)), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Rooms, AllowedInclude,
    ::testing::Values(
        Include{"core/platform", "<boost/asio/io_context.hpp>"},
        Include{"core/net", "\"core/platform/host.hpp\""},
        Include{"core/net", "\"core/net/url.hpp\""}, Include{"core/net", "<curl/curl.h>"},
        Include{"core/discovery", "\"core/net/url.hpp\""},
        Include{"core/service", "\"core/discovery/search.hpp\""},
        Include{"netfakes", "\"core/platform/host.hpp\""}, Include{"netfakes", "<tins/dhcp.h>"},
        Include{"sim/phone", "\"core/service/run.hpp\""},
        Include{"sim/lab/play", "\"netfakes/dhcp.hpp\""},
        Include{"sim/lab/verdict", "\"sim/world/events.hpp\""},
        Include{"sim/lab/suite", "\"sim/lab/markup/complaint.hpp\""},
        Include{"tools", "\"sim/lab/suite/runner.hpp\""},
        Include{"tests/unit", "\"sim/world/world.hpp\""}, Include{"tests/unit", "<gtest/gtest.h>"}),
    [](const auto& planted) { return "Case" + std::to_string(planted.index); });

TEST(IncludeRule, AFileOutsideEveryRoomIsNamed) {
  EXPECT_THAT(as_text(check_includes(tree_with("core/other/planted.cpp", ""))),
              ElementsAre("core/other/planted.cpp: is in no room that the table of rooms names"));
}

TEST(Circles, AreFoundWholeAndWithTheirSources) {
  const std::vector<SourceFile> tree = {{"core/net/a.hpp", "#include \"core/net/b.hpp\"\n"},
                                        {"core/net/b.hpp", "#include \"core/platform/host.hpp\"\n"},
                                        {"core/net/b.cpp", "#include \"core/net/c.hpp\"\n"},
                                        {"core/net/c.hpp", "#include \"core/net/a.hpp\"\n"},
                                        {"core/net/d.hpp", "#include \"core/net/a.hpp\"\n"}};
  EXPECT_THAT(as_text(check_circles(tree)),
              ElementsAre("core/net/a: is in a circle with core/net/b core/net/c"));
}

TEST(Circles, AStraightWayIsNone) {
  const std::vector<SourceFile> tree = {{"core/net/a.hpp", "#include \"core/net/b.hpp\"\n"},
                                        {"core/net/a.cpp", "#include \"core/net/a.hpp\"\n"},
                                        {"core/net/b.hpp", ""}};
  EXPECT_THAT(as_text(check_circles(tree)), IsEmpty());
}

TEST(Allowances, ALibraryThatARoomDoesNotUseIsNamed) {
  const auto offences = as_text(check_allowances(tree_with("tools/a.cpp", "")));
  EXPECT_THAT(offences, Contains("tools: may use <CLI/...> and does not: take it away"));
  EXPECT_THAT(offences, Contains("core/net: may include core/platform and does not: take it away"));
}

TEST(IncludeRule, ReadsNoIncludesInComments) {
  const auto tree = tree_with("core/net/planted.cpp",
                              "// #include \"sim/world/world.hpp\"\n"
                              "/*\n#include \"netfakes/dhcp.hpp\"\n*/\n");
  EXPECT_THAT(as_text(check_includes(tree)), IsEmpty());
}

TEST(IncludeRule, SaysWhoMustNotKnowWhom) {
  const auto tree = tree_with("netfakes/planted.cpp", "#include \"core/net/url.hpp\"\n");
  EXPECT_THAT(as_text(check_includes(tree)),
              ElementsAre("netfakes/planted.cpp:1: netfakes must not know core/net "
                          "(includes core/net/url.hpp)"));
}

class Unrepeatable : public ::testing::TestWithParam<std::string> {};

TEST_P(Unrepeatable, IsCaughtInEveryRoomThatMustRepeat) {
  for (const std::string room : {"core/net", "netfakes", "sim/world", "sim/lab/suite"}) {
    const auto tree = tree_with(room + "/planted.cpp", "int x;\nauto y = " + GetParam() + ";\n");
    const auto offences = check_repeatability(tree);
    ASSERT_THAT(offences, SizeIs(1)) << room;
    EXPECT_EQ(offences[0].line, 2U);
  }
}

TEST_P(Unrepeatable, IsLeftAloneWhereTheRealWorldIs) {
  for (const std::string room : {"sim/wire", "tools"}) {
    const auto tree = tree_with(room + "/planted.cpp", "auto y = " + GetParam() + ";\n");
    EXPECT_THAT(as_text(check_repeatability(tree)), IsEmpty()) << room;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Phrases, Unrepeatable,
    ::testing::Values("std::chrono::system_clock::now()", "Clock::steady_clock::now()",
                      "std::chrono::high_resolution_clock{}", "::time(nullptr)", "time(0)",
                      "std::this_thread::sleep"
                      "_for(one)",
                      "usle"
                      "ep(3)",
                      "std::random_device{}()", "rand()",
                      "std::uniform_int_distribution<int>{}(engine)",
                      "std::unordered_map<int, int>{}", "getaddrinfo(a, b, c, d)",
                      "asio::steady_timer(context)", "std::shuffle(a, b, c)"),
    [](const auto& planted) { return "Case" + std::to_string(planted.index); });

TEST(Repeatability, AWrittenReasonEndsTheMatter) {
  const auto tree =
      tree_with("sim/lab/suite/planted.cpp",
                "auto a = steady_clock::now();  // house-rules: wall time for people\n"
                "// house-rules: wall time for people\n"
                "auto b = steady_clock::now();\n");
  EXPECT_THAT(as_text(check_repeatability(tree)), IsEmpty());
}

TEST(Repeatability, AMarkWithoutAReasonDoesNot) {
  const auto tree = tree_with("sim/lab/suite/planted.cpp", "auto a = rand();  // house-rules:\n");
  EXPECT_THAT(check_repeatability(tree), SizeIs(1));
}

TEST(Repeatability, WordsThatOnlyContainAPhraseAreFine) {
  const auto tree = tree_with("core/net/planted.cpp",
                              "auto a = operand(b);\n"
                              "auto c = to_time(0);\n"
                              "auto d = \"rand() and steady_clock::now()\";  // rand()\n"
                              "auto e = R\"(usle"
                              "ep(1))\";\n"
                              "co_await sleep"
                              "_for(host, 1'000ns);\n");
  EXPECT_THAT(as_text(check_repeatability(tree)), IsEmpty());
}

TEST(Repeatability, TestsMustNotSleep) {
  const auto tree = tree_with("tests/unit/planted.cpp",
                              "std::this_thread::sleep"
                              "_for(one);\n");
  EXPECT_THAT(check_repeatability(tree), SizeIs(1));
}

TEST(Borders, CrossingsElsewhereAreCaught) {
  for (const std::string line : {"fmt::print(\"{}\", a);", "std::ifstream in(a);"}) {
    EXPECT_THAT(check_borders(tree_with("tools/a.cpp", line)), SizeIs(1)) << line;
    EXPECT_THAT(check_borders(tree_with("tests/unit/a.cpp", line)), IsEmpty()) << line;
  }
  EXPECT_THAT(check_borders(tree_with("tools/terminal.cpp", "fmt::print(a);")), IsEmpty());
}

TEST(Unfinished, WordsAreCaughtInEveryKindOfFile) {
  const std::string word = std::string("TO") + "DO";
  for (const std::string path : {"core/net/a.cpp", "README.md", "scenarios/a.xml", "tools/check"}) {
    const auto offences = check_unfinished(tree_with(path, "fine\n" + word + ": later\n"));
    ASSERT_THAT(offences, SizeIs(1)) << path;
    EXPECT_EQ(offences[0].line, 2U);
  }
}

TEST(Unfinished, PathsOutOfTheProjectAreCaught) {
  const std::string path = std::string("see ../") + "shared/SPEC.md";
  EXPECT_THAT(check_unfinished(tree_with("README.md", path)), SizeIs(1));
}

TEST(Lengths, AFileTooLongIsNamedUnlessItSaysWhy) {
  std::string text;
  for (int i = 0; i < 451; ++i) text += "int x;\n";
  EXPECT_THAT(as_text(check_lengths(tree_with("core/net/a.cpp", text))),
              ElementsAre(HasSubstr("451 lines")));
  EXPECT_THAT(check_lengths(tree_with("core/net/a.cpp", "// house-rules: one table\n" + text)),
              IsEmpty());
  EXPECT_THAT(check_lengths(tree_with("core/net/a.cpp", text.substr(0, text.size() - 7))),
              IsEmpty());
}

TEST(Functions, OneTooLongIsNamedByItsFirstLineUnlessItSaysWhy) {
  std::string body;
  for (int i = 0; i < 59; ++i) body += "  f();\n";
  const std::string text =
      "namespace a {\n\nclass B {\n  int g() { return 1; }\n};\n\nB::B()\n    : c_{1} {\n" + body +
      "}\n\n}  // namespace a\n";
  EXPECT_THAT(as_text(check_functions(tree_with("core/net/a.cpp", text))),
              ElementsAre(HasSubstr("core/net/a.cpp:7: has 62 lines in one function")));
  std::string excused = text;
  excused.insert(excused.find("B::B()"), "// house-rules: one table\n");
  EXPECT_THAT(check_functions(tree_with("core/net/a.cpp", excused)), IsEmpty());
  EXPECT_THAT(
      check_functions(tree_with("core/net/a.cpp", text.substr(0, text.find("  f();")) +
                                                      text.substr(text.find("  f();") + 21))),
      IsEmpty());
}

TEST(Lexer, BlanksCommentsAndLiteralsAndKeepsColumns) {
  EXPECT_EQ(without_comments_and_literals("a /* b\nc */ d // e\nf = \"g\\\"h\"; i = 'j'; k = 1'0;"),
            "a     \n     d     \nf = \"    \"; i = ' '; k = 1'0;");
}

}  // namespace
}  // namespace provlab::house
