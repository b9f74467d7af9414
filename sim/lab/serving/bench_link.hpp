#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>

#include "sim/lab/serving/boot_watch.hpp"
#include "sim/wire/frame_link.hpp"

namespace provlab::world {
class PcapngWriter;
}

namespace provlab::lab {

/// The wire between phones on the bench and one world of servers after the other. It sees every
/// frame that comes and goes:
///  1. A frame by which a phone boots is shown to `boots`. Where that says so, it and all behind it
///  wait for the next world: nothing of a boot is lost, or answered by the world before.
///  2. With `only`, frames of other stations are dropped unseen, but for ARP, by which they are
///  noticed.
///  3. What passes is captured as it is.
class BenchLink {
 public:
  using Clock = std::function<Instant()>;
  enum class Boot { here, next_world };

  explicit BenchLink(std::unique_ptr<wire::FrameLink> interface)
      : interface_(std::move(interface)) {}

  /// For a port; one at a time is alive.
  std::unique_ptr<wire::FrameLink> lend();
  /// Who decides over a boot, and by which clock, from now on: the world that is plugged in. What
  /// waits is let in.
  void attach(Clock clock, std::function<Boot(MacAddress)> boots);
  /// At that world's end: nobody is asked any more, and its time is over.
  void detach();
  bool waiting() const { return !admitted_; }
  /// Whose boot waits, or was the last that did.
  const std::optional<MacAddress>& booting() const { return booting_; }
  void serve_only(MacAddress phone) { only_ = phone; }
  void capture(world::PcapngWriter* capture) { capture_ = capture; }
  world::PcapngWriter* capture() const { return capture_; }
  BootWatch& watch() { return watch_; }
  /// Called once for each DHCP server beside ours that answers.
  void on_other_server(std::function<void(Ipv4Address, MacAddress)> handler) {
    other_server_ = std::move(handler);
  }

 private:
  class Lent;
  Expected<std::size_t> receive(std::size_t most, const wire::FrameLink::Taker& take);
  bool send(BytesView frame);
  /// Whether it goes on to the world.
  bool look_at(BytesView frame);
  /// On the bench: it goes on from world to world.
  Instant bench_time() const { return earlier_ + (world_time() - Instant{}); }
  /// What a world sends while it is made, it sends at its beginning.
  Instant world_time() const { return clock_ ? clock_() : Instant{}; }
  void note_other_server(MacAddress from, Ipv4Address server);

  std::unique_ptr<wire::FrameLink> interface_;
  BootWatch watch_;
  Clock clock_;
  Instant earlier_{};  ///< the time of all worlds before
  std::function<Boot(MacAddress)> boots_;
  std::function<void(Ipv4Address, MacAddress)> other_server_;
  std::set<MacAddress> other_servers_;
  std::optional<MacAddress> only_;
  std::optional<MacAddress> booting_;
  world::PcapngWriter* capture_ = nullptr;
  std::deque<Bytes> held_;
  bool admitted_ = true;  ///< what is held may go on
  bool decided_ = false;  ///< of the first that is held the way is known
};

}  // namespace provlab::lab
