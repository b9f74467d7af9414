#include "sim/lab/machine/input_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "sim/lab/machine/exhaustion.hpp"
#include "sim/lab/machine/input_stream.hpp"

namespace provlab::lab {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

std::unexpected<Error> cannot_be_read(const std::string& file, int reason) {
  throw_where_exhausted(reason);
  if (reason == ENOENT || reason == ENOTDIR || reason == EACCES) {
    return fail("the file cannot be read; check its name and permissions", file);
  }
  return fail("the file cannot be read: " + std::generic_category().message(reason), file);
}

std::unexpected<Error> too_large(const std::string& file, const std::string& size,
                                 std::size_t most) {
  return fail(fmt::format("the file has {} octets; at most {} are allowed", size, most), file);
}

/// Whether what lies there is to be read at all.
Expected<void> check_kind(const struct stat& found, const std::string& file, std::size_t most,
                          Pipes pipes) {
  if (S_ISDIR(found.st_mode)) return fail("this is a folder; name a file", file);
  if (S_ISFIFO(found.st_mode)) {
    if (pipes == Pipes::taken) return {};
    return fail("this is a pipe; name a file", file);
  }
  if (!S_ISREG(found.st_mode)) return fail("this is a device or a socket; name a file", file);
  if (found.st_size > 0 && static_cast<std::size_t>(found.st_size) > most) {
    return too_large(file, std::to_string(found.st_size), most);
  }
  return {};
}

/// Up to `most` octets; fewer where the file ends.
Expected<std::string> read_octets(int descriptor, const std::string& file, std::size_t expected,
                                  std::size_t most) {
  constexpr std::size_t kFirst = std::size_t{64} << 10;
  std::string content;
  std::size_t filled = 0;
  while (filled < most) {
    if (filled == content.size()) {
      content.resize(std::min(most, std::max({kFirst, expected + 1, 2 * filled})));
    }
    const ssize_t got = read(descriptor, content.data() + filled, content.size() - filled);
    if (got == 0) break;
    if (got < 0 && errno != EINTR) return cannot_be_read(file, errno);
    if (got > 0) filled += static_cast<std::size_t>(got);
  }
  content.resize(filled);
  return content;
}

Expected<std::string> read_whole(int descriptor, const std::string& file, std::size_t most,
                                 Pipes pipes) {
  struct stat found {};
  if (fstat(descriptor, &found) != 0) return cannot_be_read(file, errno);
  if (const auto fits = check_kind(found, file, most, pipes); !fits) {
    return std::unexpected(fits.error());
  }
  const auto size = static_cast<std::size_t>(std::max<off_t>(found.st_size, 0));
  auto content = read_octets(descriptor, file, size, most + 1);
  if (content && content->size() > most) {
    return too_large(file, fmt::format("more than {}", most), most);
  }
  return content;
}

/// Looked at before it is opened, since opening a device can do things; and opened without waiting
/// for the other end of a pipe that has come meanwhile.
Expected<int> open_file(const std::string& file, std::size_t most, Pipes pipes) {
  struct stat found {};
  if (stat(file.c_str(), &found) != 0) return cannot_be_read(file, errno);
  if (const auto fits = check_kind(found, file, most, pipes); !fits) {
    return std::unexpected(fits.error());
  }
  const bool waits = S_ISFIFO(found.st_mode);
  const int descriptor =
      open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | (waits ? 0 : O_NONBLOCK));
  if (descriptor < 0) return cannot_be_read(file, errno);
  return descriptor;
}

}  // namespace

Expected<std::string> read_file(const std::string& file, std::size_t most, Pipes pipes) {
  const auto opened = open_file(file, most, pipes);
  if (!opened) return std::unexpected(opened.error());
  const Descriptor descriptor(*opened);
  return read_whole(descriptor.number(), file, most, pipes);
}

Expected<std::string> read_standard_input(std::size_t most) {
  // A terminal is a device and may be typed at.
  if (isatty(STDIN_FILENO) == 0) return read_whole(STDIN_FILENO, "-", most, Pipes::taken);
  auto content = read_octets(STDIN_FILENO, "-", 0, most + 1);
  if (content && content->size() > most) {
    return too_large("-", fmt::format("more than {}", most), most);
  }
  return content;
}

Expected<std::string> read_start(const std::string& file, std::size_t most) {
  constexpr std::size_t kAnySize = SIZE_MAX;
  const auto opened = open_file(file, kAnySize, Pipes::refused);
  if (!opened) return std::unexpected(opened.error());
  const Descriptor descriptor(*opened);
  return read_octets(descriptor.number(), file, 0, most);
}

Expected<InputStream> InputStream::open(const std::string& file) {
  const auto opened = open_file(file, SIZE_MAX, Pipes::taken);
  if (!opened) return std::unexpected(opened.error());
  return InputStream(file, *opened);
}

InputStream::~InputStream() {
  if (descriptor_ >= 0) close(descriptor_);
}

Expected<std::size_t> InputStream::read(std::span<char> room) {
  while (true) {
    const ssize_t got = ::read(descriptor_, room.data(), room.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return cannot_be_read(file_, errno);
  }
}

std::optional<FileStamp> stamp_of(const std::string& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return std::nullopt;
  constexpr std::int64_t kSecond = 1'000'000'000;
  return FileStamp{found.st_ino, found.st_mtim.tv_sec * kSecond + found.st_mtim.tv_nsec,
                   found.st_size};
}

}  // namespace provlab::lab
