#pragma once
#include <span>
#include <string>
#include <string_view>

#include "core/platform/time.hpp"

/// JUnit XML that the strict schemas of Jenkins' xUnit plugin and of Surefire accept (D44).
namespace provlab::lab {

struct JUnitCase {
  enum class Result { passed, failure, error, skipped };

  std::string classname;
  std::string name;
  Duration time{};
  Result result = Result::passed;
  std::string message{};  ///< of all but passed
  std::string type{};     ///< of failure and error, one word
  std::string text{};     ///< of failure and error: lines that are visible already
  std::string out{};      ///< lines beside the result, visible already; empty: none
};

/// One suite with these cases. Names that one class has twice get a number.
std::string junit_document(std::string_view name, std::span<const JUnitCase> cases, Duration time);

/// The class of what belongs to a file: its folder with dots, `scenarios.reference`, seen from the
/// current folder where it lies below it.
std::string junit_class(const std::string& file);

}  // namespace provlab::lab
