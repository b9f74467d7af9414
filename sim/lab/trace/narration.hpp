#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/record/trace.hpp"

namespace provlab::lab {

using FieldLookup = std::function<std::optional<std::string>(std::string_view key)>;
using FieldListing = std::function<std::vector<std::pair<std::string, std::string>>()>;

/// `words` with the event's values in place of `{field}`; `-` for one that it does not have. The
/// value in place of `{field~}` is a length of time, told as people say it.
std::string filled(std::string_view words, const FieldLookup& field);
/// What the event says, as a sentence whose subject is its host: `asks 192.0.2.1 for the time`.
std::string event_sentence(std::string_view event, const FieldLookup& field,
                           const FieldListing& fields);
/// Whether another event of the same moment tells of it, or most readers have no interest in it.
bool told_by_others(std::string_view event, const FieldLookup& field);

/// One event as a sentence with its subject: `device asks 192.0.2.1 for the time`.
std::string sentence_of(const Trace& trace, const TraceRecord& record);

/// One event as the log of the device itself has it, without its subject; nothing for what is of no
/// interest there, or concerns the machine that plays it.
std::optional<std::string> log_sentence(const TraceRecord& record);

/// The time line of a whole run, a line for each event: who said what to whom, and what was
/// decided. Packets are left out where an event of their protocol tells of them, unless they were
/// lost. From a minute on the wall clock stands beside the offset; `epoch` is what it shows at the
/// start. Of a run of more than 20,000 events begin and end are told.
std::vector<std::string> narrate(const Trace& trace, WallTime epoch);

/// The lines of the time line around an event, which is marked by `>`.
std::vector<std::string> narrate_around(const Trace& trace, EventNumber event, WallTime epoch);

}  // namespace provlab::lab
