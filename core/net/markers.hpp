#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/device_identity.hpp"
#include "core/platform/host.hpp"

namespace provlab::net {

struct MarkerResult {
  std::string text;
  std::vector<std::string> unknown;  ///< each `<WORD>` or `{word}` that is no marker, in order
};

/// Replaces the markers of SPEC 5.1: `<SERIAL>` `{serial}`, `<HWTYP>` `{type}`, `<MACADR>` `{mac}`.
/// Exactly these spellings count. Something of the same shape that is none of them is left as it is
/// and reported; a value put in is never searched again.
MarkerResult replace_markers(std::string_view text, const DeviceIdentity& device);
/// The same for a URL in use: what is unknown goes into the trace.
std::string replace_markers(std::string_view url, const DeviceIdentity& device, Host& host);

}  // namespace provlab::net
