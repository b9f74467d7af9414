// Expectations of the phone's settings, at the end or in mid-run.
#include <fmt/format.h>

#include "sim/lab/verdict/expectations/comparison.hpp"

namespace provlab::lab {

namespace {

bool wants_absence(const ExpectSetting& wanted) {
  return wanted.absent || (wanted.times && wanted.times->most == 0);
}

/// What the lab saw when it looked the path up.
struct Observed {
  std::size_t count = 0;
  std::string value;  ///< of the first
};

std::optional<std::string> wrong_number(const ExpectSetting& wanted, const Observed& seen) {
  if (wants_absence(wanted) ? seen.count == 0 : (*wanted.times)(seen.count)) return std::nullopt;
  if (seen.count == 0) return "it is not there";
  if (seen.count == 1) return fmt::format("it is there once, with '{}'", seen.value);
  return fmt::format("it is there {} times, first with '{}'", seen.count, seen.value);
}

std::optional<std::string> wrong_value(const ExpectSetting& wanted, const std::string& value) {
  if (wanted.equals ? value == *wanted.equals : value.find(wanted.contains) != value.npos) {
    return std::nullopt;
  }
  return fmt::format("it is '{}'", value);
}

}  // namespace

std::string in_words(const ExpectSetting& wanted, const Evidence&) {
  const std::string what = wanted.equals           ? fmt::format("is '{}'", *wanted.equals)
                           : wants_absence(wanted) ? std::string("is not there")
                           : wanted.times          ? "is there " + wanted.times->to_string()
                                                   : fmt::format("contains '{}'", wanted.contains);
  When when;
  when.at = wanted.at;
  return fmt::format("{} {}{}", wanted.path, what, when.to_string());
}

std::optional<Departure> departure_from(const ExpectSetting& wanted, const Evidence& evidence) {
  const auto observed = evidence.setting(wanted.path, wanted.at);
  if (!observed && wanted.at) {
    return Departure{
        evidence.moment(*wanted.at)
            ? "it was not looked up: the lab did not get there"
            : fmt::format("{} never happened, so it was not looked up", wanted.at->anchor)};
  }
  if (!observed) return Departure{"it was not looked up: the lab did not get to the end"};
  const TraceRecord record = evidence.trace().event(*observed);
  if (const auto problem = record.field("problem")) return Departure{*problem, *observed};
  const Observed seen{static_cast<std::size_t>(std::stoul(record.field("count").value_or("0"))),
                      record.field("value").value_or("")};
  const bool counted = wanted.absent || wanted.times;
  if (!counted && seen.count > 1) {
    return Departure{fmt::format("the path selects {} settings, not one", seen.count), *observed};
  }
  const auto wrong = counted           ? wrong_number(wanted, seen)
                     : seen.count == 0 ? std::optional<std::string>("there is no such setting")
                                       : wrong_value(wanted, seen.value);
  if (!wrong) return std::nullopt;
  return Departure{*wrong, wanted.at ? *observed : evidence.last_change()};
}

}  // namespace provlab::lab
