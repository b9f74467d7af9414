#include "core/platform/timer.hpp"

namespace provlab {

void Timer::start(Instant deadline, UniqueFunction<void()> callback) {
  cancel();
  callback_ = std::move(callback);
  operation_ = host_.start_timer(deadline, expiry_.tie([this](error_code) { expire(); }));
}

void Timer::cancel() {
  if (!pending()) return;
  expiry_.cut();
  callback_.reset();
  host_.cancel(operation_);
}

void Timer::expire() {
  UniqueFunction<void()> callback = std::move(callback_);
  callback();  // which may destroy this
}

}  // namespace provlab
