#pragma once
#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "sim/lab/suite/runner.hpp"

namespace provlab::tools {

/// Where the reports of a suite go, as options that `run` and `report` share.
class ReportOutput {
 public:
  void add_options(CLI::App& app);
  /// Notes of what scenarios have in vain are errors.
  bool strict() const { return strict_; }
  /// The text summary is a table from now on.
  void as_table() { table_ = true; }

  bool wants_pages() const { return !html_.empty(); }
  bool wants_json() const { return !json_.empty(); }
  bool json_on_terminal() const { return json_ == "-"; }
  const std::string& pages() const { return html_; }  ///< the folder for pages; empty: none
  /// Prints the text summary (or the JSON, where it goes to the terminal) and writes the others;
  /// false, and a word on stderr, where one cannot be written.
  bool write(const lab::SuiteReport& report, bool verbose, lab::Details json_details) const;
  /// That, what could not be written of runs, and a word where `choosers`, the options that choose
  /// runs, leave none. The exit code.
  int conclude(const lab::SuiteReport& report, bool verbose, lab::Details json_details,
               std::string_view choosers) const;

 private:
  std::string junit_;
  std::string json_;
  std::string html_;
  bool strict_ = false;
  bool table_ = false;
};

}  // namespace provlab::tools
