#pragma once
#include <functional>
#include <set>

#include "core/platform/host.hpp"

namespace provlab::wire {

/// Whom frames are for that concern us.
struct FrameInterest {
  std::set<MacAddress> stations;
  std::set<MacAddress> groups;  ///< broadcasts are always wanted
  friend bool operator==(const FrameInterest&, const FrameInterest&) = default;
};

struct LinkStatistics {
  std::uint64_t taken = 0;  ///< frames that the kernel saw for us
  std::uint64_t lost = 0;   ///< of those, how many had no room in its buffer
};

/// Where frames go out and come in: an interface of the machine, or a test's own.
class FrameLink {
 public:
  using Taker = std::function<void(BytesView frame)>;

  virtual ~FrameLink() = default;
  /// False where the interface takes no more, or is down.
  virtual bool send(BytesView frame) = 0;
  /// Hands over up to `most` frames that have come in, and tells how many; an error where the
  /// interface is gone. Frames of our own do not come back. Those cut short come short.
  virtual Expected<std::size_t> receive(std::size_t most, const Taker& take) = 0;
  /// Readable when frames have come in; -1 where there is none.
  virtual int descriptor() const = 0;
  /// From now on only such frames come in, as far as can be told cheaply.
  virtual Expected<void> want(const FrameInterest& interest) = 0;
  virtual LinkStatistics statistics() = 0;
  /// The most that a frame may carry behind its Ethernet header.
  virtual std::size_t mtu() const = 0;
};

}  // namespace provlab::wire
