#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The rules of the house that a machine can check by reading the sources: who may include whom,
/// what would make runs differ, what was left unfinished. A rule reads text, not meaning; where a
/// line is right all the same, `// house-rules: why` on it or on the line above says so and ends
/// the matter.
namespace provlab::house {

/// A text file of the tree; `path` is relative to the root, with `/` between folders.
struct SourceFile {
  std::string path;
  std::string text;
};

struct Offence {
  std::string path;
  unsigned line = 0;  ///< from 1; 0 where the file as a whole is meant
  std::string text;

  std::string to_string() const;
};

/// The project's own text files: sources, scripts, documents, schemas, scenarios; not build/, not
/// recorded test data.
std::vector<SourceFile> read_tree(const std::filesystem::path& root);

bool is_cpp(std::string_view path);

/// The room that a file belongs to (`core/net`, `netfakes`, ...), or empty where it is in none.
std::string_view room_of(std::string_view path);

/// Every quoted include is root-relative, names a file of the tree, and stays within what the
/// including room may know; libraries are used only in the rooms that have taken them.
std::vector<Offence> check_includes(std::span<const SourceFile> tree);

/// What a room may include, and the libraries that it has taken, it uses: an allowance that nobody
/// needs is a door that stands open.
std::vector<Offence> check_allowances(std::span<const SourceFile> tree);

/// Nothing in a room includes, through others of the room, what includes it. A header and its
/// source count as one.
std::vector<Offence> check_circles(std::span<const SourceFile> tree);

/// No real clock, sleep, kernel timer, unseeded or library-dependent randomness, or unordered
/// container in what must run the same every time (core, netfakes, sim but for sim/wire); and no
/// sleeping in tests.
std::vector<Offence> check_repeatability(std::span<const SourceFile> tree);

/// Text goes out through tools/terminal.hpp alone, where it is made visible, and files are read by
/// sim/lab/machine/input_file.hpp alone, which bounds them.
std::vector<Offence> check_borders(std::span<const SourceFile> tree);

/// No words that mark work left over, and no paths that lead out of the project.
std::vector<Offence> check_unfinished(std::span<const SourceFile> tree);

/// No source file outside tests/ of over 450 lines without a reason among its first 20 lines.
std::vector<Offence> check_lengths(std::span<const SourceFile> tree);

/// No function outside tests/ of over 60 lines without a reason on its first line or above it.
std::vector<Offence> check_functions(std::span<const SourceFile> tree);

/// The text with comments and the insides of literals replaced by blanks; same lines, same columns.
/// Include lines keep their quoted names.
std::string without_comments_and_literals(std::string_view text);

}  // namespace provlab::house
