#pragma once
#include <CLI/CLI.hpp>
#include <string>

#include "sim/lab/suite/suite_report.hpp"

namespace provlab::tools {

/// Marks beside the sources, where those are looked at, as options that `run`, `report` and
/// `validate` share: annotations of GitHub, Code Quality of GitLab, SARIF.
class SourceMarks {
 public:
  void add_options(CLI::App& app);
  bool wanted() const { return !annotate_.empty() || !sarif_.empty(); }
  /// Whether SARIF stands on standard output alone.
  bool taken() const { return sarif_ == "-"; }
  /// `alone`: another report has standard output for itself; GitHub reads the other stream too.
  /// False, and a word on stderr, where a file cannot be written.
  bool write(const lab::SuiteReport& report, bool alone) const;

 private:
  std::string annotate_;
  std::string quality_ = "gl-code-quality-report.json";
  std::string sarif_;
};

/// A file as it is called in its repository, from the root: that of CI's checkout where it says one
/// (GITHUB_WORKSPACE, CI_PROJECT_DIR), else the folder above it that git keeps. One outside stays
/// as it is.
std::string path_in_repository(const std::string& file);

}  // namespace provlab::tools
