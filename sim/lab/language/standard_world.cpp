#include "sim/lab/language/standard_world.hpp"

#include <array>

namespace provlab::lab {

namespace {

constexpr std::array<StandardHost, 4> kHosts{{
    {.id = kStandardRouter, .address = "192.0.2.1"},
    {.id = "prov", .address = "198.51.100.10", .name = "prov.server.com", .latency = "10ms"},
    {.id = "pbx", .address = "192.0.2.10"},
    {.id = "cloud",
     .address = "198.51.100.7",
     .name = "connect.redirect.auerswald.de",
     .latency = "20ms"},
}};

constexpr std::array<StandardPlace, 6> kPlaces{{
    {.kind = "dhcp", .host = kStandardRouter, .always = true},
    {.kind = "dns", .host = kStandardRouter, .always = true},
    {.kind = "ntp", .host = kStandardRouter, .always = true},
    {.kind = "redirect", .host = "cloud"},
    {.kind = "multicast", .host = "pbx"},
    {.kind = "http", .host = "prov"},
}};

}  // namespace

std::span<const StandardHost> standard_hosts() {
  return kHosts;
}

std::vector<std::string> standard_host_ids() {
  std::vector<std::string> ids;
  for (const StandardHost& host : kHosts) ids.emplace_back(host.id);
  return ids;
}

std::span<const StandardPlace> standard_places() {
  return kPlaces;
}

}  // namespace provlab::lab
