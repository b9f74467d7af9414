#include "sim/lab/markup/complaint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <tuple>

#include "core/platform/text.hpp"
#include "sim/text/without_middle.hpp"

namespace provlab::lab {

namespace {

char folded(char c) {
  if (c == '_' || c == ' ') return '-';
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

/// Optimal string alignment distance: insertions, deletions, substitutions and swapped neighbours
/// count one each; case and the kind of dash do not count.
std::size_t distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> rows(3 * width);
  std::size_t* before = rows.data();
  std::size_t* previous = before + width;
  std::size_t* current = previous + width;
  for (std::size_t j = 0; j < width; ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j < width; ++j) {
      const bool same = folded(a[i - 1]) == folded(b[j - 1]);
      current[j] =
          std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (same ? 0U : 1U)});
      if (i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) &&
          folded(a[i - 2]) == folded(b[j - 1])) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

}  // namespace

std::string Complaint::to_string() const {
  if (line == 0) return fmt::format("{}: {}", file, text);
  if (column == 0) return fmt::format("{}:{}: {}", file, line, text);
  return fmt::format("{}:{}:{}: {}", file, line, column, text);
}

void Complaints::add(int line, std::string text) {
  add(Complaint{file_, line, std::move(text)});
}

void Complaints::add(Complaint complaint) {
  if (full()) {
    ++left_out_;
    return;
  }
  complaint.text = without_middle(complaint.text);
  list_.push_back(std::move(complaint));
}

std::vector<Complaint> Complaints::sorted() const {
  std::vector<Complaint> result = list_;
  const auto place = [this](const Complaint& each) {
    const bool elsewhere = each.file != file_;
    return std::tuple(elsewhere, elsewhere ? each.file : std::string(), each.line, each.column);
  };
  std::ranges::stable_sort(result, {}, place);
  std::vector<Complaint> unique;
  for (Complaint& complaint : result) {
    if (std::find(unique.begin(), unique.end(), complaint) == unique.end()) {
      unique.push_back(std::move(complaint));
    }
  }
  if (left_out_ > 0) {
    unique.push_back({unique.back().file, unique.back().line,
                      fmt::format("and {} more complaints; mend these first", left_out_)});
  }
  return unique;
}

std::string_view nearest(std::string_view word, std::span<const std::string> candidates) {
  std::string_view best;
  std::size_t least = std::max<std::size_t>(1, std::min<std::size_t>(3, word.size() / 3)) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t d = distance(word, candidate);
    if (d < least) {
      least = d;
      best = candidate;
    }
  }
  if (!best.empty()) return best;
  // A word cut short or drawn out is also a likely slip: `lat` for `latency`.
  for (const std::string& candidate : candidates) {
    if (word.size() >= 3 && candidate.size() >= 3 &&
        (candidate.starts_with(word) || word.starts_with(candidate))) {
      return candidate;
    }
  }
  return {};
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  const std::string_view best = nearest(word, candidates);
  return best.empty() ? std::string() : fmt::format(" (did you mean '{}'?)", best);
}

std::string any_of(std::span<const std::string> words) {
  constexpr std::size_t kMost = 60;
  const std::size_t shown = words.size() > kMost ? kMost / 2 : words.size();
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  if (shown < words.size()) text += fmt::format(" and {} more", words.size() - shown);
  return text;
}

}  // namespace provlab::lab
