#pragma once
#include <optional>
#include <vector>

#include "sim/lab/pages/sequence.hpp"

namespace provlab::lab {

/// A row of a diagram: something leaves, arrives or happens.
struct DiagramPoint {
  enum class What { sending, arriving, mark };
  EventNumber event = 0;
  Duration at{};
  What what = What::sending;
  std::size_t index = 0;  ///< of the message or mark
  int y = 0;
};

/// A stretch without rows.
struct DiagramGap {
  int y = 0;
  Duration silence{};        ///< that long nothing happens
  std::size_t left_out = 0;  ///< so many messages and marks there is no room for
};

/// The heights of what is drawn: a row for each point, a little more where time has passed, and a
/// strip that says so where half a second and more has, or something is left out.
struct DiagramRows {
  std::vector<DiagramPoint> points;
  std::vector<DiagramGap> gaps;
  std::vector<int> ends;  ///< where messages arrive; -1: nowhere
  int height = 0;
};

/// Of more than `most` messages and marks the first and last stay, and those around failures.
DiagramRows diagram_rows(const SequenceDiagram& diagram, bool transport, std::size_t most);

}  // namespace provlab::lab
