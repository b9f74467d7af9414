#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/plan/plan.hpp"
#include "sim/lab/verdict/race_evidence.hpp"
#include "sim/record/trace.hpp"

namespace provlab::lab {

/// A provisioning run of the phone that the trace shows; event numbers, absent where there was
/// none.
struct SeenRun {
  EventNumber started = 0;
  std::optional<EventNumber> ended;
  std::optional<EventNumber> winner;
};

/// A request that a responder received.
struct SeenRequest {
  EventNumber event = 0;
  Instant at{};
  HostId host{};
  std::string kind;
  std::string text;
  std::string detail;  ///< as in netfakes::Request
};

/// Which way the slack of times goes: for the benefit of what is wanted, or of what is not.
enum class Edge { wide, narrow };

/// What expectations ask of a trace, looked up once (D1). Plan and trace must outlive it.
class Evidence {
 public:
  /// `slack`: by so much times may be off.
  Evidence(const ScenarioPlan& plan, const Trace& trace, Duration slack = Duration::zero());

  const ScenarioPlan& plan() const { return plan_; }
  const Trace& trace() const { return trace_; }
  Duration slack() const { return slack_; }
  const std::vector<SeenRun>& runs() const { return runs_; }
  const std::vector<SeenRequest>& requests() const { return requests_; }
  const RaceEvidence& race() const { return race_; }
  /// The event that tells what the path selected at the moment, or when the scenario ended.
  std::optional<EventNumber> setting(std::string_view path,
                                     const std::optional<Moment>& moment) const;
  /// The last event that changed a setting, or the last one that tried to; 0 where none did.
  EventNumber last_change() const { return last_change_; }

  /// Where the power of the phone went while a run that has no end was under way; 0 where it did
  /// not.
  EventNumber power_cut(const SeenRun& run) const;
  /// The line of the timeline that took it; 0 where none did.
  int line_of_cut(EventNumber cut) const;
  /// When the moment was; nothing where its event never came.
  std::optional<Instant> moment(const Moment& moment) const;
  bool in_time(const When& when, Instant at, Edge edge) const;

 private:
  const ScenarioPlan& plan_;
  const Trace& trace_;
  Duration slack_;
  RaceEvidence race_;
  std::vector<SeenRun> runs_;
  std::vector<SeenRequest> requests_;
  EventNumber last_change_ = 0;
};

}  // namespace provlab::lab
