#pragma once
#include "sim/lab/neighbours/base_run.hpp"
#include "sim/lab/suite/what_if.hpp"

namespace provlab::lab {

/// `multicast won, provisioned; GET /b.xml at prov`; of several runs each by its number.
std::string outcome_words(const OutcomeClass& outcome);
/// The same beside what the run itself came to: where the words would be equal, what differs.
std::string outcome_words(const OutcomeClass& outcome, const OutcomeClass& natural);

/// What happens to packets: `the NOTIFY of pbx at 92ms has come 1ms later`; empty for none.
std::string words_of_mishaps(const BaseRun& base, const Mishaps& mishaps);

/// What would have happened, and what would have come of it.
Neighbour words_of_neighbour(const BaseRun& base, const OutcomeClass& natural,
                             const Mishaps& mishaps, const OutcomeClass& outcome);

/// The same where a run of an exploration departs from the natural order in one thing less.
/// `missing`: that in words, `a is lost`.
Neighbour words_of_fewer_departures(const Deviations& fewer, const std::string& missing,
                                    const OutcomeClass& natural, const OutcomeClass& outcome);

}  // namespace provlab::lab
