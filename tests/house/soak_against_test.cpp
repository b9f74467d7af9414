#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "tests/file_content.hpp"
#include "tests/house/shell.hpp"
#include "tests/temporary_folder.hpp"

/// `provlab soak --against` with builds that do otherwise: scripts around this one, which play
/// scenarios that were changed on the way.
namespace provlab::program {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using test::content_of;
using test::run_program;
using test::Said;

class SoakAgainst : public ::testing::Test {
 protected:
  /// Another build: every scenario file it gets is edited by sed first, in a folder of its own.
  std::string build_with(const std::string& edit) {
    const std::string script = folder_ / "other";
    std::ofstream(script) << "#!/bin/bash\n"
                             "set -e\n"
                             "words=()\n"
                             "mkdir -p '"
                          << (folder_ / "edited")
                          << "'\n"
                             "for word; do\n"
                             "  if [[ $word == *.xml ]]; then\n"
                             "    file='"
                          << (folder_ / "edited")
                          << "'/${word##*/}\n"
                             "    sed -e '"
                          << edit
                          << "' \"$word\" >\"$file\"\n"
                             "    word=$file\n"
                             "  fi\n"
                             "  words+=(\"$word\")\n"
                             "done\n"
                             "exec '" PROVLAB_PROGRAM "' \"${words[@]}\"\n";
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
    return script;
  }
  Said against(const std::string& program, const std::string& options) {
    return run_program("soak --against '" + program + "' --out '" + (folder_ / "found") + "' " +
                       options);
  }

  /// Plays both shards of two; their reports, as words of a command line.
  std::string two_shards(const std::string& program, const std::string& options) {
    std::string words;
    for (const std::string shard : {"1", "2"}) {
      const std::string json = folder_ / (shard + ".json");
      against(program, options + " --shard " + shard + "/2 --json '" + json + "'");
      words += "'" + json + "' ";
    }
    return words;
  }

  test::TemporaryFolder folder_;
};

TEST_F(SoakAgainst, AnEqualBuildDoesTheSame) {
  const Said said = against(PROVLAB_PROGRAM, "--runs 40");
  EXPECT_EQ(said.status, 0) << said.text;
  EXPECT_THAT(said.text, HasSubstr("40 scenarios from seed 1 on"));
  EXPECT_THAT(said.text, HasSubstr("  what both do is the same\n"));
}

TEST_F(SoakAgainst, NoOtherBuildEndsWithALineToo) {
  const Said said = run_program("soak --runs 2 --out '" + (folder_ / "found") + "'");
  EXPECT_EQ(said.status, 0) << said.text;
  EXPECT_THAT(said.text, HasSubstr("  no invariant broke, and every phone recovered\n"));
}

/// As if SIP multicast did not work there.
TEST_F(SoakAgainst, ADifferenceBecomesASmallScenario) {
  const std::string other = build_with("/<notify /d");
  const Said said = against(other, "--runs 60 --json '" + (folder_ / "report.json") + "'");
  EXPECT_EQ(said.status, 1) << said.text;
  EXPECT_THAT(said.text,
              AllOf(HasSubstr("DIFFERS with seed "), HasSubstr("passes here, fails there: <")));
  std::string file;
  for (const auto& each : std::filesystem::directory_iterator(folder_ / "found")) {
    EXPECT_TRUE(file.empty());
    file = each.path().string();
  }
  ASSERT_FALSE(file.empty());
  const std::string text = content_of(file);
  EXPECT_THAT(text, AllOf(HasSubstr("<notify "), Not(HasSubstr("<redirect")),
                          HasSubstr("Found by soak --against with seed ")));
  EXPECT_LT(text.size(), 1'500U) << text;
  EXPECT_EQ(run_program("run --strict '" + file + "'").status, 0) << text;
  EXPECT_EQ(test::run_shell("'" + other + "' run '" + file + "'").status, 1) << text;
  EXPECT_THAT(content_of(folder_ / "report.json"),
              AllOf(HasSubstr("\"kind\":\"soak-against\""), HasSubstr(file)));
}

TEST_F(SoakAgainst, ABuildThatCannotBeStartedIsNamed) {
  const Said said = against("/none/provlab", "--runs 1");
  EXPECT_EQ(said.status, 2);
  EXPECT_THAT(said.text, HasSubstr("provlab: /none/provlab: No such file or directory"));
}

TEST_F(SoakAgainst, AProgramThatIsNoProvlabIsNamed) {
  const Said said = against("/bin/true", "--runs 1");
  EXPECT_EQ(said.status, 2);
  EXPECT_THAT(said.text, HasSubstr("provlab: /bin/true: it wrote no report"));
}

/// As if SIP multicast did not work there.
TEST_F(SoakAgainst, ShardsFindTheDifferenceThatOneMachineFinds) {
  const std::string other = build_with("/<notify /d");
  const std::string whole = folder_ / "whole.json";
  const std::string junit = folder_ / "whole.xml";
  EXPECT_EQ(against(other, "--runs 20 --json '" + whole + "' --junit '" + junit + "'").status, 1);
  const auto difference = [](const std::string& json) {
    const std::size_t begin = json.find("\"difference\":");
    return json.substr(begin, json.find("\"file\"", begin) - begin);
  };
  EXPECT_THAT(content_of(junit), AllOf(HasSubstr("tests=\"1\" failures=\"1\""),
                                       HasSubstr("name=\"both builds do the same\"")));
  const std::string shards = two_shards(other, "--runs 20");
  const std::string merged = folder_ / "merged.json";
  EXPECT_EQ(
      run_program("report " + shards + " --json '" + merged + "' --junit '" + junit + "'").status,
      1);
  EXPECT_THAT(difference(content_of(merged)), HasSubstr("expectation"));
  EXPECT_EQ(difference(content_of(merged)), difference(content_of(whole)));
  EXPECT_THAT(content_of(junit), HasSubstr("failures=\"1\""));
  EXPECT_THAT(run_program("report " + shards).text, HasSubstr("DIFFERS with seed "));
}

TEST_F(SoakAgainst, ShardsOfEqualBuildsPlayEveryScenarioOnce) {
  const std::string shards = two_shards(PROVLAB_PROGRAM, "--seed 7 --runs 5");
  EXPECT_THAT(content_of(folder_ / "1.json"), HasSubstr("\"scenarios\":3,"));
  EXPECT_THAT(content_of(folder_ / "2.json"), HasSubstr("\"scenarios\":2,"));
  const Said said = run_program("report " + shards);
  EXPECT_EQ(said.status, 0) << said.text;
  EXPECT_THAT(said.text, AllOf(HasSubstr(": 5 scenarios from seed 7 on, "),
                               HasSubstr("what both do is the same")));
}

TEST_F(SoakAgainst, ShardsThatDoNotFitAreRefused) {
  const std::string shards = two_shards(PROVLAB_PROGRAM, "--runs 4");
  const std::string first = "'" + (folder_ / "1.json") + "' ";
  const std::string second = folder_ / "2.json";
  const auto refused = [&](const std::string& files) {
    const Said said = run_program("report " + files);
    EXPECT_EQ(said.status, 2) << said.text;
    return said.text;
  };
  EXPECT_THAT(refused(first), HasSubstr("missing: shard 2/2"));
  EXPECT_THAT(refused(first + shards), HasSubstr("and so is"));
  const std::string good = content_of(second);
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    std::ofstream(second) << text;
    return refused(shards);
  };
  EXPECT_THAT(changed("\"seed\":1", "\"seed\":2"), HasSubstr("of another soak than "));
  EXPECT_THAT(changed("\"scenarios\":2", "\"scenarios\":1"), HasSubstr("the reports hold 3"));
  EXPECT_THAT(changed("\"scenarios\":2", "\"scenarios\":-2"), HasSubstr("incomplete or was"));
  EXPECT_THAT(changed("\"exit_code\"", "\"ended_early\":true,\"exit_code\""),
              HasSubstr("this is shard 2/2, which was ended early"));
  EXPECT_THAT(changed("\"version\":2", "\"version\":1"), HasSubstr("is of version 1"));
  EXPECT_THAT(changed("\"kind\":\"soak-against\"", "\"kind\":\"soak\""), HasSubstr("provlab: "));
}

}  // namespace
}  // namespace provlab::program
