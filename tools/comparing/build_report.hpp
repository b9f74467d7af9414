#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/platform/time.hpp"
#include "sim/lab/comparing/notices.hpp"
#include "tools/comparing/compare_report.hpp"

namespace provlab::tools {

/// One way in which two builds differ.
struct BuildChange {
  lab::Notice notice;               ///< with the example of the first that has it
  std::vector<std::string> titles;  ///< of what has changed in this way
  std::string look;                 ///< a command that shows the first of them; empty: none
};

/// What differs between two builds, each way once.
class BuildReport {
 public:
  std::string a;  ///< what was given
  std::string b;
  std::size_t runs = 0;          ///< that were played with both
  std::size_t explorations = 0;  ///< that were made with both
  std::size_t maps = 0;
  std::vector<std::string> notes;               ///< what could not be compared, and why
  Duration time{};                              ///< that it took
  std::shared_ptr<const ComparedPair> example;  ///< the first run that differs; null: none does

  /// Equal texts become one change.
  void add(lab::Notice notice, const std::string& title, const std::string& look);
  /// Those that most have first.
  std::vector<const BuildChange*> changes() const;
  bool all_same() const { return changes_.empty(); }
  std::size_t differ() const { return differ_; }
  void count_different() { ++differ_; }

 private:
  std::vector<BuildChange> changes_;
  std::map<std::string, std::size_t> by_text_;
  std::size_t differ_ = 0;  ///< of all that was compared
};

std::string build_text(const BuildReport& report);
std::string build_json(const BuildReport& report);
/// A case for each change, and one for what is the same.
std::string build_junit(const BuildReport& report);
/// The changes as a page.
std::string build_page(const BuildReport& report);

}  // namespace provlab::tools
