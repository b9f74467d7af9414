#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "tests/file_content.hpp"
#include "tests/house/shell.hpp"
#include "tests/temporary_folder.hpp"

/// `provlab compare` at a command line: what its sides may be, and its exit codes.
namespace provlab::program {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using test::content_of;
using test::run_program;
using test::Said;

const std::string kRaceFile = PROVLAB_SOURCE_DIR "/scenarios/tutorial/7-race.xml";
const std::string kReference =
    PROVLAB_SOURCE_DIR "/scenarios/reference/redirect-beats-multicast.xml";
const std::string kRedirect = "redirect-answer-then-multicast-answer";
const std::string kMulticast = "multicast-answer-then-redirect-answer";

Said compare(const std::string& arguments) {
  return run_program("compare " + arguments);
}

TEST(Compare, TwoVariantsOfARaceDiffer) {
  const Said said = compare(kRaceFile + "@" + kRedirect + " @" + kMulticast);
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.text,
              AllOf(HasSubstr("The outcomes differ:\n  winner\n    A  run 1 (boot): redirect"),
                    HasSubstr("They part at 0."), HasSubstr("in A cloud's 302 "),
                    HasSubstr("What followed in A"), HasSubstr("What followed in B")));
}

TEST(Compare, ARunIsTheSameAsItself) {
  const Said said = compare(kRaceFile + "@" + kRedirect + " @" + kRedirect);
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.text, HasSubstr("The same: "));
}

TEST(Compare, VariantsOfTwoFilesBelongTogetherByName) {
  const Said said = compare(kRaceFile + " " + kRaceFile);
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.text, HasSubstr(" runs are the same, 0 differ"));
}

TEST(Compare, ANeighbourIsComparedWithItsRun) {
  const Said variant = compare(kRaceFile + "@" + kMulticast + " @" + kMulticast + "@7:+2ms");
  EXPECT_EQ(variant.status, 1);
  EXPECT_THAT(variant.text, AllOf(HasSubstr("with 7:+2ms"), HasSubstr("They part at 0.")));
  const Said order = compare(kRaceFile + "@natural @natural@7:lost");
  EXPECT_EQ(order.status, 1);
  EXPECT_THAT(order.text, HasSubstr("[exploration natural@7:lost]"));
  const Said several = compare(kRaceFile + "@" + kMulticast + " @7:lost");
  EXPECT_EQ(several.status, 2);
  EXPECT_THAT(several.text, HasSubstr("a token is of one run; name its variant in front of it"));
}

TEST(Compare, TokensAndSeedsNameRuns) {
  EXPECT_EQ(compare(kRaceFile + "@natural @natural").status, 0);
  const Said tokens = compare(kRaceFile + "@natural @5:1");
  EXPECT_EQ(tokens.status, 1);
  EXPECT_THAT(tokens.text, HasSubstr("[exploration 5:1]"));
  EXPECT_EQ(compare(kRaceFile + "@" + kRedirect + "@seed=3 @" + kRedirect + "@seed=3").status, 0);
  const Said never = compare(kRaceFile + "@natural @9999:1");
  EXPECT_EQ(never.status, 2);
  EXPECT_THAT(never.text, HasSubstr("not every departure of the token came about"));
}

TEST(Compare, TracesReportsAndCapturesAreReadBack) {
  const test::TemporaryFolder folder;
  const std::string out = folder.path();
  ASSERT_EQ(run_program("run '" + kRaceFile + "' --trace " + out + "/t --pcap " + out +
                        "/p --json " + out + "/r.json --details all")
                .status,
            0);
  const std::string redirect = "7-race--" + kRedirect;
  const std::string multicast = "7-race--" + kMulticast;
  for (const std::string kind : {"/t/", "/p/"}) {
    const std::string end = kind == "/t/" ? ".jsonl" : ".pcapng";
    const std::string a = out + kind + redirect + end;
    const std::string b = out + kind + multicast + end;
    EXPECT_EQ(compare(a + " " + a).status, 0);
    const Said said = compare(a + " " + b);
    EXPECT_EQ(said.status, 1);
    EXPECT_THAT(said.text, HasSubstr("/a.xml"));
    // Against the run that it is of, and against another.
    EXPECT_EQ(compare(a + " " + kRaceFile + "@" + kRedirect).status, 0) << kind;
    EXPECT_EQ(compare(kRaceFile + "@" + kMulticast + " " + a).status, 1) << kind;
  }
  EXPECT_EQ(compare(out + "/t/" + redirect + ".jsonl " + out + "/p/" + redirect + ".pcapng").status,
            0);
  EXPECT_EQ(
      compare(out + "/t/" + redirect + ".jsonl " + out + "/p/" + multicast + ".pcapng").status, 1);
  EXPECT_EQ(compare(out + "/t " + out + "/t").status, 0);
  EXPECT_EQ(compare(out + "/r.json " + kRaceFile).status, 0);
}

TEST(Compare, WritesJsonAndAPage) {
  const test::TemporaryFolder folder;
  const std::string out = folder.path();
  const Said said = compare(kRaceFile + "@" + kRedirect + " @" + kMulticast + " --json - --html " +
                            out + "/page.html");
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.text,
              AllOf(HasSubstr("\"same\":false"), HasSubstr("\"parting\":{\"at_seconds\":"),
                    Not(HasSubstr("They part"))));
  EXPECT_THAT(content_of(out + "/page.html"), HasSubstr("here they part"));
}

TEST(Compare, OfEqualBuildsThereIsNothingToTell) {
  const Said said = compare("--build " PROVLAB_PROGRAM " " + kRaceFile + " " + kReference);
  EXPECT_EQ(said.status, 0);
  EXPECT_EQ(said.text, "");
  const Said json = compare("--build " PROVLAB_PROGRAM " " + kReference + " --json -");
  EXPECT_EQ(json.status, 0);
  EXPECT_THAT(json.text, AllOf(HasSubstr("\"same\":true,\"runs\":6,\"explorations\":1,\"maps\":1"),
                               HasSubstr("\"changes\":[]"), HasSubstr("\"not_compared\":[]")));
}

/// Another build, which is this one with something else on its command line: `case` of the shell.
std::string other_build(const test::TemporaryFolder& folder, const std::string& cases) {
  const std::string other = std::string(folder.path()) + "/other";
  std::ofstream(other) << "#!/bin/sh\ncase $1 in\n"
                       << cases << "esac\nexec " PROVLAB_PROGRAM " \"$@\"\n";
  std::filesystem::permissions(other, std::filesystem::perms::owner_all);
  return other;
}

TEST(Compare, TellsWhatHasChangedSinceAnotherBuild) {
  // The other one draws other numbers.
  const test::TemporaryFolder folder;
  const std::string other = other_build(folder, "run) set -- \"$@\" --seed 99;;\n");
  const Said said =
      compare("--build " + other + " " + kRaceFile + " --junit " + std::string(folder.path()) +
              "/j.xml --html " + std::string(folder.path()) + "/p.html");
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.text, AllOf(HasSubstr("6: only times differ: schedule minute drawn"),
                               HasSubstr("look at: "), HasSubstr("0 the same, 6 differ")));
  EXPECT_THAT(content_of(std::string(folder.path()) + "/j.xml"),
              AllOf(HasSubstr("only times differ"), HasSubstr("<failure")));
  EXPECT_THAT(content_of(std::string(folder.path()) + "/p.html"),
              AllOf(HasSubstr("<h3>only times differ"), HasSubstr("<a href=\"#example\">"),
                    HasSubstr("The first run that differs: "),
                    HasSubstr("aria-label=\"Sequence diagram of A\""), HasSubstr("<svg")));
  const Said none = compare("--build /bin/false " + kRaceFile);
  EXPECT_EQ(none.status, 2);
  EXPECT_THAT(none.text, HasSubstr("/bin/false: it wrote no report"));
  const Said nowhere = compare("--build /nowhere/provlab " + kRaceFile);
  EXPECT_EQ(nowhere.status, 2);
  EXPECT_THAT(nowhere.text, HasSubstr("neither a program nor a revision"));
  const Said gitless = test::run_shell("PATH=/nowhere " PROVLAB_PROGRAM " compare --build HEAD " +
                                       kRaceFile + " 2>&1");
  EXPECT_EQ(gitless.status, 2);
  EXPECT_THAT(gitless.text, HasSubstr("HEAD: this is no program, and to look for such a revision "
                                      "there is no git on the PATH"));
}

TEST(Compare, TellsOfAFaultThatEndedARunOfTheOtherBuild) {
  // Its report has what came before the fault, or, as those of older builds, no trace at all.
  for (const std::string details : {"all", "none"}) {
    const test::TemporaryFolder folder;
    const std::string other = other_build(
        folder, "run) report=$3; shift 5; " PROVLAB_PROGRAM " run --json $report --details " +
                    details +
                    " \"$@\"\nsed -i '0,/\"outcome\":\"passed\"/s//\"outcome\":\"broken\","
                    "\"reason\":\"stod <x>\"/' $report\nexit 4;;\n");
    const std::string junit = std::string(folder.path()) + "/j.xml";
    const Said said = compare("--build " + other + " " + kRaceFile + " --junit " + junit);
    EXPECT_EQ(said.status, 1);
    EXPECT_THAT(said.text, AllOf(HasSubstr("1: no fault ends the run any more: stod <x>\n    A  it "
                                           "ended "),
                                 HasSubstr("\n    B  passed\n"), Not(HasSubstr("checksum 0"))));
    EXPECT_THAT(said.text, HasSubstr(details == "all" ? "it ended after 0.180000 s device "
                                                      : "tells nothing of what came before"));
    EXPECT_THAT(content_of(junit), HasSubstr("no fault ends the run any more: stod &lt;x&gt;"));
  }
}

TEST(Compare, FindsTheFilesInWhichASignalEndsTheOtherBuild) {
  const test::TemporaryFolder folder;
  const std::string other = other_build(
      folder,
      "run) case \"$*\" in *7-race*) echo first >&2; echo last gasp >&2; kill -SEGV $$;; "
      "esac;;\n");
  const std::string tutorial = PROVLAB_SOURCE_DIR "/scenarios/tutorial";
  const Said said = compare("--build " + other + " " + tutorial + " --json -");
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.text,
              AllOf(HasSubstr("\"differ\":1,"),
                    HasSubstr("is not ended in the middle of a run any more: Segmentation fault"),
                    HasSubstr("the last that it said: last gasp"),
                    HasSubstr("\"in\":[\"" + tutorial + "/7-race.xml\"]"),
                    HasSubstr("\"not_compared\":[]")));
  const std::string together =
      other_build(folder, "run) case \"$*\" in *7-race*shortest*) kill -ABRT $$;; esac;;\n");
  const Said both = compare("--build " + together + " " + kRaceFile + " " + tutorial +
                            "/1-shortest.xml --runs-only");
  EXPECT_EQ(both.status, 1);
  EXPECT_THAT(both.text,
              AllOf(HasSubstr("2 files from " + kRaceFile + " on, which end it only together\n"),
                    HasSubstr("Aborted\n    A  the last that it said: nothing\n"),
                    HasSubstr("7 runs compared")));
}

TEST(Compare, ARevisionIsBuiltOnceAndCompared) {
  // A repository whose program is this one, with other numbers.
  const test::TemporaryFolder folder;
  const std::string here = folder.path();
  std::ofstream(here + "/program") << "#!/bin/sh\ntest \"$1\" = run && set -- \"$@\" --seed 99\n"
                                   << "exec " PROVLAB_PROGRAM " \"$@\"\n";
  std::filesystem::permissions(here + "/program", std::filesystem::perms::owner_all);
  std::ofstream(here + "/CMakeLists.txt")
      << "cmake_minimum_required(VERSION 3.25)\nproject(before NONE)\n"
      << "add_custom_target(provlab COMMAND ${CMAKE_COMMAND} -E copy "
         "${CMAKE_SOURCE_DIR}/program ${CMAKE_BINARY_DIR}/bin/provlab)\n";
  const std::string in_it = "cd '" + here + "' && ";
  ASSERT_EQ(test::run_shell(in_it + "git init -q . && git add -A && git -c user.name=a -c "
                                    "user.email=a@b.example commit -qm before")
                .status,
            0);
  for (int time = 0; time < 2; ++time) {
    const Said said =
        test::run_shell(in_it + PROVLAB_PROGRAM " compare --build HEAD '" + kRaceFile + "'");
    EXPECT_EQ(said.status, 1) << said.text;
    EXPECT_THAT(said.text, AllOf(HasSubstr("A  HEAD\n"), HasSubstr("only times differ")));
  }
  EXPECT_THAT(test::run_shell(in_it + "git worktree list | wc -l").text, HasSubstr("1"));
  const Said broken = test::run_shell(
      in_it +
      "echo wrong > CMakeLists.txt && git -c user.name=a -c user.email=a@b.example commit "
      "-qam broken && " PROVLAB_PROGRAM " compare --build HEAD '" +
      kRaceFile + "'");
  EXPECT_EQ(broken.status, 2);
  EXPECT_THAT(broken.text, AllOf(HasSubstr("provlab: HEAD: it cannot be configured; "),
                                 HasSubstr("build.log says why")));
}

TEST(Compare, MapsOfTwoBuildsAreCompared) {
  const test::TemporaryFolder folder;
  // The other build maps a phone that is less patient.
  const std::string impatient = std::string(folder.path()) + "/impatient.xml";
  std::string text = content_of(kReference);
  const std::string device = "release=\"2.2A\"/>";
  text.replace(text.find(device), device.size(),
               "release=\"2.2A\"><knobs multicast-timeout=\"3s\"/></device>");
  std::ofstream(impatient) << text;
  std::filesystem::copy(PROVLAB_SOURCE_DIR "/scenarios/reference/documents",
                        std::string(folder.path()) + "/documents");
  const std::string other =
      other_build(folder, "map) shift 2; set -- map " + impatient + " \"$@\";;\n");
  const Said said = compare("--build " + other + " " + kReference);
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.text,
              AllOf(HasSubstr("the patience with multicast now ends at 5s instead of 3s"),
                    HasSubstr("the border of 'winner multicast, result provisioned' and '"
                              "winner ")));
}

TEST(Compare, WhatTheOtherBuildCannotDoIsANote) {
  const test::TemporaryFolder folder;
  const std::string other = other_build(folder, "map) echo no such command >&2; exit 2;;\n");
  const Said said = compare("--build " + other + " " + kReference);
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.text, AllOf(HasSubstr("the map of "), HasSubstr("no such command")));
  EXPECT_EQ(compare("--build " + other + " --runs-only " + kReference).text, "");
}

TEST(Compare, SaysWhatCannotBeCompared) {
  const test::TemporaryFolder folder;
  const std::string strange = std::string(folder.path()) + "/strange";
  std::ofstream(strange) << "neither of these\n";
  const struct {
    std::string arguments;
    std::string words;
  } lines[] = {
      {"none.xml " + kRaceFile, "there is no such file"},
      {"@x @y", "there is no such file"},
      {kRaceFile + "@nobody @" + kRedirect, "it has no variant 'nobody'; there are '"},
      {kRaceFile + "@seed=x " + kRaceFile, "no seed; write for example seed=7"},
      {kRaceFile + "@natural@" + kRedirect + " " + kRaceFile, "plays no variant"},
      {strange + " " + kRaceFile + "@" + kRedirect, "strange"},
      {kRaceFile + " " + kRaceFile + " --slack -1s", "--slack"},
  };
  for (const auto& line : lines) {
    const Said said = compare(line.arguments);
    EXPECT_EQ(said.status, 2) << line.arguments;
    EXPECT_THAT(said.text, HasSubstr(line.words)) << line.arguments;
  }
}

}  // namespace
}  // namespace provlab::program
