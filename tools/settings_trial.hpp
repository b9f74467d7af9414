#pragma once
#include <functional>
#include <string>
#include <vector>

#include "core/platform/device_identity.hpp"

/// `provlab settings`: provisioning documents tried without any network, by the very code that
/// runs in the phone.
namespace provlab::tools {

struct SettingsRequest {
  enum class What { apply, validate, diff, migrate, backup };
  What what = What::apply;
  DeviceType type = DeviceType::d200;
  Release release = Release::r2_2A;    ///< of the device; migrate: the one to migrate to
  Release from = Release::r1_10A;      ///< migrate: of sections that name no version
  std::string config;                  ///< a backup or patch the device starts with; empty: factory
  bool only_differences = false;       ///< apply: print what has changed instead of everything
  bool credentials = false;            ///< apply: print users and passwords of URLs as they are
  std::vector<std::string> documents;  ///< files; `-` is what `standard_input` gives
};

/// What to print where, and how the program ends: 0 everything was applied (or is valid), 1
/// something was rejected, 2 a document could not be read or was refused as a whole. Of several,
/// the highest.
struct SettingsResult {
  int code = 0;
  std::string output;  ///< the configuration, the differences, or the verdicts
  std::string report;  ///< `FILE: what became of it`, for stderr
};

/// Standard input is read by `standard_input`, of at most the given number of octets.
using ReadInput = std::function<Expected<std::string>(std::size_t)>;

SettingsResult try_documents(const SettingsRequest& request, const ReadInput& standard_input);

}  // namespace provlab::tools
