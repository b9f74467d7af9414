#pragma once
#include "tools/comparing/compare_report.hpp"
#include "tools/comparing/run_loader.hpp"

namespace provlab::tools {

/// How runs of two sides find each other.
enum class Pairing {
  /// Of one run on a side its like is looked for among several of the other; else runs of one name
  /// belong together, of one scenario each those of one variant.
  by_name,
  by_file  ///< all are of the same files: those of one variant belong together
};

/// Compares the runs of two sides; of several those that differ stay in the report.
CompareReport compare_loaded(LoadedRuns a, LoadedRuns b, Duration slack,
                             Pairing pairing = Pairing::by_name);
/// The same of one pair, of which at least one is a capture.
Expected<CompareReport> compare_on_wire(const Operand& a, const Operand& b,
                                        const LoadOptions& options, Duration slack);

}  // namespace provlab::tools
