#include <clang/Frontend/ASTUnit.h>
#include <clang/Tooling/Tooling.h>
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "tools/generated/maker/finder.hpp"
#include "tools/generated/maker/source.hpp"
#include "tools/generated/switch.hpp"

// mutant_maker ROOT OUTPUT LEFT-OUT FILE... -- FLAGS...
//
// Writes each FILE of the core (relative to ROOT) with all its mutants into the folder OUTPUT, and
// the list of them into OUTPUT/mutants.tsv, their number into OUTPUT/summary.txt. LEFT-OUT names
// lines, `core/net/url.cpp:12`, that stay as they are, since a mutant in them did not compile.
// FLAGS are those of the compiler. Files of a folder are parsed as one, so that what all include is
// read once. Exit codes: 0; 2 usage, 4 a file cannot be read, parsed or written.
namespace provlab::mutants {
namespace {

namespace fs = std::filesystem;

struct Order {
  std::string root;
  std::string output;
  std::string left_out;
  std::map<std::string, std::vector<std::string>> rooms;  ///< files by their folder
  std::vector<std::string> flags;
};

std::optional<std::string> content_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// A file that stays the same keeps its time, so that nobody builds it again.
bool write(const std::string& file, const std::string& text) {
  if (content_of(file) == text) return true;
  std::error_code ignored;
  fs::create_directories(fs::path(file).parent_path(), ignored);
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  return static_cast<bool>(stream.flush());
}

using Sources = std::map<std::string, Source>;

/// Finds the mutants of a room; false where it cannot be read or parsed.
bool look_into_room(const Order& order, const std::vector<std::string>& files, Sources& sources) {
  std::string joined;
  for (const std::string& file : files) {
    const std::string path = order.root + '/' + file;
    auto text = content_of(path);
    if (!text) {
      fmt::print(stderr, "mutant_maker: {} cannot be read\n", path);
      return false;
    }
    sources.try_emplace(path, file, std::move(*text));
    joined += fmt::format("#include \"{}\"\n", path);
  }
  const std::unique_ptr<clang::ASTUnit> unit = clang::tooling::buildASTFromCodeWithArgs(
      joined, order.flags, "joined_room.cpp", "mutant_maker");
  if (unit == nullptr || unit->getDiagnostics().hasErrorOccurred()) {
    fmt::print(stderr, "mutant_maker: these do not compile: {}\n", fmt::join(files, " "));
    return false;
  }
  Finder finder(unit->getASTContext(), sources);
  finder.look_into(*unit->getASTContext().getTranslationUnitDecl());
  return true;
}

int make(const Order& order) {
  std::set<std::string> left_out;
  std::istringstream lines(content_of(order.left_out).value_or(""));
  for (std::string line; std::getline(lines, line);) left_out.insert(line);
  Source::leave_out(std::move(left_out));
  Sources sources;
  for (const auto& [room, files] : order.rooms) {
    if (!look_into_room(order, files, sources)) return 4;
  }
  std::vector<Mutant> all;
  std::uint32_t base = 0;
  bool written = true;
  for (auto& [path, source] : sources) {
    base = source.number_from(base);
    all.insert(all.end(), source.mutants().begin(), source.mutants().end());
    written = written && write(order.output + '/' + source.path(), source.rewritten(order.root));
  }
  if (!written || !write(order.output + "/mutants.tsv", to_text(all))) {
    fmt::print(stderr, "mutant_maker: cannot write in {}\n", order.output);
    return 4;
  }
  if (base >= kMost) {
    fmt::print(stderr, "mutant_maker: {} numbers are more than switch.hpp has\n", base);
    return 4;
  }
  const std::string summary = fmt::format(
      "{} mutants in {} rooms; left out: {} that do not compile, {} that only set memory aside, {} "
      "that make the same program as another\n",
      all.size(), order.rooms.size(), Source::left(Left::uncompiled), Source::left(Left::memory),
      Source::left(Left::same));
  fmt::print("{}", summary);
  return write(order.output + "/summary.txt", summary) ? 0 : 4;
}

}  // namespace
}  // namespace provlab::mutants

int main(int count, char** words) {
  provlab::mutants::Order order;
  int at = 4;
  if (count > 4) {
    order.root = words[1];
    order.output = words[2];
    order.left_out = words[3];
  }
  for (; at < count && std::string_view(words[at]) != "--"; ++at) {
    const std::string file = words[at];
    order.rooms[std::filesystem::path(file).parent_path()].push_back(file);
  }
  if (order.rooms.empty() || at >= count) {
    fmt::print(stderr, "usage: mutant_maker ROOT OUTPUT LEFT-OUT FILE... -- FLAGS...\n");
    return 2;
  }
  order.flags.assign(words + at + 1, words + count);
  return provlab::mutants::make(order);
}
