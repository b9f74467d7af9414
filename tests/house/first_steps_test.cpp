#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/file_content.hpp"
#include "tests/house/shell.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/terminals.hpp"

/// What people meet first: a scenario of their own, what is missing on their machine, limits,
/// output that nobody reads.
namespace provlab::program {
namespace {

using test::content_of;
using test::run_program;
using test::Said;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kBoot = "'" PROVLAB_SOURCE_DIR "/scenarios/tutorial/1-shortest.xml'";

void write(const std::string& file, const std::string& text) {
  std::ofstream(file) << text;
}

// provlab new

TEST(New, AnyChoiceGivesAScenarioThatPasses) {
  const test::TemporaryFolder folder;
  int made = 0;
  for (const std::string source : {"dhcp", "redirect", "multicast", "configured", "race", "none"}) {
    for (const std::string fault :
         {"none", "missing", "error", "slow", "lost", "no-names", "no-time"}) {
      const Said said = run_program("new --yes '" + folder / (source + "-" + fault) +
                                    "' --source " + source + " --fault " + fault);
      const bool of_server = fault == "missing" || fault == "error" || fault == "slow";
      const bool none_asked = fault == "no-names" || fault == "no-time";
      const bool contradicts = (source == "none" && of_server) || (source == "race" && none_asked);
      EXPECT_EQ(said.status, contradicts ? 2 : 0) << source << ' ' << fault << ": " << said.text;
      made += contradicts ? 0 : 1;
    }
  }
  EXPECT_EQ(made, 37);
  const Said run = run_program("run --strict '" + folder.path() + "'");
  EXPECT_EQ(run.status, 0) << run.text;
  EXPECT_THAT(run.text, AllOf(HasSubstr("62 passed ("), Not(HasSubstr("failed"))));
}

TEST(New, WritesScenarioAndDocument) {
  const test::TemporaryFolder folder;
  const Said said = run_program("new '" + folder / "deep/german" +
                                "' --set userInterface/language=en --set /time/timezone=UTC0 "
                                "--type D100 --release 2.0C --about 'Ticket <4711>'");
  EXPECT_EQ(said.status, 0) << said.text;
  EXPECT_THAT(said.text, HasSubstr("It passes: "));
  EXPECT_THAT(content_of(folder / "deep/documents/german.xml"),
              HasSubstr("<userInterface>\n    <language>en</language>\n  </userInterface>\n"));
  EXPECT_THAT(
      content_of(folder / "deep/german.xml"),
      AllOf(StartsWith("<scenario name=\"german\">\n  <about>Ticket &lt;4711&gt;</about>\n"),
            HasSubstr("<device type=\"D100\" release=\"2.0C\"/>"),
            HasSubstr("<winner is=\"dhcp\" url=\"http://prov.server.com/german.xml\"/>"),
            HasSubstr("<setting path=\"/time/timezone\" equals=\"UTC0\"/>"),
            HasSubstr("<result is=\"provisioned\"/>")));
}

TEST(New, TakesADocumentAsItIsAndExpectsWhatComesOfIt) {
  const test::TemporaryFolder folder;
  write(folder / "bad.xml", "<?xml version='1.0' encoding='ISO-8859-1'?>\n<keys><k\xe4/></keys>");
  const Said said =
      run_program("new '" + folder / "mine.xml" + "' --document '" + folder / "bad.xml" + "'");
  EXPECT_EQ(said.status, 0) << said.text;
  EXPECT_EQ(content_of(folder / "documents/mine.xml"), content_of(folder / "bad.xml"));
  EXPECT_EQ(run_program("run '" + folder / "mine.xml" + "'").status, 0);
}

TEST(New, OverwritesNothing) {
  const test::TemporaryFolder folder;
  const std::string line = "new '" + folder / "mine" + "'";
  ASSERT_EQ(run_program(line).status, 0);
  write(folder / "mine.xml", "mine");
  const Said again = run_program(line);
  EXPECT_EQ(again.status, 2);
  EXPECT_THAT(again.text, HasSubstr("this file is there already"));
  EXPECT_EQ(content_of(folder / "mine.xml"), "mine");
  std::filesystem::remove(folder / "documents/mine.xml");
  EXPECT_EQ(run_program(line).status, 2);
  EXPECT_FALSE(std::filesystem::exists(folder / "documents/mine.xml"));
  // A link that leads nowhere is there, too.
  std::filesystem::create_symlink("nowhere", folder / "other.xml");
  EXPECT_EQ(run_program("new '" + folder / "other" + "'").status, 2);
}

TEST(New, SaysWhatIsWrong) {
  const test::TemporaryFolder folder;
  const auto said = [&](const std::string& arguments) {
    const Said all = run_program("new " + arguments + " </dev/null");
    EXPECT_EQ(all.status, 2) << arguments;
    return all.text;
  };
  EXPECT_THAT(said(""), HasSubstr("name the scenario: provlab new my-first"));
  EXPECT_THAT(said("'a b'"), HasSubstr("'a b' is no name of a scenario: write letters"));
  EXPECT_THAT(said("'" + folder / ".." + "'"), HasSubstr("is no name of a scenario"));
  EXPECT_THAT(said("x --source dns"), HasSubstr("dns not in {dhcp,redirect"));
  EXPECT_THAT(said("x --set telephony"), HasSubstr("--set: 'telephony' is no setting"));
  const std::string mine = "'" + folder / "mine" + "'";
  EXPECT_THAT(said(mine + " --set telephony/pager=true"),
              HasSubstr("no release has a setting 'pager' in telephony"));
  EXPECT_THAT(said(mine + " --set telephony/callWaiting/active=maybe"),
              HasSubstr("does not take telephony/callWaiting/active=maybe"));
  EXPECT_THAT(said(mine + " --document '" + folder / "none.xml" + "'"),
              HasSubstr("the file cannot be read"));
  EXPECT_FALSE(std::filesystem::exists(folder / "mine.xml"));
}

TEST(New, AsksAtATerminal) {
  if (!test::terminals_here()) GTEST_SKIP() << test::kNoTerminals;
  const test::TemporaryFolder folder;
  const std::string at_terminal = "cd '" + folder.path() + "' && printf '%s\\n' ";
  const std::string command = " | script -qec \"'" PROVLAB_PROGRAM "' new\" /dev/null";
  const Said said =
      test::run_shell(at_terminal + "asked 'Asked at a terminal.' dsn redirect '' slow" + command);
  EXPECT_EQ(said.status, 0) << said.text;
  EXPECT_THAT(said.text, AllOf(HasSubstr("Where does the phone find its URL?"),
                               HasSubstr("'dsn' is none of these."), HasSubstr("It passes: ")));
  EXPECT_THAT(content_of(folder / "asked.xml"),
              AllOf(HasSubstr("<about>Asked at a terminal.</about>"), HasSubstr("<redirect>"),
                    HasSubstr("after=\"3s\"")));
}

// provlab doctor

TEST(Doctor, FindsThatScenariosCanBePlayed) {
  const Said said = run_program("doctor run");
  EXPECT_EQ(said.status, 0) << said.text;
  EXPECT_THAT(said.text, AllOf(StartsWith("provlab "), HasSubstr("\nrun      ok "),
                               HasSubstr("libcurl 7."), HasSubstr("played in virtual time")));
}

TEST(Doctor, SaysWhatToDoAboutWhatIsMissing) {
  const Said said =
      run_program("doctor daemons browser >/dev/null; PATH= '" PROVLAB_PROGRAM "' doctor browser");
  const bool here = std::filesystem::exists("/usr/bin/chromium");
  if (!here) {
    EXPECT_EQ(said.status, 1);
    EXPECT_THAT(said.text, HasSubstr("do: apt-get install chromium"));
  }
  const Said limited = test::run_shell("ulimit -n 64; '" PROVLAB_PROGRAM "' doctor run");
  EXPECT_EQ(limited.status, 1);
  EXPECT_THAT(limited.text, AllOf(HasSubstr("run      MISSING"), HasSubstr("open files"),
                                  HasSubstr("do: raise it: ulimit -n 256")));
}

TEST(Doctor, GivesOneJsonObject) {
  const Said said = run_program("doctor run device --json");
  EXPECT_THAT(said.text, AllOf(StartsWith("{\"version\":\""), HasSubstr("\"name\":\"run\""),
                               HasSubstr("\"name\":\"device\""), EndsWith("]}\n")));
  EXPECT_THAT(run_program("doctor sorcery").text, HasSubstr("sorcery not in {run,wire"));
}

// Limits

TEST(Limits, OfAllCommandsThatPlay) {
  const std::string boot = kBoot;
  const Said run = run_program("run " + boot + " --limit-events 20");
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.text, AllOf(HasSubstr("1-shortest.xml: limits of a run\n"),
                              HasSubstr("by its event no. 20 (--limit-events)")));
  const Said explored = run_program("explore " + boot + " --limit-events 20 --budget 5");
  EXPECT_EQ(explored.status, 1);
  EXPECT_THAT(explored.text, HasSubstr(" --limit-events 20 --token natural"));
  const Said cut = run_program("cuts " + boot + " --limit-events 20");
  EXPECT_EQ(cut.status, 4);
  EXPECT_THAT(cut.text, HasSubstr("the run without a cut exceeds a limit"));
  EXPECT_EQ(run_program("soak --runs 2 --limit-events 20 --out /dev/null/x").status, 2);
  EXPECT_EQ(run_program("run " + boot + " --limit-memory 1KB").status, 0) << "it is over too soon";
}

TEST(Limits, AreAmountsAndTimes) {
  const std::string boot = kBoot;
  EXPECT_THAT(run_program("run " + boot + " --limit-memory lots").text,
              StartsWith("provlab: --limit-memory: 'lots' is no amount of memory; write for"));
  EXPECT_THAT(run_program("run " + boot + " --limit-memory 0").text,
              HasSubstr("no amount of memory"));
  EXPECT_THAT(run_program("run " + boot + " --limit-wall 0s").text,
              HasSubstr("in no time nothing"));
  EXPECT_THAT(run_program("run " + boot + " --limit-events 0").text, HasSubstr("--limit-events"));
  for (const std::string amount : {"2GB", "2gib", "64M", "100000000"}) {
    EXPECT_EQ(run_program("run " + boot + " --limit-memory " + amount).status, 0) << amount;
  }
}

TEST(Limits, OfWhatAScenarioReads) {
  const test::TemporaryFolder folder;
  std::filesystem::create_directories(folder / "in");
  write(folder / "out.xml",
        "<configuration><time><timezone>UTC0</timezone></time></configuration>");
  write(folder / "in/s.xml",
        "<scenario name=\"s\"><about>t</about>\n<device><configuration-file src=\"../out.xml\"/>"
        "</device>\n<expect><result is=\"no-url\"/></expect></scenario>");
  const std::string file = "'" + folder / "in/s.xml" + "'";
  for (const std::string command : {"run ", "validate ", "show ", "explore ", "cuts ", "list "}) {
    const Said said = run_program(command + file);
    EXPECT_EQ(said.status, 3) << command << said.text;
    EXPECT_THAT(said.text, HasSubstr("s.xml:2: '../out.xml' leads out of the folder")) << command;
    EXPECT_EQ(run_program(command + file + " --root '" + folder.path() + "'").status, 0) << command;
  }
  const Said failed =
      run_program("run " + file + " --limit-events 20 --root '" + folder.path() + "'");
  EXPECT_THAT(failed.text, HasSubstr(" --root "));
}

// Output that nobody reads

TEST(ClosedOutput, EndsEveryCommandQuietly) {
  const test::TemporaryFolder folder;
  write(folder / "a.xml", "<time><timezone>UTC0</timezone></time>");
  const std::string boot = kBoot;
  const std::vector<std::string> commands{"run " + boot,
                                          "run --verbose " + boot,
                                          "validate " + boot,
                                          "show " + boot,
                                          "list " + boot,
                                          "list --events",
                                          "list " + boot + " --rules",
                                          "explore --budget 3 " + boot,
                                          "soak --runs 2 --out '" + folder / "soak" + "'",
                                          "cuts --sample 2 " + boot,
                                          "settings apply '" + folder / "a.xml" + "'",
                                          "settings backup",
                                          "settings schema time",
                                          "completion bash",
                                          "doctor run",
                                          "new --yes '" + folder / "made" + "'",
                                          "--version",
                                          "--help",
                                          "run --help"};
  for (const std::string& command : commands) {
    for (const std::string closed : {">&- 2>&-", "<&- >&- 2>&-", ">&-", "2>&- >/dev/null"}) {
      const Said said = run_program(command + " " + closed);
      const bool made_before = command.starts_with("new") && closed != ">&- 2>&-";
      EXPECT_EQ(said.status, made_before ? 2 : 0) << command << ' ' << closed << said.text;
      if (made_before || closed == ">&-") continue;  // and what else it says stays on stderr
      EXPECT_EQ(said.text, "") << command << ' ' << closed;
    }
  }
  EXPECT_EQ(run_program("rnu >&- 2>&-").status, 2);
  EXPECT_EQ(run_program("run none.xml >&- 2>&-").status, 2);
}

TEST(ClosedOutput, NothingThatIsPrintedGetsIntoFiles) {
  const test::TemporaryFolder folder;
  const Said said =
      run_program("run --verbose " + std::string(kBoot) + " --junit '" + folder / "j" +
                  "' --json '" + folder / "o" + "' --trace '" + folder / "t" + "' --pcap '" +
                  folder / "p" + "' --html '" + folder / "h" + "' <&- >&- 2>&-");
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(content_of(folder / "j"), AllOf(StartsWith("<?xml"), EndsWith("</testsuite>\n")));
  EXPECT_THAT(content_of(folder / "o"), AllOf(StartsWith("{"), EndsWith("}\n")));
  EXPECT_THAT(content_of(folder / "t/1-shortest.jsonl"),
              AllOf(StartsWith("{\"n\":1,"), EndsWith("}\n")));
  EXPECT_THAT(content_of(folder / "p/1-shortest.pcapng"), StartsWith("\x0a\x0d\x0d\x0a"));
}

TEST(ClosedOutput, AReaderThatGoesEarlyIsNoTrouble) {
  const Said said = test::run_shell("'" PROVLAB_PROGRAM "' list --events | head -n 1");
  EXPECT_EQ(said.status, 0);
  EXPECT_EQ(std::count(said.text.begin(), said.text.end(), '\n'), 1) << said.text;
}

}  // namespace
}  // namespace provlab::program
