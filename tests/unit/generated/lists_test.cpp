#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/machine/output_file.hpp"
#include "tests/temporary_folder.hpp"
#include "tools/generated/judge/choice.hpp"
#include "tools/generated/judge/record.hpp"
#include "tools/generated/maker/rewriting.hpp"
#include "tools/generated/maker/source.hpp"

namespace provlab::mutants {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

Mutant numbered(std::uint32_t number, int line = 1) {
  return {number,           "net/a.cpp:f:constant." + std::to_string(number),
          "core/net/a.cpp", line,
          "constant",       "1 becomes larger by one",
          "return 1;"};
}

std::vector<std::string> ids(const std::vector<const Mutant*>& mutants) {
  std::vector<std::string> all;
  for (const Mutant* one : mutants) all.push_back(one->id);
  return all;
}

TEST(Rewriting, KeepsWhatLiesWithinEachOther) {
  Rewriting rewriting;
  rewriting.wrap(0, 9, "f(", ")");  // a < b+1<c
  rewriting.wrap(0, 1, "g(", ")");
  rewriting.replace(2, 1, ",");
  rewriting.wrap(4, 9, "h(", ")");
  rewriting.replace(7, 1, ",");
  EXPECT_EQ(rewriting.apply("a < b+1<c"), "f(g(a) , h(b+1,c))");
}

TEST(Rewriting, EndsBeforeItBeginsInTheSamePlace) {
  Rewriting rewriting;
  rewriting.wrap(0, 1, "(", ")");
  rewriting.wrap(1, 2, "[", "]");
  EXPECT_EQ(rewriting.apply("ab"), "(a)[b]");
}

TEST(Source, NamesMutantsByFunctionKindAndOrdinal) {
  Source source("core/net/a.cpp", "int a;\n  return b < c;\n");
  const std::uint32_t first = source.take(18, "f", "relation", {"< becomes <=", "< becomes >"});
  source.take(18, "g", "relation", {"< becomes <="});
  ASSERT_THAT(source.mutants(), SizeIs(3));
  EXPECT_EQ(first, 1U);
  EXPECT_EQ(source.mutants()[1].number, 2U);
  EXPECT_EQ(source.mutants()[1].id, "net/a.cpp:f:relation.2");
  EXPECT_EQ(source.mutants()[1].line, 2);
  EXPECT_EQ(source.mutants()[1].text, "return b < c;");
  EXPECT_EQ(source.mutants()[2].id, "net/a.cpp:g:relation.1");
}

TEST(Source, LeavesNumbersFreeForWhatIsAdded) {
  Source one("core/net/a.cpp", "int a;\n");
  one.take(0, "f", "constant", {"1 becomes larger by one"});
  const std::uint32_t next = one.number_from(256);
  EXPECT_EQ(one.mutants()[0].number, 257U);
  Source longer("core/net/a.cpp", "int a;\n");
  longer.take(0, "f", "constant", {"1 becomes larger by one", "1 becomes smaller by one"});
  EXPECT_EQ(longer.number_from(256), next);
}

TEST(Source, LeavesOutLinesThatDoNotCompile) {
  Source::leave_out({"core/net/a.cpp:2"});
  Source source("core/net/a.cpp", "int a;\n  return b < c;\n");
  EXPECT_EQ(source.take(18, "f", "relation", {"< becomes <="}), 0U);
  EXPECT_THAT(source.mutants(), SizeIs(0));
  Source::leave_out({});
}

TEST(Source, CountsWhatItLeavesAndKeepsTheIdsOfOthers) {
  const std::size_t before = Source::left(Left::memory);
  Source source("core/net/a.cpp", "int a;\n");
  source.take(0, "f", "constant", {"1 becomes larger by one"});
  source.leave(Left::memory, "f", "constant", 2);
  source.take(0, "f", "constant", {"1 becomes larger by one"});
  EXPECT_EQ(source.mutants().back().id, "net/a.cpp:f:constant.4");
  EXPECT_EQ(Source::left(Left::memory) - before, 2U);
}

TEST(Manifest, ReadsBackWhatItWrites) {
  const std::vector<Mutant> mutants = {numbered(1), numbered(2, 12)};
  const auto read = parse_manifest(to_text(mutants), "m");
  ASSERT_TRUE(read);
  ASSERT_THAT(*read, SizeIs(2));
  EXPECT_EQ(to_text(*read), to_text(mutants));
  EXPECT_EQ((*read)[1].room(), "core/net");
}

TEST(Manifest, RefusesOtherFiles) {
  EXPECT_FALSE(parse_manifest("nonsense\n", "m"));
}

TEST(Choice, ALargerCountAddsToASmallerOne) {
  std::vector<Mutant> mutants;
  for (std::uint32_t number = 1; number <= 200; ++number) mutants.push_back(numbered(number));
  Choice choice;
  choice.count = 20;
  const auto few = ids(chosen(mutants, choice));
  EXPECT_THAT(few, SizeIs(20));
  choice.count = 50;
  const auto many = ids(chosen(mutants, choice));
  for (const std::string& id : few) EXPECT_THAT(many, ::testing::Contains(id));
  choice.seed = 2;
  EXPECT_NE(ids(chosen(mutants, choice)), many);
}

TEST(Choice, TakesGlobsAndTouchedLines) {
  const std::vector<Mutant> mutants = {numbered(1, 5), numbered(2, 6), numbered(3, 20)};
  Choice choice;
  choice.globs = {"*constant.3", "*constant.1"};
  EXPECT_THAT(ids(chosen(mutants, choice)), ElementsAre(mutants[0].id, mutants[2].id));
  choice.only_touched = true;
  EXPECT_THAT(ids(chosen(mutants, choice)), SizeIs(0));
  choice.touched = *parse_lines("core/net/a.cpp\t1\t5\ncore/net/b.cpp\t1\t50\n", "lines");
  EXPECT_THAT(ids(chosen(mutants, choice)), ElementsAre(mutants[0].id));
}

TEST(Record, GoesOnWhereItWasInterrupted) {
  const test::TemporaryFolder folder;
  const std::string file = folder / "results";
  {
    auto record = Record::open(file, 1);
    ASSERT_TRUE(record);
    Verdict verdict;
    verdict.ending = {End::scenario, "near [a b]", nullptr, 1};
    verdict.reaching = 12;
    ASSERT_TRUE(record->add(numbered(1), verdict));
    ASSERT_TRUE(record->add(numbered(2), {}));
  }
  const std::string whole = *lab::read_file(file, 10'000);
  ASSERT_TRUE(lab::write_file(file, whole + "net/a.cpp:f:constant.3\tscen"));
  const auto again = Record::open(file, 1);
  ASSERT_TRUE(again);
  ASSERT_THAT(again->verdicts(), SizeIs(2));
  const Verdict& known = again->verdicts().at(numbered(1).id);
  EXPECT_EQ(known.ending.end, End::scenario);
  EXPECT_EQ(known.ending.by, "near [a b]");
  EXPECT_EQ(known.reaching, 12);
}

TEST(Record, ForgetsWhatAnotherProgramSaid) {
  const test::TemporaryFolder folder;
  const std::string file = folder / "results";
  ASSERT_TRUE(Record::open(file, 1)->add(numbered(1), {}));
  EXPECT_THAT(Record::open(file, 2)->verdicts(), SizeIs(0));
}

TEST(Remarks, AreIdLineAndReason) {
  const auto read = parse_remarks("# why\n\nnet/a.cpp:f:constant.1\treturn 1;\tno matter\n", "e");
  ASSERT_TRUE(read);
  ASSERT_THAT(*read, SizeIs(1));
  EXPECT_EQ(read->front().text, "return 1;");
  EXPECT_EQ(read->front().place, "e:3");
  const auto wrong = parse_remarks("net/a.cpp:f:constant.1\tno reason\n", "e");
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().to_string(), HasSubstr("e:1"));
}

}  // namespace
}  // namespace provlab::mutants
