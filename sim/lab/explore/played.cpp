#include "sim/lab/explore/played.hpp"

#include <algorithm>

namespace provlab::lab {

/// Of that step, or of a wait that came to its end; whether it is a new one.
std::pair<Occurrence, bool> Played::number_of(std::uint64_t mark, std::uint64_t step) {
  const auto [known, fresh] = numbers_.emplace(mark, static_cast<Occurrence>(before_.size()));
  if (fresh) {
    before_.emplace_back();
    with_.emplace_back();
    of_step_[step].push_back(known->second);
  }
  return {known->second, fresh};
}

std::vector<Occurrence> Played::add(const ExploredRun& run) {
  const Steps& all = run.steps;
  std::vector<Occurrence> came;
  for (std::size_t step = 0; step < all.steps.size(); ++step) {
    const auto [number, fresh] = number_of(all.marks[step], all.steps[step].id);
    came.push_back(number);
    if (!fresh) continue;
    std::vector<Occurrence>& before = before_[number];
    for (std::size_t earlier = 0; earlier < step; ++earlier) {
      if (all.before.holds(earlier, step)) before.push_back(came[earlier]);
    }
    std::ranges::sort(before);
  }
  Run played{.came = came, .arrived = {}, .faults = run.faults};
  for (const std::uint64_t wait : all.fired) {
    played.came.push_back(number_of(end_of_wait(wait), end_of_wait(wait)).first);
  }
  std::ranges::sort(played.came);
  const auto again = std::ranges::unique(played.came);
  played.came.erase(again.begin(), again.end());
  for (const Delivery& delivery : run.deliveries) played.arrived.push_back(delivery.id);
  std::ranges::sort(played.arrived);
  for (const Occurrence each : played.came) with_[each].push_back(runs_.size());
  runs_.push_back(std::move(played));
  return came;
}

bool Played::stand_for(const std::vector<Occurrence>& comes, std::uint64_t last,
                       const std::map<DeliveryId, Act>& faults) const {
  const auto known = of_step_.find(last);
  if (known == of_step_.end()) return false;
  return std::ranges::any_of(known->second, [&](Occurrence each) {
    return std::ranges::includes(comes, before_[each]) && has_come(comes, each, faults);
  });
}

bool Played::has_come(std::vector<Occurrence> comes, Occurrence last,
                      const std::map<DeliveryId, Act>& faults) const {
  comes.insert(std::ranges::lower_bound(comes, last), last);
  const auto rarest =
      std::ranges::min_element(comes, {}, [&](Occurrence each) { return with_[each].size(); });
  return std::ranges::any_of(with_[*rarest], [&](std::size_t run) {
    return fails_alike(runs_[run], faults) && std::ranges::includes(runs_[run].came, comes);
  });
}

/// No other packets failed, and none came that should have.
bool Played::fails_alike(const Run& run, const std::map<DeliveryId, Act>& faults) {
  const auto wanted = [&](const auto& fault) {
    const auto found = faults.find(fault.first);
    return found != faults.end() && found->second == fault.second;
  };
  if (!std::ranges::all_of(run.faults, wanted)) return false;
  return std::ranges::all_of(faults, [&](const auto& fault) {
    return run.faults.contains(fault.first) ||
           !std::ranges::binary_search(run.arrived, fault.first);
  });
}

}  // namespace provlab::lab
