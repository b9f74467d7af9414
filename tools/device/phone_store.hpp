#pragma once
#include <memory>
#include <string>

#include "core/platform/address.hpp"
#include "core/platform/durable_storage.hpp"
#include "sim/wire/folder_disk.hpp"
#include "sim/wire/folder_lock.hpp"

namespace provlab::tools {

/// Where a phone's store lies unless it is said otherwise: `$XDG_STATE_HOME/provlab/MAC`, or below
/// `~/.local/state`. An error where neither is known.
Expected<std::string> usual_store(const MacAddress& mac);

/// A phone's store on this machine: a folder of its own, which no other process has at the same
/// time. What is in it survives a kill at any moment (DurableStorage).
class PhoneStore {
 public:
  /// Makes the folder and those above it. Errors say what to do.
  static Expected<std::unique_ptr<PhoneStore>> open(const std::string& folder);

  Storage& storage() { return storage_; }
  const std::string& folder() const { return folder_; }
  /// As from the factory.
  Expected<void> forget();

 private:
  PhoneStore(std::string folder, wire::FolderLock lock, wire::FolderDisk disk)
      : folder_(std::move(folder)), lock_(std::move(lock)), disk_(std::move(disk)) {}

  std::string folder_;
  wire::FolderLock lock_;
  wire::FolderDisk disk_;
  DurableStorage storage_{disk_};
};

}  // namespace provlab::tools
