#pragma once
#include <string>

#include "sim/lab/runner.hpp"

/// The same suite in three forms; each is complete text, to be written where it is wanted.
namespace provlab::lab {

struct TextOptions {
  bool verbose = false;  ///< with time lines and checksums
  bool colour = false;   ///< ANSI colours
};
std::string text_report(const SuiteReport& suite, const TextOptions& options);

/// JUnit XML as CI servers read it: a suite per folder, a test case per variant.
std::string junit_report(const SuiteReport& suite);

/// One JSON object; schema version 1.
std::string json_report(const SuiteReport& suite);

}  // namespace provlab::lab
