#include "tools/device/plugged_phone.hpp"

#include <chrono>
#include <random>
#include <utility>

namespace provlab::tools {

namespace {

/// Another one with each start, as ports and sequence numbers of a phone must be (RFC 9293 3.4.1).
std::uint64_t fresh_seed() {
  std::random_device source;
  return static_cast<std::uint64_t>(source()) << 32 | source();
}

WallTime wall_time() {
  return std::chrono::time_point_cast<WallTime::duration>(std::chrono::system_clock::now());
}

}  // namespace

PluggedPhone::PluggedPhone(phone::PhoneOptions options, const PlugOptions& plug,
                           std::unique_ptr<wire::Interface> interface)
    : world_(fresh_seed()) {
  world_.network().link.latency = {};  // the wire has its own
  host_ = &world_.add_host({.name = "device", .mac = options.identity.mac});
  if (plug.storage != nullptr) host_->keep_in(*plug.storage);
  if (plug.captured) {
    capture_.emplace(plug.interface_name, wall_time(), "provlab device");
    world_.network().capture(*host_, *capture_);
  }
  phone_.emplace(*host_, std::move(options));
  port_.emplace(world_, std::move(interface));
  pacer_.emplace(world_, &*port_, wire::PacerOptions{.realtime = true});
}

Expected<bool> PluggedPhone::run(const std::function<bool()>& done, Instant limit) {
  return pacer_->run(done, limit);
}

void PluggedPhone::power_on() {
  host_->set_power(true);
  phone_->power_on();
}

void PluggedPhone::power_off() {
  phone_->power_off();
  host_->set_power(false);
}

void PluggedPhone::pull_cable(bool out) {
  pulled_ = out;
  follow_cable();
}

void PluggedPhone::follow_cable() {
  host_->set_link(carrier_ && !pulled_);
}

}  // namespace provlab::tools
