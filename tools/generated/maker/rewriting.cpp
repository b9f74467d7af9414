#include "tools/generated/maker/rewriting.hpp"

#include <algorithm>

namespace provlab::mutants {

void Rewriting::wrap(std::size_t begin, std::size_t end, std::string before, std::string after) {
  add(begin, 0, Phase::begins, std::move(before));
  add(end, 0, Phase::ends, std::move(after));
}

std::string Rewriting::apply(std::string_view text) const {
  std::vector<Change> ordered = changes_;
  std::ranges::sort(ordered, [](const Change& a, const Change& b) {
    if (a.at != b.at) return a.at < b.at;
    if (a.phase != b.phase) return a.phase < b.phase;
    // The inner one ends first and begins last.
    return a.phase == Phase::ends ? a.turn > b.turn : a.turn < b.turn;
  });
  std::string result;
  std::size_t at = 0;
  for (const Change& change : ordered) {
    result += text.substr(at, change.at - at);
    result += change.text;
    at = change.at + change.length;
  }
  result += text.substr(at);
  return result;
}

}  // namespace provlab::mutants
