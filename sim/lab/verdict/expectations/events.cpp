// Expectations of events, and of what never happens.
#include <fmt/format.h>

#include "sim/lab/trace/narration.hpp"
#include "sim/lab/verdict/expectations/comparison.hpp"
#include "sim/lab/verdict/expectations/patterns.hpp"

namespace provlab::lab {

namespace {

std::string told(EventNumber event, const Evidence& evidence) {
  return sentence_of(evidence.trace(), evidence.trace().event(event));
}

std::optional<Departure> first_of(const RequestPattern& unwanted, const Evidence& evidence) {
  const SeenRequests found = matches(unwanted, evidence, Edge::narrow);
  if (found.empty()) return std::nullopt;
  return Departure{"there came " + shown(*found.front(), evidence), found.front()->event};
}

std::optional<Departure> first_of(const ResponsePattern& unwanted, const Evidence& evidence) {
  const std::vector<EventNumber> found = matches(unwanted, evidence, Edge::narrow);
  if (found.empty()) return std::nullopt;
  return Departure{"it came: " + told(found.front(), evidence), found.front()};
}

/// Of events and of ends of runs.
template <class Pattern>
std::optional<Departure> first_of(const Pattern& unwanted, const Evidence& evidence) {
  const std::vector<EventNumber> found = matches(unwanted, evidence, Edge::narrow);
  if (found.empty()) return std::nullopt;
  return Departure{"it happened: " + told(found.front(), evidence), found.front()};
}

}  // namespace

std::string in_words(const ExpectEvent& wanted, const Evidence&) {
  return fmt::format("{} happens {}", wanted.event.to_string(), wanted.times.to_string());
}

std::optional<Departure> departure_from(const ExpectEvent& wanted, const Evidence& evidence) {
  const std::vector<EventNumber> found = matches(wanted.event, evidence);
  if (wanted.times(found.size(), matches(wanted.event, evidence, Edge::narrow).size())) {
    return std::nullopt;
  }
  if (!found.empty()) return Departure{"it happened " + times_text(found.size()), found.back()};
  // Any event of that name shows what was different.
  const std::vector<EventNumber> others =
      matches(EventPattern{wanted.event.name, {}, {}, {}}, evidence);
  if (others.empty()) return Departure{"it never happened"};
  return Departure{"there was only: " + told(others.front(), evidence), others.front()};
}

std::string in_words(const ExpectNever& unwanted, const Evidence&) {
  std::string text;
  for (const auto& pattern : unwanted.patterns) {
    text += (text.empty() ? "never " : ", nor ") +
            std::visit([](const auto& each) { return each.to_string(); }, pattern);
  }
  return text;
}

std::optional<Departure> departure_from(const ExpectNever& unwanted, const Evidence& evidence) {
  for (const auto& pattern : unwanted.patterns) {
    auto seen = std::visit([&](const auto& each) { return first_of(each, evidence); }, pattern);
    if (seen) return seen;
  }
  return std::nullopt;
}

}  // namespace provlab::lab
