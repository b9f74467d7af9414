#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/plan/plan.hpp"
#include "sim/record/trace.hpp"

namespace provlab::lab {

/// Sources by stages.
using Stages = std::vector<std::vector<discovery::SourceKind>>;

/// What the trace has told of the run under way, or of the last one.
struct RunState {
  bool under_way = false;
  std::string number;
  bool network = false;   ///< the precondition holds
  bool time = false;      ///< the same
  std::size_t stage = 0;  ///< the last that began; stages count from 1
  std::string first_usable_source;
  std::string first_usable_url;
  std::string winner;  ///< its source; empty: none yet
  std::string winner_url;
  std::string chosen_url;
  bool first_request_due = false;
  bool loading = false;      ///< a file was asked for and is not there yet
  unsigned index = 0;        ///< of the last file
  unsigned depth = 0;        ///< of the last file
  std::string document_url;  ///< of the last file
};

/// What the trace has told of the phone so far. Every checker looks at an event first; then the
/// state takes it in. The plan must outlive it.
class PhoneState {
 public:
  explicit PhoneState(const ScenarioPlan& plan);

  /// The state takes in one kind of event.
  struct Intake {
    const EventType* event;
    void (PhoneState::*take)(const TraceRecord& record);
  };
  static std::span<const Intake> intakes();

  const RunState& run() const { return run_; }
  unsigned boots() const { return boots_; }
  unsigned boots_allowed() const { return boots_allowed_; }  ///< by the timeline and by NOTIFYs
  const Stages& stages() const { return stages_; }           ///< as configured
  const std::string& redirect_host() const { return redirect_host_; }
  bool has_winner() const { return !run_.winner.empty(); }
  /// Whether the source belongs to the stage under way.
  bool in_stage(std::string_view source) const;
  /// Whether another source of its stage has won.
  bool has_lost(std::string_view source) const;

 private:
  void begin_run(const TraceRecord& record);
  void end_run(const TraceRecord& record);
  void forget_run(const TraceRecord& record);
  void boot(const TraceRecord& record);
  void allow_boot(const TraceRecord& record);
  void meet_precondition(const TraceRecord& record);
  void begin_search(const TraceRecord& record);
  void begin_stage(const TraceRecord& record);
  void take_answer(const TraceRecord& record);
  void take_winner(const TraceRecord& record);
  void choose_url(const TraceRecord& record);
  void begin_download(const TraceRecord& record);
  void end_download(const TraceRecord& record);

  const Stages& stages_;
  std::string redirect_host_;
  unsigned boots_allowed_ = 0;
  unsigned boots_ = 0;
  RunState run_;
};

/// The field's text; empty where the event has no such field.
std::string text_of(const TraceRecord& record, std::string_view field);
/// The same of a field that is a number; 0 where the event has no such field.
unsigned number_of(const TraceRecord& record, std::string_view field);

}  // namespace provlab::lab
