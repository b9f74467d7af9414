#include "tools/device/phone_store.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "core/settings/store.hpp"

namespace provlab::tools {

namespace {

/// Like `mkdir -p -m 700`, as the XDG Base Directory Specification wants it.
Expected<void> make_folders(const std::filesystem::path& folder) {
  std::filesystem::path made;
  for (const std::filesystem::path& part : folder) {
    made /= part;
    if (::mkdir(made.c_str(), 0700) == 0 || errno == EEXIST || errno == EISDIR) continue;
    // Of one on a file system that cannot be written to the kernel says that first.
    if (std::error_code ignored; std::filesystem::is_directory(made, ignored)) continue;
    return fail(
        fmt::format("the folder cannot be made: {}; name another one by --store, or let the "
                    "phone forget everything at its end by --no-store",
                    std::strerror(errno)),
        made.string());
  }
  return {};
}

}  // namespace

Expected<std::string> usual_store(const MacAddress& mac) {
  // "All paths must be absolute"; others are ignored.
  const char* const state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && state[0] == '/')
    return fmt::format("{}/provlab/{}", state, mac.compact());
  const char* const home = std::getenv("HOME");
  if (home != nullptr && home[0] == '/') {
    return fmt::format("{}/.local/state/provlab/{}", home, mac.compact());
  }
  return fail(
      "neither XDG_STATE_HOME nor HOME says where the phone's store is to be; name a folder "
      "by --store");
}

Expected<std::unique_ptr<PhoneStore>> PhoneStore::open(const std::string& folder) {
  if (auto made = make_folders(folder); !made) return std::unexpected(std::move(made.error()));
  auto lock = wire::FolderLock::take(folder);
  if (!lock) {
    return fail(lock.error().text + "; name another one by --store, or play another phone by --mac",
                folder);
  }
  auto disk = wire::FolderDisk::open(folder);
  if (!disk) return std::unexpected(std::move(disk.error()));
  return std::unique_ptr<PhoneStore>(new PhoneStore(folder, std::move(*lock), std::move(*disk)));
}

Expected<void> PhoneStore::forget() {
  for (const std::string_view piece : {settings::kStorePiece, settings::kDamagedPiece}) {
    if (auto removed = storage_.remove(piece); !removed) return removed;
  }
  return {};
}

}  // namespace provlab::tools
