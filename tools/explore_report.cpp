#include "tools/explore_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/platform/user_info.hpp"
#include "sim/lab/report/json_what_if.hpp"
#include "sim/lab/report/json_writer.hpp"
#include "sim/lab/report/junit.hpp"
#include "sim/lab/verdict/differences.hpp"
#include "sim/text/visible.hpp"
#include "tools/explore_extent.hpp"

namespace provlab::tools {

namespace {

using lab::BrokenRow;
using lab::JsonWriter;
using lab::JUnitCase;
using lab::OutcomeRow;

bool is_password(const std::string& path) {
  return path.substr(path.rfind('/') + 1).find("assword") != std::string::npos;
}

std::string hidden(const std::string& path, const std::string& value) {
  return is_password(path) ? "***" : hide_user_info(value);
}

std::vector<ShownDifference> shown_differences(const lab::Exploration& found,
                                               const settings::Configuration& configuration) {
  std::vector<ShownDifference> all;
  for (const lab::Difference& each : lab::differences(found.natural, configuration)) {
    all.push_back(
        {each.path, hidden(each.path, each.from), hidden(each.path, each.to), each.order_only});
  }
  return all;
}

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.array(key);
  for (const std::string& text : texts) json.text(text);
  json.end_array();
}

/// By these parts become a whole.
void write_orders(lab::JsonWriter& json, const std::set<std::uint64_t>& orders) {
  json.array("orders");
  for (const std::uint64_t order : orders) json.text(fmt::format("{:016x}", order));
  json.end_array();
}

/// What a part says beside what a whole one does.
void write_shard(lab::JsonWriter& json, const ExploreReport& report) {
  json.member("shard", report.shard.to_string());
  json.member("revision", report.revision);
  json.member("replay", report.replay);
  json.array("seen");
  for (const std::string& row : report.found.coverage.to_rows()) json.text(row);
  json.end_array();
}

void write_outcome(JsonWriter& json, const ExploreReport& report, std::size_t number) {
  const OutcomeRow& row = report.found.outcomes[number];
  json.object();
  json.member("runs", row.runs);
  json.member("classes", row.orders.size());
  if (report.shard.count > 1) write_orders(json, row.orders);
  json.member("winner", row.outcome.winner);
  json.member("result", row.outcome.result);
  json.member("requests", row.outcome.requests);
  json.member("heard", row.outcome.heard);
  json.member("settings", fmt::format("{:016x}", row.outcome.settings));
  json.array("unlike_natural");
  for (const ShownDifference& each : report.unlike[number]) {
    json.object();
    json.member("path", each.path);
    if (each.order_only) {
      json.member("order_only", true);
    } else {
      json.member("from", each.from);
      json.member("to", each.to);
    }
    json.end_object();
  }
  json.end_array();
  write_texts(json, "when", row.departures);
  json.member("token", lab::to_token(row.shortest));
  json.end_object();
}

void write_what_ifs(JsonWriter& json, const ExploreReport& report) {
  json.array("what_ifs");
  for (const ExplainedRun& each : report.explained) {
    json.object();
    json.member("token", lab::to_token(each.run));
    lab::write_what_if(json, each.what_if);
    json.end_object();
  }
  json.end_array();
}

void write_broken(JsonWriter& json, const ExploreReport& report, const BrokenRow& row) {
  json.object();
  json.member("invariant", row.broken.invariant.number);
  json.member("runs", row.runs);
  if (report.shard.count > 1) write_orders(json, row.orders);
  json.member("expected", row.broken.promise());
  json.member("actual", row.broken.actual);
  write_texts(json, "when", row.departures);
  json.member("token", lab::to_token(row.shortest));
  json.end_object();
}

JUnitCase case_of_invariants(const ExploreReport& report) {
  JUnitCase test{.classname = lab::junit_class(report.file),
                 .name = report.scenario + ": no invariant breaks in any order",
                 .time = report.time};
  if (!report.found.fault.empty()) {
    test.result = JUnitCase::Result::error;
    test.type = "lab";
    test.message = report.found.fault;
  }
  for (const std::string& line : coverage_lines(report.found)) test.out += shown("{}\n", line);
  if (report.found.broken.empty()) return test;
  test.result = JUnitCase::Result::failure;
  test.type = "invariant";
  const BrokenRow& first = report.found.broken.front();
  test.message =
      fmt::format("invariant {}: {}", first.broken.invariant.number, first.broken.actual);
  for (const BrokenRow& row : report.found.broken) {
    test.text += shown(
        "invariant {} in {} runs\n  expected: {}\n  actual:   {}\n  when:     {}\n"
        "  token:    {}\n",
        row.broken.invariant.number, row.runs, row.broken.promise(), row.broken.actual,
        circumstances(row.departures), lab::to_token(row.shortest));
  }
  return test;
}

JUnitCase case_of_outcomes(const ExploreReport& report) {
  JUnitCase test{.classname = lab::junit_class(report.file),
                 .name = report.scenario + ": outcomes as in the baseline",
                 .time = Duration::zero()};
  if (report.drift.file.empty() || report.early || !report.found.fault.empty()) {
    test.result = JUnitCase::Result::skipped;
    test.message = report.drift.file.empty() ? "no --baseline was given" : "not all was tried";
  } else if (!report.drift.holds()) {
    test.result = JUnitCase::Result::failure;
    test.type = "baseline";
    test.message = fmt::format("{} new outcomes, {} gone", report.drift.appeared.size(),
                               report.drift.gone.size());
    for (const std::string& each : report.drift.appeared) test.text += shown("new:  {}\n", each);
    for (const std::string& each : report.drift.gone) test.text += shown("gone: {}\n", each);
  }
  return test;
}

}  // namespace

std::string circumstances(const std::vector<std::string>& departures) {
  if (departures.empty()) return "nothing is changed";
  return fmt::format("{}", fmt::join(departures, "; "));
}

std::string ShownDifference::to_string() const {
  return order_only ? fmt::format("{}: in another order", path)
                    : fmt::format("{}: {} → {}", path, from, to);
}

const lab::WhatIf* ExploreReport::what_if(const lab::Deviations& run) const {
  const auto found = std::ranges::find(explained, run, &ExplainedRun::run);
  return found == explained.end() ? nullptr : &found->what_if;
}

std::vector<std::vector<ShownDifference>> unlike_natural(const lab::Exploration& found) {
  std::vector<std::vector<ShownDifference>> all;
  for (const OutcomeRow& row : found.outcomes) {
    all.push_back(shown_differences(found, row.configuration));
  }
  return all;
}

std::string explore_json(const ExploreReport& report) {
  const lab::Exploration& found = report.found;
  JsonWriter json;
  json.object();
  json.member("kind", kExplorationKind);
  json.member("version", 1);
  json.member("file", report.file);
  json.member("scenario", report.scenario);
  json.member("conditions", report.conditions);
  json.member("runs", found.runs);
  json.member("choices", found.choices);
  json.member("classes", found.classes);
  write_extent(json, found);
  if (report.shard.count > 1) write_shard(json, report);
  if (report.early) json.member("ended_early", true);
  if (!found.fault.empty()) json.member("fault", found.fault);
  json.seconds("wall_seconds", report.time, 6);
  json.array("outcomes");
  for (std::size_t i = 0; i < found.outcomes.size(); ++i) write_outcome(json, report, i);
  json.end_array();
  if (!report.explained.empty()) write_what_ifs(json, report);
  json.array("broken");
  for (const BrokenRow& row : found.broken) write_broken(json, report, row);
  json.end_array();
  if (!report.drift.file.empty()) {
    json.object("baseline");
    json.member("file", report.drift.file);
    write_texts(json, "new", report.drift.appeared);
    write_texts(json, "gone", report.drift.gone);
    json.end_object();
  }
  json.member("exit_code", report.exit_code);
  json.end_object();
  return json.out + "\n";
}

std::string explore_junit(const ExploreReport& report) {
  const JUnitCase cases[] = {case_of_invariants(report), case_of_outcomes(report)};
  return lab::junit_document("provlab explore", cases, report.time);
}

}  // namespace provlab::tools
