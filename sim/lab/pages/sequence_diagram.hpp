#pragma once
#include "sim/lab/pages/sequence.hpp"
#include "sim/lab/trace/trace_log.hpp"

namespace provlab::lab {

/// What a trace tells, made ready to be drawn.
SequenceDiagram sequence_diagram(const TraceLog& log);

}  // namespace provlab::lab
