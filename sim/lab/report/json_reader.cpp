#include "sim/lab/report/json_reader.hpp"

#include <fmt/format.h>

#include "core/platform/text.hpp"
#include "sim/lab/report/reports.hpp"
#include "sim/lab/trace/json_object.hpp"
#include "sim/lab/trace/trace_log.hpp"

namespace provlab::lab {

namespace {

constexpr int kMostLines = 1'000'000'000;      // of a scenario
constexpr unsigned kMostThreads = 10'000'000;  // of all shards

Finding finding_of(const json::value& value, const std::string& place, std::string& error) {
  JsonObject object(value, place, error);
  Finding finding;
  finding.line = object.number<int>("line", 0, kMostLines);
  finding.text = object.text("expectation");
  finding.held = object.truth("held");
  finding.expected = object.text("expected");
  if (!finding.held) finding.actual = object.text("actual");
  finding.not_judged = object.text_or_nothing("not_judged");
  finding.why = object.text_or_nothing("why");
  finding.invariant = object.text_or_nothing("invariant");
  if (object.has("event")) finding.event = object.number<EventNumber>("event");
  if (object.has("time_line")) {
    object.elements("time_line", [&](const json::value& line, const std::string&) {
      if (!line.is_string()) return object.complain("has a line of its time line that is no text");
      finding.slice.emplace_back(line.get_string());
    });
  }
  return finding;
}

PacketContent content_of(const json::value& value, const std::string& place, std::string& error) {
  JsonObject object(value, place, error);
  PacketContent content;
  content.event = object.number<EventNumber>("event");
  if (object.has("first")) content.first = object.number<EventNumber>("first");
  if (!object.has("parts")) return content;
  object.elements("parts", [&](const json::value& each, const std::string& where) {
    JsonObject part(each, where, error);
    content.parts.push_back({part.text("heading"), part.text("text")});
  });
  return content;
}

RunDetail detail_of(JsonObject& run) {
  RunDetail detail;
  run.elements("settings", [&](const json::value& value, const std::string& place) {
    JsonObject change(value, place, run.error());
    const bool values = change.has("from");
    detail.settings.push_back({change.text("path"), values ? change.text("from") : std::string(),
                               values ? change.text("to") : std::string(), !values});
  });
  detail.source = run.text("source");
  run.elements("contents", [&](const json::value& value, const std::string& place) {
    detail.contents.push_back(content_of(value, place, run.error()));
  });
  TraceLog log;
  run.elements("trace", [&](const json::value& value, const std::string& place) {
    if (!log.add(event_of(value, place, run.error()))) {
      run.complain("has a trace whose events do not follow each other");
    }
  });
  detail.trace = log.json_lines();
  return detail;
}

WhatIf what_if_of(const json::value& value, const std::string& place, std::string& error) {
  JsonObject object(value, place, error);
  WhatIf found;
  object.if_there("nearest", [&](const json::value& each, const std::string& where) {
    JsonObject neighbour(each, where, error);
    found.nearest = Neighbour{neighbour.text("token"), neighbour.text("words"),
                              neighbour.number<std::size_t>("steps")};
  });
  found.runs = object.number<std::size_t>("runs");
  found.steps = object.number<std::size_t>("steps");
  found.whole = object.truth("whole");
  object.elements("outcomes", [&](const json::value& each, const std::string& where) {
    JsonObject outcome(each, where, error);
    found.outcomes.push_back({outcome.text("words"), outcome.truth("wanted"),
                              outcome.number<std::size_t>("runs"),
                              outcome.number<EventNumber>("last_event"),
                              outcome.seconds("until_seconds"), outcome.text("last_packet")});
  });
  return found;
}

RunReport run_of(const json::value& value, const std::string& place, std::string& error) {
  JsonObject object(value, place, error);
  RunReport run;
  run.position = object.number<std::size_t>("position");
  run.scenario = object.text("scenario");
  run.variant = object.text_or_nothing("variant");
  run.token = object.text_or_nothing("token");
  run.file = object.text("file");
  run.about = object.text("about");
  run.seed = object.number<std::uint64_t>("seed");
  const std::string outcome = object.text("outcome");
  const auto known = outcome_of(outcome);
  if (known) {
    run.verdict.outcome = *known;
  } else {
    object.complain(fmt::format("has an unknown outcome '{}'", outcome));
  }
  run.on_wire = object.has("wire") && object.truth("wire");
  run.verdict.reason = object.text_or_nothing("reason");
  if (object.has("reason_line")) {
    run.verdict.line = object.number<int>("reason_line", 0, kMostLines);
  }
  run.checksum = object.hexadecimal("checksum");
  run.events = object.number<std::size_t>("events");
  run.virtual_time = object.seconds("virtual_seconds");
  run.wall_time = object.seconds("wall_seconds");
  object.elements("expectations", [&](const json::value& each, const std::string& where) {
    run.verdict.findings.push_back(finding_of(each, where, error));
  });
  if (object.has("idle")) {
    run.variants = object.number<std::size_t>("variants");
    object.elements("idle", [&](const json::value& each, const std::string& where) {
      JsonObject idle(each, where, error);
      run.idle.push_back({idle.number<UseMark>("purpose"), idle.number<int>("line", 0, kMostLines),
                          idle.text("text"), idle.truth("reached")});
    });
  }
  run.trace_file = object.text_or_nothing("trace_file");
  run.capture_file = object.text_or_nothing("capture_file");
  run.interface = object.text_or_nothing("interface");
  object.if_there("what_if", [&](const json::value& each, const std::string& where) {
    run.what_if = what_if_of(each, where, error);
  });
  if (object.has("trace")) run.detail = detail_of(object);
  if (object.has("logs")) {
    object.elements("logs", [&](const json::value& each, const std::string& where) {
      JsonObject log(each, where, error);
      run.logs.push_back({log.text("daemon"), log.text("text")});
    });
  }
  // Its 'repeat' is not read: people paste that line, so it is made here, of what was read.
  return run;
}

}  // namespace

Expected<SuiteReport> read_json_report(std::string_view text, const std::string& file) {
  const auto value = parse_json(text);
  if (!value) {
    return fail(value.error().to_string() + "; was the run that wrote it cut short?", file);
  }
  std::string error;
  JsonObject object(*value, "", error);
  if (object.members() == nullptr || !object.has("version") || !object.has("runs")) {
    return fail("this is JSON, but no report of 'provlab run --json'", file);
  }
  if (const int version = object.number<int>("version"); version != kJsonVersion) {
    return fail(fmt::format("the report is of version {}, and this program reads version {}; run "
                            "the shards and the report with the same provlab",
                            version, kJsonVersion),
                file);
  }
  if (const std::string program = object.text("provlab"); program != kProgramVersion) {
    return fail(fmt::format("the report is one of provlab {}, and this is provlab {}; run the "
                            "shards and the report with the same one",
                            shortened(program), kProgramVersion),
                file);
  }
  SuiteReport suite;
  suite.suite = object.hexadecimal("suite");
  const auto shard = parse_shard(object.text("shard"));
  if (shard) {
    suite.shard = *shard;
  } else {
    object.complain("has a 'shard' that is none: " + shard.error().text);
  }
  suite.total = object.number<std::size_t>("total");
  suite.files = object.number<std::size_t>("files");
  suite.ended_early = object.has("ended_early") && object.truth("ended_early");
  suite.unreadable = object.number<std::size_t>("unreadable");
  suite.jobs = object.number<unsigned>("threads", 1, kMostThreads);
  suite.wall_time = object.seconds("wall_seconds");
  const auto complaints = [&](const char* member, std::vector<Complaint>& target) {
    object.elements(member, [&](const json::value& each, const std::string& place) {
      JsonObject complaint(each, place, error);
      target.push_back({complaint.text("file"), complaint.number<int>("line", 0, kMostLines),
                        complaint.text("text")});
    });
  };
  complaints("complaints", suite.complaints);
  complaints("notes", suite.notes);
  suite.strict = object.truth("strict");
  if (suite.unreadable > suite.complaints.size()) {
    object.complain("has an 'unreadable' of which its 'complaints' know nothing");
  }
  object.elements("runs", [&](const json::value& each, const std::string& place) {
    suite.runs.push_back(run_of(each, place, error));
  });
  if (!error.empty()) return fail("the report is incomplete or was changed: " + error, file);
  return suite;
}

}  // namespace provlab::lab
