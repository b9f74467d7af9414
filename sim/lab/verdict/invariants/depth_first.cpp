// SPEC I6: files are taken one after the other, in document order and depth first, as far as the
// order of downloads shows it.
#include <fmt/format.h>

#include "core/service/events.hpp"
#include "sim/lab/verdict/invariants/checker.hpp"

namespace provlab::lab {

namespace {

void check_file(const TraceRecord& record, const PhoneState& phone, Breaches& breaches) {
  const RunState& run = phone.run();
  if (run.loading) {
    breaches.add(
        fmt::format("{} was asked for before the last file was there", text_of(record, "url")));
  }
  const unsigned index = number_of(record, "index");
  const unsigned depth = number_of(record, "depth");
  if (index == run.index + 1 && depth <= run.depth + 1 && depth != 0) return;
  breaches.add(fmt::format("file {} in depth {} came after file {} in depth {}", index, depth,
                           run.index, run.depth));
}

constexpr Check kDepthFirstChecks[] = {{&kEventType<service::DocumentDownloadStarted>, check_file}};

}  // namespace

const Checker kDepthFirstChecker{kDepthFirst, kDepthFirstChecks};

}  // namespace provlab::lab
