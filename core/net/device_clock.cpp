#include "core/net/device_clock.hpp"

#include <stdexcept>

namespace provlab::net {

WallTime DeviceClock::now() const {
  if (!set_) throw std::logic_error("the device's clock was read before it was set");
  return set_->time + (host_.now() - set_->at);
}

void DeviceClock::set(WallTime time) {
  set_ = Setting{host_.now(), time};
  changed_.notify_all();
}

}  // namespace provlab::net
