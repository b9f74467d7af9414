#pragma once
#include <string>
#include <utility>

#include "sim/world/network.hpp"

namespace provlab::world {

/// Writes what an interface of a virtual world saw as pcapng (IETF draft-ietf-opsawg-pcapng): one
/// interface, Ethernet, nanoseconds. Frames are complete and correct: MAC addresses, IPv4, UDP and
/// TCP with checksums, flags and sequence numbers, so that Wireshark follows the stream; a datagram
/// longer than the link allows is fragments.
class PcapngWriter final : public CaptureSink {
 public:
  /// `epoch` is the wall time at Instant zero; `comment` goes into the section header.
  PcapngWriter(std::string interface_name, WallTime epoch, std::string_view comment);

  void packet(Instant at, const Packet& packet) override;
  void arp(Instant at, const MacAddress& to, const ArpMessage& arp) override;
  /// A frame from the Ethernet header on, as frame_writer.hpp makes it or as it came in.
  void frame(Instant at, BytesView octets);
  /// A line of a TLS key log. It stands before all frames that have not been taken: readers that
  /// pass the file once need it by then.
  void secret(std::string_view line);
  std::size_t octets() const override { return out_.capacity(); }
  /// The file so far, or what was not taken of it; complete at any moment.
  const std::string& bytes() const { return out_; }
  /// What has come since it was last taken, to be put behind that.
  std::string take() {
    head_ = 0;
    return std::exchange(out_, {});
  }

 private:
  std::string out_;
  std::size_t head_ = 0;  ///< where frames begin
  WallTime epoch_;
  std::uint16_t next_id_ = 1;
};

}  // namespace provlab::world
