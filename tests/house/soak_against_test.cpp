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

  test::TemporaryFolder folder_;
};

TEST_F(SoakAgainst, AnEqualBuildDoesTheSame) {
  const Said said = against(PROVLAB_PROGRAM, "--runs 40");
  EXPECT_EQ(said.status, 0) << said.text;
  EXPECT_THAT(said.text, HasSubstr("40 scenarios from seed 1 on"));
  EXPECT_THAT(said.text, HasSubstr("what both do is the same"));
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

TEST_F(SoakAgainst, KnowsNoShards) {
  const Said said = against(PROVLAB_PROGRAM, "--runs 2 --shard 1/2");
  EXPECT_EQ(said.status, 2);
  EXPECT_THAT(said.text, HasSubstr("provlab: --against knows no shards"));
}

}  // namespace
}  // namespace provlab::program
