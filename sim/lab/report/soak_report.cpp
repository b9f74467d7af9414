#include "sim/lab/report/soak_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/platform/text.hpp"
#include "sim/lab/report/json_writer.hpp"
#include "sim/lab/report/junit.hpp"
#include "sim/lab/report/report_kind.hpp"
#include "sim/lab/report/reports.hpp"
#include "sim/lab/suite/given_shards.hpp"
#include "sim/lab/trace/json_object.hpp"
#include "sim/text/visible.hpp"

namespace provlab::lab {

namespace {

constexpr int kSoakVersion = 1;
constexpr std::string_view kSoakKind = "soak";
constexpr std::size_t kMostRuns = 1'000'000'000;

bool is_of_lab(const FailureRow& row) {
  return row.failure.kind == "lab" || row.failure.kind == "invalid";
}

using Counts = std::map<std::string, std::size_t>;

void write_counts(JsonWriter& json, std::string_view key, const Counts& counts) {
  json.object(key);
  for (const auto& [name, count] : counts) json.member(name, count);
  json.end_object();
}

Counts counts_of(JsonObject& object, std::string_view key, std::string& error) {
  Counts counts;
  const json::value* value = object.has(key) ? object.members()->if_contains(key) : nullptr;
  if (value == nullptr || !value->is_object()) {
    object.complain(fmt::format("has no object '{}'", key));
    return counts;
  }
  JsonObject inner(*value, fmt::format("'{}'", key), error);
  for (const auto& member : value->get_object()) {
    counts[std::string(member.key())] = inner.number<std::size_t>(member.key(), 0, kMostRuns);
  }
  return counts;
}

Sightings sightings_from(JsonObject& object) {
  Sightings seen;
  const auto& rules = sighted_rules();
  object.elements("sightings", [&](const json::value& value, const std::string& place) {
    const auto known = value.is_string()
                           ? std::ranges::find(rules, std::string_view(value.get_string()))
                           : rules.end();
    if (known == rules.end()) return object.complain(place + " is no case of a rule");
    seen[static_cast<std::size_t>(known - rules.begin())] = true;
  });
  return seen;
}

void read_failures(JsonObject& object, SoakReport& report, std::string& error) {
  object.elements("failures", [&](const json::value& value, const std::string& place) {
    JsonObject row(value, place, error);
    report.summary.failures.push_back({{row.text("kind"), row.text("detail")},
                                       row.number<std::uint64_t>("seed"),
                                       row.number<std::size_t>("runs", 1, kMostRuns)});
    report.files.push_back(row.text_or_nothing("file"));
  });
}

Expected<void> check_soaks(const std::vector<SoakShard>& shards) {
  const SoakReport& first = shards.front().report;
  for (const SoakShard& each : shards) {
    const SoakReport& report = each.report;
    if (report.ended_early) {
      return fail(fmt::format("this is shard {}, which was ended early: run it again",
                              report.shard.to_string()),
                  each.file);
    }
    if (report.shard.count != first.shard.count || report.seed != first.seed ||
        report.wanted != first.wanted || report.limit != first.limit ||
        report.revision != first.revision) {
      return fail(
          fmt::format("this is a shard of another soak than {}: run every shard with the same "
                      "seed, runs or time, number of shards and program",
                      shards.front().file),
          each.file);
    }
  }
  return check_complete_reports(shards);
}

/// Adds what a shard has found. Of one kind the failure with the least seed is the first.
void add_soak(SoakReport& whole, SoakReport& part) {
  SoakSummary& sum = whole.summary;
  sum.runs += part.summary.runs;
  sum.tls += part.summary.tls;
  for (const auto& [result, count] : part.summary.under_faults) sum.under_faults[result] += count;
  for (const auto& [result, count] : part.summary.in_order) sum.in_order[result] += count;
  sum.outcomes.merge(part.summary.outcomes);
  sum.sightings |= part.summary.sightings;
  for (std::size_t i = 0; i < part.summary.failures.size(); ++i) {
    const FailureRow& row = part.summary.failures[i];
    const auto known = std::ranges::find(sum.failures, row.failure.kind,
                                         [](const FailureRow& each) { return each.failure.kind; });
    const auto at = static_cast<std::size_t>(known - sum.failures.begin());
    if (known == sum.failures.end()) {
      sum.failures.push_back(row);
      whole.files.push_back(part.files[i]);
      continue;
    }
    const std::size_t runs = known->runs + row.runs;
    if (row.seed < known->seed) {
      *known = row;
      whole.files[at] = part.files[i];
    }
    known->runs = runs;
  }
  whole.wall_time = std::max(whole.wall_time, part.wall_time);
}

/// In the order of their first runs, as one machine meets them.
void order_failures(SoakReport& report) {
  std::vector<std::pair<FailureRow, std::string>> rows;
  for (std::size_t i = 0; i < report.files.size(); ++i) {
    rows.emplace_back(report.summary.failures[i], report.files[i]);
  }
  std::ranges::stable_sort(rows, {}, [](const auto& row) { return row.first.seed; });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    report.summary.failures[i] = rows[i].first;
    report.files[i] = rows[i].second;
  }
}

template <class Belongs>
JUnitCase soak_case(const SoakReport& report, std::string name, JUnitCase::Result bad,
                    Belongs&& belongs) {
  JUnitCase test{.classname = "soak", .name = std::move(name)};
  for (std::size_t i = 0; i < report.summary.failures.size(); ++i) {
    const FailureRow& row = report.summary.failures[i];
    if (!belongs(row)) continue;
    if (test.result == JUnitCase::Result::passed) {
      test.result = bad;
      test.type = row.failure.kind;
      test.message = row.failure.detail;
    }
    test.text += shown("{} in {} of {} scenarios, first with seed {}: {}\n", row.failure.kind,
                       row.runs, report.summary.runs, row.seed, row.failure.detail);
    if (!report.files[i].empty()) test.text += shown("  shrunk to: {}\n", report.files[i]);
  }
  return test;
}

}  // namespace

int SoakReport::exit_code() const {
  int code = 0;
  for (const FailureRow& row : summary.failures) code = std::max(code, is_of_lab(row) ? 4 : 1);
  return code == 0 && ended_early ? 130 : code;
}

std::string json_soak_report(const SoakReport& report) {
  const SoakSummary& summary = report.summary;
  JsonWriter json;
  json.object();
  json.member("kind", kSoakKind);
  json.member("version", kSoakVersion);
  json.member("provlab", kProgramVersion);
  json.member("revision", report.revision);
  json.member("seed", report.seed);
  json.member("wanted", report.wanted);
  json.seconds("limit_seconds", report.limit, 9);
  json.member("shard", report.shard.to_string());
  json.member("runs", summary.runs);
  json.member("tls", summary.tls);
  write_counts(json, "under_faults", summary.under_faults);
  write_counts(json, "in_order", summary.in_order);
  json.array("sightings");
  for (std::size_t i = 0; i < sighted_rules().size(); ++i) {
    if (summary.sightings[i]) json.text(sighted_rules()[i]);
  }
  json.end_array();
  json.array("failures");
  for (std::size_t i = 0; i < summary.failures.size(); ++i) {
    const FailureRow& row = summary.failures[i];
    json.object();
    json.member("kind", row.failure.kind);
    json.member("detail", row.failure.detail);
    json.member("seed", row.seed);
    json.member("runs", row.runs);
    if (i < report.files.size() && !report.files[i].empty()) json.member("file", report.files[i]);
    json.end_object();
  }
  json.end_array();
  if (report.ended_early) json.member("ended_early", true);
  json.member("exit_code", report.exit_code());
  json.seconds("wall_seconds", report.wall_time, 6);
  json.array("outcomes");
  for (const std::string& outcome : summary.outcomes) json.text(outcome);
  json.end_array();
  json.end_object();
  return json.out + "\n";
}

bool is_soak_report(std::string_view text) {
  return kind_of_report(text) == kSoakKind;
}

Expected<SoakReport> read_soak_report(std::string_view text, const std::string& file) {
  const auto value = parse_json(text);
  if (!value) return fail(value.error().to_string(), file);
  std::string error;
  JsonObject object(*value, "", error);
  if (const int version = object.number<int>("version"); version != kSoakVersion && error.empty()) {
    return fail(fmt::format("the report of a soak is of version {}, and this program reads version "
                            "{}; run the shards and the report with the same provlab",
                            version, kSoakVersion),
                file);
  }
  SoakReport report;
  report.revision = object.text("revision");
  report.seed = object.number<std::uint64_t>("seed");
  report.wanted = object.number<std::size_t>("wanted", 0, kMostRuns);
  report.limit = object.seconds("limit_seconds");
  const auto shard = parse_shard(object.text("shard"));
  if (shard) {
    report.shard = *shard;
  } else {
    object.complain("has a 'shard' that is none: " + shard.error().text);
  }
  report.summary.runs = object.number<std::size_t>("runs");
  report.summary.tls = object.number<std::size_t>("tls");
  report.summary.under_faults = counts_of(object, "under_faults", error);
  report.summary.in_order = counts_of(object, "in_order", error);
  report.summary.sightings = sightings_from(object);
  read_failures(object, report, error);
  report.ended_early = object.has("ended_early") && object.truth("ended_early");
  report.wall_time = object.seconds("wall_seconds");
  object.elements("outcomes", [&](const json::value& outcome, const std::string& place) {
    if (!outcome.is_string()) return object.complain(place + " is no text");
    report.summary.outcomes.emplace(outcome.get_string());
  });
  if (!error.empty()) {
    return fail("the report is incomplete or was changed: " + error, file);
  }
  return report;
}

Expected<SoakReport> merge_soaks(std::vector<SoakShard> shards) {
  if (shards.empty()) return fail("there is no report to merge");
  std::ranges::stable_sort(shards, {},
                           [](const SoakShard& each) { return each.report.shard.index; });
  if (const auto fits = check_soaks(shards); !fits) return std::unexpected(fits.error());
  SoakReport whole = std::move(shards.front().report);
  for (std::size_t i = 1; i < shards.size(); ++i) add_soak(whole, shards[i].report);
  order_failures(whole);
  whole.shard = {};
  if (whole.wanted != 0 && whole.summary.runs != whole.wanted) {
    return fail(fmt::format("the reports hold {} runs, and the soak has {}: were they changed?",
                            whole.summary.runs, whole.wanted));
  }
  return whole;
}

std::string junit_soak_report(const SoakReport& report) {
  const JUnitCase cases[] = {
      soak_case(
          report, "no invariant breaks", JUnitCase::Result::failure,
          [](const FailureRow& row) { return !is_of_lab(row) && row.failure.kind != "recovery"; }),
      soak_case(report, "every phone recovers", JUnitCase::Result::failure,
                [](const FailureRow& row) { return row.failure.kind == "recovery"; }),
      soak_case(report, "the lab works", JUnitCase::Result::error, is_of_lab)};
  return junit_document("provlab soak", cases, report.wall_time);
}

}  // namespace provlab::lab
