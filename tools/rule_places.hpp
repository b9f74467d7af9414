#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Where rules of the specification are at work in a source tree.
namespace provlab::tools {

/// The source tree that the working directory, or else the program, lies in. Nothing where neither
/// does.
std::optional<std::filesystem::path> source_tree();

/// A line of a file that cites rules: `SPEC 5.3`.
struct CitingLine {
  std::string file;   ///< as seen from the working directory
  unsigned line = 0;  ///< from 1
  std::string text;   ///< without the blanks around it
};

/// A patch that breaks the phone on purpose, and its first line, which says how.
struct MutantFile {
  std::string file;
  std::string about;
};

/// The sources, scripts, schemas and documents of a source tree, read once.
class RulePlaces {
 public:
  explicit RulePlaces(const std::filesystem::path& root);

  std::vector<CitingLine> citing(std::string_view rule) const;
  std::vector<MutantFile> mutants(std::string_view rule) const;

 private:
  struct Source {
    std::string file;
    std::string text;
  };

  std::filesystem::path root_;
  std::vector<Source> sources_;
};

}  // namespace provlab::tools
