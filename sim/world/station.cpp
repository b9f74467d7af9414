#include "sim/world/station.hpp"

namespace provlab::world {

namespace {
/// Locally administered, numbered in the order in which hosts are added.
MacAddress numbered_mac(std::size_t index) {
  const std::size_t n = index + 1;
  return {{0x02, 0, 0, static_cast<std::uint8_t>(n >> 16), static_cast<std::uint8_t>(n >> 8),
           static_cast<std::uint8_t>(n)}};
}
}  // namespace

Station::Station(const HostOptions& options, std::size_t index, HostId id)
    : configuration_(options.configuration),
      loss_(options.loss),
      name_(options.name),
      index_(index),
      id_(id),
      mac_(options.mac.value_or(numbered_mac(index))),
      segment_(options.segment),
      routes_(options.routes),
      latency_to_(options.latency_to.value_or(options.latency)),
      latency_from_(options.latency_from.value_or(options.latency)) {}

}  // namespace provlab::world
