#pragma once
#include <string>
#include <vector>

#include "netfakes/plaintext_ear.hpp"
#include "sim/world/network.hpp"

namespace provlab::lab {

/// A packet as it was sent.
struct SentPacket {
  EventNumber event = 0;  ///< its `packet_sent`
  bool tcp = false;
  bool syn = false;
  bool fin = false;
  Endpoint from;
  Endpoint to;
  std::uint32_t sequence = 0;  ///< TCP
  std::uint32_t size = 0;      ///< octets of its payload
  std::string payload;         ///< empty where the log was full
};

/// What was said within TLS.
struct HeardText {
  std::size_t packets = 0;  ///< how many of the log had been sent by then
  Endpoint from;
  Endpoint to;
  std::size_t end = 0;  ///< as in PlaintextEar
  std::string text;
};

/// What passes a network during a run, octet for octet, for people to read afterwards. Secrets are
/// in it: only read_contents() looks at it, and keeps them (D45).
class PacketLog final : public world::PacketWitness, public netfakes::PlaintextEar {
 public:
  /// More octets are not kept; that there were some is.
  static constexpr std::size_t kMostOctets = 2'000'000;
  static constexpr std::size_t kMostPackets = 50'000;

  void sent(const world::Packet& packet, EventNumber event) override;
  void heard(Endpoint from, Endpoint to, std::size_t end, std::string_view text) override;
  void keyed(std::string_view /*line*/) override {}

  const std::vector<SentPacket>& packets() const { return packets_; }
  const std::vector<HeardText>& texts() const { return texts_; }

 private:
  bool room_for(std::size_t octets);

  std::vector<SentPacket> packets_;
  std::vector<HeardText> texts_;
  std::size_t octets_ = 0;
};

}  // namespace provlab::lab
