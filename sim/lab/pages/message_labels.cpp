#include "sim/lab/pages/message_labels.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provlab::lab {

namespace {

std::string with_attempt(std::string text, const LoggedEvent& event) {
  const std::string_view attempt = event.field("attempt");
  if (!attempt.empty() && attempt != "1") text += fmt::format(" (attempt {})", attempt);
  return text;
}

std::string path_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t path = url.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
  return path == std::string_view::npos ? "/" : std::string(url.substr(path));
}

std::string first_word_upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c == ' ') break;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

std::string_view port_of(std::string_view endpoint) {
  const std::size_t colon = endpoint.rfind(':');
  return colon == std::string_view::npos ? std::string_view() : endpoint.substr(colon + 1);
}

MessageLabel label_of_answer(const LoggedEvent& answer) {
  MessageLabel label;
  const std::string_view kind = answer.field("kind");
  const std::string_view summary = answer.field("summary");
  label.answer = answer.field("answer");
  if (kind == "dhcp") {
    label.text = "DHCP " + first_word_upper(summary);
    label.protocol = "dhcp";
  } else if (kind == "dns" || kind == "ntp") {
    label.text = fmt::format("{} {}", kind == "dns" ? "DNS" : "NTP", summary);
    label.protocol = kind;
  } else if (kind == "multicast" || kind == "check-sync") {
    label.text = first_word_upper(summary);
    label.protocol = "sip";
    label.source = label.text.starts_with("NOTIFY") && kind == "multicast";
  } else {
    label.text = summary;
    label.protocol = "http";
    label.source = kind == "redirect";
  }
  return label;
}

}  // namespace

void MessageLabels::see(const LoggedEvent& event) {
  if (event.is("answer_sent")) {
    due_[{event.host, std::string(event.field("to"))}] = &event;
  }
}

/// The nearest event of that name of the same moment, host and cause; where `to_field` is given, to
/// the packet's destination.
const LoggedEvent* MessageLabels::neighbour(const LoggedEvent& packet, std::string_view name,
                                            std::string_view to_field) const {
  const auto fits = [&](std::int64_t number) -> const LoggedEvent* {
    if (number < 1 || number > static_cast<std::int64_t>(log_.events().size())) return nullptr;
    const LoggedEvent& event = log_.event(static_cast<EventNumber>(number));
    const bool near = event.is(name) && event.at == packet.at && event.host == packet.host &&
                      event.cause == packet.cause;
    if (!near || (!to_field.empty() && event.field(to_field) != packet.field("to"))) return nullptr;
    return &event;
  };
  // The DHCP and HTTP clients say so before they send, the others afterwards; before a request a
  // stream may carry the end of a TLS handshake.
  const std::int64_t number = packet.number;
  std::vector<int> distances{1, -1, 2, -2, 3};
  if (name == "dhcp_sent") distances = {-1, -2, -3};
  if (name == "http_request_sent") distances = {-1};
  for (const int distance : distances) {
    if (const LoggedEvent* event = fits(number + distance)) return event;
  }
  return nullptr;
}

std::optional<MessageLabel> MessageLabels::said_by_phone(const LoggedEvent& packet) const {
  const std::string_view port = port_of(packet.field("to"));
  const auto label = [](std::string text, std::string protocol, const LoggedEvent& event) {
    const bool again = !event.field("attempt").empty() && event.field("attempt") != "1";
    return MessageLabel{
        with_attempt(std::move(text), event), std::move(protocol), {}, false, again, false};
  };
  if (port == "67") {
    if (const auto* event = neighbour(packet, "dhcp_sent", "to")) {
      return label(fmt::format("DHCP {}", event->field("message")), "dhcp", *event);
    }
  } else if (port == "53") {
    if (const auto* event = neighbour(packet, "name_query_sent", "")) {
      return label(fmt::format("DNS A {}", event->field("name")), "dns", *event);
    }
  } else if (port == "123") {
    if (const auto* event = neighbour(packet, "ntp_request_sent", "")) {
      return label("NTP request", "ntp", *event);
    }
  }
  if (const auto* event = neighbour(packet, "sip_request_sent", "to")) {
    return label(std::string(event->field("method")), "sip", *event);
  }
  if (const auto* event = neighbour(packet, "sip_response_sent", "to")) {
    return label(fmt::format("{} to {}", event->field("status"), event->field("method")), "sip",
                 *event);
  }
  return std::nullopt;
}

MessageLabel MessageLabels::of_stream(const LoggedEvent& packet) {
  MessageLabel label{"", "tcp", "", false, false, true};
  if (packet.field("octets") == "0") {
    label.text = fmt::format("TCP {}", packet.field("flags"));
    return label;
  }
  const auto due = due_.find({packet.host, std::string(packet.field("to"))});
  if (due != due_.end()) {
    const LoggedEvent& answer = *due->second;
    due_.erase(due);
    return label_of_answer(answer);
  }
  if (auto repeated = repetition(packet)) return *repeated;
  if (const auto* event = neighbour(packet, "http_request_sent", "address")) {
    return {"GET " + path_of(event->field("url")), "http", {}, false, false, false};
  }
  label.text = fmt::format("TCP data, {} octets", packet.field("octets"));
  return label;
}

/// The answer that the packet was sent for.
const LoggedEvent* MessageLabels::answer_behind(const LoggedEvent& packet) const {
  const LoggedEvent* event = log_.cause_of(packet);
  while (event != nullptr && event->host == packet.host && !event->is("answer_sent")) {
    event = log_.cause_of(*event);
  }
  return event != nullptr && event->is("answer_sent") ? event : nullptr;
}

/// The label of an answer that is sent once more: its responder says so just before.
std::optional<MessageLabel> MessageLabels::repetition(const LoggedEvent& packet) const {
  const LoggedEvent* answer = answer_behind(packet);
  if (answer == nullptr || packet.number < 2) return std::nullopt;
  const LoggedEvent& before = log_.event(packet.number - 1);
  if (!before.is("answer_repeated") || before.host != packet.host || before.at != packet.at) {
    return std::nullopt;
  }
  MessageLabel label = label_of_answer(*answer);
  label.again = true;
  return label;
}

MessageLabel MessageLabels::label(const LoggedEvent& packet) {
  if (packet.field("protocol") == "tcp") return of_stream(packet);
  if (packet.host == "device") {
    if (auto said = said_by_phone(packet)) return *said;
  }
  if (auto repeated = repetition(packet)) return *repeated;
  if (const LoggedEvent* answer = answer_behind(packet)) return label_of_answer(*answer);
  return {fmt::format("UDP, {} octets", packet.field("octets")), "udp", {}, false, false, false};
}

}  // namespace provlab::lab
