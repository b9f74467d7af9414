#include <fmt/format.h>

#include <algorithm>

#include "sim/lab/language/load.hpp"
#include "sim/lab/report/json_reader.hpp"
#include "sim/lab/report/reports.hpp"
#include "sim/lab/trace/trace_log.hpp"
#include "tests/fuzz/targets.hpp"

namespace provlab::fuzz {

namespace {

using namespace lab;

/// A text that goes to a terminal has no control characters but its line ends.
std::string terminal_problem(std::string_view text) {
  const auto* const bad = std::ranges::find_if(text, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f;
  });
  if (bad == text.end()) return {};
  return fmt::format("a control character, {:#04x}, for the terminal", static_cast<int>(*bad));
}

}  // namespace

std::string scenario(std::string_view input) {
  static const bool ready = (prepare_language(), true);
  static_cast<void>(ready);
  const std::string file = "/nonexistent/fuzzed.xml";
  const PlanResult plan = compile_scenario(input, file);
  if (!plan) {
    if (plan.error().empty()) return "refused without a complaint";
    for (const Complaint& complaint : plan.error()) {
      if (complaint.to_string().size() > 10'000) return "a complaint as long as a scenario";
    }
    return {};
  }
  const TextResult written = write_out_scenario(input, file);
  if (!written) return "a scenario that cannot be written out";
  const PlanResult again = compile_scenario(*written, file);
  if (!again) return "written out it is wrong: " + again.error().front().to_string();
  const TextResult twice = write_out_scenario(*written, file);
  return twice && *twice == *written ? "" : "written out twice it differs";
}

std::string report(std::string_view input) {
  const auto suite = read_json_report(input, "report.json");
  if (!suite) return suite.error().to_string().size() > 2000 ? "an error as long as a report" : "";
  if (auto problem = terminal_problem(text_report(*suite, {.verbose = true})); !problem.empty()) {
    return problem;
  }
  if (junit_report(*suite).empty()) return "no JUnit";
  const std::string json = json_report(*suite);
  const auto again = read_json_report(json, "again.json");
  if (!again) return "the report that was written cannot be read: " + again.error().to_string();
  return json_report(*again) == json ? "" : "a report that is read and written differs";
}

std::string trace(std::string_view input) {
  const auto log = TraceLog::parse(input);
  if (!log) return log.error().to_string().size() > 2000 ? "an error as long as a trace" : "";
  const std::string lines = log->json_lines();
  const auto again = TraceLog::parse(lines);
  if (!again) return "the trace that was written cannot be read: " + again.error().to_string();
  return again->json_lines() == lines ? "" : "a trace that is read and written differs";
}

}  // namespace provlab::fuzz
