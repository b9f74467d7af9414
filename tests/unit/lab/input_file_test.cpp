#include "sim/lab/machine/input_file.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "sim/lab/machine/exhaustion.hpp"
#include "sim/lab/machine/parallel.hpp"
#include "tests/temporary_folder.hpp"

namespace provlab::lab {
namespace {

using ::testing::HasSubstr;

class InputFile : public ::testing::Test {
 protected:
  std::string file(const std::string& content) {
    std::ofstream(folder_ / "file") << content;
    return folder_ / "file";
  }
  std::string pipe() {
    EXPECT_EQ(mkfifo((folder_ / "pipe").c_str(), 0600), 0);
    return folder_ / "pipe";
  }
  static std::string problem_of(const std::string& file, Pipes pipes = Pipes::refused) {
    const auto read = read_file(file, 10, pipes);
    return read ? "" : read.error().text;
  }

  test::TemporaryFolder folder_;
};

TEST_F(InputFile, IsReadUpToTheLimit) {
  EXPECT_EQ(read_file(file("0123456789"), 10), "0123456789");
  EXPECT_EQ(problem_of(file("0123456789a")), "the file has 11 octets; at most 10 are allowed");
  EXPECT_EQ(read_file(file(""), 10), "");
}

TEST_F(InputFile, ThatIsTooLargeIsRefusedUnread) {
  const std::string large = file("");
  std::filesystem::resize_file(large, std::uintmax_t{1} << 40);
  EXPECT_EQ(problem_of(large), "the file has 1099511627776 octets; at most 10 are allowed");
  EXPECT_EQ(read_start(large, 3), std::string(3, '\0'));
}

TEST_F(InputFile, WhoseSizeIsNotKnownIsRefusedWhileItIsRead) {
  EXPECT_EQ(problem_of("/proc/self/maps"),
            "the file has more than 10 octets; at most 10 are allowed");
}

TEST_F(InputFile, PipeIsTakenWhereItIsAskedForAndNeverWaitedForElsewhere) {
  const std::string name = pipe();
  EXPECT_EQ(problem_of(name), "this is a pipe; name a file");
  EXPECT_FALSE(read_start(name, 10));
  for (const std::size_t octets : {std::size_t{10}, std::size_t{100'000'000}}) {
    std::jthread writer([&] {
      const int end = open(name.c_str(), O_WRONLY);
      const std::string text(4096, 'a');
      for (std::size_t left = octets; left > 0;) {
        const ssize_t wrote = write(end, text.data(), std::min(left, text.size()));
        if (wrote <= 0) break;
        left -= static_cast<std::size_t>(wrote);
      }
      close(end);
    });
    signal(SIGPIPE, SIG_IGN);
    EXPECT_EQ(problem_of(name, Pipes::taken),
              octets == 10 ? "" : "the file has more than 10 octets; at most 10 are allowed");
  }
}

TEST_F(InputFile, IsNoDeviceSocketOrFolder) {
  for (const Pipes pipes : {Pipes::refused, Pipes::taken}) {
    EXPECT_EQ(problem_of("/dev/zero", pipes), "this is a device or a socket; name a file");
    EXPECT_EQ(problem_of("/dev/null", pipes), "this is a device or a socket; name a file");
    EXPECT_EQ(problem_of(folder_.path(), pipes), "this is a folder; name a file");
  }
  const int number = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = folder_ / "socket";
  std::strncpy(address.sun_path, name.c_str(), sizeof address.sun_path - 1);
  ASSERT_EQ(bind(number, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(problem_of(name, Pipes::taken), "this is a device or a socket; name a file");
  close(number);
}

TEST_F(InputFile, ThatIsNotThereIsAnError) {
  EXPECT_EQ(problem_of(folder_ / "none"),
            "the file cannot be read; check its name and permissions");
  EXPECT_THAT(problem_of(std::string(5000, 'a')), HasSubstr("File name too long"));
}

TEST(Exhaustion, IsNoFaultOfTheFile) {
  EXPECT_THROW(throw_where_exhausted(EMFILE), std::system_error);
  EXPECT_THROW(throw_where_exhausted(ENFILE), std::system_error);
  EXPECT_THROW(throw_where_exhausted(ENOMEM), std::bad_alloc);
  EXPECT_NO_THROW(throw_where_exhausted(ENOENT));
}

TEST(Exhaustion, IsSaidInOurWords) {
  EXPECT_THAT(fault_text(std::bad_alloc()), HasSubstr("there is no memory left; raise the limit"));
  EXPECT_THAT(fault_text(std::system_error(EMFILE, std::generic_category())),
              HasSubstr("there are no file descriptors left"));
  EXPECT_EQ(fault_text(std::runtime_error("something else")), "something else");
}

TEST(ParallelFor, ThrowsOnceWhatAWorkerThrew) {
  for (const unsigned jobs : {1U, 4U}) {
    EXPECT_THROW(parallel_for(100, jobs, [](std::size_t) { throw std::bad_alloc(); }),
                 std::bad_alloc);
  }
}

}  // namespace
}  // namespace provlab::lab
