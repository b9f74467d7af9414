// Three passes over the trace. read_packets() learns what became of each packet, and which host has
// which address. Then add_packet() makes a message of each packet that was sent, one for each host
// that it reached: MessageLabels has its words, a segment that is sent again takes the words of the
// first, and further segments only lengthen a message. Marks follow. Last, decide_parts() goes
// from each winner_chosen up its causes to the packet that won; racing answers that came later are
// late.
#include "sim/lab/pages/sequence_diagram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "sim/lab/pages/message_labels.hpp"
#include "sim/lab/pages/sequence_marks.hpp"

namespace provlab::lab {

namespace {

std::string address_of(std::string_view endpoint) {
  return std::string(endpoint.substr(0, endpoint.rfind(':')));
}

bool to_many(std::string_view endpoint) {
  if (endpoint.starts_with("255.255.255.255:")) return true;
  unsigned first = 0;
  for (const char c : endpoint) {
    if (c < '0' || c > '9') break;
    first = first * 10 + static_cast<unsigned>(c - '0');
  }
  return first >= 224 && first < 240;
}

/// Builds the diagram event by event.
class DiagramBuilder {
 public:
  DiagramBuilder(const TraceLog& log, std::span<const PacketContent> contents)
      : log_(log), labels_(log) {
    for (const PacketContent& each : contents) {
      if (each.first != 0) first_sent_.emplace(each.event, each.first);
    }
  }

  SequenceDiagram build() {
    lifeline("device");
    read_packets();
    for (const LoggedEvent& event : log_.events()) {
      labels_.see(event);
      if (event.is("packet_sent")) add_packet(event);
    }
    for (const LoggedEvent& event : log_.events()) {
      if (event.is("run_started")) {
        diagram_.runs.push_back({event.number, event.at, std::string(event.field("run")),
                                 std::string(event.field("trigger"))});
      }
      if (auto mark = mark_of(event)) {
        mark->lifeline = lifeline(event.host);
        diagram_.marks.push_back(std::move(*mark));
      }
    }
    decide_parts();
    for (Lifeline& each : diagram_.lifelines) each.address = sends_from_[each.host];
    return std::move(diagram_);
  }

 private:
  struct Fate {
    const LoggedEvent* received = nullptr;
    const LoggedEvent* lost = nullptr;
  };

  std::size_t lifeline(const std::string& host) {
    const auto [place, is_new] = places_.emplace(host, diagram_.lifelines.size());
    if (is_new) diagram_.lifelines.push_back({host, {}});
    return place->second;
  }

  /// What became of each packet, and who has which address.
  void read_packets() {
    for (const LoggedEvent& event : log_.events()) {
      const std::string packet(event.field("packet"));
      if (event.is("packet_sent")) {
        sent_[packet] = &event;
        const std::string address = address_of(event.field("from"));
        if (address == "0.0.0.0") continue;
        holders_.try_emplace(address, event.host);
        sends_from_.try_emplace(event.host, address);
      } else if (event.is("packet_received")) {
        fates_[packet].push_back({&event, nullptr});
        const auto sent = sent_.find(packet);
        if (sent != sent_.end() && !to_many(sent->second->field("to"))) {
          holders_.try_emplace(address_of(sent->second->field("to")), event.host);
        }
      } else if (event.is("packet_lost")) {
        auto& fates = fates_[packet];
        const auto same = std::ranges::find_if(fates, [&](const Fate& fate) {
          return fate.received != nullptr && fate.received->number == event.cause &&
                 fate.lost == nullptr;
        });
        if (same != fates.end()) {
          same->lost = &event;
        } else {
          fates.push_back({nullptr, &event});
        }
      }
    }
  }

  void add_packet(const LoggedEvent& packet) {
    const MessageLabel label = labels_.label(packet);
    Message message;
    message.sent_event = packet.number;
    message.sent = packet.at;
    message.from = lifeline(packet.host);
    message.label = label.text;
    message.protocol = label.protocol;
    message.answer = label.answer;
    message.transport = label.transport;
    message.again = label.again;
    if (packet.field("protocol") == "tcp") message_of_stream(message, label);
    const std::string to(packet.field("to"));
    const auto& fates = fates_[std::string(packet.field("packet"))];
    bool drawn = false;
    for (const Fate& fate : fates) {
      const bool useless = to_many(to) && fate.lost != nullptr && fate.received != nullptr;
      if (useless) continue;  // a host that has no use for a broadcast
      Message one = message;
      if (fate.received != nullptr) {
        one.to = lifeline(fate.received->host);
        one.received_event = fate.received->number;
        one.ended = fate.received->at;
      }
      if (fate.lost != nullptr) {
        one.lost = fate.lost->field("reason");
        if (one.lost.empty()) one.lost = "lost on the way";
        one.ended = fate.lost->at;
        if (!one.to) one.to = receiver_of(packet, *fate.lost);
      }
      if (drawn && one.received_event != 0) one.again = one.again || arrived_before(one);
      add(std::move(one), packet, label.source);
      drawn = true;
    }
    if (drawn) return;
    message.ended = message.sent;
    message.lost = to_many(to) ? "nobody listens" : "still on its way when the scenario ended";
    if (const auto holder = holders_.find(address_of(to)); holder != holders_.end()) {
      message.to = lifeline(holder->second);
    }
    add(std::move(message), packet, label.source);
  }

  /// What is sent again is called as it was at first, even where it is drawn only for that.
  void message_of_stream(Message& message, const MessageLabel& label) {
    stream_labels_.emplace(message.sent_event, label);
    const auto first = first_sent_.find(message.sent_event);
    message.again = first != first_sent_.end();
    if (!message.again || !message.transport) return;
    const auto known = stream_labels_.find(first->second);
    if (known == stream_labels_.end()) return;
    message.label = known->second.text;
    message.protocol = known->second.protocol;
    message.answer = known->second.answer;
    message.transport = known->second.transport;
  }

  /// Where a packet that was lost on the way would have gone.
  std::optional<std::size_t> receiver_of(const LoggedEvent& packet, const LoggedEvent& lost) {
    if (lost.host != packet.host) return lifeline(lost.host);
    // Of what goes to many, the phone is the one that counts.
    if (to_many(packet.field("to")) && packet.host != "device") return 0;
    const auto holder = holders_.find(address_of(packet.field("to")));
    if (holder == holders_.end() || holder->second == packet.host) return std::nullopt;
    return lifeline(holder->second);
  }

  bool arrived_before(const Message& message) const {
    return std::ranges::any_of(diagram_.messages, [&](const Message& other) {
      return other.sent_event == message.sent_event && other.to == message.to &&
             other.received_event != 0;
    });
  }

  void add(Message message, const LoggedEvent& packet, bool source) {
    if (message.protocol == "tcp") {
      const std::string flags(packet.field("flags"));
      const bool refusal = flags.find("RST") != std::string::npos && packet.host != "device";
      const bool handshake = flags.find("SYN") != std::string::npos;
      if ((handshake && (!message.lost.empty() || message.again)) || refusal) {
        message.transport = false;
      }
      if (message.transport && packet.field("octets") != "0") join_segment(message, packet);
    }
    if (!message.lost.empty() && message.protocol != "tcp") message.transport = false;
    if (source) from_source_.insert(diagram_.messages.size());
    if (message.protocol == "http") {
      last_on_stream_[std::string(packet.field("from")) + ">" + std::string(packet.field("to"))] =
          diagram_.messages.size();
    }
    diagram_.messages.push_back(std::move(message));
  }

  /// A further segment lengthens the message that it belongs to.
  void join_segment(const Message& message, const LoggedEvent& packet) {
    const auto last = last_on_stream_.find(std::string(packet.field("from")) + ">" +
                                           std::string(packet.field("to")));
    if (last == last_on_stream_.end() || !message.lost.empty()) return;
    ++diagram_.messages[last->second].segments;
  }

  // The race

  /// The packet whose arrival led to an event.
  const LoggedEvent* arrival_behind(const LoggedEvent& event) const {
    const LoggedEvent* cause = &event;
    while (cause != nullptr && !cause->is("packet_received")) cause = log_.cause_of(*cause);
    return cause;
  }

  Message* received_with(const LoggedEvent* arrival) {
    if (arrival == nullptr) return nullptr;
    const auto found =
        std::ranges::find(diagram_.messages, arrival->number, &Message::received_event);
    return found == diagram_.messages.end() ? nullptr : &*found;
  }

  void decide_parts() {
    std::string racing = " ";
    std::vector<std::pair<EventNumber, EventNumber>> decided;  // the winner, and the run's end
    for (const LoggedEvent& event : log_.events()) {
      if (event.is("race_formed")) racing += std::string(event.field("order")) + " ";
      if (event.is("run_started")) decided.emplace_back(0, UINT32_MAX);
      if (event.is("winner_chosen")) {
        if (decided.empty()) decided.emplace_back(0, UINT32_MAX);
        decided.back().first = event.number;
        crown(event);
      }
      if (event.is("run_started") && decided.size() > 1) {
        decided[decided.size() - 2].second = event.number;
      }
    }
    for (std::size_t i = 0; i < diagram_.messages.size(); ++i) {
      Message& message = diagram_.messages[i];
      if (message.part != Message::Part::plain) continue;
      const bool in_race =
          !message.answer.empty() && racing.find(" " + message.answer + " ") != std::string::npos;
      const bool source = from_source_.contains(i);
      if (in_race) message.part = Message::Part::racing;
      const bool late = std::ranges::any_of(decided, [&](const auto& run) {
        return run.first != 0 && message.received_event > run.first &&
               message.received_event < run.second;
      });
      if ((in_race || source) && message.received_event != 0 && late) {
        message.part = Message::Part::late;
      }
    }
    for (const LoggedEvent& event : log_.events()) {
      if (!event.is("late_answer_ignored")) continue;
      Message* message = received_with(arrival_behind(event));
      if (message != nullptr) message->part = Message::Part::late;
    }
  }

  /// Marks the answer that won, where it is one that arrived.
  void crown(const LoggedEvent& winner) {
    const std::string_view source = winner.field("source");
    Message* message = received_with(arrival_behind(winner));
    if (source == "dhcp") {
      message = nullptr;  // an earlier lease, which was looked at now
      for (Message& each : diagram_.messages) {
        if (each.protocol == "dhcp" && each.label.starts_with("DHCP ACK") &&
            each.received_event != 0 && each.received_event < winner.number &&
            (message == nullptr || !each.again)) {
          message = &each;
        }
      }
    }
    if (message == nullptr || source == "configured") return;
    // A long answer wins with its last segment.
    if (message->transport) {
      const auto first = std::ranges::find_if(diagram_.messages, [&](const Message& each) {
        return each.from == message->from && each.protocol == "http" && !each.answer.empty() &&
               each.received_event < message->received_event && each.segments > 1;
      });
      if (first == diagram_.messages.end()) return;
      message = &*first;
    }
    message->part = Message::Part::winner;
  }

  const TraceLog& log_;
  MessageLabels labels_;
  SequenceDiagram diagram_;
  std::map<std::string, const LoggedEvent*> sent_;
  std::map<std::string, std::vector<Fate>> fates_;
  std::map<std::string, std::size_t> places_;      // host → lifeline
  std::map<std::string, std::string> holders_;     // address → host
  std::map<std::string, std::string> sends_from_;  // host → address
  std::map<EventNumber, EventNumber> first_sent_;  // of what is sent again
  std::map<EventNumber, MessageLabel> stream_labels_;
  std::map<std::string, std::size_t> last_on_stream_;
  std::set<std::size_t> from_source_;  // messages of sources that can win
};

}  // namespace

SequenceDiagram sequence_diagram(const TraceLog& log, std::span<const PacketContent> contents) {
  return DiagramBuilder(log, contents).build();
}

}  // namespace provlab::lab
