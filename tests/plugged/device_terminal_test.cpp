#include <gmock/gmock.h>
#include <signal.h>
#include <termios.h>

#include "tests/file_content.hpp"
#include "tests/plugged/plugged_device.hpp"
#include "tests/terminals.hpp"

/// `provlab device` at a terminal: keys, the status line, and how the terminal is left.
namespace provlab::lab {
namespace {

using test::Program;
using testing::HasSubstr;
using testing::Not;

constexpr tcflag_t kLineByLine = ICANON | ECHO;

struct DeviceTerminal : PluggedDevice {
  void SetUp() override {
    if (!test::terminals_here()) GTEST_SKIP() << test::kNoTerminals;
    PluggedDevice::SetUp();
  }
};

TEST_F(DeviceTerminal, ShowsAStatusLineAndGivesTheTerminalBackAtItsEnd) {
  Program phone(device({"--store", store_}), Program::On::terminal);
  EXPECT_TRUE(phone.says("run 1 (boot): Provisioned: 1 section")) << phone.text();
  EXPECT_TRUE(phone.says("run 1 (boot) ended provisioned | 192.0.2.100 | lag ")) << phone.text();
  EXPECT_EQ(phone.terminal_flags() & kLineByLine, 0U);
  phone.type("q");
  EXPECT_EQ(phone.ends(), 0) << phone.text();
  EXPECT_EQ(phone.terminal_flags() & kLineByLine, kLineByLine);
}

TEST_F(DeviceTerminal, HasNeitherStatusLineNorKeysElsewhere) {
  Program phone(device({"--store", store_}));
  EXPECT_TRUE(phone.says("Provisioned: 1 section")) << phone.text();
  phone.signal(SIGINT);
  EXPECT_EQ(phone.ends(), 130);
  EXPECT_THAT(phone.text(), Not(HasSubstr("\x1b")));
  EXPECT_THAT(phone.text(), Not(HasSubstr("| lag")));
}

TEST_F(DeviceTerminal, IsGivenBackByCtrlC) {
  Program phone(device({"--store", store_}), Program::On::terminal);
  EXPECT_TRUE(phone.says("ended provisioned")) << phone.text();
  phone.type("\x03");
  EXPECT_EQ(phone.ends(), 130) << phone.text();
  EXPECT_EQ(phone.terminal_flags() & kLineByLine, kLineByLine);
}

TEST_F(DeviceTerminal, IsGivenBackByAFault) {
  Program phone(device({"--store", store_}), Program::On::terminal);
  EXPECT_TRUE(phone.says("ended provisioned")) << phone.text();
  phone.signal(SIGABRT);
  EXPECT_EQ(phone.ends(), -1);
  EXPECT_EQ(phone.terminal_flags() & kLineByLine, kLineByLine);
}

TEST_F(DeviceTerminal, IsGivenBackAndTakenAgainByCtrlZ) {
  // A shell that controls jobs, as a person's does.
  Program shell({"/bin/bash", "--norc", "--noediting", "-i"}, Program::On::terminal);
  shell.type("PS1='ready'\"> \"\n");
  EXPECT_TRUE(shell.says("ready> ")) << shell.text();
  shell.type(PROVLAB_PROGRAM " device --interface ours --store '" + store_ + "'\n");
  EXPECT_TRUE(shell.says("ended provisioned")) << shell.text();
  shell.type("\x1a");
  EXPECT_TRUE(shell.says("Stopped")) << shell.text();
  EXPECT_TRUE(shell.says("ready> ")) << shell.text();
  shell.type("stty -a | tr ' ' '\\n' | grep -x -e '-*icanon' -e '-*echo'; echo asked\n");
  EXPECT_TRUE(shell.says("\nicanon")) << shell.text();
  EXPECT_TRUE(shell.says("\necho\r")) << shell.text();
  EXPECT_TRUE(shell.says("\nasked")) << shell.text();
  shell.type("fg\n");
  EXPECT_TRUE(shell.says("| lag")) << shell.text();
  EXPECT_EQ(shell.terminal_flags() & kLineByLine, 0U);
  shell.type("q");
  EXPECT_TRUE(shell.says("ready> ")) << shell.text();
  shell.type("echo left with $?\n");
  EXPECT_TRUE(shell.says("\nleft with 0")) << shell.text();
  shell.type("exit\n");
  EXPECT_EQ(shell.ends(), 0);
}

TEST_F(DeviceTerminal, MenuTakesAUrlAndStartsProvisioning) {
  Program phone(device({"--store", store_}), Program::On::terminal);
  EXPECT_TRUE(phone.says("run 1 (boot) ended provisioned")) << phone.text();
  phone.type("s");
  EXPECT_TRUE(phone.says("Server URL: (none)")) << phone.text();
  phone.type("uhttp://prov.server.com/none.xmm\x7fl\n");
  EXPECT_TRUE(phone.says("Server URL: http://prov.server.com/none.xml\r")) << phone.text();
  phone.type("p");
  EXPECT_TRUE(phone.says("run 2 (manual): ")) << phone.text();
  EXPECT_TRUE(phone.says("404")) << phone.text();
  EXPECT_TRUE(phone.says("run 2 (manual) ended download-failed")) << phone.text();
  phone.type("q");
  EXPECT_EQ(phone.ends(), 1);
  EXPECT_THAT(test::content_of(store_ + "/configuration"),
              HasSubstr("http://prov.server.com/none.xml"));
}

TEST_F(DeviceTerminal, MenuShowsNoPassword) {
  const std::string config = folder_ / "config.xml";
  std::ofstream(config) << "<configuration><provisioning><url>http://me:secret@prov.server.com/"
                           "</url></provisioning></configuration>";
  Program phone(device({"--store", store_, "--config", config}), Program::On::terminal);
  EXPECT_TRUE(phone.says("run 1 (boot) ended provisioned")) << phone.text();
  phone.type("s");
  EXPECT_TRUE(phone.says("Server URL: http://***@prov.server.com/")) << phone.text();
  phone.type("u");
  EXPECT_TRUE(phone.says("URL (Enter takes it, Esc leaves it): _")) << phone.text();
  phone.type("\x1b\x1bq");
  EXPECT_EQ(phone.ends(), 0);
  EXPECT_THAT(phone.text(), Not(HasSubstr("secret")));
}

TEST_F(DeviceTerminal, KeysRebootItAndMoveItsCable) {
  Program phone(device({"--store", store_}), Program::On::terminal);
  EXPECT_TRUE(phone.says("run 1 (boot) ended provisioned")) << phone.text();
  phone.type("c");
  EXPECT_TRUE(phone.says("the cable is out")) << phone.text();
  EXPECT_TRUE(phone.says("| cable out")) << phone.text();
  phone.type("c");
  EXPECT_TRUE(phone.says("the cable is in")) << phone.text();
  EXPECT_TRUE(phone.says("| 192.0.2.100")) << phone.text();
  phone.type("\x1b[Ar");  // a key of no use, and one of use
  EXPECT_TRUE(phone.says("run 1 (boot) ended unchanged")) << phone.text();
  phone.type("?");
  EXPECT_TRUE(phone.says("r reboot")) << phone.text();
  phone.type("q");
  EXPECT_EQ(phone.ends(), 0);
}

}  // namespace
}  // namespace provlab::lab
