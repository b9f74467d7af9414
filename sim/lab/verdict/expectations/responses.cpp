// Expectations of the phone's responses to SIP requests of ours.
#include <fmt/format.h>

#include "sim/lab/verdict/expectations/comparison.hpp"
#include "sim/lab/verdict/expectations/header_lines.hpp"
#include "sim/lab/verdict/expectations/patterns.hpp"

namespace provlab::lab {

namespace {

std::string lines_told(EventNumber event, const Evidence& evidence) {
  return evidence.trace().event(event).field("contents").value_or("");
}

/// The first line: `SIP/2.0 405 Method Not Allowed`.
std::string status_line(EventNumber event, const Evidence& evidence) {
  const std::string lines = lines_told(event, evidence);
  return lines.substr(0, lines.find(" | "));
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
    const EventNumber first = same.front();
    return Departure{
        fmt::format("there came {}, with {}", status_line(first, evidence),
                    wanted.response.headers.empty()
                        ? "another time"
                        : shown_lines(wanted.response.headers, lines_told(first, evidence))),
        first};
  }
  other.status.clear();
  const auto others = matches(other, evidence);
  if (others.empty()) return Departure{"no response came"};
  return Departure{"there came " + status_line(others.front(), evidence), others.front()};
}

}  // namespace provlab::lab
