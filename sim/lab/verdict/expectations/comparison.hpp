#pragma once
#include <optional>
#include <string>

#include "sim/lab/plan/expectation.hpp"
#include "sim/lab/verdict/evidence.hpp"

/// What a scenario expects, held against the evidence: for each kind of expectation two functions,
/// one that puts it into words and one that says how the run departs from it.
namespace provlab::lab {

/// What happened instead of what was expected.
struct Departure {
  std::string actual;    ///< a sentence without full stop
  EventNumber near = 0;  ///< where it shows; 0: at the end of the trace
};

// A sentence without full stop.
std::string in_words(const ExpectResult& wanted, const Evidence& evidence);
std::string in_words(const ExpectWinner& wanted, const Evidence& evidence);
std::string in_words(const ExpectRequest& wanted, const Evidence& evidence);
std::string in_words(const ExpectResponse& wanted, const Evidence& evidence);
std::string in_words(const ExpectRequests& wanted, const Evidence& evidence);
std::string in_words(const ExpectEvent& wanted, const Evidence& evidence);
std::string in_words(const ExpectNever& unwanted, const Evidence& evidence);
std::string in_words(const ExpectSetting& wanted, const Evidence& evidence);

// Nothing where the expectation holds.
std::optional<Departure> departure_from(const ExpectResult& wanted, const Evidence& evidence);
std::optional<Departure> departure_from(const ExpectWinner& wanted, const Evidence& evidence);
std::optional<Departure> departure_from(const ExpectRequest& wanted, const Evidence& evidence);
std::optional<Departure> departure_from(const ExpectResponse& wanted, const Evidence& evidence);
std::optional<Departure> departure_from(const ExpectRequests& wanted, const Evidence& evidence);
std::optional<Departure> departure_from(const ExpectEvent& wanted, const Evidence& evidence);
std::optional<Departure> departure_from(const ExpectNever& unwanted, const Evidence& evidence);
std::optional<Departure> departure_from(const ExpectSetting& wanted, const Evidence& evidence);

}  // namespace provlab::lab
