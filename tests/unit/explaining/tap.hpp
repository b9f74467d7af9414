#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/lab/importing/datagram_reader.hpp"
#include "sim/lab/language/load.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/world/pcapng.hpp"

namespace provlab::lab::test {

/// What becomes of a packet beside a tap.
struct Mishap {
  enum class Kind { lost, late, doubled } kind = Kind::lost;
  /// As `offer`, `A prov.server.com`, `notify`, `tells the time`; of TCP the first word of what it
  /// carries (`HTTP/1.1`), or its flags (`SYN,ACK`).
  std::string what;
  unsigned nth = 1;      ///< of those
  Duration later{};      ///< late: so much
  bool to_phone = true;  ///< else from it, and the tap does not see it
};

/// A tap beside the phone: it sees what the phone sends, and what is sent to the phone as it would
/// arrive; what befalls that behind the tap it does not see.
class Tap {
 public:
  explicit Tap(std::vector<Mishap> mishaps)
      : mishaps_(std::move(mishaps)), counts_(mishaps_.size()) {}

  /// Changes the octets of what the capture shows, as if it had been sent so.
  std::function<void(world::Packet&)> rewrite;
  Instant begin{};  ///< it sees nothing before

  /// Plays a scenario, and gives the capture.
  std::string capture(const Shared<ScenarioPlan>& plan) {
    Play play(plan, plan->variants.front(), plan->seed);
    PhoneSide side(*this);
    play.capture(side);
    world::Network& network = play.world().network();
    const world::RuleGuard guard =
        network.add_rule([&](const world::Packet& packet, const world::Station& from,
                             const world::Station& to) { return pass(play, packet, from, to); });
    play.run();
    return file(plan->epoch);
  }

 private:
  struct Seen {
    Instant at;
    world::Packet packet;
  };
  class PhoneSide final : public world::CaptureSink {
   public:
    explicit PhoneSide(Tap& tap) : tap_(tap) {}
    void packet(Instant at, const world::Packet& packet) override {
      if (!tap_.phone_mac_) tap_.phone_mac_ = packet.source;
      if (packet.source == *tap_.phone_mac_) tap_.seen_.push_back({at, packet});
    }

   private:
    Tap& tap_;
  };

  static std::string words_of(const world::Packet& packet) {
    if (packet.protocol == world::Protocol::tcp) {
      const std::string_view text = text_of(packet.payload);
      if (text.empty()) return packet.flags_text();
      return std::string(text.substr(0, text.find(' ')));
    }
    Said said{.from = packet.from, .to = packet.to, .words = {}, .text = {}, .octets = {}};
    read_datagram(text_of(packet.payload), said);
    return said.words;
  }

  world::PacketFate pass(Play& play, const world::Packet& packet, const world::Station& from,
                         const world::Station& to) {
    const bool to_phone = to.name() == "device";
    if (!to_phone && from.name() != "device") return world::Pass{};
    const Duration way =
        play.world().network().link.latency + from.latency_from() + to.latency_to();
    if (to_phone) seen_.push_back({play.world().now() + way, packet});
    const std::string words = words_of(packet);
    for (std::size_t i = 0; i < mishaps_.size(); ++i) {
      const Mishap& each = mishaps_[i];
      if (each.to_phone != to_phone || each.what != words || ++counts_[i] != each.nth) continue;
      if (each.kind == Mishap::Kind::late) return world::Deliver{.later = each.later};
      if (each.kind == Mishap::Kind::lost) {
        if (!to_phone) hidden_.insert(packet.number);
        return world::Lose{};
      }
      auto& receiver = play.device();
      play.world().at(
          play.world().now() + way + std::chrono::milliseconds(3),
          [&play, &receiver, packet] { play.world().network().deliver(receiver, packet, 0); });
    }
    return world::Pass{};
  }

  std::string file(WallTime epoch) {
    std::ranges::stable_sort(seen_, {}, &Seen::at);
    world::PcapngWriter writer("eth0", epoch, {});
    for (Seen& each : seen_) {
      if (each.at < begin || hidden_.contains(each.packet.number)) continue;
      if (rewrite) rewrite(each.packet);
      writer.packet(each.at, each.packet);
    }
    return writer.bytes();
  }

  std::vector<Mishap> mishaps_;
  std::vector<unsigned> counts_;
  std::optional<MacAddress> phone_mac_;
  std::vector<Seen> seen_;
  std::set<std::uint64_t> hidden_;
};

}  // namespace provlab::lab::test
