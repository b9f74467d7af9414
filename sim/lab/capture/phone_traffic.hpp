#pragma once
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "sim/lab/capture/phones.hpp"
#include "sim/lab/capture/seen_packet.hpp"
#include "sim/world/fragments.hpp"

namespace provlab::lab {

/// What was taken out of a capture, and what was left.
struct PhoneTraffic {
  std::vector<SeenPacket> packets;  ///< in the order of their times
  std::size_t frames = 0;           ///< in the file
  std::size_t duplicates = 0;       ///< the same frame a second time, of a mirror port
  std::size_t disordered = 0;       ///< that stood behind later ones in the file
  std::size_t cut = 0;              ///< captured in part
  std::size_t left_out = 0;         ///< beyond kMostTrafficOctets
  std::string trouble;              ///< why the file was not read to its end; empty: it was
  std::string secrets;              ///< that the file carries to open TLS: lines of a key log
};

/// More of one phone is not kept.
inline constexpr std::size_t kMostTrafficOctets = std::size_t{256} << 20;

/// Takes the packets of one phone out of frames.
///  1. A packet is the phone's where its MAC address is in the link's header, or in a message of
///  DHCP, or one of its addresses in the IP header.
///  2. What a mirror port has shown twice counts once: the same datagram with the same
///  identification, within kMirrorTime. TTL and VLAN tag may differ, as on both sides of a router.
///  3. Fragments are put together. The packets come out in the order of their times.
class PhoneFilter {
 public:
  static constexpr std::int64_t kMirrorTime = 10'000'000;  ///< in nanoseconds

  explicit PhoneFilter(SeenPhone phone) : phone_(std::move(phone)) {}
  void look_at(const CapturedFrame& frame, const SeenDatagram& datagram);
  PhoneTraffic take();

 private:
  struct Shown {
    std::int64_t time = 0;
    std::uint64_t mark = 0;
  };
  bool concerns_phone(const SeenDatagram& datagram) const;
  /// A piece of a datagram that shows whose it is only when it is whole.
  bool may_concern_phone(const SeenDatagram& datagram) const;
  bool is_by_phone(const SeenDatagram& datagram) const;
  bool was_shown(const CapturedFrame& frame, const SeenDatagram& datagram);
  void take_fragment(const CapturedFrame& frame, const SeenDatagram& datagram);
  void add(const CapturedFrame& frame, const SeenDatagram& datagram);

  SeenPhone phone_;
  PhoneTraffic traffic_;
  std::deque<Shown> shown_;
  world::Reassembly reassembly_;
  world::FaultCounts faults_;
  std::size_t octets_ = 0;
  std::int64_t latest_ = 0;
};

/// The phones of a file; the first of its two readings (D50).
struct PhonesInFile {
  std::vector<SeenPhone> phones;
  std::size_t frames = 0;
  std::string trouble;  ///< why some of it was not read, as a sentence; empty: all was
};
PhonesInFile find_phones(CaptureReader& reader);
/// The second reading.
PhoneTraffic traffic_of(CaptureReader& reader, const SeenPhone& phone);

}  // namespace provlab::lab
