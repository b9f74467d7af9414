#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/suite/suite_report.hpp"

namespace provlab::lab {

/// What an exploration has found, as a page has it (D72).
struct ExplorationPage {
  /// Something with a name: `winner`, `redirect`.
  struct Fact {
    std::string name;
    std::string text;
  };
  /// An outcome class or a broken invariant, with the run of fewest departures that shows it.
  struct Part {
    std::string title;        ///< what it came to, in words
    std::size_t count = 0;    ///< of `all`: how many come to it
    std::vector<Fact> facts;  ///< what the title does not say
    std::string when;         ///< in which its run departs from the natural one
    std::string token;
    bool natural = false;          ///< its run is the natural one
    std::string repeat;            ///< the command that plays its run
    std::optional<RunReport> run;  ///< what is drawn; absent: it is left out
    std::optional<WhatIf> what_if;
    std::string compare;  ///< the command that shows it beside the nearest; empty: there is none
  };
  std::string scenario;
  std::string about;
  std::string conditions;           ///< `a packet comes up to 200ms later, none is lost`
  std::vector<Fact> figures;        ///< `runs`, `classes`, …, with their numbers
  std::vector<std::string> extent;  ///< how much was tried, a sentence each
  std::string missing;              ///< that not all was tried, and why; empty: all was
  std::string unit;                 ///< what `all` counts: `classes of orders`
  std::string counts;               ///< what that is, as a sentence
  std::size_t all = 0;
  std::string baseline;  ///< that it was compared with; empty: with none
  std::vector<std::string> appeared;
  std::vector<std::string> gone;
  std::vector<Part> outcomes;  ///< most frequent first
  std::vector<Part> broken;
};

/// In short, all outcomes as a table, then those that are drawn one by one: what it is, what would
/// have led to another, the sequence. The same for the same findings, octet by octet.
std::string exploration_page(const ExplorationPage& page);

}  // namespace provlab::lab
