#pragma once
#include <string>

#include "sim/record/trace.hpp"

namespace provlab::lab {

/// What goes on at the end of a trace, as part of a sentence: the events that come again and again,
/// in their order, where they are always the same ones; else those that are most frequent.
std::string what_repeats(const Trace& trace);

}  // namespace provlab::lab
