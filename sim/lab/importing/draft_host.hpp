#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/platform/host.hpp"

namespace provlab::lab {

/// A machine that the phone has to do with.
struct DraftHost {
  Ipv4Address address;
  std::string id;
  std::vector<std::string> names;
  std::optional<Duration> round_trip{};  ///< the shortest seen
  std::set<std::string> kinds{};         ///< of responders: `dhcp`, `dns`, …
  std::string lan{};                     ///< in which it stands; empty: there is one, or behind all
  unsigned prefix = 24;                  ///< of its address

  /// Whether a phone in the LAN of that host can reach it.
  bool is_near(const DraftHost& other) const {
    return lan.empty() || other.lan.empty() || lan == other.lan;
  }
};

}  // namespace provlab::lab
