#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/platform/error.hpp"
#include "core/platform/time.hpp"

namespace provlab::lab {

/// Tells what is written, put in place or taken away in folders of this machine (inotify).
///  1. Folders are watched, never files: editors put another file in the place of the one that was.
///  2. A file is `written` once its writer has closed it or it was moved to its name, and `touched`
///  before that, or where a link was made; `gone` when it was removed or moved away.
///  3. `folders_changed` says that a folder came, went or was moved, or that the kernel has lost
///  count: who watches looks at everything again, and asks for new folders.
class FolderWatch {
 public:
  static Expected<FolderWatch> create();
  ~FolderWatch();
  FolderWatch(FolderWatch&& other) noexcept;
  FolderWatch& operator=(FolderWatch&&) = delete;

  /// From now on that folder too, not those in it. It may be watched already. False where there is
  /// no such folder.
  Expected<bool> watch(const std::string& folder);

  struct Changes {
    std::set<std::string> written;  ///< as folder and name
    std::set<std::string> touched;
    std::set<std::string> gone;
    bool folders_changed = false;
    bool empty() const {
      return written.empty() && touched.empty() && gone.empty() && !folders_changed;
    }
  };
  /// Adds what has changed; waits for it at most so long, by the real clock. A signal ends the
  /// wait.
  Expected<void> wait(Duration most, Changes& changes);

 private:
  explicit FolderWatch(int descriptor) : descriptor_(descriptor) {}
  void read_events(std::string_view octets, Changes& changes);

  int descriptor_;
  std::map<int, std::set<std::string>> folders_;  ///< by the kernel's number, as they were given
};

}  // namespace provlab::lab
