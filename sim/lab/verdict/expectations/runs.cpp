// Expectations of provisioning runs: how they ended, and where their URL came from.
#include <fmt/format.h>

#include <algorithm>

#include "sim/lab/trace/narration.hpp"
#include "sim/lab/verdict/expectations/comparison.hpp"
#include "sim/lab/verdict/expectations/patterns.hpp"

namespace provlab::lab {

namespace {

std::string name_of(const RunNumber& run) {
  return run.last ? "the last run" : fmt::format("run {}", std::max(run.number, 1U));
}

/// The run that an expectation is about; null where no_such_run() says why there is none.
const SeenRun* run_of(const RunNumber& wanted, const std::vector<SeenRun>& runs) {
  if (wanted.last && !runs.empty()) return &runs.back();
  if (wanted.number != 0) return wanted.number <= runs.size() ? &runs[wanted.number - 1] : nullptr;
  return runs.size() == 1 ? &runs.front() : nullptr;
}

Departure no_such_run(const RunNumber& wanted, const std::vector<SeenRun>& runs) {
  const std::string there =
      runs.size() == 1 ? "was 1 run" : fmt::format("were {} runs", runs.size());
  if (wanted.number != 0) return {fmt::format("there {} only", there)};
  if (runs.empty()) return {"no run started"};
  return {fmt::format("there {}; say which is meant by run=\"...\"", there)};
}

/// What is said of a run without an end, where the power may have taken it. The place of a cut is
/// what the phone did last before it.
Departure unended(const SeenRun& run, const Evidence& evidence, std::string_view what) {
  const EventNumber cut = evidence.power_cut(run);
  if (cut == 0) return {std::string(what), 0};
  const Trace& trace = evidence.trace();
  EventNumber before = cut - 1;
  const auto tells = [&](const TraceRecord& record) {
    return record.host() == trace.event(cut).host() && log_sentence(record).has_value();
  };
  while (before > run.started && !tells(trace.event(before))) --before;
  const int line = evidence.line_of_cut(cut);
  return {fmt::format("{}: the power went at {}{}, just after the phone {}", what,
                      provlab::to_string(trace.event(cut).at().time_since_epoch()),
                      line == 0 ? "" : fmt::format(" (line {})", line),
                      log_sentence(trace.event(before)).value_or("started it")),
          cut};
}

/// The source that is to win.
std::string source_wanted(const ExpectWinner& wanted, const Evidence& evidence) {
  return wanted.is == "first-answer" ? evidence.race().first_source() : wanted.is;
}

}  // namespace

std::string in_words(const ExpectResult& wanted, const Evidence&) {
  return fmt::format("{} ends {}", name_of(wanted.run), wanted.result.to_string());
}

std::optional<Departure> departure_from(const ExpectResult& wanted, const Evidence& evidence) {
  const SeenRun* run = run_of(wanted.run, evidence.runs());
  if (run == nullptr) return no_such_run(wanted.run, evidence.runs());
  if (!run->ended) return unended(*run, evidence, "the run did not end");
  const TraceRecord end = evidence.trace().event(*run->ended);
  if (!is_such_an_end(wanted.result, end)) {
    return Departure{fmt::format("it ended {}: {}", end.field("result").value_or(""),
                                 end.field("sentence").value_or("")),
                     end.number()};
  }
  if (evidence.in_time(wanted.result.when, end.at(), Edge::wide)) return std::nullopt;
  return Departure{fmt::format("it ended at {}", provlab::to_string(end.at().time_since_epoch())),
                   end.number()};
}

std::string in_words(const ExpectWinner& wanted, const Evidence& evidence) {
  const std::string source = source_wanted(wanted, evidence);
  if (source == "none") return "no source gives a URL";
  return fmt::format("the URL comes from {}{}{}", source,
                     wanted.is == "first-answer" ? ", whose answer arrived first" : "",
                     wanted.url.empty() ? "" : ": " + wanted.url);
}

std::optional<Departure> departure_from(const ExpectWinner& wanted, const Evidence& evidence) {
  const SeenRun* run = run_of(wanted.run, evidence.runs());
  if (run == nullptr) return no_such_run(wanted.run, evidence.runs());
  const std::string source = source_wanted(wanted, evidence);
  if (!run->winner) {
    if (source == "none") return std::nullopt;
    if (!run->ended) return unended(*run, evidence, "no source won");
    return Departure{"no source won", *run->ended};
  }
  const TraceRecord winner = evidence.trace().event(*run->winner);
  const std::string actual = winner.field("source").value_or("");
  const std::string url = winner.field("url").value_or("");
  if (actual == source && (wanted.url.empty() || url == wanted.url)) return std::nullopt;
  return Departure{fmt::format("{} won with {}", actual, url), winner.number()};
}

}  // namespace provlab::lab
