#pragma once
#include <string>

#include "sim/lab/comparing/comparison.hpp"
#include "sim/lab/pages/sequence.hpp"
#include "sim/lab/suite/suite_report.hpp"

namespace provlab::lab {

/// A run that was played or read, ready to be compared; its trace must be readable. `judged`: its
/// verdict counts.
ComparedRun compared_report(const RunReport& run, bool judged = true);

/// Two runs that were compared, and how each is drawn.
struct ComparedDrawings {
  const ComparedRun& a;
  const ComparedRun& b;
  const Comparison& found;
  SequenceDiagram diagram_a;
  SequenceDiagram diagram_b;
};
/// The drawings of two runs with traces.
ComparedDrawings drawn(const ComparedRun& a, const ComparedRun& b, const Comparison& found);

/// What is the same in both, what is not and why, and both sequences beside each other: what is the
/// same stands at the same height. `home` is where its link back leads, under `home_name`; empty:
/// nowhere.
std::string comparison_page(ComparedDrawings drawings, std::string_view home = {},
                            std::string_view home_name = {});
/// The same as a part of another page, without what that says in its head.
std::string comparison_part(ComparedDrawings drawings);

}  // namespace provlab::lab
