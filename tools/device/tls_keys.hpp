#pragma once
#include <string>

#include "core/platform/error.hpp"

namespace provlab::tools {

/// The keys of the phone's own TLS connections. Its library (libcurl) writes them to the file that
/// SSLKEYLOGFILE names when it is first used: there must be one of these by then, and one only.
class TlsKeys {
 public:
  /// Errors: no file can be made.
  static Expected<TlsKeys> begin();
  TlsKeys(TlsKeys&& other) noexcept;
  TlsKeys& operator=(TlsKeys&&) = delete;
  ~TlsKeys();

  /// Whole lines that have come since the last time.
  std::string take();

 private:
  TlsKeys(std::string file, bool ours) : file_(std::move(file)), ours_(ours) {}

  std::string file_;
  bool ours_;  ///< else somebody else wants them too
  std::size_t taken_ = 0;
};

}  // namespace provlab::tools
