#pragma once
#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "sim/lab/pages/pages.hpp"
#include "sim/lab/suite/runner.hpp"
#include "tools/source_marks.hpp"

namespace provlab::tools {

/// Where the reports of a suite go, as options that `run` and `report` share.
class ReportOutput {
 public:
  void add_options(CLI::App& app);
  /// Notes of what scenarios have in vain are errors.
  bool strict() const { return strict_; }
  /// -q, --quiet and --no-quiet, for commands whose text may be long.
  void add_amount(CLI::App& app);
  /// The text summary is a table from now on.
  void as_table() { table_ = true; }

  /// Whether the options fit each other; else a word on stderr. To be asked before anything is run.
  bool fits() const;
  bool wants_pages() const { return !html_.empty(); }
  bool wants_json() const { return !json_.empty(); }
  /// A report for a machine stands on standard output alone.
  bool taken() const { return json_ == "-" || junit_ == "-" || marks_.taken(); }
  /// Whether only those reports are asked for that a soak has; else a word on stderr.
  bool fits_soak() const;
  const std::string& json() const { return json_; }
  const std::string& junit() const { return junit_; }
  const std::string& pages() const { return html_; }  ///< the folder for pages; empty: none
  /// What runs are to keep, for pages and for a JSON report of such details.
  lab::Details details_for(lab::Details json_details) const;
  /// Prints the text summary (or the report that goes to the terminal) and writes the others;
  /// false, and a word on stderr, where one cannot be written.
  bool write(const lab::SuiteReport& report, bool verbose, lab::Details json_details) const;
  /// That, what could not be written of runs, and a word where `choosers`, the options that choose
  /// runs, leave none. The exit code.
  int conclude(const lab::SuiteReport& report, bool verbose, lab::Details json_details,
               std::string_view choosers) const;

 private:
  bool quiet() const;
  lab::PageChoice choice() const;

  std::string junit_;
  std::string json_;
  std::string html_;
  bool strict_ = false;
  SourceMarks marks_;
  std::string colour_ = "auto";
  std::string pages_ = "sample";
  bool table_ = false;
  bool has_amount_ = false;
  bool quiet_ = false;
  bool not_quiet_ = false;
};

}  // namespace provlab::tools
