#pragma once
#include <span>
#include <string>

#include "sim/lab/pages/diagram_rows.hpp"
#include "sim/lab/pages/page_links.hpp"
#include "sim/lab/pages/sequence_diagram.hpp"

namespace provlab::lab {

/// Beside the diagram: up to when an outcome could be reached.
struct ReachBar {
  EventNumber last = 0;   ///< the event with which it was lost; 0: it never was
  std::string_view type;  ///< `own`, `good`, `other` or `share`
  std::string letter;
  std::string words;  ///< shown when the pointer rests on it
};

struct DiagramOptions {
  const PageLinks& links;
  bool transport = false;             ///< with handshakes and further segments
  std::size_t most_octets = 100'000;  ///< what does not fit is left out, and that is said
  std::span<const ReachBar> reach{};
  const DiagramRows* rows = nullptr;  ///< arranged by somebody else, who sees to the octets
};

/// The diagram as SVG, time running downwards: one row for each thing that happens, silences cut
/// short and marked. It is two drawings beside each other, times and phone, which stay where they
/// are, and the world, which scrolls below them; above them are the hosts' names. Messages and
/// marks are links to what packets say, and to the table of events.
std::string diagram_svg(const SequenceDiagram& diagram, const DiagramOptions& options);

}  // namespace provlab::lab
