#include "sim/lab/language/specification.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "sim/lab/language/citations.hpp"
#include "tests/house/house_rules.hpp"
#include "tests/house/shell.hpp"

/// The law of the phone, core/SPECIFICATION.md, and those that call on it.
namespace provlab::house {
namespace {

namespace fs = std::filesystem;
using test::Said;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<std::string> citations_of_nothing(std::span<const SourceFile> tree) {
  std::vector<std::string> wrong;
  for (const SourceFile& file : tree) {
    for (const lab::Citation& citation : lab::citations_in(file.text)) {
      if (lab::exists(citation, lab::specification())) continue;
      wrong.push_back(Offence{file.path, citation.line,
                              "there is no " + citation.first +
                                  (citation.last == citation.first ? "" : " to " + citation.last)}
                          .to_string());
    }
  }
  return wrong;
}

TEST(Law, EveryRuleThatIsCitedExists) {
  EXPECT_THAT(citations_of_nothing(read_tree(PROVLAB_SOURCE_DIR)), IsEmpty());
}

TEST(Law, ACitationOfNoRuleIsCaught) {
  const std::vector<SourceFile> tree = {{"core/net/a.cpp",
                                         "\n// (SP"
                                         "EC 2.1, 2.99)\n"}};
  EXPECT_THAT(citations_of_nothing(tree),
              ::testing::ElementsAre("core/net/a.cpp:2: there is no 2.99"));
}

TEST(Law, EveryRuleThatItNamesItselfExists) {
  for (const lab::SpecRule& rule : lab::specification().rules) {
    std::string all = rule.text;
    for (const lab::NotYet& part : rule.not_yet) all += ' ' + part.text;
    for (std::size_t at = all.find('('); at != all.npos; at = all.find('(', at + 1)) {
      const std::size_t end = all.find_first_not_of("0123456789.", at + 1);
      const std::string number = all.substr(at + 1, end - at - 1);
      if (end == all.npos || !number.contains('.') || !std::string_view(",;:)").contains(all[end]))
        continue;
      EXPECT_TRUE(lab::is_rule(number)) << rule.number << " refers to " << number;
    }
  }
}

TEST(Law, NamesEveryKnobOfTheLanguage) {
  std::string law;
  for (const lab::SpecRule& rule : lab::specification().rules) law += rule.text;
  const std::vector<SourceFile> tree = read_tree(PROVLAB_SOURCE_DIR);
  const auto schema = std::ranges::find(tree, "schemas/scenario.xsd", &SourceFile::path);
  ASSERT_NE(schema, tree.end());
  const std::size_t begin = schema->text.find("<xs:complexType name=\"Knobs\">");
  const std::string knobs =
      schema->text.substr(begin, schema->text.find("</xs:complexType>", begin) - begin);
  constexpr std::string_view kName = "attribute name=\"";
  std::size_t count = 0;
  for (std::size_t at = knobs.find(kName); at != knobs.npos; at = knobs.find(kName, at)) {
    at += kName.size();
    ++count;
    EXPECT_THAT(law, HasSubstr("`" + knobs.substr(at, knobs.find('"', at) - at) + "`"));
  }
  EXPECT_GE(count, 13U);
}

TEST(Law, EveryFolderOfMutantsIsARule) {
  for (const auto& folder : fs::directory_iterator(PROVLAB_SOURCE_DIR "/tests/mutants")) {
    if (!folder.is_directory()) continue;
    EXPECT_TRUE(lab::is_rule(folder.path().filename().string())) << folder.path();
  }
}

Said list(const std::string& words, const std::string& folder = PROVLAB_SOURCE_DIR) {
  return test::run_shell("cd '" + folder + "' && '" PROVLAB_PROGRAM "' list " + words);
}

TEST(ListRules, TellsWhereEachRuleIsAtWork) {
  std::string numbers;
  for (const lab::SpecRule& rule : lab::specification().rules) numbers += ' ' + rule.number;
  const Said said = list("--rules" + numbers + " --where");
  EXPECT_EQ(said.status, 0);
  std::size_t at = 0;
  for (const lab::SpecRule& rule : lab::specification().rules) {
    at = said.text.find(rule.number + "  " + rule.title + "\n\n", at);
    ASSERT_NE(at, said.text.npos) << rule.number;
    for (const char* part : {"\ncited in ", "\ncovered by ", "\nbroken by "}) {
      at = said.text.find(part, at);
      ASSERT_NE(at, said.text.npos) << rule.number << part;
    }
  }
}

TEST(ListRules, NamesCodeScenariosAndMutants) {
  EXPECT_THAT(
      list("--rules 2.10 --where").text,
      AllOf(StartsWith("2.10  The first answer"), HasSubstr("\n  [D] In a concurrent stage"),
            HasSubstr("\ncore/discovery/staged_search.hpp:"), HasSubstr(" scenarios/races/"),
            HasSubstr("\ntests/mutants/2.10/a-late-notify-gets-200.patch: A NOTIFY that")));
}

TEST(ListRules, SeesTheSameFromAFolderDeepInTheTree) {
  EXPECT_THAT(
      list("--rules 2.10 --where", PROVLAB_SOURCE_DIR "/core/net").text,
      AllOf(HasSubstr("\n../discovery/staged_search.hpp:"), HasSubstr(" ../../scenarios/races/"),
            HasSubstr("\n../../tests/mutants/2.10/a-late-notify-gets-200.patch: ")));
}

TEST(ListRules, WithoutWhereIsTheTextAlone) {
  EXPECT_THAT(
      list("--rules 2.6 I11").text,
      AllOf(StartsWith("2.6  "), HasSubstr("\n  > Beyond runs: the frames of the ARP probe"),
            HasSubstr("\n\nI11  "), HasSubstr("\n  > Beyond runs: all of it ("),
            Not(HasSubstr("cited in"))));
}

TEST(ListRules, NamesTheRulesAloneWhereThereAreNoScenarios) {
  const Said said = test::run_shell("cd / && '" PROVLAB_PROGRAM "' list --rules");
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.text, AllOf(HasSubstr("\n2 The provisioning run\n2.1  "),
                               HasSubstr("there is no folder 'scenarios' here, so these are the "
                                         "rules alone"),
                               Not(HasSubstr("uncovered"))));
}

TEST(ListRules, TakesSectionsAndWords) {
  const Said said = list("--rules 3 wait 2.10");
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.text,
              AllOf(StartsWith("section 3, DHCP as a source of the URL: "),
                    HasSubstr(" rules with 'wait'\n"), HasSubstr("\n\n2.10  The first answer")));
  EXPECT_THAT(list("--rules unsynchronised --where").text,
              AllOf(StartsWith("9.ntp-unsynchronised  "), HasSubstr("\ncited in ")));
  EXPECT_EQ(list("--rules wombat").status, 2);
}

TEST(ListRules, SaysInOneLineThatThereIsNoSourceTree) {
  const Said said = test::run_shell(
      "folder=$(mktemp -d) && cp '" PROVLAB_PROGRAM
      "' $folder && cd $folder && ./provlab list --rules 2.13 --where; rm -r $folder");
  EXPECT_THAT(said.text, HasSubstr("\nwhere it is at work is not known: there is no source tree "));
  EXPECT_THAT(said.text, Not(HasSubstr("cited in")));
}

}  // namespace
}  // namespace provlab::house
