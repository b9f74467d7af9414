#include "core/service/run_limit.hpp"

#include "core/service/events.hpp"

namespace provlab::service {

void RunLimit::reach() {
  if (reached_) return;
  reached_ = true;
  host_.record(RunLimitReached{limit_});
}

}  // namespace provlab::service
