#pragma once
#include <string>

#include "sim/lab/suite/suite_report.hpp"

/// The same suite in several forms; each is complete text, to be written where it is wanted.
namespace provlab::lab {

struct TextOptions {
  bool verbose = false;  ///< with time lines and checksums
  bool colour = false;   ///< ANSI colours
  bool table = false;    ///< good runs in a table only
  bool quiet = false;    ///< of good runs nothing but their number
};
/// Ends with the places of all that failed, and the counts as the last line. What is long is said
/// once: where it holds of another run too, that one refers to the first.
std::string text_report(const SuiteReport& suite, const TextOptions& options);

/// Why runs were left out, a line for each of the `most` most frequent reasons with its number, and
/// one for the others.
std::string left_out_text(const SuiteReport& suite, std::size_t most);

/// A table of all runs: a row for each folder, a column for each name of a file in them.
std::string table_of(const SuiteReport& suite);

/// JUnit XML (junit.hpp): a test case for each variant, and one for each file with complaints.
std::string junit_report(const SuiteReport& suite);

inline constexpr int kJsonVersion = 3;
inline constexpr const char* kProgramVersion = PROVLAB_VERSION;  ///< the project's, from CMake

/// One JSON object, which read_json_report() reads back (D21). `details` says which runs show their
/// traces and changed settings, where they have them. Only `wall_seconds` (of the suite and of
/// each run) and `threads` differ when the same suite is run again.
std::string json_report(const SuiteReport& suite, Details details = Details::all);

}  // namespace provlab::lab
