#pragma once
#include <expected>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "netfakes/device_directory.hpp"
#include "sim/lab/markup/complaint.hpp"

namespace provlab::lab {

/// The devices of a redirect service as its operator keeps them: a file of comma-separated values
/// (RFC 4180) with a MAC address and a URL in each line.
///  1. A MAC address is `00:09:52:00:00:0E`, `00-09-52-00-00-0E` or `00095200000E`, in any case.
///  2. A URL is an absolute one by http or https, perhaps with markers; quotes may stand around it,
///  and must where it holds the separator.
///  3. The separator is a comma, or a semicolon or a tab, as spreadsheets of other countries write.
///  4. Empty lines, lines that begin with `#`, a head line that begins with `mac`, a byte order
///  mark and empty columns at the end of a line mean nothing.
///  5. No device stands there twice.
class DeviceList final : public netfakes::DeviceDirectory {
 public:
  static constexpr std::size_t kMostOctets = std::size_t{16} << 20;
  static constexpr std::size_t kMostInLine = 4096;
  using Result = std::expected<std::shared_ptr<const DeviceList>, std::vector<Complaint>>;

  /// `file` is how complaints call it; it is not opened.
  static Result parse(std::string_view text, const std::string& file);
  /// The same for a file on disk; one that cannot be read is a complaint without a line.
  static Result load(const std::string& file);

  std::optional<std::string> url_of(std::string_view mac) const override;
  const std::string& source() const override { return file_; }
  std::size_t size() const { return urls_.size(); }

 private:
  class Reader;
  explicit DeviceList(std::string file) : file_(std::move(file)) {}

  std::string file_;
  std::map<std::string, std::string, std::less<>> urls_;  ///< by MAC
};

}  // namespace provlab::lab
