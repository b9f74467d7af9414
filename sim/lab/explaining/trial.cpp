#include "sim/lab/explaining/trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "sim/lab/importing/datagram_reader.hpp"
#include "sim/lab/importing/replay.hpp"
#include "sim/lab/language/load.hpp"

namespace provlab::lab {

namespace {

std::string datagram_words(const world::Packet& packet) {
  Said said{.from = packet.from, .to = packet.to, .words = {}, .text = {}, .octets = {}};
  read_datagram(text_of(packet.payload), said);
  switch (said.talk) {
    case Talk::dhcp:
      return "DHCP " + said.words;
    case Talk::dns:
      return (said.as<DnsSaid>()->reply ? "answer to " : "question for ") + said.words;
    case Talk::ntp:
      return said.as<NtpSaid>()->mode == 3 ? "question for the time" : "answer with the time";
    case Talk::sip:
      return said.as<SipSaid>()->request
                 ? "SIP " + said.as<SipSaid>()->method
                 : fmt::format("SIP {} to {}", said.words, said.as<SipSaid>()->method);
    default:
      return fmt::format("datagram of {} octets", packet.payload.size());
  }
}

std::string segment_words(const world::Packet& packet) {
  const std::string_view payload = text_of(packet.payload);
  if (packet.bare_ack()) return {};
  const std::string_view line = payload.substr(0, std::min(payload.find('\r'), payload.size()));
  if (payload.starts_with("HTTP/")) return fmt::format("answer {}", line.substr(0, 12));
  if (line.find(" HTTP/1") != line.npos) {
    return fmt::format("request {}", line.substr(0, line.rfind(" HTTP/1")));
  }
  if (!payload.empty()) return fmt::format("segment of {} octets", payload.size());
  return "TCP " + packet.flags_text();
}

/// Lets all pass, and keeps what there was between the phone and others.
class PacketNotes {
 public:
  explicit PacketNotes(std::vector<RunPacket>& packets) : packets_(packets) {}

  void attend(Play& play) {
    guard_ = play.world().network().add_rule(
        [this, &play](const world::Packet& packet, const world::Station& sender,
                      const world::Station& receiver) -> world::PacketFate {
          note(play.world().now().time_since_epoch(), packet, sender.name(), receiver.name());
          return world::Pass{};
        });
  }

 private:
  void note(Duration at, const world::Packet& packet, const std::string& from,
            const std::string& to) {
    if (from != kDeviceName && to != kDeviceName) return;
    if (packets_.empty()) begin_ = at;
    const unsigned nth = ++counts_[{from, to, packet.protocol}];
    const bool udp = packet.protocol == world::Protocol::udp;
    packets_.push_back({at - begin_, from, to, packet.protocol, nth, packet.to,
                        udp ? datagram_words(packet) : segment_words(packet)});
  }

  std::vector<RunPacket>& packets_;
  std::map<std::tuple<std::string, std::string, world::Protocol>, unsigned> counts_;
  world::RuleGuard guard_;
  Duration begin_{};  ///< of the first, from which conversations count
};

/// What did not come as far as the tap was not said, for all that it shows.
void hide(Conversation& heard, const Unseen& unseen) {
  for (std::size_t i = 0; i < heard.said.size(); ++i) {
    Said& said = heard.said[i];
    if (!said.by_phone || said.at != unseen.at || said.to != unseen.to) continue;
    for (std::size_t later = i + 1; later < heard.said.size(); ++later) {
      Said& again = heard.said[later];
      if (again.by_phone && again.again && again.words == said.words) {
        again.again = false;
        break;
      }
    }
    said.talk = Talk::other;
    said.words.clear();
    said.text = std::monostate{};
    return;
  }
}

}  // namespace

Trial Bench::play(const std::string& text, const std::vector<Unseen>& unseen, bool packets) const {
  Trial trial{.heard = {.phone = captured_.phone, .said = {}, .connections = {}, .remarks = {}},
              .outcome = {},
              .packets = {},
              .divergence = {},
              .likeness = {}};
  const PlanResult plan = compile_scenario(text, file_);
  if (!plan) {
    trial.divergence = Divergence{.same = 0, .text = plan.error().front().to_string()};
    return trial;
  }
  trial.valid = true;
  PacketNotes notes(trial.packets);
  Replay played = replay(*plan, (*plan)->variants.front(), [&](Play& play) {
    if (packets) notes.attend(play);
  });
  trial.heard = std::move(played.heard);
  trial.outcome = std::move(played.outcome);
  for (const Unseen& each : unseen) hide(trial.heard, each);
  trial.divergence = first_divergence(captured_, trial.heard, slack_);
  trial.likeness = likeness(captured_, trial.heard);
  // An answer that only the tap saw makes a repetition another question, for the import.
  if (trial.likeness.apart == 0) trial.divergence.reset();
  return trial;
}

}  // namespace provlab::lab
