#pragma once
#include <cstddef>
#include <cstdint>
#include <pugixml.hpp>
#include <set>
#include <string>
#include <string_view>

#include "core/platform/error.hpp"

namespace provlab::settings {

/// What one operation did: how many elements its path selected, and in which sections.
struct OperationEffect {
  std::uint64_t matches = 0;
  std::set<std::string, std::less<>> sections;
};

/// How many elements the operations of one document may write in all: more than any configuration
/// holds. Without it a few lines of `add path="//*"` would double the settings each time.
inline constexpr std::size_t kMaxElementsWritten = 50'000;

/// Carries out one operation (SPEC 5.6: `delete`, `replace` or `add`, with a path) on `sections`, a
/// document that holds the sections side by side. An operation that cannot be carried out changes
/// nothing; the error says why. Whether the result is valid is not judged here. `budget` is what is
/// left of kMaxElementsWritten.
Expected<OperationEffect> carry_out(pugi::xml_node operation, pugi::xml_document& sections,
                                    std::size_t& budget);

}  // namespace provlab::settings
