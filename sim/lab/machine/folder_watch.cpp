#include "sim/lab/machine/folder_watch.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <utility>

#include "sim/lab/machine/exhaustion.hpp"

namespace provlab::lab {

namespace {

Error watch_failure(int reason, const std::string& folder) {
  throw_where_exhausted(reason);
  if (reason == ENOSPC) {
    return {
        "the machine watches no more folders for this user; raise fs.inotify.max_user_watches "
        "(sysctl), or name fewer folders",
        folder};
  }
  return {"cannot be watched: " + std::generic_category().message(reason), folder};
}

}  // namespace

Expected<FolderWatch> FolderWatch::create() {
  const int descriptor = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (descriptor >= 0) return FolderWatch(descriptor);
  throw_where_exhausted(errno);
  return fail("the machine tells of no changes of files (inotify): " +
              std::generic_category().message(errno));
}

FolderWatch::FolderWatch(FolderWatch&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), folders_(std::move(other.folders_)) {}

FolderWatch::~FolderWatch() {
  if (descriptor_ >= 0) close(descriptor_);
}

Expected<bool> FolderWatch::watch(const std::string& folder) {
  constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_MODIFY | IN_CREATE | IN_DELETE |
                                    IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF |
                                    IN_ONLYDIR;
  const int number = inotify_add_watch(descriptor_, folder.c_str(), kEvents);
  if (number < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return false;
    return std::unexpected(watch_failure(errno, folder));
  }
  folders_[number].insert(folder);
  return true;
}

Expected<void> FolderWatch::wait(Duration most, Changes& changes) {
  pollfd events{.fd = descriptor_, .events = POLLIN, .revents = 0};
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(most).count();
  if (poll(&events, 1, static_cast<int>(milliseconds)) <= 0) return {};
  alignas(inotify_event) std::array<char, 65536> octets;
  for (;;) {
    const ssize_t count = read(descriptor_, octets.data(), octets.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      if (count == 0 || errno == EAGAIN) return {};
      return std::unexpected(watch_failure(errno, "inotify"));
    }
    read_events({octets.data(), static_cast<std::size_t>(count)}, changes);
  }
}

void FolderWatch::read_events(std::string_view octets, Changes& changes) {
  while (octets.size() >= sizeof(inotify_event)) {
    inotify_event event;
    std::memcpy(&event, octets.data(), sizeof event);
    const std::string_view name(octets.data() + sizeof event);  // filled up with zeros
    const bool named = event.len > 0;
    const auto folders = folders_.find(event.wd);
    const bool lost = (event.mask & (IN_Q_OVERFLOW | IN_DELETE_SELF | IN_MOVE_SELF)) != 0;
    if (lost || (named && (event.mask & IN_ISDIR) != 0)) {
      changes.folders_changed = true;
    } else if ((event.mask & IN_IGNORED) != 0) {
      if (folders != folders_.end()) folders_.erase(folders);
    } else if (named && folders != folders_.end()) {
      auto& kind = (event.mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) != 0 ? changes.written
                   : (event.mask & (IN_DELETE | IN_MOVED_FROM)) != 0  ? changes.gone
                                                                      : changes.touched;
      for (const std::string& folder : folders->second) {
        kind.insert(folder + (folder.ends_with('/') ? "" : "/") + std::string(name));
      }
    }
    octets.remove_prefix(sizeof event + event.len);
  }
}

}  // namespace provlab::lab
