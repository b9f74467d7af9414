#include <algorithm>
#include <set>

#include "sim/lab/explore/search.hpp"

namespace provlab::lab {

namespace {

class AllOrders {
 public:
  explicit AllOrders(Search& search) : search_(search), found_(search.found) {
    options_ = search.options;
    options_.delivery.states = true;
  }

  void run() {
    std::vector<Deviations> level{{}};
    while (!level.empty()) {
      std::vector<Deviations> next;
      for (std::size_t done = 0; done < level.size();) {
        search_.waiting = level.size() - done + next.size();
        const std::size_t count = search_.allowed(level.size() - done);
        if (count == 0) {
          found_.unexplored += level.size() - done;
          break;
        }
        const auto runs = search_.play(
            count, [&](std::size_t i) { return replay(search_.plan, options_, level[done + i]); });
        for (const ExploredRun& run : runs) {
          search_.take(run);
          branch(run, next);
        }
        done += count;
        if (options_.progress) options_.progress(found_.runs, level.size() - done + next.size());
      }
      level = std::move(next);
    }
  }

 private:
  /// The runs that go along with this one and depart from it once more, after its last departure.
  void branch(const ExploredRun& run, std::vector<Deviations>& next) {
    const std::size_t first = run.deviations.empty() ? 0 : run.deviations.rbegin()->first;
    for (std::size_t i = first; i < run.choices.size(); ++i) {
      const Choice& choice = run.choices[i];
      ++found_.choices;
      if (!states_.insert(choice.state).second) {
        // Another run has gone on from this state, and so has everything that departs from it.
        found_.pruned.known_states += run.choices.size() - i;
        found_.choices += run.choices.size() - i - 1;
        return;
      }
      if (options_.depth != 0 && run.deviations.size() >= options_.depth) {
        found_.unexplored += choice.alternatives - 1;
        continue;
      }
      for (std::size_t alternative = 1; alternative < choice.alternatives; ++alternative) {
        Deviations deviations = run.deviations;
        deviations[i + 1] = alternative;
        next.push_back(std::move(deviations));
      }
    }
  }

  Search& search_;
  Exploration& found_;
  ExploreOptions options_;
  std::set<std::uint64_t> states_;
};

}  // namespace

void search_all_orders(Search& search) {
  AllOrders(search).run();
}

}  // namespace provlab::lab
