#pragma once
#include <string>
#include <vector>

#include "sim/lab/editing/open_scenario.hpp"
#include "sim/lab/editing/text_positions.hpp"

namespace provlab::lab {

/// A complaint with the place that an editor underlines.
struct Diagnostic {
  LooseDocument::Span range;
  std::string text;
  /// Where it is about a file that the scenario names: that file, and the place in it. The range is
  /// then where the scenario names it.
  std::string other_file;
  TextPosition other;
};

/// What `validate` says of a scenario. A complaint knows its line; the range is the part of it that
/// the complaint quotes, where it quotes any.
std::vector<Diagnostic> diagnostics_of(OpenScenario& scenario, const TextPositions& positions);

}  // namespace provlab::lab
