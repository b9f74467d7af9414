#pragma once
#include <string>
#include <string_view>

#include "core/platform/time.hpp"

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

/// What became of the documents of one run.
struct DocumentTally {
  unsigned requested = 0;   ///< downloads begun
  unsigned downloaded = 0;  ///< answered whole with status 200
  unsigned failed = 0;      ///< downloads that failed
  unsigned refused = 0;     ///< downloaded, but not readable as any document type
  unsigned skipped = 0;     ///< references that were not requested
  unsigned accepted = 0;    ///< sections and operations taken
  unsigned rejected = 0;    ///< sections and operations not taken
  bool changed = false;     ///< whether any setting differs now
  bool limit_reached = false;
  std::string first_problem;  ///< a sentence without full stop, empty when there was none

  void note_problem(std::string_view problem);  ///< kept if it is the first
  bool anything_wrong() const { return failed + refused + skipped + rejected != 0; }
};

/// The part of SPEC 2.14's table that is about documents.
RunResult judge(const DocumentTally& tally);

/// The human sentence of a result: what happened and what to do. `reason` says both for the results
/// that come before any document (why there is no network, which URL cannot be used, …), as part of
/// a sentence.
std::string describe(RunResult result, std::string_view reason, const DocumentTally& tally);

/// What a final HTTP status other than 200 means, for example `the server answered 404 (not found);
/// check that the file is there and spelt the same`.
std::string describe_http_status(int status);

}  // namespace provlab::service
