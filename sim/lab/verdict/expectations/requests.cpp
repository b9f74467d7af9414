// Expectations of requests that responders receive: how often one comes, and which come at all.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/discovery/events.hpp"
#include "sim/lab/verdict/expectations/comparison.hpp"
#include "sim/lab/verdict/expectations/header_lines.hpp"
#include "sim/lab/verdict/expectations/patterns.hpp"

namespace provlab::lab {

namespace {

constexpr EventNumber kEnd = 0;  ///< as in Departure

/// The requests that the list is about: of its protocols, at its host.
SeenRequests requests_meant(const ExpectRequests& wanted, const Evidence& evidence) {
  std::set<std::string> kinds;
  for (const RequestPattern& pattern : wanted.requests) {
    kinds.insert(!wanted.kind.empty() ? wanted.kind : pattern.kind.empty() ? "http" : pattern.kind);
  }
  SeenRequests meant;
  for (const SeenRequest& request : evidence.requests()) {
    if (kinds.contains(request.kind) &&
        (wanted.to.empty() || evidence.trace().host_name(request.host) == wanted.to)) {
      meant.push_back(&request);
    }
  }
  return meant;
}

/// Where the requests depart from the list; kEnd where they end too early.
std::optional<EventNumber> out_of_order(const ExpectRequests& wanted, const SeenRequests& seen,
                                        const Evidence& evidence) {
  std::size_t next = 0;
  for (const SeenRequest* request : seen) {
    if (next < wanted.requests.size() && fits(wanted.requests[next], *request, evidence)) {
      ++next;
    } else if (!wanted.others) {
      return request->event;
    }
  }
  if (next < wanted.requests.size()) return kEnd;
  return std::nullopt;
}

/// The same of a list without an order.
std::optional<EventNumber> not_among(const ExpectRequests& wanted, const SeenRequests& seen,
                                     const Evidence& evidence) {
  std::vector<bool> used(wanted.requests.size());
  for (const SeenRequest* request : seen) {
    std::size_t i = 0;
    while (i < used.size() && (used[i] || !fits(wanted.requests[i], *request, evidence))) ++i;
    if (i < used.size()) {
      used[i] = true;
    } else if (!wanted.others) {
      return request->event;
    }
  }
  if (std::ranges::find(used, false) != used.end()) return kEnd;
  return std::nullopt;
}

/// The source of the URL that such a request belongs to; empty where it may be another's or none's.
std::string source_of(const RequestPattern& wanted, const Evidence& evidence) {
  const ScenarioPlan& plan = evidence.plan();
  std::set<std::string> kinds;
  for (const ResponderPlan& responder : plan.responders) {
    const netfakes::ResponderKind& kind = netfakes::kind_of(responder.config);
    const std::string& host = plan.hosts[responder.host].options.name;
    const bool by_path = kind.name == "http" || kind.name == "redirect";
    if ((wanted.to.empty() || host == wanted.to) &&
        (wanted.kind.empty() || kind.name == wanted.kind) &&
        (wanted.is.empty() || kind.can_be_asked(wanted.is)) && (wanted.path.empty() || by_path)) {
      kinds.emplace(kind.name);
    }
  }
  if (kinds.size() != 1) return {};
  const std::string& kind = *kinds.begin();
  return kind == "redirect" || kind == "multicast" ? kind : std::string();
}

/// `; the source redirect was cancelled at 8ms, as multicast had won`, where that is why a request
/// never came, with its event; nothing else.
Departure never_came(const RequestPattern& wanted, const Evidence& evidence) {
  Departure departure{"it never came"};
  const std::string source = source_of(wanted, evidence);
  if (source.empty()) return departure;
  std::string winner;
  for (const TraceRecord record : evidence.trace()) {
    if (record.is<discovery::WinnerChosen>()) winner = record.field("source").value_or("");
    if (!record.is<discovery::SourceCancelled>() || !record.says("source", source)) continue;
    departure.actual = fmt::format("it never came; the source {} was cancelled at {}{}", source,
                                   provlab::to_string(record.at().time_since_epoch()),
                                   winner.empty() ? "" : fmt::format(", as {} had won", winner));
    departure.near = record.number();
  }
  return departure;
}

/// A request that never came as it is wanted.
Departure other_lines(const RequestPattern& wanted, const Evidence& evidence) {
  RequestPattern of_any_lines = wanted;
  of_any_lines.when = {};
  of_any_lines.headers.clear();
  const SeenRequests others = matches(of_any_lines, evidence);
  if (wanted.headers.empty() || others.empty()) return never_came(wanted, evidence);
  const SeenRequest& first = *others.front();
  return Departure{
      fmt::format("it came with other {}: {}: {}",
                  netfakes::kind_named(first.kind).fields.empty() ? "header lines" : "fields",
                  shown(first, evidence),
                  shown_lines(wanted.headers, lines_of(evidence.trace().event(first.event)))),
      first.event};
}

}  // namespace

std::string in_words(const ExpectRequest& wanted, const Evidence&) {
  return fmt::format("{} comes {}", wanted.request.to_string(), wanted.times.to_string());
}

std::optional<Departure> departure_from(const ExpectRequest& wanted, const Evidence& evidence) {
  const SeenRequests found = matches(wanted.request, evidence);
  if (wanted.times(found.size(), matches(wanted.request, evidence, Edge::narrow).size())) {
    return std::nullopt;
  }
  if (!found.empty()) {
    return Departure{
        fmt::format("it came {}: {}", times_text(found.size()), shown(found, evidence)),
        found.back()->event};
  }
  // The same without its time shows whether it came at the wrong moment, and without its header
  // lines what these were.
  RequestPattern at_any_time = wanted.request;
  at_any_time.when = {};
  const SeenRequests others = matches(at_any_time, evidence);
  if (others.empty()) return other_lines(wanted.request, evidence);
  return Departure{"it came at another time: " + shown(others, evidence), others.front()->event};
}

std::string in_words(const ExpectRequests& wanted, const Evidence&) {
  std::string list;
  for (const RequestPattern& pattern : wanted.requests) {
    list += (list.empty() ? "" : ", ") + pattern.to_string();
  }
  return fmt::format("{} {}{}", wanted.others ? "among others" : "exactly", list,
                     wanted.in_order ? ", in this order" : ", in any order");
}

std::optional<Departure> departure_from(const ExpectRequests& wanted, const Evidence& evidence) {
  const SeenRequests seen = requests_meant(wanted, evidence);
  const auto odd =
      wanted.in_order ? out_of_order(wanted, seen, evidence) : not_among(wanted, seen, evidence);
  if (!odd) return std::nullopt;
  return Departure{"there came " + shown(seen, evidence), *odd};
}

}  // namespace provlab::lab
