#pragma once
#include <deque>
#include <variant>
#include <vector>

#include "sim/wire/frame_link.hpp"
#include "sim/world/frame_reader.hpp"
#include "sim/world/frame_writer.hpp"

namespace provlab::wire {

/// A link whose other end is the test: what was sent stays in `sent`, what is put into `arriving`
/// comes in.
class FakeLink final : public FrameLink {
 public:
  bool send(BytesView frame) override {
    sent.emplace_back(frame.begin(), frame.end());
    return true;
  }
  Expected<std::size_t> receive(std::size_t most, const Taker& take) override {
    std::size_t count = 0;
    for (; count < most && !arriving.empty(); ++count) {
      const Bytes frame = std::move(arriving.front());
      arriving.pop_front();
      take(frame);
    }
    return count;
  }
  int descriptor() const override { return -1; }
  Expected<void> want(const FrameInterest& wanted) override {
    interest = wanted;
    return {};
  }
  LinkStatistics statistics() override { return {}; }
  std::size_t mtu() const override { return world::kEthernetMtu; }

  std::vector<Bytes> sent;
  std::deque<Bytes> arriving;
  FrameInterest interest;
};

}  // namespace provlab::wire
