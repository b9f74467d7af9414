#include "sim/lab/comparing/compared_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "sim/lab/comparing/meaning.hpp"
#include "sim/lab/trace/narration.hpp"

namespace provlab::lab {

namespace {

/// What the lab prepares and looks up: it is no part of what happened.
bool is_of_lab(const LoggedEvent& event) {
  static constexpr std::array<std::string_view, 5> kNames{
      "scenario_started", "scenario_ended", "race_formed", "race_answer_held", "setting_observed"};
  return std::ranges::find(kNames, event.name) != kNames.end();
}

std::vector<Step> trace_steps(const TraceLog& log) {
  std::vector<Step> steps;
  std::vector<std::size_t> places(log.events().size() + 1, Step::kNone);
  for (const LoggedEvent& event : log.events()) {
    Step step{.at = event.at, .host = event.host, .event = event.number};
    if (event.cause != 0) step.cause = places[event.cause];
    const auto field = [&event](std::string_view key) -> std::optional<std::string> {
      return std::string(event.field(key));
    };
    // The lab's own differ from run to run, and others follow from them.
    if (is_of_lab(event)) {
      places[event.number] = step.cause;
      continue;
    }
    if (told_by_others(event.name, field)) step.weight = Step::Weight::link;
    step.meaning = meaning_of(event, step.moments);
    places[event.number] = steps.size();
    steps.push_back(std::move(step));
  }
  return steps;
}

/// What came of a run, from its trace.
class FacetReader {
 public:
  explicit FacetReader(const TraceLog& log) {
    for (const LoggedEvent& event : log.events()) read(event);
    if (under_way_) results_.lines.push_back(fmt::format("{}: is not over", run_));
  }

  std::vector<Facet> take(const KnownOfRun& known) {
    std::vector<Facet> facets;
    if (known.verdict != nullptr) facets.push_back(verdict(*known.verdict));
    for (Facet* facet : {&winners_, &results_, &sentences_, &requests_}) {
      facets.push_back(std::move(*facet));
    }
    if (known.settings != nullptr) {
      facets.push_back(settings(*known.settings));
    } else {
      facets.push_back(std::move(observed_));
      facets.push_back(std::move(sections_));
    }
    return facets;
  }

 private:
  void read(const LoggedEvent& event) {
    if (event.is("run_started")) {
      run_ = fmt::format("run {} ({})", event.field("run"), event.field("trigger"));
      under_way_ = true;
    } else if (event.is("winner_chosen")) {
      winners_.lines.push_back(
          fmt::format("{}: {}, {}", run_, event.field("source"), event.field("url")));
    } else if (event.is("run_ended")) {
      results_.lines.push_back(fmt::format("{}: {}", run_, event.field("result")));
      sentences_.lines.push_back(fmt::format("{}: {}", run_, event.field("sentence")));
      under_way_ = false;
    } else if (event.is("http_request_sent")) {
      requests_.lines.push_back(fmt::format("GET {}", event.field("url")));
    } else if (event.is("setting_observed") && event.field("moment").empty()) {
      observed_.lines.push_back(fmt::format(
          "{}: {}", event.field("path"),
          event.field("count") == "0" ? std::string_view("(none)") : event.field("value")));
    } else if (event.is("configuration_judged")) {
      sections_.lines.emplace_back(event.field("sections"));
    }
  }

  static Facet verdict(const Verdict& verdict) {
    Facet facet{.name = "verdict", .lines = {}};
    std::string line(to_string(verdict.outcome));
    if (!verdict.reason.empty()) line += ": " + verdict.reason;
    facet.lines.push_back(std::move(line));
    for (const Finding& finding : verdict.findings) {
      if (finding.held) continue;
      facet.lines.push_back(finding.line == 0
                                ? fmt::format("{}: {}", finding.text, finding.actual)
                                : fmt::format("line {}: expected {}; {}", finding.line,
                                              finding.expected, finding.actual));
    }
    return facet;
  }

  static Facet settings(const std::vector<Difference>& differences) {
    Facet facet{.name = "settings", .lines = {}};
    for (const Difference& each : differences) {
      facet.lines.push_back(each.order_only
                                ? fmt::format("{}: in another order", each.path)
                                : fmt::format("{}: {} → {}", each.path, each.from, each.to));
    }
    return facet;
  }

  std::string run_ = "before any run";
  bool under_way_ = false;
  Facet winners_{.name = "winner", .lines = {}};
  Facet results_{.name = "result", .lines = {}};
  Facet sentences_{.name = "sentence", .lines = {}};
  Facet requests_{.name = "requests", .lines = {}};
  Facet observed_{.name = "settings", .lines = {}};
  Facet sections_{.name = "sections changed", .lines = {}};
};

}  // namespace

std::string ComparedRun::words(std::size_t step) const {
  const Step& which = steps[step];
  if (capture) return which.said;
  const LoggedEvent& event = log.event(which.event);
  if (which.weight == Step::Weight::link) {
    if (event.is("packet_received")) return "gets " + packet_words(step);
    if (event.is("packet_sent")) return fmt::format("sends a packet to {}", event.field("to"));
  }
  std::string words = event_sentence(
      event.name,
      [&event](std::string_view key) -> std::optional<std::string> {
        const auto found = std::ranges::find(event.fields, key, &LoggedField::name);
        if (found == event.fields.end()) return std::nullopt;
        return found->value;
      },
      [&event] {
        std::vector<std::pair<std::string, std::string>> fields;
        for (const LoggedField& field : event.fields) fields.emplace_back(field.name, field.value);
        return fields;
      });
  for (const std::string_view mark : {"** ", "== ", "-- "}) {
    if (words.starts_with(mark)) return words.substr(mark.size());
  }
  return words;
}

std::string ComparedRun::packet_words(std::size_t arrival) const {
  const std::size_t sent = steps[arrival].cause;
  if (sent == Step::kNone || steps[sent].event == 0) return "a packet";
  const std::string& sender = steps[sent].host;
  const std::string_view flags = log.event(steps[sent].event).field("flags");
  if (flags == "SYN,ACK") return sender + "'s consent to a connection";
  if (flags.find("FIN") != flags.npos) return sender + "'s end of a connection";
  if (flags.find("RST") != flags.npos) return sender + "'s reset of a connection";
  for (std::size_t at = steps[sent].cause; at != Step::kNone && steps[at].host == sender;
       at = steps[at].cause) {
    if (name(at) != "answer_sent") continue;
    return fmt::format("{}'s {}", sender, log.event(steps[at].event).field("summary"));
  }
  return fmt::format("a packet of {}", sender);
}

std::string_view ComparedRun::name(std::size_t step) const {
  return capture ? std::string_view() : std::string_view(log.event(steps[step].event).name);
}

const Facet* ComparedRun::facet(std::string_view name) const {
  const auto found = std::ranges::find(facets, name, &Facet::name);
  return found == facets.end() ? nullptr : &*found;
}

ComparedRun compared_run(std::string title, TraceLog log, const KnownOfRun& known) {
  ComparedRun run{.title = std::move(title), .repeat = {}, .steps = {}, .facets = {}, .log = {}};
  run.steps = trace_steps(log);
  run.facets = FacetReader(log).take(known);
  run.log = std::move(log);
  return run;
}

}  // namespace provlab::lab
