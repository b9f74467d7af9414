#include "sim/lab/explore/pilot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace provlab::lab {

std::string to_token(const Deviations& deviations) {
  std::string token;
  for (const auto& [choice, alternative] : deviations) {
    token += fmt::format("{}{}:{}", token.empty() ? "" : ",", choice, alternative);
  }
  return token.empty() ? "natural" : token;
}

Expected<Deviations> parse_token(std::string_view token) {
  Deviations deviations;
  if (token == "natural") return deviations;
  const auto wrong = [&] {
    return fail(
        fmt::format("'{}' is no token of explore; it reads like 3:1,7:2 or natural", token));
  };
  std::size_t last = 0;
  for (std::string_view rest = token; !rest.empty();) {
    const std::string_view piece = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), piece.size() + 1));
    std::size_t choice = 0, alternative = 0;
    const char* end = piece.data() + piece.size();
    const auto first = std::from_chars(piece.data(), end, choice);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != ':') return wrong();
    const auto second = std::from_chars(first.ptr + 1, end, alternative);
    if (second.ec != std::errc() || second.ptr != end) return wrong();
    if (choice <= last || alternative == 0) return wrong();
    deviations[last = choice] = alternative;
  }
  if (deviations.empty()) return wrong();
  return deviations;
}

std::vector<Act> alternatives(bool can_wait, bool can_fail, bool doubles) {
  std::vector<Act> all{Act::arrive};
  if (can_wait) all.push_back(Act::wait);
  if (can_fail) all.push_back(Act::lose);
  if (can_fail && doubles) all.push_back(Act::twice);
  return all;
}

Act CoursePilot::decide(const DuePacket& due) {
  if (due.choice != 0 && due.choice <= course_.length) return fixed(due);
  const auto fault = course_.faults.find(due.id);
  const bool fails = fault != course_.faults.end() && due.can_fail;
  if (fails && fault->second == Act::lose) return Act::lose;
  bool waits = false;
  bool tries = false;
  if (turn_ < course_.turns.size()) {
    const Course::Turn& turn = course_.turns[turn_];
    waits = due.id != turn.id || due.now <= turn.after;
    if (!waits) ++turn_;
  } else if (course_.held.contains(due.id)) {
    // At that instant itself nobody else comes first any more once it has waited.
    waits = due.now < course_.until || (due.now == course_.until && !waited_.contains(due.id));
    waited_.insert(due.id);
    tries = course_.patient;
  }
  if (waits && due.can_wait) return Act::wait;
  strayed_ = strayed_ || (waits && !tries);
  return fails ? fault->second : Act::arrive;
}

Act CoursePilot::fixed(const DuePacket& due) {
  const auto deviation = course_.fixed.find(due.choice);
  if (deviation == course_.fixed.end()) return Act::arrive;
  const std::vector<Act> all = alternatives(due.can_wait, due.can_fail, doubles_);
  if (deviation->second >= all.size()) return Act::arrive;
  ++deviated_;
  return all[deviation->second];
}

}  // namespace provlab::lab
