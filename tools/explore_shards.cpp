#include "tools/explore_shards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sim/lab/report/report_kind.hpp"
#include "sim/lab/suite/given_shards.hpp"
#include "sim/lab/trace/json_object.hpp"
#include "sim/lab/verdict/invariants/invariant.hpp"

namespace provlab::tools {

namespace {

using lab::Exploration;
using lab::JsonObject;

constexpr std::size_t kMostRuns = 1'000'000'000;

std::size_t count_of(JsonObject& object, std::string_view key) {
  return object.number<std::size_t>(key, 0, kMostRuns);
}

std::vector<std::string> texts_of(JsonObject& object, std::string_view key) {
  std::vector<std::string> all;
  object.elements(key, [&](const lab::json::value& value, const std::string& place) {
    if (!value.is_string()) return object.complain(place + " is no text");
    all.emplace_back(value.get_string());
  });
  return all;
}

std::set<std::uint64_t> orders_of(JsonObject& object) {
  std::set<std::uint64_t> all;
  for (const std::string& text : texts_of(object, "orders")) {
    std::uint64_t order = 0;
    const char* const end = text.data() + text.size();
    if (std::from_chars(text.data(), end, order, 16).ptr != end) {
      object.complain(fmt::format("has '{}' among its 'orders'", text));
    }
    all.insert(order);
  }
  return all;
}

lab::Deviations deviations_of(JsonObject& object) {
  const auto deviations = lab::parse_token(object.text("token"));
  if (deviations) return *deviations;
  object.complain("has no token: " + deviations.error().text);
  return {};
}

void read_outcome(JsonObject row, ExploreReport& report) {
  lab::OutcomeRow outcome;
  outcome.outcome = {row.text("winner"), row.text("result"), row.text("requests"),
                     row.text_or_nothing("heard"), row.hexadecimal("settings")};
  outcome.runs = count_of(row, "runs");
  outcome.orders = orders_of(row);
  outcome.departures = texts_of(row, "when");
  outcome.shortest = deviations_of(row);
  std::vector<ShownDifference> unlike;
  row.elements("unlike_natural", [&](const lab::json::value& value, const std::string& place) {
    JsonObject each(value, place, row.error());
    unlike.push_back({each.text("path"), each.text_or_nothing("from"), each.text_or_nothing("to"),
                      each.has("order_only")});
  });
  report.found.outcomes.push_back(std::move(outcome));
  report.unlike.push_back(std::move(unlike));
}

void read_broken(JsonObject row, Exploration& found) {
  const std::string number = row.text("invariant");
  const bool limits = number == lab::kWithinLimits.number;
  const auto known = std::ranges::find(lab::kInvariants, number, &lab::Invariant::number);
  if (!limits && known == lab::kInvariants.end()) return row.complain("has an unknown invariant");
  lab::BrokenRow broken;
  broken.broken.invariant = limits ? lab::kWithinLimits : *known;
  broken.broken.actual = row.text("actual");
  broken.runs = count_of(row, "runs");
  broken.orders = orders_of(row);
  broken.departures = texts_of(row, "when");
  broken.shortest = deviations_of(row);
  found.broken.push_back(std::move(broken));
}

void read_extent(JsonObject& object, Exploration& found) {
  found.runs = count_of(object, "runs");
  found.choices = count_of(object, "choices");
  found.classes = count_of(object, "classes");
  found.late = count_of(object, "late");
  found.strayed = count_of(object, "strayed");
  found.unexplored = count_of(object, "unexplored");
  object.if_there("pruned", [&](const lab::json::value& value, const std::string& place) {
    JsonObject pruned(value, place, object.error());
    found.pruned = {count_of(pruned, "independent"), count_of(pruned, "covered"),
                    count_of(pruned, "beyond_window"), count_of(pruned, "known_states")};
  });
  object.elements("left", [&](const lab::json::value& value, const std::string& place) {
    JsonObject left(value, place, object.error());
    found.left[left.text("what")] += count_of(left, "departures");
  });
  object.if_there("random", [&](const lab::json::value& value, const std::string& place) {
    JsonObject random(value, place, object.error());
    found.random = {random.number<std::uint64_t>("seed"), count_of(random, "runs"),
                    count_of(random, "connections"), count_of(random, "arrivals")};
  });
  auto coverage = lab::Coverage::parse(texts_of(object, "seen"));
  if (!coverage) return object.complain("has a 'seen' that " + coverage.error().text);
  found.coverage = std::move(*coverage);
}

Expected<void> check(const std::vector<ExploreShard>& shards) {
  const ExploreReport& first = shards.front().report;
  for (const ExploreShard& each : shards) {
    const ExploreReport& report = each.report;
    if (report.early || !report.found.fault.empty()) {
      return fail(fmt::format("this is shard {}, which did not come to its end: run it again",
                              report.shard.to_string()),
                  each.file);
    }
    if (report.shard.count != first.shard.count || report.file != first.file ||
        report.conditions != first.conditions || report.replay != first.replay ||
        report.revision != first.revision) {
      return fail(fmt::format("this is a shard of another exploration than {}: run every shard of "
                              "one scenario with the same options, number of shards and program",
                              shards.front().file),
                  each.file);
    }
  }
  return lab::check_complete_reports(shards);
}

const std::vector<ShownDifference>& unlike_of(const std::vector<ExploreShard>& shards,
                                              const lab::OutcomeClass& outcome) {
  static const std::vector<ShownDifference> kNone;
  for (const ExploreShard& shard : shards) {
    const auto& rows = shard.report.found.outcomes;
    const auto row = std::ranges::find(rows, outcome, &lab::OutcomeRow::outcome);
    if (row != rows.end()) return shard.report.unlike[static_cast<std::size_t>(row - rows.begin())];
  }
  return kNone;
}

}  // namespace

bool is_explore_report(std::string_view text) {
  return lab::kind_of_report(text) == kExplorationKind;
}

Expected<ExploreReport> read_explore_report(std::string_view text, const std::string& file) {
  const auto value = lab::parse_json(text);
  if (!value) return fail(value.error().text, file);
  std::string error;
  JsonObject object(*value, "", error);
  if (!object.has("shard")) {
    return fail(
        "this exploration is a whole one; only those of 'explore --shard i/n' are put "
        "together",
        file);
  }
  ExploreReport report;
  report.file = object.text("file");
  report.scenario = object.text("scenario");
  report.conditions = object.text("conditions");
  report.replay = object.text("replay");
  report.revision = object.text("revision");
  report.time = object.seconds("wall_seconds");
  report.early = object.has("ended_early");
  report.found.fault = object.text_or_nothing("fault");
  const auto shard = lab::parse_shard(object.text("shard"));
  if (shard) report.shard = *shard;
  if (!shard) object.complain("has a 'shard' that is none");
  read_extent(object, report.found);
  object.elements("outcomes", [&](const lab::json::value& each, const std::string& place) {
    read_outcome(JsonObject(each, place, error), report);
  });
  object.elements("broken", [&](const lab::json::value& each, const std::string& place) {
    read_broken(JsonObject(each, place, error), report.found);
  });
  if (!error.empty()) return fail(error, file);
  return report;
}

Expected<ExploreReport> merge_explorations(std::vector<ExploreShard> shards) {
  std::ranges::stable_sort(shards, {},
                           [](const ExploreShard& each) { return each.report.shard.index; });
  if (const auto checked = check(shards); !checked) return std::unexpected(checked.error());
  ExploreReport whole = shards.front().report;
  whole.shard = {};
  for (std::size_t i = 1; i < shards.size(); ++i) {
    whole.found.add(shards[i].report.found);
    whole.time = std::max(whole.time, shards[i].report.time);
  }
  whole.found.sort();
  whole.unlike.clear();
  for (const lab::OutcomeRow& row : whole.found.outcomes) {
    whole.unlike.push_back(unlike_of(shards, row.outcome));
  }
  whole.exit_code = whole.found.broken.empty() ? 0 : 1;
  return whole;
}

}  // namespace provlab::tools
