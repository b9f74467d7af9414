#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "sim/lab/machine/input_file.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/unit/daemons/space_fixture.hpp"

/// Programs that end with whoever started them.
namespace provlab::wire {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct Processes : lab::SpaceTest {
  test::TemporaryFolder folder;

  Launch shell(const std::string& script) {
    return {.program = "/bin/sh",
            .arguments = {"-c", script},
            .environment = {},
            .folder = folder.path(),
            .log = folder.path() + "/log"};
  }
  std::string log() { return lab::read_file(folder.path() + "/log", 4096).value_or("?"); }
  static bool exists(pid_t id) { return fs::exists("/proc/" + std::to_string(id)); }
};

TEST_F(Processes, WhatItPrintsAndHowItEndsIsKept) {
  const NetworkSpace network = space();
  auto process = Process::start(shell("echo here; echo there >&2; pwd; exit 3"), network);
  ASSERT_TRUE(process) << process.error().to_string();
  EXPECT_FALSE((*process)->wait_until([] { return false; }, 5s));
  EXPECT_EQ((*process)->ending(), "exit status 3");
  EXPECT_EQ(log(), "here\nthere\n" + folder.path() + "\n");
}

TEST_F(Processes, ItIsInItsNetworkAlone) {
  const NetworkSpace network = space();
  auto process = Process::start(shell("cat /proc/self/net/dev | wc -l"), network);
  ASSERT_TRUE(process) << process.error().to_string();
  EXPECT_FALSE((*process)->wait_until([] { return false; }, 5s));
  EXPECT_EQ(log(), "3\n");  // two lines of titles, and lo
}

TEST_F(Processes, WhatCannotBeStartedSaysWhy) {
  const NetworkSpace network = space();
  Launch launch = shell("");
  launch.program = "/no/such/program";
  const auto process = Process::start(launch, network);
  ASSERT_FALSE(process);
  EXPECT_EQ(process.error().text,
            "'/no/such/program' cannot be started: No such file or directory");
}

TEST_F(Processes, OneThatDoesNotEndWhenAskedIsKilled) {
  const NetworkSpace network = space();
  auto process =
      Process::start(shell("trap '' TERM; echo ready; while :; do sleep 1; done"), network);
  ASSERT_TRUE(process) << process.error().to_string();
  ASSERT_TRUE((*process)->wait_until([&] { return log() == "ready\n"; }, 5s));
  const pid_t id = (*process)->id();
  (*process)->stop(50ms);
  EXPECT_EQ((*process)->ending(), "killed");
  EXPECT_FALSE(exists(id));
}

TEST_F(Processes, OneThatHearsTheRequestEndsByItself) {
  const NetworkSpace network = space();
  auto process = Process::start(
      shell("trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.01; done"), network);
  ASSERT_TRUE(process) << process.error().to_string();
  ASSERT_TRUE((*process)->wait_until([&] { return log() == "ready\n"; }, 5s));
  (*process)->stop(5s);
  EXPECT_EQ((*process)->ending(), "exit status 0");
  EXPECT_EQ(log(), "ready\nbye\n");
}

/// Seconds that no other test lets anybody sleep.
std::string long_sleep() {
  static const pid_t own = ::getpid();
  return "sleep 1000." + std::to_string(own);
}

/// How many processes there are that sleep so long, or are to.
std::size_t sleepers() {
  std::size_t count = 0;
  for (const auto& each : fs::directory_iterator("/proc")) {
    std::ifstream file(each.path() / "cmdline");
    std::string words((std::istreambuf_iterator<char>(file)), {});
    std::ranges::replace(words, '\0', ' ');
    count += words.contains(long_sleep());
  }
  return count;
}

/// The kernel ends processes within its own time.
bool sleepers_become(std::size_t wanted) {
  for (int i = 0; i < 1000; ++i) {
    if (sleepers() == wanted) return true;
    // house-rules: the kernel ends processes by its own clock
    std::this_thread::sleep_for(2ms);
  }
  return false;
}

TEST_F(Processes, WhoeverItStartedEndsWithIt) {
  const NetworkSpace network = space();
  auto process =
      Process::start(shell("for i in 1 2 3; do setsid " + long_sleep() + " & done; wait"), network);
  ASSERT_TRUE(process) << process.error().to_string();
  ASSERT_TRUE(sleepers_become(4));
  (*process)->stop({});
  EXPECT_TRUE(sleepers_become(0));
}

TEST_F(Processes, AParentThatIsKilledLeavesNothingBehind) {
  const std::string script = "setsid " + long_sleep() + " & " + long_sleep();
  std::mt19937 random(7);
  std::size_t most = 0;
  for (unsigned round = 0; round < 200; ++round) {
    const pid_t parent = ::fork();
    ASSERT_GE(parent, 0);
    if (parent == 0) {
      const auto network = NetworkSpace::make();
      if (!network) ::_exit(1);
      const Launch launch = shell(script);
      const auto one = Process::start(launch, *network);
      const auto other = Process::start(launch, *network);
      ::alarm(60);  // should the test itself be ended
      ::pause();
      ::_exit(1);
    }
    const bool looks = round % 20 == 19;  // at all processes of the machine, which takes its time
    // house-rules: the kernel ends processes by its own clock
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 30'000) +
                                (looks ? 100ms : 0ms));
    if (looks) most = std::max(most, sleepers());
    ::kill(parent, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(parent, &status, 0), parent);
    if (looks) {
      ASSERT_TRUE(sleepers_become(0)) << "round " << round;
    }
  }
  EXPECT_GT(most, 2U) << "no round got as far as its processes";
}

TEST_F(Processes, SocketsOfItsNetworkAreSeen) {
  const NetworkSpace network = space();
  auto process = Process::start(shell("sleep 1000"), network);
  ASSERT_TRUE(process) << process.error().to_string();
  Descriptor datagrams, stream;
  const auto bound = [&](Descriptor& socket, int type, std::uint16_t port) {
    return network.inside([&]() -> Expected<void> {
      socket = Descriptor(::socket(AF_INET, type, 0));
      sockaddr_in own{};
      own.sin_family = AF_INET;
      own.sin_port = htons(port);
      if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&own), sizeof own) != 0)
        return fail("?");
      return {};
    });
  };
  ASSERT_TRUE(bound(datagrams, SOCK_DGRAM, 5060));
  ASSERT_TRUE(bound(stream, SOCK_STREAM, 80));
  EXPECT_TRUE(has_socket((*process)->id(), "udp", 5060));
  EXPECT_FALSE(has_socket((*process)->id(), "udp", 5061));
  EXPECT_FALSE(has_socket((*process)->id(), "tcp", 80)) << "nobody listens";
  ASSERT_EQ(::listen(stream.get(), 1), 0);
  EXPECT_TRUE(has_socket((*process)->id(), "tcp", 80));
}

}  // namespace
}  // namespace provlab::wire
