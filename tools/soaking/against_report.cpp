#include "tools/soaking/against_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "sim/lab/machine/command_line.hpp"
#include "sim/lab/report/json_writer.hpp"
#include "sim/lab/report/junit.hpp"
#include "sim/lab/report/report_kind.hpp"
#include "sim/lab/suite/given_shards.hpp"
#include "sim/lab/trace/json_object.hpp"
#include "sim/text/visible.hpp"
#include "tools/command.hpp"
#include "tools/scenario_files.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

constexpr int kVersion = 2;
constexpr std::string_view kKind = "soak-against";
constexpr std::size_t kMostRuns = 1'000'000'000;

Expected<void> check(const std::vector<AgainstShard>& shards) {
  const AgainstReport& first = shards.front().report;
  for (const AgainstShard& each : shards) {
    const AgainstReport& report = each.report;
    if (report.ended_early) {
      return fail(fmt::format("this is shard {}, which was ended early: run it again",
                              report.shard.to_string()),
                  each.file);
    }
    if (report.shard.count != first.shard.count || report.program != first.program ||
        report.revision != first.revision || report.seed != first.seed ||
        report.wanted != first.wanted || report.limit != first.limit) {
      return fail(
          fmt::format("this is a shard of another soak than {}: run every shard with the same "
                      "seed, runs or time, number of shards and programs",
                      shards.front().file),
          each.file);
    }
  }
  return lab::check_complete_reports(shards);
}

void read_difference(lab::JsonObject object, AgainstReport& report) {
  report.difference = FoundDifference{object.number<std::uint64_t>("seed"),
                                      object.text("expectation"), object.text_or_nothing("file")};
}

}  // namespace

int AgainstReport::exit_code() const {
  if (difference) return 1;
  return ended_early ? kInterrupted : 0;
}

std::string json_against_report(const AgainstReport& report) {
  lab::JsonWriter json;
  json.object();
  json.member("kind", kKind);
  json.member("version", kVersion);
  json.member("program", report.program);
  json.member("revision", report.revision);
  json.member("seed", report.seed);
  json.member("wanted", report.wanted);
  json.seconds("limit_seconds", report.limit, 9);
  json.member("shard", report.shard.to_string());
  json.member("scenarios", report.scenarios);
  json.member("undecided", report.undecided);
  if (report.difference) {
    json.object("difference");
    json.member("seed", report.difference->seed);
    json.member("expectation", report.difference->expectation);
    if (!report.difference->file.empty()) json.member("file", report.difference->file);
    json.end_object();
  }
  if (report.ended_early) json.member("ended_early", true);
  json.member("exit_code", report.exit_code());
  json.seconds("wall_seconds", report.wall_time, 6);
  json.end_object();
  return json.out + "\n";
}

bool is_against_report(std::string_view text) {
  return lab::kind_of_report(text) == kKind;
}

Expected<AgainstReport> read_against_report(std::string_view text, const std::string& file) {
  const auto value = lab::parse_json(text);
  if (!value) return fail(value.error().to_string(), file);
  std::string error;
  lab::JsonObject object(*value, "", error);
  if (const int version = object.number<int>("version"); version != kVersion && error.empty()) {
    return fail(fmt::format("the report of a soak on two builds is of version {}, and this program "
                            "reads version {}; run the shards and the report with the same provlab",
                            version, kVersion),
                file);
  }
  AgainstReport report;
  report.program = object.text("program");
  report.revision = object.text("revision");
  report.seed = object.number<std::uint64_t>("seed");
  report.wanted = object.number<std::size_t>("wanted", 0, kMostRuns);
  report.limit = object.seconds("limit_seconds");
  const auto shard = lab::parse_shard(object.text("shard"));
  if (shard) report.shard = *shard;
  if (!shard) object.complain("has a 'shard' that is none: " + shard.error().text);
  report.scenarios = object.number<std::size_t>("scenarios", 0, kMostRuns);
  report.undecided = object.number<std::size_t>("undecided", 0, kMostRuns);
  object.if_there("difference", [&](const lab::json::value& found, const std::string& place) {
    read_difference(lab::JsonObject(found, place, error), report);
  });
  report.ended_early = object.has("ended_early") && object.truth("ended_early");
  report.wall_time = object.seconds("wall_seconds");
  if (!error.empty()) return fail("the report is incomplete or was changed: " + error, file);
  return report;
}

Expected<AgainstReport> merge_against(std::vector<AgainstShard> shards) {
  if (shards.empty()) return fail("there is no report to merge");
  std::ranges::stable_sort(shards, {},
                           [](const AgainstShard& each) { return each.report.shard.index; });
  if (const auto fits = check(shards); !fits) return std::unexpected(fits.error());
  AgainstReport whole = std::move(shards.front().report);
  for (std::size_t i = 1; i < shards.size(); ++i) {
    AgainstReport& part = shards[i].report;
    whole.scenarios += part.scenarios;
    whole.undecided += part.undecided;
    whole.wall_time = std::max(whole.wall_time, part.wall_time);
    if (part.difference && (!whole.difference || part.difference->seed < whole.difference->seed)) {
      whole.difference = std::move(part.difference);
    }
  }
  whole.shard = {};
  if (whole.wanted != 0 && !whole.difference && whole.scenarios != whole.wanted) {
    return fail(
        fmt::format("the reports hold {} scenarios, and the soak has {}: were they "
                    "changed?",
                    whole.scenarios, whole.wanted));
  }
  return whole;
}

std::string junit_against_report(const AgainstReport& report) {
  lab::JUnitCase test{.classname = "soak", .name = "both builds do the same"};
  if (const auto& found = report.difference) {
    test.result = lab::JUnitCase::Result::failure;
    test.type = "difference";
    test.message = fmt::format("{} does not hold with {}", found->expectation, report.program);
    test.text = shown("seed {}: passes here, fails there: {}\n", found->seed, found->expectation);
    if (!found->file.empty()) test.text += shown("  shrunk to: {}\n", found->file);
  }
  return lab::junit_document("provlab soak --against", {&test, 1}, report.wall_time);
}

void print_against(const AgainstReport& report) {
  const double seconds =
      std::chrono::duration_cast<std::chrono::duration<double>>(report.wall_time).count();
  say(stdout, "soak against {}: {} scenarios from seed {} on{}, {:.1f} s, revision {}\n",
      report.program, report.scenarios, report.seed,
      report.shard.count == 1 ? "" : fmt::format(" (shard {})", report.shard.to_string()), seconds,
      report.revision);
  if (report.undecided > 0) {
    say(stdout, "  {} had another trace, and nothing that an expectation tells apart\n",
        report.undecided);
  }
  if (!report.difference) {
    say(stdout, "  {}\n",
        report.scenarios == 0 ? "nothing was played" : "what both do is the same");
    return;
  }
  const FoundDifference& found = *report.difference;
  say(stdout, "DIFFERS with seed {}\n     passes here, fails there: {}\n", found.seed,
      found.expectation);
  if (found.file.empty()) return;
  say(stdout,
      "     shrunk to: {}\n     repeat:    {} run {}\n     look at:   {} compare --build {} {}\n",
      found.file, lab::program_name(), lab::quoted_path(found.file), lab::program_name(),
      lab::quoted_path(report.program), lab::quoted_path(found.file));
}

bool write_against(const AgainstReport& report, const std::string& json, const std::string& junit) {
  const bool written = json.empty() || put_or_write(json, json_against_report(report));
  return (junit.empty() || put_or_write(junit, junit_against_report(report))) && written;
}

}  // namespace provlab::tools
