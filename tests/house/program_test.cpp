#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/file_content.hpp"
#include "tests/house/shell.hpp"
#include "tests/temporary_folder.hpp"

/// How the program behaves at a command line: what it says of wrong words, of output that does not
/// arrive, of Ctrl-C; and its exit codes.
namespace provlab::program {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kShortest = "'" PROVLAB_SOURCE_DIR "/scenarios/tutorial/1-shortest.xml'";

using test::content_of;
using test::run_program;
using test::Said;

struct WrongLine {
  const char* name;
  const char* arguments;
  const char* words;  ///< the first that it says
};

class ProgramUsage : public ::testing::TestWithParam<WrongLine> {};

TEST_P(ProgramUsage, SaysWhatIsWrong) {
  const Said said = run_program(GetParam().arguments);
  EXPECT_EQ(said.status, 2);
  EXPECT_THAT(said.text, StartsWith(GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(
    Lines, ProgramUsage,
    ::testing::Values(
        WrongLine{"Command", "rnu scenarios",
                  "provlab: there is no command 'rnu' (did you mean 'run'?); write "},
        WrongLine{"CommandOfSettings", "settings aply x",
                  "provlab: there is no command 'aply' (did you mean 'apply'?)"},
        WrongLine{"Option", "run --verbos",
                  "provlab: there is no option '--verbos' (did you mean '--verbose'?)"},
        WrongLine{"OptionBesideItsFile", "run x --sed 3",
                  "provlab: there is no option '--sed' (did you mean '--seed'?)"},
        WrongLine{"OneMore", "soak now", "provlab: 'now' is one argument too many"},
        WrongLine{"NoCommand", "", "provlab: a command is missing; write run, interop, "},
        WrongLine{"NoCommandOfSettings", "settings", "provlab: a command is missing; write "},
        WrongLine{"SeedThatIsNoNumber", "run x --seed x",
                  "provlab: --seed: 'x' is no whole number from 0"},
        WrongLine{"SeedBelowZero", "run x --seed -1",
                  "provlab: --seed: '-1' is no whole number from 0"},
        WrongLine{"TimeWithoutUnit", "explore x --window 7",
                  "provlab: --window: '7' has no unit; "},
        WrongLine{"TimeBelowZero", "import x --slack -1s",
                  "provlab: --slack: '-1s' is less than no"},
        WrongLine{"AddressOfAGroup", "import x --mac 01:00:5E:00:01:4B",
                  "provlab: --mac: this is the address of a group"},
        WrongLine{"SoakOfNoTime", "soak --for 0s", "provlab: --for: in no time nothing is played"},
        WrongLine{"TraceWithoutToken", "explore x --trace y", "provlab: --trace requires --token"},
        WrongLine{"BudgetOfNothing", "explore x --budget 0",
                  "provlab: --budget: Value 0 not in range"},
        WrongLine{"ExplainWithoutRuns", "explain x --budget 0",
                  "provlab: --budget: 0 runs find nothing"},
        WrongLine{"ExplainForSoLong", "explain x --budget soon",
                  "provlab: --budget: 'soon' is neither a number of runs nor a time"},
        WrongLine{"ExplainNoFile", "explain none.pcap", "provlab: none.pcap"},
        WrongLine{"ExploreAFolder", "explore '" PROVLAB_SOURCE_DIR "/scenarios'",
                  PROVLAB_SOURCE_DIR "/scenarios: this is a folder; name a file"},
        WrongLine{"RuleThatIsNone", "list --rules 2.10 2.100",
                  "provlab: there is no rule '2.100' (did you mean '2.10'?); section 2 has"},
        WrongLine{"WordThatNoRuleSays", "list --rules wombat",
                  "provlab: no rule is called 'wombat' or says it; 'provlab list --rules'"},
        WrongLine{"PathBehindRules", "list --rules '" PROVLAB_SOURCE_DIR "'",
                  "provlab: '" PROVLAB_SOURCE_DIR "' is no number of a rule; paths stand before"},
        WrongLine{"WhereOfNoRule", "list --rules --where",
                  "provlab: --where is about single rules: write --rules 2.10 --where"},
        WrongLine{"WhereWithoutRules", "list --where", "provlab: --where requires --rules"},
        WrongLine{"KnobThatIsNone", "device --interface x --knobs arp-prob=true",
                  "provlab: --knobs: <knobs> has no attribute 'arp-prob' (did you mean "},
        WrongLine{"ShowAFolder", "show '" PROVLAB_SOURCE_DIR "/scenarios'",
                  PROVLAB_SOURCE_DIR "/scenarios: this is a folder; name a file"},
        WrongLine{"ShowNoFile", "show none.xml", "none.xml: the file cannot be read"},
        WrongLine{"TokenOfNoNeighbour", "run none.xml --token 12:1",
                  "provlab: --token: '12:1' is no token of a neighbour; it reads like 12:+1.3ms"},
        WrongLine{"TokenForSeveralRuns",
                  "run '" PROVLAB_SOURCE_DIR "/scenarios/tutorial/7-race.xml' --token 1:twice",
                  "provlab: --token is of one run, and there are 6; choose one by --variant"},
        WrongLine{"NoSuchFile", "run none.xml", "provlab: none.xml: there is no such file"}),
    [](const auto& line) { return line.param.name; });

TEST(Program, SaysThatItsOutputDidNotArrive) {
  for (const std::string command :
       {"list --events", "--help", "settings backup", "soak --runs 1", "run "}) {
    const Said said = run_program(command + (command == "run " ? kShortest : "") + " >/dev/full");
    EXPECT_EQ(said.status, 2) << command;
    EXPECT_EQ(said.text, "provlab: standard output cannot be written: No space left on device\n")
        << command;
  }
}

TEST(Program, SaysThatAFolderCannotBeMadeBeforeItRunsAnything) {
  for (const std::string option : {"--trace", "--pcap", "--html"}) {
    const Said said = run_program("run " + std::string(kShortest) + " " + option + " /dev/null/in");
    EXPECT_EQ(said.status, 2) << option;
    EXPECT_EQ(said.text, "provlab: /dev/null/in: the folder cannot be made: Not a directory\n");
  }
}

TEST(Program, TellsOfAnOutcomeWhatWouldHaveLedToAnother) {
  const std::string race = PROVLAB_SOURCE_DIR "/scenarios/tutorial/7-race.xml";
  const Said said = run_program("explore '" + race + "' --depth 1 --budget 1 --why --json -");
  EXPECT_EQ(said.status, 0) << said.text;
  const std::size_t token = said.text.find("\"nearest\":{\"token\":\"natural@");
  ASSERT_NE(token, std::string::npos) << said.text;
  EXPECT_THAT(said.text, HasSubstr("\"too_late\":{\"behind_event\":"));
  const std::size_t begin = said.text.find("natural@", token);
  const std::string neighbour = said.text.substr(begin, said.text.find('"', begin) - begin);
  EXPECT_EQ(run_program("compare '" + race + "@natural' '@" + neighbour + "'").status, 1);
}

TEST(Program, WritesAPageOfAnExplorationThatIsTheSameEachTime) {
  const std::string race = "'" PROVLAB_SOURCE_DIR "/scenarios/tutorial/7-race.xml'";
  const test::TemporaryFolder folder;
  const auto page = [&](const std::string& name, const std::string& options) {
    const std::string file = folder / name;
    const Said said = run_program("explore " + race + options + " --html '" + file + "'");
    EXPECT_EQ(said.status, 0) << said.text;
    EXPECT_THAT(said.text, HasSubstr("nearest:"));
    return test::content_of(file);
  };
  const std::string one = page("one.html", " --window 150ms --jobs 1");
  EXPECT_EQ(one, page("two.html", " --window 150ms --jobs 2"));
  EXPECT_THAT(one, AllOf(HasSubstr("id=\"outcome-2\""), HasSubstr("multicast won, provisioned"),
                         HasSubstr("class=\"sheet\""), HasSubstr("--window 150ms")));
  // The command beside an outcome shows it beside its neighbour.
  const std::string_view kCommand = "compare --window 150ms ";
  const std::size_t begin = one.find(kCommand);
  ASSERT_NE(begin, std::string::npos);
  std::string command = one.substr(begin, one.find('<', begin) - begin);
  for (std::size_t at = 0; (at = command.find("&#39;")) != std::string::npos;)
    command.replace(at, 5, "'");
  EXPECT_EQ(run_program(command).status, 1) << command;
}

TEST(Program, PutsTracesOfAReplayWhereRunDoes) {
  const test::TemporaryFolder folder;
  const Said said = run_program("explore " + std::string(kShortest) + " --token natural --trace '" +
                                folder / "deep" + "'");
  EXPECT_EQ(said.status, 0);
  EXPECT_TRUE(std::filesystem::exists(folder / "deep/1-shortest--natural.jsonl")) << said.text;
}

TEST(Program, ShowsNothingOfAnInvalidScenario) {
  const std::string slips = "show '" PROVLAB_SOURCE_DIR "/tests/data/lab/slips.xml'";
  const Said said = run_program(slips);
  EXPECT_EQ(said.status, 3);
  EXPECT_THAT(said.text, HasSubstr("slips.xml:4: latency=\"1\" in <link>: write"));
  EXPECT_EQ(run_program(slips + " 2>/dev/null").text, "");
}

TEST(Program, ShowsAScenarioThatRuns) {
  const test::TemporaryFolder folder;
  const std::string whole = "'" + (folder / "whole.xml") + "'";
  EXPECT_EQ(run_program("show " + std::string(kShortest) + " >" + whole).status, 0);
  EXPECT_EQ(run_program("run " + whole).status, 0);
}

TEST(Program, UpdatesABaselineUnderTheConditionsItWasWrittenFor) {
  const test::TemporaryFolder folder;
  const std::string file = folder / "known.outcomes";
  const std::string explore =
      "explore " + std::string(kShortest) + " --baseline '" + file + "' --update";
  EXPECT_EQ(run_program(explore + " --window 7ms --losses 1").status, 0);
  const std::string written = content_of(file);
  EXPECT_THAT(written, HasSubstr("\nwindow 7ms\nlosses 1\n"));
  EXPECT_EQ(run_program(explore).status, 0);
  EXPECT_EQ(content_of(file), written);
}

TEST(Program, ComparesWithABaselineUnderItsOwnConditionsOnly) {
  const test::TemporaryFolder folder;
  const std::string file = folder / "known.outcomes";
  const std::string explore = "explore " + std::string(kShortest) + " --baseline '" + file + "'";
  EXPECT_EQ(run_program(explore + " --update --window 7ms").status, 0);
  EXPECT_EQ(run_program(explore).status, 0);
  const Said said = run_program(explore + " --window 8ms");
  EXPECT_EQ(said.status, 2);
  EXPECT_EQ(said.text, "provlab: " + file +
                           ": the baseline was written for window 7ms, faults 0; leave out what "
                           "differs, or write it anew by --update\n");
}

TEST(Program, DoesNotTakeATokenThatDoesNotFit) {
  const Said said = run_program("explore " + std::string(kShortest) + " --token 9999:1");
  EXPECT_EQ(said.status, 2);
  EXPECT_THAT(said.text, HasSubstr("provlab: this is another run"));
}

TEST(Program, CutsSpeakOfOtherTimelinesOnlyWhereThereAreAny) {
  const Said one = run_program("cuts --sample 1 " + std::string(kShortest));
  EXPECT_EQ(one.status, 0) << one.text;
  EXPECT_THAT(one.text, AllOf(HasSubstr(" in 1 scenario\n"), Not(HasSubstr("timeline"))));
}

/// Whether the process has a handler for SIGINT, as /proc tells.
bool heeds_interrupts(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with("SigCgt:")) continue;
    return (std::stoull(line.substr(7), nullptr, 16) & (1U << (SIGINT - 1))) != 0;
  }
  return false;
}

/// Runs a command and sends it SIGINT once it heeds that.
Said interrupted(std::vector<std::string> arguments) {
  const test::TemporaryFolder folder;
  const std::string file = folder / "said";
  arguments.insert(arguments.begin(), PROVLAB_PROGRAM);
  const pid_t child = fork();
  if (child == 0) {
    const int output = open(file.c_str(), O_CREAT | O_WRONLY, 0600);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    std::vector<char*> words;
    for (std::string& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    execv(words[0], words.data());
    _exit(127);
  }
  int status = 0;
  // house-rules: another process is waited for, which no Host knows
  while (!heeds_interrupts(child) && waitpid(child, &status, WNOHANG) == 0) usleep(2000);
  kill(child, SIGINT);
  waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content_of(file)};
}

TEST(Program, SoakTellsWhatItHasFoundWhenInterrupted) {
  const Said said = interrupted({"soak", "--for", "10min"});
  EXPECT_EQ(said.status, 130);
  EXPECT_THAT(said.text,
              AllOf(HasSubstr("comes to an end"), HasSubstr("scenarios from seed 1 on")));
}

TEST(Program, RunEndsInTheMiddleOfALongOneWhenInterrupted) {
  const test::TemporaryFolder folder;
  const std::string file = folder / "long.xml";
  std::ofstream(file) << "<scenario name=\"long\"><about>A lease of 2 s.</about>"
                         "<responders><dhcp lease=\"2s\"/></responders>"
                         "<timeline until=\"20000h\"><power-on at=\"0s\"/></timeline>"
                         "<expect><result is=\"no-url\"/></expect></scenario>";
  for (const std::string command : {"run", "explore"}) {
    // Without the question within runs its events would end it, as a run that failed.
    const Said said = interrupted({command, file, "--json", folder / "all.json"});
    EXPECT_EQ(said.status, 130) << said.text;
    EXPECT_THAT(said.text, HasSubstr(command == "run" ? "the others not played: it was ended early"
                                                      : "because it was to end early"));
    EXPECT_THAT(content_of(folder / "all.json"), HasSubstr("\"ended_early\":true"));
  }
}

TEST(Program, ExploreTellsWhatItHasFoundWhenInterrupted) {
  const Said said = interrupted({"explore", PROVLAB_SOURCE_DIR "/scenarios/races/six-answers.xml",
                                 "--faults", "4", "--budget", "9999999"});
  EXPECT_EQ(said.status, 130);
  EXPECT_THAT(said.text, AllOf(HasSubstr("comes to an end"), HasSubstr("runs in"),
                               HasSubstr("because it was to end early")));
}

}  // namespace
}  // namespace provlab::program
