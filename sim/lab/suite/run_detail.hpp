#pragma once
#include "core/settings/configuration.hpp"
#include "sim/lab/contents/contents.hpp"
#include "sim/lab/plan/plan.hpp"
#include "sim/lab/suite/suite_report.hpp"

namespace provlab::lab {

/// What a run has left behind, secrets and all.
struct Leavings {
  const ScenarioPlan& plan;
  const Trace& trace;
  const PacketLog* log = nullptr;                   ///< null: packets were not kept
  const settings::Configuration* before = nullptr;  ///< null: nobody can look into the phone
  const settings::Configuration* after = nullptr;
};

/// The secrets that a run has to do with.
Secrets secrets_of(const Leavings& left, Secrets::Told told);
/// What a page of the run shows beside its verdict.
RunDetail detail_of(const Leavings& left, const Secrets& secrets);
/// From findings, time line and logs of a run.
void hide_secrets(RunReport& report, const Secrets& secrets);

}  // namespace provlab::lab
