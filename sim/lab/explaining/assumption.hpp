#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/host.hpp"

namespace provlab::lab {

/// What can have been without standing in a capture; the likelier comes first.
enum class AssumptionKind : std::uint8_t {
  lost,     ///< a packet, behind the tap
  late,     ///< an answer, which the tap saw before the phone
  doubled,  ///< a packet, behind the tap
  setting,  ///< that the phone had
  stored,   ///< a configuration that an earlier run had left
  release,  ///< of the firmware
  reading,  ///< what a server says is taken otherwise by the phone
  knob,     ///< a choice of the firmware
};

/// `lost packet`; several: `lost packets`.
std::string_view words_for(AssumptionKind kind, bool several);

/// What the phone says and what does not come as far as the tap.
struct Unseen {
  Duration at{};
  Endpoint to;
};

/// One thing that is supposed, and what becomes of a scenario by it.
struct Assumption {
  AssumptionKind kind{};
  std::string words;  ///< a sentence without its full stop
  /// Puts it into a `scenario` element; false where that cannot be.
  std::function<bool(pugi::xml_node)> change;
  std::optional<Unseen> unseen{};
  /// What it is about, where others differ from it in a length of time only; empty: its words.
  std::string subject{};
};

/// `one lost packet`, `two lost packets`, `one lost packet and one setting`.
std::string class_of(const std::vector<Assumption>& assumptions);
/// What the tap does not see by them.
std::vector<Unseen> unseen_by_tap(const std::vector<Assumption>& assumptions);

}  // namespace provlab::lab
