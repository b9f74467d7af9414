#include "sim/lab/trace/repetition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

namespace provlab::lab {

namespace {

constexpr std::size_t kLooked = 1000;       ///< so many events at the end
constexpr std::size_t kLongestRound = 200;  ///< in events
constexpr std::size_t kLeastRounds = 4;
constexpr std::size_t kMostNamed = 6;

/// Who did what.
using Deed = std::pair<HostId, const EventType*>;

/// The length of the round that goes on until the end; 0 where there is none.
std::size_t round_of(const std::vector<Deed>& deeds) {
  const std::size_t longest = std::min(kLongestRound, deeds.size() / kLeastRounds);
  for (std::size_t round = 1; round <= longest; ++round) {
    const auto tail = deeds.end() - static_cast<std::ptrdiff_t>(kLeastRounds * round);
    if (std::equal(tail + static_cast<std::ptrdiff_t>(round), deeds.end(), tail)) return round;
  }
  return 0;
}

std::string named(const Trace& trace, const Deed& deed) {
  return fmt::format("{} of {}", deed.second->name, trace.host_name(deed.first));
}

/// The deeds of a round, each once, packets last: another event tells of most of these.
std::string deeds_of_round(const Trace& trace, std::span<const Deed> round) {
  std::vector<Deed> different;
  for (const Deed& deed : round) {
    if (std::ranges::find(different, deed) == different.end()) different.push_back(deed);
  }
  std::ranges::stable_partition(
      different, [](const Deed& deed) { return !deed.second->name.starts_with("packet_"); });
  std::string text;
  for (std::size_t i = 0; i < std::min(different.size(), kMostNamed); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", named(trace, different[i]));
  }
  if (different.size() > kMostNamed) text += ", …";
  return text;
}

std::string most_frequent(const Trace& trace, const std::vector<Deed>& deeds) {
  std::map<std::pair<HostId, std::string_view>, std::pair<std::size_t, Deed>> counts;
  for (const Deed& deed : deeds) {
    auto& [count, which] = counts[{deed.first, deed.second->name}];
    ++count;
    which = deed;
  }
  std::vector<std::pair<std::size_t, Deed>> rows;
  for (const auto& [key, row] : counts) rows.push_back(row);
  std::ranges::stable_sort(rows, std::greater(), &std::pair<std::size_t, Deed>::first);
  constexpr std::size_t kRows = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(rows.size(), kRows); ++i) {
    text += fmt::format("{}{} times {}", i == 0 ? "" : ", ", rows[i].first,
                        named(trace, rows[i].second));
  }
  return text;
}

}  // namespace

std::string what_repeats(const Trace& trace) {
  std::vector<Deed> deeds;
  const auto kept = static_cast<EventNumber>(std::min(trace.size(), kLooked));
  for (EventNumber number = trace.last() - kept + 1; number <= trace.last(); ++number) {
    const TraceRecord record = trace.event(number);
    deeds.emplace_back(record.host(), &record.type());
  }
  if (deeds.empty()) return "nothing has happened yet";
  if (const std::size_t round = round_of(deeds); round > 0) {
    const Duration time = trace.event(trace.last()).at() -
                          trace.event(trace.last() - static_cast<EventNumber>(round)).at();
    const auto tail = deeds.end() - static_cast<std::ptrdiff_t>(round);
    return fmt::format(
        "the same {} again and again, {}: {}",
        round == 1 ? "event comes" : fmt::format("{} events come", round),
        time == Duration::zero() ? "without any time passing" : "every " + to_string(time),
        deeds_of_round(trace, {tail, deeds.end()}));
  }
  return fmt::format("of the last {} events: {}", deeds.size(), most_frequent(trace, deeds));
}

}  // namespace provlab::lab
