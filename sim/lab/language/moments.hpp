#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/language/element.hpp"
#include "sim/lab/plan/expectation.hpp"

/// Moments hang on events of the trace and on results of runs; these readers know both.
namespace provlab::lab {

/// What an attribute says, which may hang on an event or a result that there is. An event's name is
/// as good with `-` as with `_`.
std::optional<Moment> read_moment(const Element& element, const char* attribute);

/// at, within, of.
When read_when(const Element& element);

/// An event's name as the trace spells it: `run-ended` is `run_ended`.
std::string event_name(std::string name);
std::vector<std::string> event_names();
/// How runs can end, as scenarios and traces call it.
const std::vector<std::string>& result_names();
bool is_result(std::string_view name);

}  // namespace provlab::lab
