#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/language/device_list.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/plan/plan.hpp"

namespace provlab::lab {

/// A list of devices that follows its file. A list with a slip in it is told and left alone: the
/// one before stays.
class WatchedDevices final : public netfakes::DeviceDirectory {
 public:
  explicit WatchedDevices(std::shared_ptr<const netfakes::DeviceDirectory> as_loaded);

  std::optional<std::string> url_of(std::string_view mac) const override {
    return list_->url_of(mac);
  }
  const std::string& source() const override { return file_; }
  /// Where the file is another one than when it was looked at last, what came of it, line by line.
  std::vector<std::string> look();

 private:
  std::string file_;
  std::shared_ptr<const netfakes::DeviceDirectory> list_;
  std::optional<FileStamp> stamp_;
};

/// Puts watched lists in place of a plan's own.
std::vector<std::shared_ptr<WatchedDevices>> watch_devices(ScenarioPlan& plan);

}  // namespace provlab::lab
