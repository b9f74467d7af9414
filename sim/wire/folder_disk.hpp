#pragma once
#include <string>

#include "core/platform/durable_storage.hpp"

namespace provlab::wire {

/// A folder of the machine's own file system as a Disk. Owns its descriptors. Names are plain file
/// names. What it makes is for its user alone, as settings hold passwords. One process at a time
/// may write to a folder: folder_lock.hpp.
class FolderDisk final : public Disk {
 public:
  /// Makes the folder where there is none; its parent must exist.
  static Expected<FolderDisk> open(const std::string& path);
  FolderDisk(FolderDisk&& other) noexcept;
  FolderDisk& operator=(FolderDisk&&) = delete;
  ~FolderDisk() override;

  Expected<std::optional<std::string>> read(std::string_view name) override;
  /// The file stays open until sync(), so that no failure of writing back can be missed (fsync(2)
  /// reports it on descriptors that were open at the time).
  Expected<void> write(std::string_view name, std::string_view content) override;
  Expected<void> sync(std::string_view name) override;
  Expected<void> rename(std::string_view from, std::string_view to) override;
  Expected<void> remove(std::string_view name) override;
  Expected<void> sync_folder() override;

 private:
  FolderDisk(std::string path, int folder) : path_(std::move(path)), folder_(folder) {}
  std::unexpected<Error> failed(const char* what, std::string_view name) const;
  void close_written();

  std::string path_;
  int folder_;
  int written_ = -1;  ///< the file of the last write(), until its sync()
};

}  // namespace provlab::wire
