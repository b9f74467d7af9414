#pragma once
#include <string>
#include <vector>

#include "sim/lab/plan/expectation.hpp"
#include "sim/lab/verdict/evidence.hpp"

/// Which requests and events of a trace fit what an expectation says of them.
namespace provlab::lab {

bool fits(const RequestPattern& pattern, const SeenRequest& request, const Evidence& evidence,
          Edge edge = Edge::wide);
bool fits(const EventPattern& pattern, const TraceRecord& record, const Evidence& evidence,
          Edge edge = Edge::wide);

bool fits(const ResponsePattern& pattern, const TraceRecord& record, const Evidence& evidence,
          Edge edge = Edge::wide);

/// The lines of the message that an event tells of; nothing where it tells none.
std::string lines_of(const TraceRecord& record);

/// Whether a run's end is one of those results, and says so; at any time.
bool is_such_an_end(const ResultPattern& pattern, const TraceRecord& end);

using SeenRequests = std::vector<const SeenRequest*>;

/// All that fit, in their order.
SeenRequests matches(const RequestPattern& pattern, const Evidence& evidence,
                     Edge edge = Edge::wide);
std::vector<EventNumber> matches(const ResponsePattern& pattern, const Evidence& evidence,
                                 Edge edge = Edge::wide);
std::vector<EventNumber> matches(const EventPattern& pattern, const Evidence& evidence,
                                 Edge edge = Edge::wide);

/// The ends of runs that fit.
std::vector<EventNumber> matches(const ResultPattern& pattern, const Evidence& evidence,
                                 Edge edge = Edge::wide);

/// `GET /a.xml at prov (1.2s)`, a list of such, or `no such request`.
std::string shown(const SeenRequest& request, const Evidence& evidence);
std::string shown(const SeenRequests& requests, const Evidence& evidence);

}  // namespace provlab::lab
