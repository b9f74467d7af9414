#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <set>

#include "tests/file_content.hpp"
#include "tests/house/shell.hpp"
#include "tests/temporary_folder.hpp"

/// `provlab explore --shard` and `provlab report` at a command line.
namespace provlab::program {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

using test::content_of;
using test::run_program;
using test::Said;

namespace json = boost::json;

const std::string kExplored =
    "explore '" PROVLAB_SOURCE_DIR "/scenarios/races/six-answers.xml' --answers --losses 2";

class ExploreShards : public ::testing::Test {
 protected:
  std::string file(const std::string& name) const {
    return std::string(folder_.path()) + "/" + name;
  }
  Said shard(const std::string& which, const std::string& name) const {
    return run_program(kExplored + " --shard " + which + " --json " + file(name));
  }

 private:
  test::TemporaryFolder folder_;
};

/// What one machine finds, without how many runs it took.
std::multiset<std::string> found_in(const std::string& text) {
  std::multiset<std::string> all;
  const json::value whole = json::parse(text);
  all.insert(json::serialize(whole.at("classes")));
  for (json::value outcome : whole.at("outcomes").as_array()) {
    outcome.as_object().erase("runs");
    all.insert(json::serialize(outcome));
  }
  return all;
}

TEST_F(ExploreShards, ComeToWhatOneMachineFinds) {
  for (const std::string which : {"1", "2", "3"}) {
    EXPECT_EQ(shard(which + "/3", which + ".json").status, 0);
  }
  const Said whole = run_program(kExplored + " --json " + file("whole.json"));
  const std::string parts = file("3.json") + " " + file("1.json") + " " + file("2.json");
  const Said merged = run_program("report " + parts + " --json " + file("merged.json"));
  EXPECT_EQ(merged.status, whole.status);
  EXPECT_EQ(found_in(content_of(file("merged.json"))), found_in(content_of(file("whole.json"))));
  EXPECT_THAT(merged.text, AllOf(HasSubstr("six-answers: "), HasSubstr("ordered pairs")));
  for (const std::string which : {"1", "2", "3"}) {
    // Nobody has done it all.
    const auto part = json::parse(content_of(file(which + ".json")));
    const auto all = json::parse(content_of(file("whole.json")));
    EXPECT_LT(part.at("runs").to_number<int>(), all.at("runs").to_number<int>());
  }
}

TEST_F(ExploreShards, AreAllThereOnce) {
  shard("1/2", "1.json");
  shard("2/2", "2.json");
  shard("2/3", "other.json");
  const auto report = [&](const std::string& files) { return run_program("report " + files); };
  const Said missing = report(file("2.json"));
  EXPECT_EQ(missing.status, 2);
  EXPECT_THAT(missing.text, HasSubstr("missing: shard 1/2"));
  const Said doubled = report(file("1.json") + " " + file("1.json"));
  EXPECT_EQ(doubled.status, 2);
  EXPECT_THAT(doubled.text, HasSubstr("give each shard once"));
  const Said mixed = report(file("1.json") + " " + file("other.json"));
  EXPECT_EQ(mixed.status, 2);
  EXPECT_THAT(mixed.text, HasSubstr("a shard of another exploration"));
}

TEST_F(ExploreShards, OfAWholeExplorationThereIsNothingToPutTogether) {
  run_program(kExplored + " --json " + file("whole.json"));
  const Said said = run_program("report " + file("whole.json"));
  EXPECT_EQ(said.status, 2);
  EXPECT_THAT(said.text, HasSubstr("explore --shard i/n"));
}

}  // namespace
}  // namespace provlab::program
