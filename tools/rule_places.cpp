#include "tools/rule_places.hpp"

#include <algorithm>
#include <array>

#include "core/platform/text.hpp"
#include "sim/lab/language/citations.hpp"
#include "sim/lab/language/specification.hpp"
#include "sim/lab/machine/input_file.hpp"

namespace provlab::tools {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kLaw = "core/SPECIFICATION.md";

// Scenarios cite rules by an attribute of theirs, recorded data and what fuzzers found not at all.
constexpr auto kFolders =
    std::to_array<std::string_view>({"core", "netfakes", "schemas", "sim", "tests", "tools"});
constexpr auto kLeftOut =
    std::to_array<std::string_view>({"tests/data", "tests/fuzz/corpus", "tests/mutants"});
constexpr auto kEndings = std::to_array<std::string_view>(
    {"", ".cmake", ".cpp", ".css", ".hpp", ".js", ".md", ".sh", ".txt", ".xml", ".xsd"});

std::string content_of(const fs::path& file) {
  return lab::read_file(file, lab::kMostScenarioOctets).value_or("");
}

bool is_source(const fs::directory_entry& entry) {
  return std::ranges::find(kEndings, entry.path().extension().string()) != kEndings.end() &&
         entry.is_regular_file() && !entry.path().generic_string().ends_with(kLaw);
}

std::optional<fs::path> tree_above(fs::path folder) {
  for (;; folder = folder.parent_path()) {
    if (fs::is_regular_file(folder / kLaw)) return folder;
    if (!folder.has_relative_path()) return std::nullopt;
  }
}

std::string_view line_of(std::string_view text, unsigned number) {
  for (; number > 1; --number) text.remove_prefix(text.find('\n') + 1);
  return trimmed(text.substr(0, text.find('\n')));
}

}  // namespace

std::optional<fs::path> source_tree() {
  std::error_code none;
  if (auto tree = tree_above(fs::current_path(none))) return tree;
  return tree_above(fs::read_symlink("/proc/self/exe", none));
}

RulePlaces::RulePlaces(const fs::path& root) : root_(root) {
  const auto take = [&](const fs::directory_entry& entry) {
    if (!is_source(entry)) return;
    sources_.push_back({fs::proximate(entry.path()).generic_string(), content_of(entry.path())});
  };
  for (const auto& entry : fs::directory_iterator(root_)) take(entry);
  for (const std::string_view folder : kFolders) {
    if (!fs::is_directory(root_ / folder)) continue;
    for (fs::recursive_directory_iterator at(root_ / folder), end; at != end; ++at) {
      const bool left_out = std::ranges::any_of(
          kLeftOut, [&](std::string_view each) { return at->path() == root_ / each; });
      if (left_out) at.disable_recursion_pending();
      take(*at);
    }
  }
  std::ranges::sort(sources_, {}, &Source::file);
}

std::vector<CitingLine> RulePlaces::citing(std::string_view rule) const {
  std::vector<CitingLine> lines;
  for (const Source& source : sources_) {
    for (const lab::Citation& citation : lab::citations_in(source.text)) {
      if (!lab::cites(citation, rule, lab::specification())) continue;
      if (!lines.empty() && lines.back().file == source.file &&
          lines.back().line == citation.line) {
        continue;
      }
      lines.push_back(
          {source.file, citation.line, std::string(line_of(source.text, citation.line))});
    }
  }
  return lines;
}

std::vector<MutantFile> RulePlaces::mutants(std::string_view rule) const {
  std::vector<MutantFile> mutants;
  const fs::path folder = root_ / "tests/mutants" / rule;
  if (!fs::is_directory(folder)) return mutants;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".patch") continue;
    const std::string patch = content_of(entry.path());
    mutants.push_back(
        {fs::proximate(entry.path()).generic_string(), std::string(line_of(patch, 1))});
  }
  std::ranges::sort(mutants, {}, &MutantFile::file);
  return mutants;
}

}  // namespace provlab::tools
