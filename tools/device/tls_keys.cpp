#include "tools/device/tls_keys.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "sim/lab/machine/input_file.hpp"

namespace provlab::tools {

namespace {

namespace fs = std::filesystem;

constexpr const char* kVariable = "SSLKEYLOGFILE";

}  // namespace

Expected<TlsKeys> TlsKeys::begin() {
  if (const char* const wanted = std::getenv(kVariable); wanted != nullptr && *wanted != '\0') {
    TlsKeys keys(wanted, false);
    keys.take();
    return keys;
  }
  std::error_code none;
  std::string file = (fs::temp_directory_path(none) / "provlab-keys-XXXXXX").string();
  const int descriptor = ::mkostemp(file.data(), O_CLOEXEC);
  if (descriptor < 0) return fail(std::strerror(errno), file);
  ::close(descriptor);
  ::setenv(kVariable, file.c_str(), 1);
  return TlsKeys(std::move(file), true);
}

TlsKeys::TlsKeys(TlsKeys&& other) noexcept
    : file_(std::move(other.file_)),
      ours_(std::exchange(other.ours_, false)),
      taken_(other.taken_) {}

TlsKeys::~TlsKeys() {
  if (ours_) ::unlink(file_.c_str());
}

std::string TlsKeys::take() {
  constexpr std::size_t kMost = std::size_t{64} << 20;
  const auto stamp = lab::stamp_of(file_);
  if (!stamp || static_cast<std::size_t>(stamp->octets) == taken_) return {};
  const auto all = lab::read_file(file_, kMost);
  if (!all || all->size() < taken_) return {};
  std::string lines = all->substr(taken_);
  lines.resize(lines.rfind('\n') + 1);
  taken_ += lines.size();
  return lines;
}

}  // namespace provlab::tools
