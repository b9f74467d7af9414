#include "tools/explore_page.hpp"

#include <fmt/format.h>

#include "sim/lab/neighbours/failed_runs.hpp"
#include "sim/lab/neighbours/what_if_words.hpp"
#include "sim/lab/pages/exploration_page.hpp"
#include "tools/explore_extent.hpp"
#include "tools/explore_text.hpp"
#include "tools/explore_why.hpp"

namespace provlab::tools {

namespace {

using Page = lab::ExplorationPage;

/// So many outcomes are drawn, and so many broken invariants: those that are explained.
constexpr std::size_t kMostDrawn = lab::kMostFailuresExplained;

class PageMaker {
 public:
  PageMaker(const ExploreReport& report, LoadOptions load, std::uint64_t seed)
      : report_(report), found_(report.found), load_(std::move(load)) {
    if (seed != 0) seed_ = seed;
  }

  Page make() {
    Page page{.scenario = report_.scenario,
              .about = report_.about,
              .conditions = conditions(),
              .figures = figures(),
              .extent = extent_lines(found_, why_left(report_)),
              .missing = missing(),
              .unit = found_.classes > 0 ? "classes of orders" : "runs",
              .counts = counts(),
              .all = found_.classes > 0 ? found_.classes : found_.runs,
              .baseline = report_.drift.file,
              .appeared = report_.drift.appeared,
              .gone = report_.drift.gone,
              .outcomes = {},
              .broken = {}};
    for (std::size_t i = 0; i < found_.outcomes.size(); ++i) page.outcomes.push_back(outcome(i));
    for (std::size_t i = 0; i < found_.broken.size(); ++i) page.broken.push_back(broken(i));
    return page;
  }

 private:
  std::vector<Page::Fact> figures() const {
    std::vector<Page::Fact> all;
    const auto add = [&all](std::size_t count, std::string_view one, std::string_view many) {
      all.push_back({std::string(count == 1 ? one : many), std::to_string(count)});
    };
    add(found_.runs, "run", "runs");
    if (found_.classes > 0) add(found_.classes, "class of orders", "classes of orders");
    add(found_.outcomes.size(), "outcome", "outcomes");
    add(found_.broken.size(), "broken invariant", "broken invariants");
    const lab::CoverageFigures pairs = found_.coverage.pairs();
    if (pairs.reachable() > 0) {
      all.push_back({"ordered pairs of packets seen",
                     fmt::format("{} of {}", pairs.seen(), pairs.reachable())});
    }
    return all;
  }

  std::string conditions() const {
    const lab::DeliveryOptions& delivery = load_.delivery;
    std::string words =
        fmt::format("{} up to {} later because others pass it",
                    load_.racers_only ? "an answer of its race comes" : "a packet comes",
                    to_string(delivery.window));
    if (delivery.faults == 0) return words + ", none is lost or comes twice";
    return words + fmt::format(", up to {} of them {}", delivery.faults,
                               delivery.doubles ? "are lost or come twice" : "are lost");
  }

  std::string counts() const {
    if (found_.classes == 0) return "Each order was played.";
    return "Orders that differ only by swaps of packets that touch nothing in common are one "
           "class; "
           "of each class one order was played.";
  }

  std::string missing() const {
    if (found_.unexplored == 0) return {};
    return fmt::format(
        "Not all was tried: {} {} left {}. What stands here is what was found by then.",
        found_.unexplored, found_.unexplored == 1 ? "departure is" : "departures are",
        why_left(report_));
  }

  Page::Part part(const auto& row, std::size_t count, std::size_t number) const {
    const std::string token = lab::to_token(row.shortest);
    Page::Part part{.title = {},
                    .count = count,
                    .facts = {},
                    .when = circumstances(row.departures),
                    .token = token,
                    .natural = row.shortest.empty(),
                    .repeat = report_.replay + " " + token,
                    .run = number < kMostDrawn ? run_of(row.shortest) : std::nullopt,
                    .what_if = std::nullopt,
                    .compare = {}};
    if (const lab::WhatIf* const what_if = report_.what_if(row.shortest)) {
      part.what_if = *what_if;
      part.compare = compare_words(report_, row.shortest, *what_if);
    }
    return part;
  }

  Page::Part outcome(std::size_t number) const {
    const lab::OutcomeRow& row = found_.outcomes[number];
    Page::Part outcome = part(row, row.count(), number);
    outcome.title = lab::outcome_words(row.outcome);
    if (!row.outcome.heard.empty())
      outcome.facts.push_back({"check-syncs and runs", row.outcome.heard});
    std::string settings;
    for (const ShownDifference& each : report_.unlike[number]) {
      settings += (settings.empty() ? "" : "; ") + each.to_string();
    }
    if (!settings.empty()) outcome.facts.push_back({"settings unlike the natural run's", settings});
    return outcome;
  }

  Page::Part broken(std::size_t number) const {
    const lab::BrokenRow& row = found_.broken[number];
    const std::size_t count = row.orders.empty() ? row.runs : row.orders.size();
    Page::Part broken = part(row, count, number);
    broken.title = row.broken.heading() + ": " + row.broken.actual;
    broken.facts.push_back({"promised", row.broken.promise()});
    return broken;
  }

  /// With its trace; nothing where it cannot be played again.
  std::optional<lab::RunReport> run_of(const lab::Deviations& run) const {
    const std::string token = lab::to_token(run);
    auto loaded = load_runs({.text = report_.file + "@" + token,
                             .file = report_.file,
                             .variant = {},
                             .seed = seed_,
                             .token = run},
                            load_);
    if (!loaded || loaded->runs.empty()) return std::nullopt;
    return std::move(loaded->runs.front());
  }

  const ExploreReport& report_;
  const lab::Exploration& found_;
  LoadOptions load_;
  std::optional<std::uint64_t> seed_;
};

}  // namespace

std::string explore_page(const ExploreReport& report, LoadOptions load, std::uint64_t seed) {
  return lab::exploration_page(PageMaker(report, std::move(load), seed).make());
}

}  // namespace provlab::tools
