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
  Act act = Act::arrive;
  if (due.choice != 0 && due.choice <= course_.length) {
    act = fixed(due);
  } else {
    const auto fault = course_.faults.find(due.id);
    if (fault != course_.faults.end() && due.can_fail) act = fault->second;
    if (act != Act::lose && waits(due)) act = Act::wait;
  }
  if (act != Act::wait && !course_.turns.empty()) gone_.insert(due.id);
  return act;
}

/// What has a turn and comes too early for it, because it can wait no longer, strays.
bool CoursePilot::waits(const DuePacket& due) {
  const auto& turns = course_.turns;
  while (turn_ < turns.size() && gone_.contains(turns[turn_].id)) ++turn_;
  if (turn_ == turns.size()) {
    return (due.now < course_.until || due.id == course_.late) && due.can_wait;
  }
  const bool comes = due.id == turns[turn_].id && due.now >= turns[turn_].from;
  if (comes || due.can_wait) return !comes;
  const auto rest = turns.begin() + static_cast<std::ptrdiff_t>(turn_);
  strayed_ =
      strayed_ || std::ranges::find(rest, turns.end(), due.id, &Course::Turn::id) != turns.end();
  return false;
}

bool CoursePilot::followed() const {
  return !strayed_ && std::ranges::all_of(course_.turns, [&](const Course::Turn& turn) {
    return gone_.contains(turn.id);
  });
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
