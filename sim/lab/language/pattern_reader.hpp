#pragma once
#include "sim/lab/language/names.hpp"

/// Requests and events as expectations name them. What nobody could ever receive or record is
/// complained about: an expectation of it could not fail, or never hold.
namespace provlab::lab {

/// `<request>`.
RequestPattern read_request_pattern(const Element& element, const Names& names,
                                    const ScenarioPlan& plan);
/// `<response>`.
ResponsePattern read_response_pattern(const Element& element, const Names& names);
/// `<event>`.
EventPattern read_event_pattern(const Element& element, const Names& names);
/// `<result>`.
ResultPattern read_result_pattern(const Element& element);

}  // namespace provlab::lab
