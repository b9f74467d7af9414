#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/device_identity.hpp"
#include "core/platform/error.hpp"
#include "core/settings/configuration.hpp"

namespace provlab::settings {

/// The piece of Host storage that holds everything here (SPEC 1.3), and the name under which a
/// damaged one is kept aside.
inline constexpr std::string_view kStorePiece = "configuration";
inline constexpr std::string_view kDamagedPiece = "configuration.damaged";

/// Small state that lives and is written with the configuration.
using KeptValues = std::map<std::string, std::string, std::less<>>;

/// What a store holds. `type` and `release` are those of the device that wrote it.
struct StoredState {
  DeviceType type = DeviceType::d200;
  Release release = Release::r2_2A;
  Configuration configuration;
  KeptValues kept;
};

/// The store's content: an XML document behind one line with a checksum over the rest, so that any
/// damage is noticed.
std::string write_store(const StoredState& state);
/// The error says what is damaged.
Expected<StoredState> read_store(std::string_view content);
/// Whether the content can be read and its configuration is this one (SPEC I10).
bool store_holds(std::string_view content, const Configuration& configuration);

}  // namespace provlab::settings
