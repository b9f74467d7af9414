// Expectations of the phone's responses to SIP requests of ours.
#include <fmt/format.h>

#include "netfakes/events.hpp"
#include "sim/lab/verdict/expectations/comparison.hpp"
#include "sim/lab/verdict/expectations/header_lines.hpp"
#include "sim/lab/verdict/expectations/patterns.hpp"

namespace provlab::lab {

namespace {

/// The first line: `SIP/2.0 405 Method Not Allowed`.
std::string status_line(const TraceRecord& response) {
  const std::string lines = lines_of(response);
  return lines.substr(0, lines.find(netfakes::kBetweenLines));
}

}  // namespace

std::string in_words(const ExpectResponse& wanted, const Evidence&) {
  return fmt::format("{} comes {}", wanted.response.to_string(), wanted.times.to_string());
}

std::optional<Departure> departure_from(const ExpectResponse& wanted, const Evidence& evidence) {
  const std::vector<EventNumber> found = matches(wanted.response, evidence);
  if (wanted.times(found.size(), matches(wanted.response, evidence, Edge::narrow).size())) {
    return std::nullopt;
  }
  if (!found.empty()) {
    return Departure{fmt::format("it came {}", times_text(found.size())), found.back()};
  }
  // What came in its place: with other lines, else whatever there was to that request.
  ResponsePattern other = wanted.response;
  other.headers.clear();
  other.when = {};
  if (const auto same = matches(other, evidence); !same.empty()) {
    const TraceRecord first = evidence.trace().event(same.front());
    return Departure{fmt::format("there came {}, with {}", status_line(first),
                                 wanted.response.headers.empty()
                                     ? "another time"
                                     : shown_lines(wanted.response.headers, lines_of(first))),
                     first.number()};
  }
  other.status.clear();
  const auto others = matches(other, evidence);
  if (others.empty()) return Departure{"no response came"};
  const TraceRecord first = evidence.trace().event(others.front());
  return Departure{"there came " + status_line(first), first.number()};
}

}  // namespace provlab::lab
