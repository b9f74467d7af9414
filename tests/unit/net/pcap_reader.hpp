#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/host.hpp"

namespace provlab::test {

/// One UDP datagram of a capture.
struct CapturedDatagram {
  Duration at{};  ///< since the first packet of the capture
  MacAddress source;
  MacAddress destination;
  Endpoint from;
  Endpoint to;
  Bytes payload;
};

/// The UDP datagrams of a capture in tests/data/pcaps, in their order; `name` is without `.pcap`.
/// Throws where the file cannot be read: a test without its capture must not pass.
std::vector<CapturedDatagram> read_udp(std::string_view name);

/// Those from or to one port only.
std::vector<CapturedDatagram> read_udp(std::string_view name, Port port);

/// The names of all captures, sorted.
std::vector<std::string> capture_names();

}  // namespace provlab::test
