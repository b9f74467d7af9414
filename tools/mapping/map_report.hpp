#pragma once
#include <string>
#include <vector>

#include "sim/lab/mapping/map_answers.hpp"

namespace provlab::tools {

/// A map, and what it was compared with.
struct MapReport {
  std::string file;
  std::string scenario;
  const lab::AnswerMap& found;
  std::string baseline;                ///< empty: it was compared with none
  std::vector<std::string> moved;      ///< what has changed since, as sentences
  const lab::Plane* before = nullptr;  ///< the plane of the baseline
  Duration time{};                     ///< that it took
  bool early = false;                  ///< somebody ended it
  int exit_code = 0;
};

/// The drawing, the outcomes, the bands and the borders.
std::string map_text(const MapReport& report);
/// The same as a page.
std::string map_html(const MapReport& report);
std::string map_json(const MapReport& report);
/// One case: that the plane is that of the baseline.
std::string map_junit(const MapReport& report);

}  // namespace provlab::tools
