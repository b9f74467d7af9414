#include "sim/lab/markup/complaint.hpp"

#include <gmock/gmock.h>

namespace provlab::lab {
namespace {

using ::testing::ElementsAre;

const std::vector<std::string> kWords{"latency", "jitter", "loss", "name"};

TEST(DidYouMean, FindsAWordWithOneSlip) {
  EXPECT_EQ(nearest("latancy", kWords), "latency");
  EXPECT_EQ(nearest("latncy", kWords), "latency");
  EXPECT_EQ(nearest("jittter", kWords), "jitter");
}

TEST(DidYouMean, CountsSwappedNeighboursAsOneSlip) {
  EXPECT_EQ(nearest("nmae", kWords), "name");
}

TEST(DidYouMean, DoesNotMindCaseAndDashes) {
  const std::vector<std::string> words{"run_ended"};
  EXPECT_EQ(nearest("Run-Ended", words), "run_ended");
}

TEST(DidYouMean, FindsAWordCutShort) {
  EXPECT_EQ(nearest("lat", kWords), "latency");
}

TEST(DidYouMean, KeepsSilentWhereNothingIsNear) {
  EXPECT_EQ(nearest("bandwidth", kWords), "");
  EXPECT_EQ(did_you_mean("bandwidth", kWords), "");
}

TEST(DidYouMean, IsAPhraseInBrackets) {
  EXPECT_EQ(did_you_mean("los", kWords), " (did you mean 'loss'?)");
}

TEST(AnyOf, JoinsWithCommasAndOr) {
  EXPECT_EQ(any_of(std::vector<std::string>{"a"}), "a");
  EXPECT_EQ(any_of(std::vector<std::string>{"a", "b"}), "a or b");
  EXPECT_EQ(any_of(std::vector<std::string>{"a", "b", "c"}), "a, b or c");
}

TEST(Complaint, ReadsFileLineText) {
  EXPECT_EQ((Complaint{"a.xml", 7, "wrong"}).to_string(), "a.xml:7: wrong");
  EXPECT_EQ((Complaint{"a.xml", 0, "unreadable"}).to_string(), "a.xml: unreadable");
}

TEST(Complaints, AreSortedByLineAndSaidOnce) {
  Complaints complaints("a.xml");
  complaints.add(9, "late");
  complaints.add(2, "early");
  complaints.add(9, "late");
  EXPECT_THAT(complaints.sorted(),
              ElementsAre(Complaint{"a.xml", 2, "early"}, Complaint{"a.xml", 9, "late"}));
}

}  // namespace
}  // namespace provlab::lab
