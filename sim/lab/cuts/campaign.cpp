#include "sim/lab/cuts/campaign.hpp"

#include <algorithm>
#include <mutex>
#include <numeric>

#include "sim/lab/machine/parallel.hpp"
#include "sim/world/random.hpp"

namespace provlab::lab {

namespace {

/// Runs between two questions whether it is enough.
constexpr std::size_t kBatch = 512;

/// A scenario of the campaign; without one where its uncut run was the lab's own fault.
struct Subject {
  Shared<ScenarioPlan> plan;
  std::unique_ptr<CutScenario> scenario;
  std::string fault;
};

struct Cut {
  const Subject* subject;
  EventNumber after;
};

/// `sample` of the numbers below `total`, drawn by the seed, in rising order.
std::vector<std::size_t> drawn(std::size_t total, std::size_t sample, std::uint64_t seed) {
  std::vector<std::size_t> numbers(total);
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  if (sample == 0 || sample >= total) return numbers;
  world::SeededRandom random(seed);
  for (std::size_t i = 0; i < sample; ++i) {
    std::swap(numbers[i], numbers[i + random.below(total - i)]);
  }
  numbers.resize(sample);
  std::ranges::sort(numbers);
  return numbers;
}

class Runner {
 public:
  explicit Runner(const CampaignOptions& options) : options_(options) {}

  Campaign run(const std::vector<Shared<ScenarioPlan>>& plans) {
    try {
      take_subjects(plans);
    } catch (const RunAbandoned&) {
      campaign_.ended_early = true;
      return std::move(campaign_);
    }
    const std::vector<Cut> cuts = choose();
    campaign_.chosen = cuts.size();
    for (std::size_t done = 0; done < cuts.size() && !options_.enough();) {
      const std::size_t count = std::min(kBatch, cuts.size() - done);
      play({cuts.data() + done, count}, cuts.size());
      done += count;
    }
    campaign_.ended_early = campaign_.runs < campaign_.chosen;
    return std::move(campaign_);
  }

 private:
  void take_subjects(const std::vector<Shared<ScenarioPlan>>& plans) {
    for (const auto& plan : plans) {
      if (CutScenario::fits(*plan)) {
        subjects_.push_back({plan, nullptr, {}});
      } else {
        ++campaign_.own_timeline;
      }
    }
    campaign_.scenarios = subjects_.size();
    parallel_for(subjects_.size(), options_.jobs, [&](std::size_t i) {
      Subject& subject = subjects_[i];
      try {
        subject.scenario = std::make_unique<CutScenario>(subject.plan, options_.limits);
      } catch (const std::exception& error) {
        subject.fault = error.what();
      }
    });
    for (const Subject& subject : subjects_) {
      if (subject.scenario) continue;
      campaign_.bad.push_back({subject.plan->file, {}, subject.fault});
    }
  }

  std::vector<Cut> choose() {
    std::vector<Cut> all;
    for (const Subject& subject : subjects_) {
      if (!subject.scenario) continue;
      for (const EventNumber after : subject.scenario->places()) all.push_back({&subject, after});
    }
    campaign_.places = all.size();
    std::vector<Cut> chosen;
    std::size_t rank = 0;
    for (const std::size_t number : drawn(all.size(), options_.sample, options_.seed)) {
      if (options_.wanted(rank++)) chosen.push_back(all[number]);
    }
    return chosen;
  }

  void play(std::span<const Cut> cuts, std::size_t total) {
    std::vector<BadCut> runs(cuts.size());
    std::mutex lock;
    parallel_for(cuts.size(), options_.jobs, [&](std::size_t i) {
      runs[i].file = cuts[i].subject->plan->file;
      runs[i].run.after = cuts[i].after;
      try {
        runs[i].run = cuts[i].subject->scenario->cut(cuts[i].after);
      } catch (const RunAbandoned&) {
        runs[i].file.clear();
        return;
      } catch (const std::exception& error) {
        runs[i].fault = error.what();
      }
      const std::lock_guard hold(lock);
      ++campaign_.runs;
      if (options_.progress) options_.progress(campaign_.runs, total);
    });
    for (BadCut& each : runs) {
      if (each.file.empty()) continue;
      if (each.run.ending == Ending::begun) ++campaign_.begun[each.file];
      if (each.fault.empty()) ++campaign_.endings[each.run.ending];
      if (each.run.failed() || !each.fault.empty()) campaign_.bad.push_back(std::move(each));
    }
  }

  const CampaignOptions& options_;
  std::vector<Subject> subjects_;
  Campaign campaign_;
};

}  // namespace

Campaign cut_power(const std::vector<Shared<ScenarioPlan>>& plans, const CampaignOptions& options) {
  return Runner(options).run(plans);
}

}  // namespace provlab::lab
