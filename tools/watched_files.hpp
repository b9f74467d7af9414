#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/lab/machine/folder_watch.hpp"
#include "sim/lab/machine/input_file.hpp"

namespace provlab::tools {

/// The scenarios that are watched, and which files each of them reads.
///  1. A scenario in a folder is one from when it first begins as one until it is gone: what breaks
///  in between is a complaint.
///  2. A file named as an argument stays one, whether or not it is there.
///  3. Files that a scenario names are watched where they are to be, though they may not be there.
class WatchedFiles {
 public:
  static Expected<WatchedFiles> look(const std::vector<std::string>& paths);

  std::set<std::string> scenarios() const;
  std::size_t read_by_them() const;  ///< how many other files they read

  struct Saved {
    std::set<std::string> concerned{}; ///< scenarios to run again
    std::set<std::string> files{};     ///< what was saved, as it is called here
    std::set<std::string> gone{};      ///< scenarios that are no more
    Duration noticed{};  ///< when the kernel told of it, by the clock of lab::wall_clock()
  };
  /// Waits until something that concerns a scenario was saved, at most a second. Waits a moment
  /// longer for what editors do in several steps.
  Expected<Saved> wait();
  /// Reads again which files these scenarios name.
  Expected<void> look_into(const std::set<std::string>& scenarios);

 private:
  explicit WatchedFiles(lab::FolderWatch watch) : watch_(std::move(watch)) {}
  Expected<std::set<std::string>> find_all();
  Expected<void> watch_around(const std::string& file);
  Expected<void> settle(lab::FolderWatch::Changes& changes);
  Expected<void> note(const lab::FolderWatch::Changes& changes, Saved& saved);

  lab::FolderWatch watch_;
  std::vector<std::string> paths_;
  /// The files that a scenario is made of, itself included, as the kernel names them, and how each
  /// was when it was last looked at.
  using Parts = std::map<std::string, std::optional<lab::FileStamp>>;
  Expected<Parts> parts_of(const std::string& scenario);
  void note_moved_folders(Saved& saved);

  std::map<std::string, Parts> scenarios_;  ///< by the name it goes by
};

}  // namespace provlab::tools
