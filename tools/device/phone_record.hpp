#pragma once
#include <optional>
#include <string>

#include "sim/lab/machine/output_file.hpp"
#include "tools/device/plugged_phone.hpp"
#include "tools/device/tls_keys.hpp"

namespace provlab::tools {

/// Keeps in files what happens to a plugged-in phone, and lets go of all but the newest: one that
/// stays up for weeks takes no more memory than one that is up for minutes.
class PhoneRecord {
 public:
  /// Empty names are of files that nobody wants. A capture has the keys of TLS: it must be begun
  /// before there is a phone. Errors: a file cannot be made.
  static Expected<PhoneRecord> begin(const std::string& trace, const std::string& capture);
  /// What has come since the last time; all of it must have been looked at. The phone goes on where
  /// it cannot be kept: the error is given once.
  Expected<void> keep(PluggedPhone& phone);

 private:
  Expected<void> append(std::optional<lab::GrowingFile>& file, std::string_view content);

  std::optional<lab::GrowingFile> trace_;
  std::size_t told_ = 0;  ///< octets of the trace's lines that are in the file
  std::optional<lab::GrowingFile> capture_;
  std::optional<TlsKeys> keys_;
};

}  // namespace provlab::tools
