#include "sim/lab/machine/cores.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <filesystem>
#include <fstream>

#include "tests/temporary_folder.hpp"

namespace provlab::lab {
namespace {

namespace fs = std::filesystem;

class Quota : public ::testing::Test {
 protected:
  void write(const std::string& file, const std::string& text) {
    const fs::path path = folder_ / file;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  std::optional<unsigned> cores(const std::string& groups) {
    return cores_of_quota(groups, folder_.path());
  }

  test::TemporaryFolder folder_;
};

TEST_F(Quota, IsTheLeastOfAGroupAndThoseAboveIt) {
  write("cpu.max", "max 100000\n");
  write("slice/cpu.max", "300000 100000\n");
  write("slice/job/cpu.max", "800000 100000\n");
  EXPECT_EQ(cores("0::/slice/job\n"), 3U);
  EXPECT_EQ(cores("0::/\n"), std::nullopt);
}

TEST_F(Quota, IsRoundedUpToWholeCores) {
  write("cpu.max", "150000 100000\n");
  EXPECT_EQ(cores("0::/\n"), 2U);
  write("cpu.max", "20000 100000\n");
  EXPECT_EQ(cores("0::/\n"), 1U);
}

TEST_F(Quota, InAContainerIsThatOfTheMount) {
  write("cpu.max", "200000 100000\n");
  EXPECT_EQ(cores("0::/docker/0123456789abcdef\n"), 2U);
  EXPECT_EQ(cores("0::/../../elsewhere\n"), 2U);
}

TEST_F(Quota, OfTheFirstVersionIsReadToo) {
  write("cpu/job/cpu.cfs_quota_us", "400000\n");
  write("cpu/job/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(cores("5:memory:/other\n4:cpu,cpuacct:/job\n"), 4U);
  write("cpu/job/cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(cores("4:cpu,cpuacct:/job\n"), std::nullopt);
}

TEST_F(Quota, ThatIsNoNumberIsNone) {
  write("cpu.max", "plenty\n");
  EXPECT_EQ(cores("0::/\n"), std::nullopt);
  EXPECT_EQ(cores("nonsense\n"), std::nullopt);
  EXPECT_EQ(cores(""), std::nullopt);
}

TEST(Cores, AreNoMoreThanTheMaskHas) {
  cpu_set_t mask;
  ASSERT_EQ(sched_getaffinity(0, sizeof mask, &mask), 0);
  EXPECT_GE(usable_cores(), 1U);
  EXPECT_LE(usable_cores(), static_cast<unsigned>(CPU_COUNT(&mask)));
  EXPECT_EQ(thread_count(7), 7U);
  EXPECT_EQ(thread_count(0), usable_cores());
}

}  // namespace
}  // namespace provlab::lab
