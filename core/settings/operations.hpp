#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <pugixml.hpp>
#include <set>
#include <string>
#include <string_view>

#include "core/platform/error.hpp"
#include "core/settings/xpath_cost.hpp"

namespace provlab::settings {

/// What one operation did: how many elements its path selected, and in which sections; and what it
/// took of the budget's visits.
struct OperationEffect {
  std::uint64_t matches = 0;
  std::uint64_t cost = 0;
  std::set<std::string, std::less<>> sections;
};

/// How many elements the operations of one document may write in all: more than any configuration
/// holds. Without it a few lines of `add path="//*"` would double the settings each time.
inline constexpr std::size_t kMaxElementsWritten = 50'000;
/// What the operations of one document may yet do (D32).
struct OperationBudget {
  std::size_t written = kMaxElementsWritten;
  double visits = kMaxVisits;
  std::optional<TreeFigures> figures;  ///< of the sections, where nothing was added since
};

/// Carries out one operation (SPEC 5.6): `delete`, `replace` or `add`, with a path.
///
/// 1. `sections` holds the device's sections side by side.
/// 2. An operation that cannot be carried out changes nothing; the error says why.
/// 3. `budget` is what is left for this operation and those after it. An operation that could not
///    pay is not begun: its path is not parsed, and not evaluated once one went beyond what may be
///    written. Parsing is paid for also where the path is refused.
/// 4. Whether the result is valid is not judged here.
Expected<OperationEffect> carry_out(pugi::xml_node operation, pugi::xml_document& sections,
                                    OperationBudget& budget);

}  // namespace provlab::settings
