#pragma once
#include <optional>
#include <string>

#include "sim/lab/language/element.hpp"
#include "sim/lab/plan/plan.hpp"

namespace provlab::lab {

/// Why no trace can have such an event, whatever the phone does: a field of it never has that
/// value, or it is none of that host. Nothing where one can, or where nobody knows. The plan has
/// its hosts, responders and answers.
std::optional<std::string> why_impossible(const EventPattern& pattern, const ScenarioPlan& plan);

/// Why nobody can ask for the path of a request: the last part of it stands nowhere in the scenario
/// but where it is expected, or nothing there asks. Nothing where it does, or where other files
/// could hold it.
std::optional<std::string> why_impossible(const RequestPattern& pattern, const Element& expectation,
                                          const ScenarioPlan& plan);

}  // namespace provlab::lab
