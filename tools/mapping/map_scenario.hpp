#pragma once
#include <optional>
#include <string>

#include "sim/lab/mapping/map_answers.hpp"

/// `provlab map`: which outcome a scenario has where, over the delays of one answer or two.
namespace provlab::tools {

struct MapRequest {
  std::string file;
  std::string root;                 ///< of what it names by src; empty: its folder
  std::optional<lab::DelayAxis> x;  ///< nothing: the baseline has the axes
  std::optional<lab::DelayAxis> y;
  lab::MapOptions options;
  lab::RunLimits limits;
  std::uint64_t seed = 0;  ///< 0: the scenario's own
  std::string baseline;    ///< a file with the plane as it is known; empty: none
  bool update = false;     ///< write that file instead of comparing
  std::string html;        ///< a file for the page; empty: none
  std::string json;        ///< where reports for machines go, `-` to the terminal alone;
  std::string junit;       ///< empty: nowhere
};

/// Reads `ANSWER=FROM..TO`, such as `redirect-answer=0..12s`.
Expected<lab::DelayAxis> parse_axis(const std::string& text);

/// Prints the map, also where Ctrl-C ends it early. 0: the baseline, where there is one, still
/// holds; 1: it does not; 2 for a file that cannot be read or written, or an answer that there is
/// not; 3 for an invalid scenario; kInterrupted where it ended early.
int map_scenario(MapRequest request);

}  // namespace provlab::tools
