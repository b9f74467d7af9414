#pragma once
#include "sim/lab/explaining/decisions.hpp"
#include "sim/lab/explaining/search.hpp"
#include "sim/lab/importing/importer.hpp"

namespace provlab::lab {

struct ExplainOptions {
  ImportOptions import;
  SearchLimits limits{};  ///< `runs` 0: as many as take some seconds
};

/// A hypothesis that is kept as a scenario beside that of the import.
struct KeptHypothesis {
  std::string probability;  ///< its class: `one lost packet`
  std::vector<std::string> sentences;
  std::string scenario;   ///< its file
  std::size_t apart = 0;  ///< places where its pace or repetitions are not those of the capture
};

struct CaptureExplanation {
  Import import;
  bool replays = false;  ///< our phone says the same without any assumption
  /// Those that explain the capture, the best first; where it replays, those that come closer to
  /// it.
  std::vector<KeptHypothesis> hypotheses;
  std::vector<Decision> decisions;   ///< what the capture itself shows to have decided
  std::vector<std::string> unknown;  ///< what could not be known, as sentences
  std::size_t runs = 0;
  bool exhausted = true;  ///< the search had an end before its budget had
  /// Where nothing explains it: what leads farthest, and up to when.
  std::optional<KeptHypothesis> farthest;
  Duration explained{};

  bool explains() const { return replays || !hypotheses.empty(); }
};

/// Imports a capture, and searches what it does not show (D53).
Expected<CaptureExplanation> explain_capture(const ExplainOptions& options);
/// The same of what was imported already.
Expected<CaptureExplanation> explain_import(Import import, const ExplainOptions& options);

}  // namespace provlab::lab
