#include "sim/lab/explore/explorer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/discovery/events.hpp"
#include "core/platform/checksum.hpp"
#include "core/service/events.hpp"
#include "netfakes/events.hpp"
#include "sim/lab/machine/exhaustion.hpp"
#include "sim/lab/machine/parallel.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/trace/narration.hpp"

namespace provlab::lab {

namespace {

/// Runs between two looks at what came of them; no number of jobs changes it.
constexpr std::size_t kBatch = 256;

void append(std::string& list, std::string_view separator, std::string_view item) {
  if (!list.empty()) list += separator;
  list += item;
}

}  // namespace

OutcomeClass outcome_of(const Trace& trace, const settings::Configuration& configuration) {
  OutcomeClass outcome;
  std::string winner = "none";
  bool under_way = false;
  const auto end = [&](std::string_view result) {
    append(outcome.winner, " ", winner);
    append(outcome.result, " ", result);
    winner = "none";
    under_way = false;
  };
  for (const TraceRecord record : trace) {
    if (record.is<netfakes::RequestReceived>()) {
      if (record.field("kind") != "http") continue;
      append(outcome.requests, ", ",
             fmt::format("{} at {}", record.field("request").value_or(""),
                         trace.host_name(record.host())));
    } else if (record.is<service::RunStarted>()) {
      if (under_way) end("none");
      under_way = true;
    } else if (record.is<discovery::WinnerChosen>()) {
      winner = record.field("source").value_or("");
    } else if (record.is<service::RunEnded>()) {
      end(record.field("result").value_or(""));
    }
  }
  if (under_way) end("none");
  outcome.settings = checksum_of(configuration.to_xml());
  return outcome;
}

namespace {

/// The state of an exploration; runs are made in batches and taken in by their order.
class Explorer {
 public:
  Explorer(const Shared<ScenarioPlan>& plan, const ExploreOptions& options)
      : plan_(plan), options_(options) {}

  /// What was found by then is told also where the machine gives no more.
  Exploration explore() {
    try {
      search();
    } catch (const RunAbandoned&) {
      found_.unexplored += waiting_;
    } catch (const std::exception& error) {
      states_.clear();
      found_.unexplored += waiting_;
      found_.fault = fault_text(error);
    }
    std::ranges::stable_sort(found_.outcomes, std::greater(), &OutcomeRow::runs);
    return std::move(found_);
  }

 private:
  void search() {
    std::vector<Deviations> level{{}};
    while (!level.empty()) {
      std::vector<Deviations> next;
      for (std::size_t done = 0; done < level.size();) {
        waiting_ = level.size() - done + next.size();
        const std::size_t left =
            options_.enough() ? 0 : options_.budget - std::min(options_.budget, found_.runs);
        const std::size_t count = std::min({kBatch, level.size() - done, left});
        if (count == 0) {
          found_.unexplored += level.size() - done;
          break;
        }
        const auto first = level.begin() + static_cast<std::ptrdiff_t>(done);
        for (const ExploredRun& run : play({first, first + static_cast<std::ptrdiff_t>(count)})) {
          take(run);
          branch(run, next);
        }
        done += count;
        if (options_.progress) options_.progress(found_.runs, level.size() - done + next.size());
      }
      level = std::move(next);
    }
  }

  std::vector<ExploredRun> play(std::vector<Deviations> batch) {
    std::vector<ExploredRun> runs(batch.size());
    parallel_for(batch.size(), options_.jobs,
                 [&](std::size_t i) { runs[i] = replay(plan_, options_, batch[i]); });
    return runs;
  }

  void take(const ExploredRun& run) {
    if (++found_.runs == 1) found_.natural = run.configuration;
    auto row = std::ranges::find(found_.outcomes, run.outcome, &OutcomeRow::outcome);
    if (row == found_.outcomes.end()) {
      row = found_.outcomes.insert(
          row, {run.outcome, 0, run.deviations, run.departures, run.configuration});
    }
    ++row->runs;
    std::set<std::string_view> seen;
    for (const BrokenInvariant& broken : run.broken) {
      if (!seen.insert(broken.invariant.number).second) continue;
      auto known = std::ranges::find_if(found_.broken, [&](const BrokenRow& each) {
        return each.broken.invariant.number == broken.invariant.number;
      });
      if (known == found_.broken.end()) {
        known = found_.broken.insert(known, {broken, 0, run.deviations, run.departures});
      }
      ++known->runs;
    }
  }

  /// The runs that go along with this one and depart from it once more, after its last departure.
  void branch(const ExploredRun& run, std::vector<Deviations>& next) {
    const std::size_t first = run.deviations.empty() ? 0 : run.deviations.rbegin()->first;
    for (std::size_t i = first; i < run.choices.size(); ++i) {
      const Choice& choice = run.choices[i];
      ++found_.choices;
      if (!states_.insert(choice.state).second) {
        // Another run has gone on from this state, and so has everything that departs from it.
        found_.pruned += run.choices.size() - i;
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

  const Shared<ScenarioPlan>& plan_;
  const ExploreOptions& options_;
  Exploration found_;
  std::size_t waiting_ = 0;  ///< runs known of when the last batch began
  std::set<std::uint64_t> states_;
};

}  // namespace

std::string OutcomeClass::to_string() const {
  return fmt::format("winner {}, result {}, requests {}, settings {:08x}", winner, result,
                     requests.empty() ? "none" : requests,
                     static_cast<std::uint32_t>(settings ^ settings >> 32));
}

ExploredRun replay(const Shared<ScenarioPlan>& plan, const ExploreOptions& options,
                   const Deviations& deviations, RunText* text) {
  static const Variant kNoRace;
  Play play(plan, kNoRace, options.seed != 0 ? options.seed : plan->seed, options.limits);
  DeliveryOrder order(play.world(), play.device(), options.delivery, deviations);
  play.run();
  ExploredRun run;
  run.deviations = deviations;
  run.departures = order.departures();
  run.deviated = order.deviated();
  run.choices = order.choices();
  run.outcome = outcome_of(play.trace(), play.configuration());
  run.configuration = play.configuration();
  run.broken = broken_invariants(*plan, play.trace());
  run.checksum = play.trace().checksum();
  if (text != nullptr) {
    text->json_lines = play.trace().json_lines();
    text->narration = narrate(play.trace(), plan->epoch);
  }
  return run;
}

Exploration explore(const Shared<ScenarioPlan>& plan, const ExploreOptions& options) {
  return Explorer(plan, options).explore();
}

}  // namespace provlab::lab
