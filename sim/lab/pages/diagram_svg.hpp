#pragma once
#include <string>

#include "sim/lab/pages/sequence_diagram.hpp"

namespace provlab::lab {

struct DiagramOptions {
  bool transport = false;          ///< with handshakes and further segments
  std::size_t most_points = 3000;  ///< the table of events has the rest
};

/// The diagram as SVG, time running downwards: one row for each thing that happens, silences cut
/// short and marked. Messages and marks are links to the rows `e12` of the table of events.
std::string diagram_svg(const SequenceDiagram& diagram, const DiagramOptions& options);

/// The hosts' names, as wide as the diagram: it stays in sight while the diagram scrolls.
std::string diagram_heading(const SequenceDiagram& diagram);

}  // namespace provlab::lab
