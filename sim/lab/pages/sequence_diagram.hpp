#pragma once
#include <span>

#include "sim/lab/contents/contents.hpp"
#include "sim/lab/pages/sequence.hpp"
#include "sim/lab/trace/trace_log.hpp"

namespace provlab::lab {

/// What a trace tells, made ready to be drawn. Its `contents` know which octets of streams were
/// sent again.
SequenceDiagram sequence_diagram(const TraceLog& log, std::span<const PacketContent> contents = {});

}  // namespace provlab::lab
