#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>

#include "tests/file_content.hpp"
#include "tests/plugged/plugged_device.hpp"

/// `provlab device` and its store: what a phone remembers from one start to the next.
namespace provlab::lab {
namespace {

using test::Program;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using DeviceStore = PluggedDevice;

TEST_F(DeviceStore, RemembersItsSettingsUntilItIsToForgetThem) {
  const Said first = run({"--store", store_, "--once"});
  EXPECT_EQ(first.code, 0) << first.text;
  EXPECT_THAT(first.text, HasSubstr("Provisioned: 1 section"));
  const Said second = run({"--store", store_, "--once"});
  EXPECT_EQ(second.code, 0) << second.text;
  EXPECT_THAT(second.text, AllOf(HasSubstr("run 1 (boot): "), Not(HasSubstr("Provisioned"))));
  const Said fresh = run({"--store", store_, "--once", "--fresh"});
  EXPECT_EQ(fresh.code, 0) << fresh.text;
  EXPECT_THAT(fresh.text, HasSubstr("Provisioned: 1 section"));
}

TEST_F(DeviceStore, LiesInTheUsualPlaceForItsUserAlone) {
  namespace fs = std::filesystem;
  const Said said =
      run({"--once"}, [this] { setenv("XDG_STATE_HOME", folder_.path().c_str(), 1); });
  EXPECT_EQ(said.code, 0) << said.text;
  const std::string place = folder_ / "provlab/00095200000E";
  EXPECT_EQ(fs::status(place).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(place + "/configuration").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(DeviceStore, WithoutOneItForgetsEverything) {
  setenv("XDG_STATE_HOME", folder_.path().c_str(), 1);
  for (int i = 0; i < 2; ++i) {
    const Said said = run({"--no-store", "--once"});
    EXPECT_EQ(said.code, 0) << said.text;
    EXPECT_THAT(said.text, HasSubstr("Provisioned: 1 section"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(DeviceStore, IsHadByOneProcessUntilThatEnds) {
  Program first(device({"--store", store_}));
  ASSERT_TRUE(first.says("Provisioned")) << first.text();
  const Said second = run({"--store", store_});
  EXPECT_EQ(second.code, 2);
  EXPECT_EQ(second.text, "provlab: " + store_ + ": the folder is in use by process " +
                             std::to_string(first.process()) +
                             "; name another one by --store, or play another phone by --mac\n");
  first.signal(SIGKILL);
  EXPECT_EQ(first.ends(), -1);
  EXPECT_EQ(run({"--store", store_, "--once"}).code, 0);
}

TEST_F(DeviceStore, DamagedOneIsKeptAsideAndTold) {
  ASSERT_EQ(run({"--store", store_, "--once"}).code, 0);
  std::ofstream(store_ + "/configuration", std::ios::app) << "!";
  const Said said = run({"--store", store_, "--once"});
  EXPECT_EQ(said.code, 0) << said.text;
  EXPECT_THAT(said.text,
              AllOf(HasSubstr("store was damaged"), HasSubstr("Provisioned: 1 section")));
  EXPECT_TRUE(test::content_of(store_ + "/configuration.damaged").ends_with("!"));
}

TEST_F(DeviceStore, ThatCannotBeWrittenIsToldAndNothingIsBelieved) {
  const auto full = [] {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit none{100, 100};
    setrlimit(RLIMIT_FSIZE, &none);
  };
  const Said said = run({"--store", store_, "--once"}, full);
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.text, AllOf(HasSubstr("the phone's store cannot be written"),
                               HasSubstr("File too large"), Not(HasSubstr("Provisioned: "))));
  EXPECT_FALSE(std::filesystem::exists(store_ + "/configuration"));
}

TEST_F(DeviceStore, BeginsWithTheConfigurationThatIsGiven) {
  const std::string file = folder_ / "config.xml";
  std::ofstream(file) << "<configuration><provisioning><active>false</active></provisioning>"
                         "</configuration>";
  const Said said = run({"--store", store_, "--config", file, "--once"});
  EXPECT_EQ(said.code, 1) << said.text;
  EXPECT_THAT(test::content_of(store_ + "/configuration"), HasSubstr("<active>false</active>"));
  EXPECT_EQ(run({"--store", store_, "--once"}).code, 1) << "it does not remember this";
  std::ofstream(file) << "<configuration><provisioning><active>perhaps</active></provisioning>"
                         "</configuration>";
  const Said refused = run({"--store", store_, "--config", file, "--once"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.text, HasSubstr("provlab: --config: "));
}

}  // namespace
}  // namespace provlab::lab
