#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/trace/trace_log.hpp"
#include "sim/lab/verdict/differences.hpp"
#include "sim/lab/verdict/verdict.hpp"

/// Runs as they are compared: what happened in them, and what came of it.
namespace provlab::lab {

/// Something that happened.
struct Step {
  static constexpr std::size_t kNone = SIZE_MAX;

  enum class Weight : std::uint8_t {
    link,   ///< packets and the like: they lead from one thing to the next
    heard,  ///< what servers say in a capture: it explains, and differs for itself alone
    told    ///< what counts
  };

  Duration at{};
  std::string host;           ///< `device` is the phone
  std::uint64_t meaning = 0;  ///< equal where the same happens: see trace_steps()
  Weight weight = Weight::told;
  std::size_t cause = kNone;        ///< the step that led to it, an earlier one
  EventNumber event = 0;            ///< in the trace; in a capture its number among the steps
  std::string said{};               ///< of a capture: the words
  std::vector<WallTime> moments{};  ///< of clocks, that it names

  bool by_phone() const { return host == "device"; }
};

/// One side of what came of a run, such as its requests, line by line.
struct Facet {
  std::string name;
  std::vector<std::string> lines;
};

struct ComparedRun {
  std::string title;
  std::string repeat;         ///< the command that shows it alone; empty: there is none
  std::vector<Step> steps;    ///< in the order of time
  std::vector<Facet> facets;  ///< only what is known of it
  TraceLog log;               ///< empty of a capture
  bool capture = false;

  /// As the time line tells it, without its subject and without marks.
  std::string words(std::size_t step) const;
  /// What a packet is that arrives, by what its sender did: `pbx's notify http://a/b.xml`.
  std::string packet_words(std::size_t arrival) const;
  /// The event's name; empty in a capture.
  std::string_view name(std::size_t step) const;
  const Facet* facet(std::string_view name) const;
  Duration end() const { return steps.empty() ? Duration{} : steps.back().at; }
};

/// What else is known of a run than its trace.
struct KnownOfRun {
  const Verdict* verdict = nullptr;
  /// What the run changed in the settings.
  const std::vector<Difference>* settings = nullptr;
};

ComparedRun compared_run(std::string title, TraceLog log, const KnownOfRun& known = {});

}  // namespace provlab::lab
