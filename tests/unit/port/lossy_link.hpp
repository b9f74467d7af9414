#pragma once
#include <memory>
#include <vector>

#include "sim/wire/frame_link.hpp"
#include "sim/world/world.hpp"

namespace provlab::wire {

/// What may happen to a frame: probabilities 0–1.
struct Mischief {
  double lost = 0;
  double doubled = 0;
  double late = 0;  ///< by 0.2 to 5 ms, so that later ones overtake it
};

/// A link that loses, doubles and delays frames in both directions, by chance of its seed; ARP is
/// spared.
class LossyLink final : public FrameLink {
 public:
  /// The world, by whose clock late frames go on, must outlive it.
  LossyLink(world::World& world, std::unique_ptr<FrameLink> link, const Mischief& mischief,
            std::uint64_t seed)
      : world_(world), link_(std::move(link)), mischief_(mischief), random_(seed) {}

  bool send(BytesView frame) override {
    each_copy(
        frame, [this](BytesView now) { (void)link_->send(now); },
        [this](const Bytes& later) { (void)link_->send(later); });
    return true;
  }
  Expected<std::size_t> receive(std::size_t most, const Taker& take) override {
    for (const Bytes& frame : std::exchange(due_, {})) take(frame);
    return link_->receive(most, [&](BytesView frame) {
      each_copy(frame, take, [this](const Bytes& later) { due_.push_back(later); });
    });
  }
  int descriptor() const override { return link_->descriptor(); }
  Expected<void> want(const FrameInterest& interest) override { return link_->want(interest); }
  LinkStatistics statistics() override { return link_->statistics(); }
  std::size_t mtu() const override { return link_->mtu(); }

 private:
  bool happens(double probability) {
    constexpr std::uint64_t kChances = 1'000'000;
    return random_.below(kChances) < static_cast<std::uint64_t>(probability * kChances);
  }
  template <class Now, class Later>
  void each_copy(BytesView frame, Now now, Later later) {
    const bool arp = frame.size() > 13 && frame[12] == 0x08 && frame[13] == 0x06;
    if (arp) return now(frame);
    if (happens(mischief_.lost)) return;
    for (int copies = happens(mischief_.doubled) ? 2 : 1; copies > 0; --copies) {
      if (!happens(mischief_.late)) {
        now(frame);
        continue;
      }
      const Duration delay =
          random_.between(std::chrono::microseconds(200), std::chrono::milliseconds(5));
      world_.queue().schedule(world_.now() + delay, world::Rank::timeline,
                              [later, kept = Bytes(frame.begin(), frame.end())](error_code error) {
                                if (!error) later(kept);
                              });
    }
  }

  world::World& world_;
  std::unique_ptr<FrameLink> link_;
  Mischief mischief_;
  world::SeededRandom random_;
  std::vector<Bytes> due_;
};

}  // namespace provlab::wire
