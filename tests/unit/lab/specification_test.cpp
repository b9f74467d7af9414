#include "sim/lab/language/specification.hpp"

#include <gmock/gmock.h>

#include "sim/lab/language/citations.hpp"
#include "sim/lab/language/rule_text.hpp"
#include "tests/unit/lab/slip.hpp"

namespace provlab::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kLaw = R"(# A phone

Words that nobody [reads.

## 1 Device

### 1.1 It is a phone

[S] It rings, [R 2131 3.7; as others do] or `[not]`. [D, S] It
does not fly.

> Not yet: it flies
> at times.

> Beyond runs: the sound (nobody hears it)

### 1.2 It is black

[V] Black.

> Not yet: all of it. It is green.

> Beyond runs: all of it (nobody sees it)

## 2 Rest

[W] All of this is borrowed.

### 2.1 It rests

At night.
)";

std::string complaint_about(const std::string& text) {
  const auto read = read_specification(text);
  return read ? "" : read.error().to_string();
}

TEST(SpecificationReader, ReadsSectionsAndRules) {
  const auto read = read_specification(kLaw);
  ASSERT_TRUE(read) << read.error().to_string();
  ASSERT_EQ(read->sections.size(), 2U);
  EXPECT_EQ(read->sections[1].number, "2");
  EXPECT_EQ(read->sections[1].name, "Rest");
  ASSERT_EQ(read->rules.size(), 3U);
  const SpecRule& rule = read->rules[0];
  EXPECT_EQ(rule.number, "1.1");
  EXPECT_EQ(rule.title, "It is a phone");
  EXPECT_EQ(rule.text,
            "[S] It rings, [R 2131 3.7; as others do] or `[not]`. [D, S] It\ndoes not fly.");
  EXPECT_THAT(rule.sources, ElementsAre("S", "R 2131 3.7", "D"));
  ASSERT_EQ(rule.not_yet.size(), 1U);
  EXPECT_EQ(rule.not_yet[0].text, "it flies at times.");
  ASSERT_EQ(rule.beyond_runs.size(), 1U);
  EXPECT_EQ(rule.beyond_runs[0].part, "the sound");
  EXPECT_EQ(rule.beyond_runs[0].reason, "nobody hears it");
}

TEST(SpecificationReader, KnowsPartsFromWholes) {
  const auto read = read_specification(kLaw);
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->rules[0].is_ignored());
  EXPECT_FALSE(read->rules[0].is_beyond_runs());
  EXPECT_TRUE(read->rules[1].is_ignored());
  EXPECT_TRUE(read->rules[1].is_beyond_runs());
}

TEST(SpecificationReader, MarksOfASectionHoldWhereARuleHasNone) {
  const auto read = read_specification(kLaw);
  ASSERT_TRUE(read);
  EXPECT_THAT(read->find("2.1")->sources, ElementsAre("W"));
  EXPECT_EQ(read->find("2.2"), nullptr);
}

TEST(SpecificationReader, FaultsAreItemsOfTheirRule) {
  std::string text = "# A\n";
  for (int section = 1; section < 9; ++section) {
    text += "## " + std::to_string(section) + " S\n\n### " + std::to_string(section) +
            ".1 T\n\n[S] T.\n\n";
  }
  text +=
      "## 9 Faults\n\n### 9 What goes wrong\n\n[D] Much.\n\n- 9.late Fault: a late answer. It\n"
      "  comes late.\n- 9.none Fault: none. Nothing.\n\nSIP:\n\n- 9.sip-x Fault: an x. An x.\n";
  const auto read = read_specification(text);
  ASSERT_TRUE(read) << read.error().to_string();
  ASSERT_NE(read->find("9.late"), nullptr);
  EXPECT_EQ(read->find("9.late")->title, "Fault: a late answer");
  EXPECT_EQ(read->find("9.late")->text, "It comes late.");
  EXPECT_THAT(read->find("9.sip-x")->sources, ElementsAre("D"));
  EXPECT_EQ(read->rules.size(), 12U);
  EXPECT_EQ(complaint_about(changed(text, "9.none", "9.late")),
            "line 52: '9.late Fault: none. Nothing.': a fault is '- 9.WORD TITLE. TEXT', each WORD "
            "once");
}

class MalformedSpecification : public ::testing::TestWithParam<Slip> {};

TEST_P(MalformedSpecification, IsRefusedWithItsLine) {
  EXPECT_EQ(complaint_about(GetParam().in(kLaw)), GetParam().complaint);
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, MalformedSpecification,
    ::testing::Values(
        Slip{"SectionLeftOut", "## 2 Rest", "## 3 Rest",
             "line 25: a section that begins here begins with '## 2 NAME'"},
        Slip{"SectionWithoutName", "## 2 Rest", "## 2",
             "line 25: a section that begins here begins with '## 2 NAME'"},
        Slip{"SectionWithoutRules", "### 2.1 It rests\n", "",
             "line 31: the section above has no rule"},
        Slip{"RuleLeftOut", "### 1.2", "### 1.3",
             "line 17: a rule that begins here begins with '### 1.2 TITLE', and its title has no "
             "full stop"},
        Slip{"TitleWithFullStop", "phone\n\n[S]", "phone.\n\n[S]",
             "line 7: a rule that begins here begins with '### 1.1 TITLE', and its title has no "
             "full stop"},
        Slip{"HeadingTooDeep", "### 1.2", "#### 1.2", "line 17: no heading of a section or rule"},
        Slip{"RuleBeforeSections", "## 1 Device\n", "",
             "line 6: a rule stands before all sections"},
        Slip{"NoText", "[V] Black.\n", "", "line 17: rule 1.2: there is no text"},
        Slip{"NoSource", "[V] Black", "Black", "line 17: rule 1.2: there is no mark of a source"},
        Slip{"UnknownSource", "[V]", "[X]", "line 17: 'X' is no mark of a source"},
        Slip{"RfcWithoutNumber", "R 2131 3.7", "R 3.7", "line 7: 'R 3.7' is no mark of a source"},
        Slip{"OpenBracket", "[V] Black", "[V Black", "line 17: a '[' without its ']'"},
        Slip{"OpenBackquote", "`[not]`", "`not", "line 7: a backquote without its other one"},
        Slip{"UnknownQuote", "> Not yet: all", "> Never: all",
             "line 17: rule 1.2: a quoted paragraph is neither 'Not yet: ...' nor 'Beyond runs: "
             "PART (REASON)'"},
        Slip{"BeyondRunsWithoutReason", " (nobody hears it)", "",
             "line 7: rule 1.1: a quoted paragraph is neither 'Not yet: ...' nor 'Beyond runs: "
             "PART (REASON)'"},
        Slip{"QuoteWithoutBlank", "> Not yet: all", ">Not yet: all",
             "line 17: a line of a quoted paragraph has no blank behind its '>'"},
        Slip{"QuoteOutsideRules", "[W] All", "> Not yet: all",
             "line 25: a quoted paragraph stands outside all rules"}),
    kSlipName);

TEST(SpecificationReader, WantsASection) {
  EXPECT_EQ(complaint_about("# A phone\n"), "there is no section");
}

TEST(BuiltInSpecification, IsWellFormed) {
  std::string text;
  for (const std::string_view piece : specification_pieces()) {
    EXPECT_LT(piece.size(), 65'000U);
    text += piece;
  }
  EXPECT_EQ(complaint_about(text), "");
}

TEST(BuiltInSpecification, KnowsRulesByTheirNumber) {
  for (const char* number : {"1.1", "2.10", "5.11", "9", "9.dhcp-nak", "I11"}) {
    EXPECT_TRUE(is_rule(number)) << number;
  }
  for (const char* number : {"2", "2.16", "9.dhcp", "I12", ""}) {
    EXPECT_FALSE(is_rule(number)) << number;
  }
}

std::vector<std::string> cited_in(std::string_view text) {
  std::vector<std::string> cited;
  for (const Citation& each : citations_in(text)) {
    cited.push_back(std::to_string(each.line) + ": " + each.first +
                    (each.last == each.first ? "" : " to " + each.last));
  }
  return cited;
}

// Apart, so that a search for citations does not find these.
const std::string kSpec =
    "SP"
    "EC";

TEST(Citations, AreNumbersOfRulesSectionsFaultsAndInvariants) {
  EXPECT_THAT(cited_in("(" + kSpec + " 2.10) " + kSpec + " 3. " + kSpec + " I7's " + kSpec +
                       " 9.dhcp-nak."),
              ElementsAre("1: 2.10", "1: 3", "1: I7", "1: 9.dhcp-nak"));
}

TEST(Citations, ComeInListsAndRanges) {
  EXPECT_THAT(
      cited_in(kSpec + " 2.8, 2.9, RFC 6665; " + kSpec + " 2.12 and 5.5: " + kSpec +
               " 2.6–2.15 and 5.8, I3."),
      ElementsAre("1: 2.8", "1: 2.9", "1: 2.12", "1: 5.5", "1: 2.6 to 2.15", "1: 5.8", "1: I3"));
}

TEST(Citations, GoOnInTheNextLine) {
  EXPECT_THAT(
      cited_in("/// a (" + kSpec + "\n/// 2.1, 2.2,\n/// in the night)\n# " + kSpec + "\n# 3.1"),
      ElementsAre("2: 2.1", "2: 2.2", "5: 3.1"));
}

TEST(Citations, AreNotWhatOnlyLooksLikeThem) {
  EXPECT_THAT(cited_in("what `" + kSpec + "` means; " + kSpec + "2.1; " + kSpec + " says; " +
                       kSpec + " 2nd; RFC 2131 4.4"),
              IsEmpty());
}

TEST(Citations, OfARangeAreAllThatLiesWithin) {
  const Specification& law = specification();
  const auto range = citations_in(kSpec + " 2.5–2.15").front();
  EXPECT_TRUE(exists(range, law));
  EXPECT_TRUE(cites(range, "2.5", law));
  EXPECT_TRUE(cites(range, "2.10", law));
  EXPECT_TRUE(cites(range, "2.15", law));
  EXPECT_FALSE(cites(range, "2.4", law));
  EXPECT_FALSE(cites(range, "3.1", law));
  EXPECT_FALSE(exists(citations_in(kSpec + " 2.5–2.16").front(), law));
  EXPECT_TRUE(exists(citations_in(kSpec + " 7").front(), law));
  EXPECT_FALSE(exists(citations_in(kSpec + " 11").front(), law));
}

TEST(RuleText, WrapsParagraphsListsAndTables) {
  const std::string words = "one two three four five six seven eight nine ten eleven twelve more";
  const SpecRule rule{.number = "2.1",
                      .title = "A rule",
                      .text = "[S] " + words + "\nand " + words + ":\n\n- " + words + "\n  and " +
                              words + "\n- next\n\n| a | thing |\n| --- | --- |\n| `ab–c` | " +
                              words + " " + words + " |\n\n1. first",
                      .not_yet = {{"it flies."}},
                      .beyond_runs = {{"the sound", "nobody hears it"}}};
  EXPECT_EQ(rule_text(rule),
            R"(2.1  A rule

  [S] one two three four five six seven eight nine ten eleven twelve more and one two three four
  five six seven eight nine ten eleven twelve more:

  - one two three four five six seven eight nine ten eleven twelve more and one two three four five
    six seven eight nine ten eleven twelve more
  - next

  a       thing
  `ab–c`  one two three four five six seven eight nine ten eleven twelve more one two three four
          five six seven eight nine ten eleven twelve more

  1. first

  > Not yet: it flies.

  > Beyond runs: the sound (nobody hears it)
)");
}

TEST(RuleText, OfNoRuleIsWiderThanATerminal) {
  for (const SpecRule& rule : specification().rules) {
    const std::string text = rule_text(rule);
    EXPECT_THAT(text, HasSubstr(rule.number + "  " + rule.title + "\n\n"));
    for (std::size_t start = 0; start < text.size();) {
      const std::size_t end = text.find('\n', start);
      const auto columns = std::count_if(text.begin() + static_cast<std::ptrdiff_t>(start),
                                         text.begin() + static_cast<std::ptrdiff_t>(end),
                                         [](char c) { return (c & 0xc0) != 0x80; });
      EXPECT_LE(columns, 100) << rule.number;
      start = end + 1;
    }
  }
}

}  // namespace
}  // namespace provlab::lab
