#pragma once
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "core/service/document_tally.hpp"

namespace provlab::service {

/// What starts a run (SPEC 2.1).
enum class Trigger { manual, boot, at_time, check_sync };
std::string_view to_string(Trigger trigger);  ///< `manual`, `boot`, `at-time`, `check-sync`

/// How a run ends, exactly one per run (SPEC 2.14).
enum class RunResult {
  inactive,
  no_network,
  no_valid_time,
  no_url,
  download_failed,
  rejected,
  partial,
  provisioned,
  unchanged
};
std::string_view to_string(RunResult result);  ///< `no-network`, `provisioned`, …
/// All of them.
inline constexpr std::array kRunResults{
    RunResult::inactive, RunResult::no_network,      RunResult::no_valid_time,
    RunResult::no_url,   RunResult::download_failed, RunResult::rejected,
    RunResult::partial,  RunResult::provisioned,     RunResult::unchanged};
static_assert(kRunResults.size() == std::to_underlying(RunResult::unchanged) + 1);

/// Whether a run's time was up before everything was done.
enum class TimeLimit { kept, reached };

/// The part of SPEC 2.14's table that is about documents.
RunResult judge(const DocumentTally& tally);

/// The human sentence of a result: what happened and what to do. `reason` says both for the results
/// that come before any document (why there is no network, which URL cannot be used, …), as part of
/// a sentence.
std::string describe(RunResult result, std::string_view reason, const DocumentTally& tally,
                     TimeLimit limit);

/// What a final HTTP status other than 200 means, for example `the server answered 404 (not found);
/// check that the file is there and spelt the same`.
std::string describe_http_status(int status);

}  // namespace provlab::service
