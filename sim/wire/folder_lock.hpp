#pragma once
#include <string>

#include "core/platform/error.hpp"

namespace provlab::wire {

/// The right to write to a folder, which one process at a time has: flock(2) on the file `lock` in
/// it. The kernel takes it back when the process ends, however that ends; the file stays.
class FolderLock {
 public:
  /// Does not wait. Errors: another process has it, which is named as far as it is known; the file
  /// cannot be written.
  static Expected<FolderLock> take(const std::string& folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int file) : file_(file) {}

  int file_;
};

}  // namespace provlab::wire
