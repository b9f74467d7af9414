#include "tools/generated/judge/choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "sim/lab/plan/expectation.hpp"

namespace provlab::mutants {

namespace {

/// A rank that depends on seed and id alone: what others are added to the core changes nothing.
std::uint64_t rank(std::string_view id, std::uint64_t seed) {
  std::uint64_t hash = 0xcbf29ce484222325U ^ (seed * 0x9e3779b97f4a7c15U);
  for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9U;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebU;
  return hash ^ (hash >> 31);
}

bool is_chosen(const Mutant& mutant, const Choice& choice) {
  const bool named =
      choice.globs.empty() || std::ranges::any_of(choice.globs, [&](const std::string& glob) {
        return lab::glob_matches(glob, mutant.id);
      });
  const bool touched =
      !choice.only_touched || std::ranges::any_of(choice.touched, [&](const Lines& lines) {
        return lines.file == mutant.file && lines.first <= mutant.line && mutant.line <= lines.last;
      });
  return named && touched;
}

}  // namespace

Expected<std::vector<Lines>> parse_lines(std::string_view text, const std::string& file) {
  std::vector<Lines> all;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) {
    std::istringstream fields(line);
    Lines one;
    if (!(fields >> one.file >> one.first >> one.last)) {
      return fail("write a file and its first and last line",
                  fmt::format("{}:{}", file, all.size() + 1));
    }
    all.push_back(std::move(one));
  }
  return all;
}

std::vector<const Mutant*> chosen(const std::vector<Mutant>& mutants, const Choice& choice) {
  std::vector<const Mutant*> all;
  for (const Mutant& mutant : mutants) {
    if (is_chosen(mutant, choice)) all.push_back(&mutant);
  }
  if (choice.count == 0 || choice.count >= all.size()) return all;
  std::ranges::sort(all, {}, [&](const Mutant* one) { return rank(one->id, choice.seed); });
  all.resize(choice.count);
  std::ranges::sort(all, {}, &Mutant::number);
  return all;
}

}  // namespace provlab::mutants
