#pragma once
#include <string>

#include "sim/lab/suite/suite_report.hpp"

/// The same suite in several forms; each is complete text, to be written where it is wanted.
namespace provlab::lab {

struct TextOptions {
  bool verbose = false;  ///< with time lines and checksums
  bool colour = false;   ///< ANSI colours
  bool table = false;    ///< good runs in a table only
};
std::string text_report(const SuiteReport& suite, const TextOptions& options);

/// A table of all runs: a row for each folder, a column for each name of a file in them.
std::string table_of(const SuiteReport& suite);

/// JUnit XML as CI servers read it: a suite per folder, a test case per variant.
std::string junit_report(const SuiteReport& suite);

inline constexpr int kJsonVersion = 2;
inline constexpr const char* kProgramVersion = PROVLAB_VERSION;  ///< the project's, from CMake

/// One JSON object, which read_json_report() reads back (D21). `details` says which runs show their
/// traces and changed settings, where they have them. Only `wall_seconds` (of the suite and of
/// each run) and `threads` differ when the same suite is run again.
std::string json_report(const SuiteReport& suite, Details details = Details::all);

}  // namespace provlab::lab
