#pragma once
#include <string>
#include <vector>

#include "core/platform/trace.hpp"

namespace provlab::lab {

/// One event as people read it: `   1.234 s  device      asks for the name prov.server.com …`.
std::string describe(const Trace& trace, const TraceRecord& record);

/// The whole run, one line an event: who said what to whom, and what was decided. Packets are left
/// out where an event of their protocol tells of them, unless they were lost.
std::vector<std::string> time_line(const Trace& trace);

/// The lines around an event, itself marked by `>`.
std::vector<std::string> time_line_around(const Trace& trace, EventNumber event);

}  // namespace provlab::lab
