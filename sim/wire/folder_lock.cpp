#include "sim/wire/folder_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace provlab::wire {

namespace {

/// Which process has written itself into the file: ` by process 4711`, or nothing.
std::string holder_of(int file) {
  char digits[16];
  const ssize_t got = ::pread(file, digits, sizeof digits, 0);
  const std::string_view text(digits, got < 0 ? 0 : static_cast<std::size_t>(got));
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  return end == 0 ? std::string() : fmt::format(" by process {}", text.substr(0, end));
}

}  // namespace

Expected<FolderLock> FolderLock::take(const std::string& folder) {
  const int file =
      ::open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0600);
  if (file < 0) {
    return fail(fmt::format("the folder cannot be written to: {}", std::strerror(errno)), folder);
  }
  FolderLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return fail(fmt::format("the folder cannot be locked: {}", std::strerror(errno)), folder);
    }
    return fail(fmt::format("the folder is in use{}", holder_of(file)), folder);
  }
  // Only for people: what holds is the lock.
  const std::string self = fmt::format("{}\n", ::getpid());
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, self.data(), self.size(), 0) < 0) {
    return fail(fmt::format("the folder cannot be written to: {}", std::strerror(errno)), folder);
  }
  return lock;
}

FolderLock::FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace provlab::wire
