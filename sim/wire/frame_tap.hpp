#pragma once
#include <memory>
#include <utility>

#include "sim/wire/frame_link.hpp"

namespace provlab::wire {

/// A link that shows all frames that pass it, both ways, as they are on the wire: for captures.
class FrameTap final : public FrameLink {
 public:
  FrameTap(std::unique_ptr<FrameLink> link, Taker show)
      : link_(std::move(link)), show_(std::move(show)) {}

  bool send(BytesView frame) override {
    const bool taken = link_->send(frame);
    if (taken) show_(frame);
    return taken;
  }
  Expected<std::size_t> receive(std::size_t most, const Taker& take) override {
    return link_->receive(most, [&](BytesView frame) {
      show_(frame);
      take(frame);
    });
  }
  int descriptor() const override { return link_->descriptor(); }
  Expected<void> want(const FrameInterest& interest) override { return link_->want(interest); }
  LinkStatistics statistics() override { return link_->statistics(); }
  std::size_t mtu() const override { return link_->mtu(); }

 private:
  std::unique_ptr<FrameLink> link_;
  Taker show_;
};

}  // namespace provlab::wire
