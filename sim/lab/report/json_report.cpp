#include <fmt/format.h>

#include <algorithm>

#include "sim/lab/report/json_what_if.hpp"
#include "sim/lab/report/json_writer.hpp"
#include "sim/lab/report/reports.hpp"

namespace provlab::lab {

namespace {

void write(JsonWriter& json, const Finding& finding) {
  json.object();
  json.member("line", finding.line);
  json.member("expectation", finding.text);
  json.member("held", finding.held);
  json.member("expected", finding.expected);
  if (!finding.held) json.member("actual", finding.actual);
  if (!finding.not_judged.empty()) json.member("not_judged", finding.not_judged);
  if (!finding.why.empty()) json.member("why", finding.why);
  if (!finding.invariant.empty()) json.member("invariant", finding.invariant);
  if (finding.event != 0) json.member("event", finding.event);
  if (!finding.slice.empty()) {
    json.array("time_line");
    for (const std::string& line : finding.slice) json.text(line);
    json.end_array();
  }
  json.end_object();
}

void write(JsonWriter& json, const PacketContent& content) {
  json.object();
  json.member("event", content.event);
  if (content.first != 0) json.member("first", content.first);
  if (!content.parts.empty()) {
    json.array("parts");
    for (const ContentPart& part : content.parts) {
      json.object();
      json.member("heading", part.heading);
      json.member("text", part.text);
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
}

void write(JsonWriter& json, const RunDetail& detail) {
  json.array("settings");
  for (const Difference& each : detail.settings) {
    json.object();
    json.member("path", each.path);
    if (!each.order_only) {
      json.member("from", each.from);
      json.member("to", each.to);
    }
    json.end_object();
  }
  json.end_array();
  json.member("source", detail.source);
  json.array("contents");
  for (const PacketContent& each : detail.contents) write(json, each);
  json.end_array();
  json.array("trace");
  std::string_view rest = detail.trace;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    json.out += json.out.ends_with('}') ? ",\n" : "\n";
    json.out += rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  json.end_array();
}

/// Who puts shards together needs to know what did nothing in each run.
void write_idle(JsonWriter& json, const RunReport& run) {
  json.member("variants", run.variants);
  json.array("idle");
  for (const IdlePurpose& each : run.idle) {
    json.object();
    json.member("purpose", each.number);
    json.member("line", each.line);
    json.member("text", each.text);
    json.member("reached", each.reached);
    json.end_object();
  }
  json.end_array();
}

void write(JsonWriter& json, const Complaint& complaint) {
  json.object();
  json.member("file", complaint.file);
  json.member("line", complaint.line);
  json.member("text", complaint.text);
  json.end_object();
}

void write(JsonWriter& json, const RunReport& run, Details details, bool of_shard) {
  json.object();
  json.member("position", run.position);
  json.member("scenario", run.scenario);
  if (!run.variant.empty()) json.member("variant", run.variant);
  if (!run.token.empty()) json.member("token", run.token);
  json.member("file", run.file);
  json.member("about", run.about);
  json.member("seed", run.seed);
  json.member("outcome", to_string(run.verdict.outcome));
  if (run.on_wire) json.member("wire", true);
  if (!run.verdict.reason.empty()) json.member("reason", run.verdict.reason);
  if (run.verdict.line != 0) json.member("reason_line", run.verdict.line);
  json.member("checksum", fmt::format("{:016x}", run.checksum));
  json.member("events", run.events);
  json.seconds("virtual_seconds", run.virtual_time, 9);
  json.seconds("wall_seconds", run.wall_time, 6);
  json.array("expectations");
  for (const Finding& finding : run.verdict.findings) write(json, finding);
  json.end_array();
  if (of_shard) write_idle(json, run);
  if (run.what_if) write_what_if(json, *run.what_if);
  json.member("repeat", run.repeat());
  if (!run.trace_file.empty()) json.member("trace_file", run.trace_file);
  if (!run.capture_file.empty()) json.member("capture_file", run.capture_file);
  if (!run.interface.empty()) json.member("interface", run.interface);
  const bool wanted = keeps(details, run.verdict.outcome);
  if (wanted && !run.logs.empty()) {
    json.array("logs");
    for (const DaemonLog& each : run.logs) {
      json.object();
      json.member("daemon", each.daemon);
      json.member("text", each.text);
      json.end_object();
    }
    json.end_array();
  }
  if (wanted && run.detail) write(json, *run.detail);
  json.end_object();
}

}  // namespace

std::string json_report(const SuiteReport& suite, Details details) {
  JsonWriter json;
  json.object();
  json.member("version", kJsonVersion);
  json.member("provlab", kProgramVersion);
  json.member("suite", fmt::format("{:016x}", suite.suite));
  json.member("shard", suite.shard.to_string());
  json.member("total", suite.total);
  json.member("files", suite.files);
  json.member("unreadable", suite.unreadable);
  json.member("passed", suite.count(Outcome::passed));
  json.member("failed", suite.count(Outcome::failed));
  json.member("invalid", suite.count(Outcome::invalid));
  json.member("broken", suite.count(Outcome::broken));
  json.member("too_slow", suite.count(Outcome::too_slow));
  json.member("left_out", suite.count(Outcome::left_out));
  if (suite.ended_early) json.member("ended_early", true);
  json.member("exit_code", suite.exit_code());
  json.member("threads", suite.jobs);
  json.seconds("wall_seconds", suite.wall_time, 6);
  json.array("complaints");
  for (const Complaint& complaint : suite.complaints) write(json, complaint);
  json.end_array();
  json.member("strict", suite.strict);
  json.array("notes");
  for (const Complaint& note : suite.notes) write(json, note);
  json.end_array();
  json.array("runs");
  for (const RunReport& run : suite.runs) {
    json.out += json.out.ends_with('}') ? ",\n" : "\n";
    JsonWriter one;
    write(one, run, details, suite.shard.count > 1);
    json.out += one.out;
  }
  json.end_array();
  json.end_object();
  return json.out + "\n";
}

}  // namespace provlab::lab
