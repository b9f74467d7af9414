#include "sim/lab/verdict/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/lab/trace/narration.hpp"
#include "sim/lab/verdict/evidence.hpp"
#include "sim/lab/verdict/invariants.hpp"

namespace provlab::lab {

namespace {

/// Evaluates the expectations of one run.
class Judge {
 public:
  explicit Judge(const Evidence& evidence) : evidence_(evidence), trace_(evidence.trace()) {}

  Finding evaluate(const Expectation& expectation) {
    finding_ = Finding{expectation.line, expectation.text, true, {}, {}, expectation.why, {}, 0};
    std::visit([this](const auto& what) { check(what); }, expectation.what);
    return std::move(finding_);
  }

 private:
  void expect(std::string text) { finding_.expected = std::move(text); }
  void fail(std::string actual, EventNumber near) {
    finding_.held = false;
    finding_.actual = std::move(actual);
    if (near == 0) near = static_cast<EventNumber>(trace_.size());
    finding_.event = near;
    finding_.slice = narrate_around(trace_, near);
  }

  // Runs

  /// The run an expectation is about, or null when fail() was called.
  const SeenRun* run(const RunNumber& wanted) {
    const auto& runs = evidence_.runs();
    if (wanted.last && !runs.empty()) return &runs.back();
    if (wanted.number != 0 && wanted.number <= runs.size()) return &runs[wanted.number - 1];
    if (wanted.number != 0) {
      fail(fmt::format("there {} only", runs_text()), 0);
    } else if (runs.size() == 1) {
      return &runs.front();
    } else {
      fail(runs.empty() ? "no run started"
                        : fmt::format("there {}; say which is meant by run=\"...\"", runs_text()),
           0);
    }
    return nullptr;
  }
  std::string runs_text() const {
    const std::size_t count = evidence_.runs().size();
    return count == 1 ? "was 1 run" : fmt::format("were {} runs", count);
  }

  static std::string name_of(const RunNumber& run) {
    return run.last ? "the last run" : fmt::format("run {}", std::max(run.number, 1U));
  }

  void check(const ExpectResult& wanted) {
    expect(fmt::format("{} ends {}{}{}", name_of(wanted.run), fmt::join(wanted.is, " or "),
                       wanted.says.empty() ? "" : fmt::format(" and says '{}'", wanted.says),
                       wanted.when.to_string()));
    const SeenRun* found = run(wanted.run);
    if (found == nullptr) return;
    if (!found->ended) return fail("the run did not end", 0);
    const TraceRecord end = trace_.event(*found->ended);
    const std::string result = end.field("result").value_or("");
    const std::string sentence = end.field("sentence").value_or("");
    if (std::ranges::find(wanted.is, result) == wanted.is.end() ||
        sentence.find(wanted.says) == std::string::npos) {
      return fail(fmt::format("it ended {}: {}", result, sentence), end.number());
    }
    if (!evidence_.in_time(wanted.when, end.at())) {
      fail(fmt::format("it ended at {}", provlab::to_string(end.at().time_since_epoch())),
           end.number());
    }
  }

  void check(const ExpectWinner& wanted) {
    std::string source = wanted.is;
    if (wanted.is == "first-answer") source = evidence_.race().first_source();
    expect(source == "none"
               ? std::string("no source gives a URL")
               : fmt::format("the URL comes from {}{}{}", source,
                             wanted.is == "first-answer" ? ", whose answer arrived first" : "",
                             wanted.url.empty() ? "" : ": " + wanted.url));
    const SeenRun* found = run(wanted.run);
    if (found == nullptr) return;
    if (!found->winner) {
      if (source != "none") fail("no source won", found->ended.value_or(0));
      return;
    }
    const TraceRecord winner = trace_.event(*found->winner);
    const std::string actual = winner.field("source").value_or("");
    const std::string url = winner.field("url").value_or("");
    if (actual != source || (!wanted.url.empty() && url != wanted.url)) {
      fail(fmt::format("{} won with {}", actual, url), winner.number());
    }
  }

  // Requests

  bool fits(const RequestPattern& pattern, const SeenRequest& request) {
    if (!pattern.to.empty() && trace_.host_name(request.host) != pattern.to) return false;
    if (!pattern.kind.empty() && request.kind != pattern.kind) return false;
    if (!pattern.is.empty() &&
        !netfakes::names(pattern.is, netfakes::Request{request.text, request.detail})) {
      return false;
    }
    if (!pattern.path.empty() && !path_fits(pattern.path, request)) return false;
    return evidence_.in_time(pattern.when, request.at);
  }

  bool path_fits(const std::string& path, const SeenRequest& request) {
    const std::string_view text = request.text;
    const std::size_t space = text.find(' ');
    if (request.kind != "http" || space == std::string_view::npos) return false;
    const std::string_view target = text.substr(space + 1);
    if (path != "winner" && path != "loser") return target == path;
    const std::vector<std::string>& targets = evidence_.race().targets(path == "winner");
    return std::ranges::find(targets, target) != targets.end();
  }

  std::string show(const SeenRequest& request) const {
    return fmt::format("{} at {} ({})", request.text, trace_.host_name(request.host),
                       provlab::to_string(request.at.time_since_epoch()));
  }
  std::string show(const std::vector<const SeenRequest*>& requests) const {
    if (requests.empty()) return "no such request";
    std::string text;
    for (const SeenRequest* request : requests) text += (text.empty() ? "" : ", ") + show(*request);
    return text;
  }

  void check(const ExpectRequest& wanted) {
    expect(fmt::format("{} comes {}", wanted.request.to_string(), wanted.times.to_string()));
    std::vector<const SeenRequest*> found;
    for (const SeenRequest& request : evidence_.requests()) {
      if (fits(wanted.request, request)) found.push_back(&request);
    }
    if (wanted.times(found.size())) return;
    if (found.empty()) {
      // The same without its time shows whether it came at the wrong moment.
      RequestPattern any_time = wanted.request;
      any_time.when = {};
      for (const SeenRequest& request : evidence_.requests()) {
        if (fits(any_time, request)) found.push_back(&request);
      }
      if (!found.empty()) return fail("it came at another time: " + show(found), found[0]->event);
      return fail("it never came", 0);
    }
    fail(fmt::format("it came {}: {}", times_text(found.size()), show(found)), found.back()->event);
  }

  void check(const ExpectRequests& wanted) {
    std::string text;
    for (const RequestPattern& pattern : wanted.requests) {
      text += (text.empty() ? "" : ", ") + pattern.to_string();
    }
    expect(fmt::format("{} {}{}", wanted.others ? "among others" : "exactly", text,
                       wanted.in_order ? ", in this order" : ", in any order"));
    std::set<std::string> kinds;
    for (const RequestPattern& pattern : wanted.requests) {
      kinds.insert(!wanted.kind.empty()   ? wanted.kind
                   : pattern.kind.empty() ? "http"
                                          : pattern.kind);
    }
    std::vector<const SeenRequest*> seen;
    for (const SeenRequest& request : evidence_.requests()) {
      if (kinds.contains(std::string(request.kind)) &&
          (wanted.to.empty() || trace_.host_name(request.host) == wanted.to)) {
        seen.push_back(&request);
      }
    }
    const EventNumber odd = wanted.in_order ? out_of_order(wanted, seen) : not_among(wanted, seen);
    if (odd != 0) {
      fail("there came " + show(seen), odd == kNoEvent ? 0 : odd);
    }
  }

  static constexpr EventNumber kNoEvent = UINT32_MAX;

  /// The event where the requests depart from what is wanted; kNoEvent where they end too early; 0
  /// where all is well.
  EventNumber out_of_order(const ExpectRequests& wanted,
                           const std::vector<const SeenRequest*>& seen) {
    std::size_t next = 0;
    for (const SeenRequest* request : seen) {
      if (next < wanted.requests.size() && fits(wanted.requests[next], *request)) {
        ++next;
      } else if (!wanted.others) {
        return request->event;
      }
    }
    return next < wanted.requests.size() ? kNoEvent : 0;
  }

  EventNumber not_among(const ExpectRequests& wanted, const std::vector<const SeenRequest*>& seen) {
    std::vector<bool> used(wanted.requests.size());
    for (const SeenRequest* request : seen) {
      std::size_t i = 0;
      while (i < used.size() && (used[i] || !fits(wanted.requests[i], *request))) ++i;
      if (i < used.size()) {
        used[i] = true;
      } else if (!wanted.others) {
        return request->event;
      }
    }
    return std::ranges::find(used, false) == used.end() ? 0 : kNoEvent;
  }

  // Events and settings

  bool fits(const EventPattern& pattern, const TraceRecord& record) {
    if (!record.is(pattern.name)) return false;
    if (!pattern.host.empty() && trace_.host_name(record.host()) != pattern.host) return false;
    for (const FieldPattern& field : pattern.fields) {
      const auto value = record.field(field.field);
      if (!value || (field.is && *value != *field.is) ||
          value->find(field.contains) == std::string::npos) {
        return false;
      }
    }
    return evidence_.in_time(pattern.when, record.at());
  }

  std::vector<EventNumber> all(const EventPattern& pattern) {
    std::vector<EventNumber> found;
    for (const TraceRecord record : trace_) {
      if (fits(pattern, record)) found.push_back(record.number());
    }
    return found;
  }

  void check(const ExpectEvent& wanted) {
    expect(fmt::format("{} happens {}", wanted.event.to_string(), wanted.times.to_string()));
    const std::vector<EventNumber> found = all(wanted.event);
    if (wanted.times(found.size())) return;
    if (!found.empty()) {
      return fail("it happened " + times_text(found.size()), found.back());
    }
    EventPattern bare{wanted.event.name, {}, {}, {}};
    const std::vector<EventNumber> others = all(bare);
    if (others.empty()) return fail("it never happened", 0);
    fail("there was only " + sentence_of(trace_, trace_.event(others.front())), others.front());
  }

  void check(const ExpectNever& unwanted) {
    std::string text;
    for (const auto& pattern : unwanted.patterns) {
      text += (text.empty() ? "never " : ", nor ") +
              std::visit([](const auto& each) { return each.to_string(); }, pattern);
    }
    expect(text);
    for (const auto& pattern : unwanted.patterns) {
      if (const auto* request = std::get_if<RequestPattern>(&pattern)) {
        for (const SeenRequest& seen : evidence_.requests()) {
          if (fits(*request, seen)) return fail("there came " + show(seen), seen.event);
        }
      } else if (const auto found = all(std::get<EventPattern>(pattern)); !found.empty()) {
        return fail("it happened: " + sentence_of(trace_, trace_.event(found.front())),
                    found.front());
      }
    }
  }

  void check(const ExpectSetting& wanted) {
    const bool absent = wanted.absent || (wanted.times && wanted.times->most == 0);
    const std::string what = wanted.equals  ? fmt::format("is '{}'", *wanted.equals)
                             : absent       ? std::string("is not there")
                             : wanted.times ? "is there " + wanted.times->to_string()
                                            : fmt::format("contains '{}'", wanted.contains);
    expect(fmt::format("{} {}", wanted.path, what));
    const auto observed = evidence_.setting(wanted.path);
    if (!observed) return fail("it was not looked up: the lab did not get to the end", 0);
    const TraceRecord record = trace_.event(*observed);
    const auto problem = record.field("problem");
    if (problem) return fail(*problem, record.number());
    const auto count = static_cast<std::size_t>(std::stoul(record.field("count").value_or("0")));
    const std::string value = record.field("value").value_or("");
    if (wanted.absent || wanted.times) {
      if (absent ? count == 0 : (*wanted.times)(count)) return;
      return fail(count == 0   ? std::string("it is not there")
                  : count == 1 ? fmt::format("it is there once, with '{}'", value)
                               : fmt::format("it is there {} times, first with '{}'", count, value),
                  evidence_.last_change());
    }
    if (count == 0) return fail("there is no such setting", evidence_.last_change());
    if (count > 1) {
      return fail(fmt::format("the path selects {} settings, not one", count), record.number());
    }
    if (wanted.equals ? value == *wanted.equals
                      : value.find(wanted.contains) != std::string::npos) {
      return;
    }
    fail(fmt::format("it is '{}'", value), evidence_.last_change());
  }

  const Evidence& evidence_;
  const Trace& trace_;
  Finding finding_;
};

bool applies(const Expectation& expectation, const Variant& variant) {
  return expectation.variants.empty() ||
         std::ranges::any_of(expectation.variants, [&](const std::string& glob) {
           return glob_matches(glob, variant.name);
         });
}

Finding finding_of(const BrokenInvariant& broken, const Trace& trace) {
  Finding finding;
  finding.text = fmt::format("invariant {}", broken.invariant.number);
  finding.invariant = broken.invariant.number;
  finding.held = false;
  finding.expected = broken.promise();
  finding.actual = broken.actual;
  finding.why = "it holds of every run, whatever the scenario expects";
  finding.event = broken.event;
  finding.slice = narrate_around(trace, broken.event);
  return finding;
}

}  // namespace

Verdict judge(const ScenarioPlan& plan, const Variant& variant, const Trace& trace) {
  Verdict verdict;
  const Evidence evidence(plan, trace);
  for (const BrokenInvariant& broken : broken_invariants(plan, trace)) {
    verdict.findings.push_back(finding_of(broken, trace));
  }
  std::string problem = evidence.race().problem(variant);
  if (!problem.empty() && verdict.findings.empty()) {
    verdict.outcome = Outcome::invalid;
    verdict.reason = std::move(problem);
    return verdict;
  }
  std::ranges::move(evidence.unperformed(), std::back_inserter(verdict.findings));
  Judge judge(evidence);
  for (const Expectation& expectation : plan.expectations) {
    if (applies(expectation, variant)) verdict.findings.push_back(judge.evaluate(expectation));
  }
  if (verdict.failed() > 0) verdict.outcome = Outcome::failed;
  return verdict;
}

}  // namespace provlab::lab
