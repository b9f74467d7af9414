// A run adds the order in which its packets came, then the orders that come to the same: two
// packets that do not depend on each other, and that the window lets pass each other, may come
// either way round. Three come in an order of their class where each two of them do. What is seen
// is kept as a set of bits for each first packet, and for each first and second.
#include "sim/lab/explore/coverage.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

namespace provlab::lab {

namespace {

/// Whether `held`, which came earlier in a run, could have waited for `other`.
bool in_reach(const Delivery& held, const Delivery& other) {
  return held.choice != 0 && held.flow != other.flow && other.due < held.deadline;
}

}  // namespace

std::size_t Coverage::number_of(DeliveryId id) {
  const auto known = ids_.find(id);
  if (known != ids_.end()) return known->second;
  if (ids_.size() < kMost) return ids_.emplace(id, ids_.size()).first->second;
  uncounted_.insert(id);
  return RunStep::kNone;
}

std::vector<Coverage::Place> Coverage::places(const ExploredRun& run) {
  std::vector<std::size_t> steps(run.deliveries.size(), RunStep::kNone);
  for (std::size_t step = 0; step < run.steps.steps.size(); ++step) {
    const std::size_t delivery = run.steps.steps[step].delivery;
    if (delivery != RunStep::kNone) steps[delivery] = step;
  }
  std::vector<Place> all;
  for (std::size_t i = 0; i < run.deliveries.size(); ++i) {
    const Delivery& delivery = run.deliveries[i];
    const std::size_t number = number_of(delivery.id);
    if (number != RunStep::kNone) all.push_back({number, &delivery, steps[i]});
  }
  return all;
}

void Coverage::note_causes(const std::vector<Place>& places) {
  for (const Place& place : places) {
    const auto cause = ids_.find(place.delivery->cause);
    if (cause == ids_.end()) continue;
    causes_[place.number] |= causes_[cause->second];
    causes_[place.number].set(cause->second);
  }
}

void Coverage::note_same(const std::vector<Place>& places, const Relation& before) {
  std::vector<Set> later(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t j = i + 1; j < places.size(); ++j) {
      later[i].set(places[j].number);
      const std::size_t first = places[i].step;
      const std::size_t second = places[j].step;
      if (first == RunStep::kNone || second == RunStep::kNone || before.holds(first, second)) {
        continue;
      }
      if (in_reach(*places[i].delivery, *places[j].delivery)) later[j].set(places[i].number);
    }
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    same_[places[i].number] |= later[i];
    for (std::size_t j = 0; j < places.size(); ++j) {
      if (!later[i].test(places[j].number)) continue;
      same_thirds_[places[i].number * kMost + places[j].number] |= later[i] & later[j];
    }
  }
}

void Coverage::add(const ExploredRun& run) {
  const std::vector<Place> all = places(run);
  note_causes(all);
  Set later;
  std::vector<Set> laters(all.size());
  for (std::size_t i = all.size(); i-- > 0;) {
    const std::size_t first = all[i].number;
    laters[i] = later;
    played_[first] |= later;
    later.set(first);
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      played_thirds_[first * kMost + all[j].number] |= laters[j];
      if (in_reach(*all[i].delivery, *all[j].delivery)) reach_[all[j].number].set(first);
    }
  }
  if (!run.steps.steps.empty()) note_same(all, run.steps.before);
}

auto Coverage::sets(auto& coverage, std::size_t count) {
  std::vector<decltype(&coverage.played_[0])> all;
  for (auto* each : {&coverage.played_, &coverage.same_, &coverage.reach_, &coverage.causes_}) {
    for (std::size_t i = 0; i < count; ++i) all.push_back(&(*each)[i]);
  }
  for (auto* each : {&coverage.played_thirds_, &coverage.same_thirds_}) {
    for (std::size_t i = 0; i < count * count; ++i) {
      all.push_back(&(*each)[i / count * kMost + i % count]);
    }
  }
  return all;
}

void Coverage::add(const Coverage& part) {
  const std::size_t count = part.ids_.size();
  std::vector<std::size_t> numbers(count);
  for (const auto& [id, number] : part.ids_) numbers[number] = number_of(id);
  for (const DeliveryId id : part.uncounted_) number_of(id);
  const auto moved = [&](const Set& from) {
    Set to;
    for (std::size_t i = 0; i < count; ++i) {
      if (from.test(i) && numbers[i] != RunStep::kNone) to.set(numbers[i]);
    }
    return to;
  };
  for (std::size_t i = 0; i < count; ++i) {
    if (numbers[i] == RunStep::kNone) continue;
    const std::size_t first = numbers[i];
    played_[first] |= moved(part.played_[i]);
    same_[first] |= moved(part.same_[i]);
    reach_[first] |= moved(part.reach_[i]);
    causes_[first] |= moved(part.causes_[i]);
    for (std::size_t j = 0; j < count; ++j) {
      if (numbers[j] == RunStep::kNone) continue;
      const std::size_t to = first * kMost + numbers[j];
      played_thirds_[to] |= moved(part.played_thirds_[i * kMost + j]);
      same_thirds_[to] |= moved(part.same_thirds_[i * kMost + j]);
    }
  }
}

std::vector<std::string> Coverage::to_rows() const {
  std::vector<DeliveryId> ids(ids_.size());
  for (const auto& [id, number] : ids_) ids[number] = id;
  std::vector<std::string> rows{fmt::format("{:016x}", fmt::join(ids, " ")),
                                fmt::format("{:016x}", fmt::join(uncounted_, " "))};
  for (const Set* set : sets(*this, ids.size())) {
    std::string row;
    for (std::size_t i = 0; i < ids.size(); i += 4) {
      unsigned digit = 0;
      for (std::size_t bit = 0; bit < 4; ++bit) {
        if (i + bit < kMost && set->test(i + bit)) digit |= 1U << bit;
      }
      row += "0123456789abcdef"[digit];
    }
    rows.push_back(row);
  }
  return rows;
}

Expected<Coverage> Coverage::parse(const std::vector<std::string>& rows) {
  const Error wrong{"this is no coverage as explore writes it", ""};
  if (rows.size() < 2) return std::unexpected(wrong);
  Coverage coverage;
  for (std::size_t which : {0U, 1U}) {
    for (std::size_t at = 0; at < rows[which].size(); at += 17) {
      DeliveryId id = 0;
      const char* const first = rows[which].data() + at;
      const char* const end = first + std::min<std::size_t>(16, rows[which].size() - at);
      if (std::from_chars(first, end, id, 16).ptr != first + 16) return std::unexpected(wrong);
      const bool known = coverage.ids_.contains(id);
      if (known || (which == 0 && coverage.ids_.size() == kMost)) return std::unexpected(wrong);
      which == 0 ? void(coverage.number_of(id)) : void(coverage.uncounted_.insert(id));
    }
  }
  const std::size_t count = coverage.ids_.size();
  const auto all = sets(coverage, count);
  if (rows.size() != all.size() + 2) return std::unexpected(wrong);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string& row = rows[i + 2];
    if (row.size() != (count + 3) / 4) return std::unexpected(wrong);
    for (std::size_t bit = 0; bit < count; ++bit) {
      const std::size_t digit = std::string_view("0123456789abcdef").find(row[bit / 4]);
      if (digit == std::string_view::npos) return std::unexpected(wrong);
      if ((digit >> bit % 4 & 1) != 0) all[i]->set(bit);
    }
  }
  return coverage;
}

CoverageFigures Coverage::pairs() const {
  CoverageFigures figures;
  for (std::size_t first = 0; first < ids_.size(); ++first) {
    const Set& never = causes_[first];
    const Set same = same_[first] & ~played_[first];
    const Set unseen = reach_[first] & ~never & ~played_[first] & ~same;
    figures.never += never.count();
    figures.played += played_[first].count();
    figures.same += same.count();
    figures.unseen += unseen.count();
  }
  const std::size_t all = ids_.size() * (ids_.size() - std::min<std::size_t>(ids_.size(), 1));
  figures.beyond = all - figures.never - figures.reachable();
  return figures;
}

/// What comes, or could come, behind both.
Coverage::Set Coverage::after(std::size_t first, std::size_t second) const {
  const auto behind = [this](std::size_t each) {
    return (played_[each] | same_[each] | reach_[each]) & ~causes_[each];
  };
  Set all = behind(first);
  if (!all.test(second)) return {};
  all &= behind(second);
  all.reset(first);
  return all;
}

CoverageFigures Coverage::triples() const {
  CoverageFigures figures;
  const std::size_t count = ids_.size();
  for (std::size_t first = 0; first < count; ++first) {
    for (std::size_t second = 0; second < count; ++second) {
      if (second == first) continue;
      Set never = causes_[first] | causes_[second];
      never.reset(first);
      never.reset(second);
      const Set& played = played_thirds_[first * kMost + second];
      const Set same = same_thirds_[first * kMost + second] & ~played;
      figures.never += causes_[first].test(second) ? count - 2 : never.count();
      figures.played += played.count();
      figures.same += same.count();
      figures.unseen += (after(first, second) & ~played & ~same).count();
    }
  }
  const std::size_t all = count < 3 ? 0 : count * (count - 1) * (count - 2);
  figures.beyond = all - figures.never - figures.reachable();
  return figures;
}

}  // namespace provlab::lab
