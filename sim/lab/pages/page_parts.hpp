#pragma once
#include <span>
#include <string>

#include "sim/lab/pages/diagram_svg.hpp"
#include "sim/lab/pages/page_links.hpp"
#include "sim/lab/pages/sequence.hpp"
#include "sim/lab/suite/suite_report.hpp"
#include "sim/lab/trace/trace_log.hpp"
#include "sim/text/html_writer.hpp"

/// Parts of a run's page. Each has so much room, and says what it leaves out (D45).
namespace provlab::lab {

/// No page has more octets.
inline constexpr std::size_t kMostPageOctets = 150'000;

/// The table of events within `most_octets`: the first and last, and those around what failed.
/// Tells `links` which it has.
std::string events_part(const RunReport& run, const TraceLog& log, std::size_t most_octets,
                        PageLinks& links);

/// What packets say, a panel each, which is shown when it is linked to. Tells `links` which it has.
std::string contents_part(const RunDetail& detail, const SequenceDiagram& diagram,
                          std::size_t most_octets, PageLinks& links);

/// What did not hold, beside the scenario's text with those lines marked.
std::string failures_part(const RunReport& run, const PageLinks& links);
/// All expectations, beside the scenario's text where failures_part() had none to show.
std::string expectations_part(const RunReport& run);

/// How a page speaks of what a search for neighbours wanted.
struct WhatIfWords {
  std::string_view nearest = "The nearest run that passes";
  std::string_view none = "None of the runs that were tried passes.";
  std::string_view wanted = "passes";  ///< a badge of outcomes that were wanted; empty: none
  bool failed = true;                  ///< the run is one
  std::string command{};               ///< that shows the nearest
  std::string_view shows = " plays it.";
};
/// Beside the diagram of the run: up to when which outcome could be reached; none where no other
/// could, or nobody has searched.
std::vector<ReachBar> reach_bars(const WhatIf* found, const WhatIfWords& words);
/// The nearest run that was wanted, and the outcomes that have bars.
std::string what_if_table(const WhatIf& found, const PageLinks& links, const WhatIfWords& words);
/// The same of a failed run, as a section; empty where nobody has searched.
std::string what_if_part(const RunReport& run, const PageLinks& links);
/// Beside the packet with which it was too late for what was wanted: a mark in the diagram.
void mark_no_return(SequenceDiagram& diagram, const WhatIf* found, const TraceLog& log,
                    std::string words);
/// Settings that changed.
std::string settings_part(const RunDetail& detail);
/// What daemons said.
std::string logs_part(const RunReport& run);

/// What lines and dots of diagrams mean.
class Legend {
 public:
  Legend();
  void entry(std::string_view type, std::string_view what);
  /// What runs have in their diagrams, and nothing that none of them has. `failures`: they have
  /// marks where something did not hold, which are `failure`.
  void of_runs(std::span<const SequenceDiagram> diagrams, bool failures, std::string_view failure);
  std::string take();

 private:
  HtmlWriter html_;
};

/// A diagram that scrolls in itself.
std::string figure_part(std::string_view type, std::string_view label, std::string_view drawn);

/// Pieces one after the other, as far as there is room.
class RoomyList {
 public:
  explicit RoomyList(std::size_t most_octets) : room_(most_octets) {}
  void add(std::string piece) {
    if (piece.size() > room_) {
      room_ = 0;  // those behind are left out as well: the order says what counts most
      ++left_out_;
      return;
    }
    room_ -= piece.size();
    text_ += piece;
  }
  const std::string& text() const { return text_; }
  /// `And 3 more.` as a paragraph; nothing where all had room.
  std::string rest() const;

 private:
  std::size_t room_;
  std::size_t left_out_ = 0;
  std::string text_;
};

/// The text; of a longer one the first octets, and a sentence about the rest.
std::string cut_text(const std::string& text, std::size_t most);

}  // namespace provlab::lab
