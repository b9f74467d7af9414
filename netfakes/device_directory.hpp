#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace provlab::netfakes {

/// Whom the redirect service knows beside those of its configuration: a list of its own, of many
/// devices. What it says may differ from one question to the next, where its source has changed.
class DeviceDirectory {
 public:
  virtual ~DeviceDirectory() = default;
  /// The URL of a device, which may hold markers; nothing for one that is not listed.
  /// `mac` is in upper case and without colons.
  virtual std::optional<std::string> url_of(std::string_view mac) const = 0;
  /// Where the list is kept: the path of a file.
  virtual const std::string& source() const = 0;
};

}  // namespace provlab::netfakes
