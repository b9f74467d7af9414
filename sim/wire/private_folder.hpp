#pragma once
#include <memory>
#include <string>

#include "core/platform/error.hpp"

namespace provlab::wire {

/// A folder in memory that the calling thread alone sees, with whatever it starts; it has gone when
/// they have, however they end. It covers what the machine has in the same place. Made, used and
/// destroyed by one thread, in a process with a namespace of its own (enter_network_namespace).
class PrivateFolder {
 public:
  static Expected<std::unique_ptr<PrivateFolder>> make();
  ~PrivateFolder();
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  PrivateFolder() = default;
  /// Where servers put what they need while they run.
  std::string path_ = "/run";
};

}  // namespace provlab::wire
