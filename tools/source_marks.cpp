#include "tools/source_marks.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "sim/lab/report/annotations.hpp"
#include "tools/scenario_files.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

namespace fs = std::filesystem;

/// Below `root`, or nothing.
fs::path below(const fs::path& root, const fs::path& path) {
  const fs::path relative = path.lexically_relative(root);
  if (relative.empty() || *relative.begin() == "..") return {};
  return relative;
}

}  // namespace

void SourceMarks::add_options(CLI::App& app) {
  CLI::Option* annotate =
      app.add_option(
             "--annotate", annotate_,
             "Mark up to ten places in the sources, the worst first: github prints workflow "
             "commands, gitlab writes a Code Quality report")
          ->check(CLI::IsMember({"github", "gitlab"}));
  app.add_option("--quality", quality_,
                 "The file for GitLab's Code Quality (default: gl-code-quality-report.json)")
      ->needs(annotate);
  app.add_option("--sarif", sarif_,
                 "Write complaints about files, and invariants that broke, as SARIF to a file "
                 "('-': to the terminal, alone)");
}

bool SourceMarks::write(const lab::SuiteReport& report, bool alone) const {
  bool written = true;
  if (annotate_ == "github") {
    put(alone ? stderr : stdout, lab::github_annotations(report, path_in_repository));
  } else if (annotate_ == "gitlab") {
    written = write_report(quality_, lab::gitlab_code_quality(report, path_in_repository));
  }
  if (sarif_.empty()) return written;
  const std::string sarif = lab::sarif_report(report, path_in_repository);
  if (!taken()) return write_report(sarif_, sarif) && written;
  put(stdout, sarif);
  return written;
}

std::string path_in_repository(const std::string& file) {
  std::error_code error;
  const fs::path path = fs::weakly_canonical(file, error);
  if (error) return file;
  for (const char* variable : {"GITHUB_WORKSPACE", "CI_PROJECT_DIR"}) {
    const char* value = std::getenv(variable);
    if (value == nullptr || *value == '\0') continue;
    const fs::path relative = below(fs::weakly_canonical(value, error), path);
    if (!relative.empty()) return relative.generic_string();
  }
  for (fs::path folder = path.parent_path(); folder.has_relative_path();
       folder = folder.parent_path()) {
    if (fs::exists(folder / ".git", error)) return below(folder, path).generic_string();
  }
  const fs::path relative = below(fs::current_path(error), path);
  return relative.empty() ? file : relative.generic_string();
}

}  // namespace provlab::tools
