#include "sim/lab/language/unprompted_reader.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>

#include "sim/lab/language/dhcp_reader.hpp"
#include "sim/lab/language/faults_reader.hpp"
#include "sim/lab/language/header_reader.hpp"
#include "sim/lab/language/ntp_reader.hpp"

namespace provlab::lab {

namespace {

constexpr std::size_t kMostOctetsOfUdp = 65'507;

Bytes read_datagram_octets(const Element& element) {
  const int ways =
      (element.has("hex") ? 1 : 0) + (element.has("src") ? 1 : 0) + (element.has("text") ? 1 : 0);
  if (ways != 1) {
    element.complain("<send-datagram> has one of hex=\"...\", text=\"...\" and src=\"...\"");
    return {};
  }
  Bytes octets;
  if (const auto hex = element.octets("hex")) {
    octets = *hex;
  } else {
    const auto text =
        element.has("text") ? element.get("text") : element.file("src", kMostOctetsOfUdp);
    if (text) octets.assign(text->begin(), text->end());
  }
  if (octets.size() > kMostOctetsOfUdp) {
    element.complain(fmt::format("this datagram has {} octets; at most {} are taken", octets.size(),
                                 kMostOctetsOfUdp));
  }
  return octets;
}

netfakes::SipRequest read_sip_request(const Element& element) {
  netfakes::SipRequest request;
  request.method = element.text("method");
  request.uri = element.text("uri");
  request.branch = element.get("branch");
  request.call_id = element.get("call-id");
  request.cseq = element.number("cseq");
  request.headers = read_header_lines(element);
  request.repetitions = element.number("repetitions").value_or(request.repetitions);
  if (const auto body = element.child("body")) {
    request.body = body->body().value_or("");
    request.content_type = body->text("type", "application/xml");
  }
  for (const auto& [attribute, header] :
       {std::pair("branch", "Via"), std::pair("call-id", "Call-ID"), std::pair("cseq", "CSeq")}) {
    if (!element.has(attribute) || !netfakes::any_of_name(request.headers, header)) continue;
    element.complain(attribute, fmt::format("there is a <header> {} too, which says all of that "
                                            "line; keep one of them",
                                            header));
  }
  return request;
}

netfakes::NtpPush read_ntp_push(const Element& element, const ScenarioPlan& plan) {
  netfakes::NtpPush push;
  push.settings.clock = plan.epoch;
  push.settings = read_ntp_settings(element, push.settings);
  push.mode = element.number("mode").value_or(push.mode);
  return push;
}

netfakes::DhcpPush read_dhcp_push(const Element& element, const ScenarioPlan& plan) {
  static const std::map<std::string_view, std::uint8_t> kTypes{
      {"offer", 2}, {"ack", 5}, {"nak", 6}, {"forcerenew", 9}};
  netfakes::DhcpPush push;
  push.type = kTypes.at(element.text("type", "forcerenew"));
  push.client = element.mac("client").value_or(plan.phone.identity.mac);
  push.address = element.address("offer");
  const std::string transaction = element.text("transaction");
  std::from_chars(transaction.data(), transaction.data() + transaction.size(), push.transaction,
                  16);
  for (const Element& option : element.children("option")) {
    if (auto read = read_plain_option(option)) push.options.push_back(std::move(*read));
  }
  return push;
}

struct UsualTarget {
  Port port;       ///< that it goes to where none is said
  const char* to;  ///< where it goes where that is not said
};

/// Where it goes: to the phone, to a host or to an address.
DatagramTarget read_destination(const Element& element, const Names& names,
                                const UsualTarget& usual) {
  const std::string text = element.text("to", usual.to);
  const std::size_t colon = text.find(':');
  const std::string who = text.substr(0, colon);
  DatagramTarget to;
  to.endpoint.port = usual.port;
  if (colon != std::string::npos) {
    const unsigned long port = std::stoul(text.substr(colon + 1));
    if (port == 0 || port > 65535) {
      element.complain("to", fmt::format("to=\"{}\": a port goes from 1 to 65535", text));
    }
    to.endpoint.port = static_cast<Port>(port);
  } else if (usual.port == 0 && element.has("to")) {
    element.complain("to",
                     fmt::format("to=\"{}\" says no port; write for example {}:5060", text, text));
  }
  to.phone = who == "device";
  if (to.phone || who.empty()) return to;
  if (const auto address = names.address(element, "to", who)) to.endpoint.address = *address;
  return to;
}

}  // namespace

SendUnprompted read_unprompted(const Element& element, Names& names, const ScenarioPlan& plan) {
  netfakes::Unprompted what;
  what.answer.id = element.text("id");
  what.answer.faults = read_faults(element, names);
  UsualTarget usual{.port = 0, .to = ""};
  if (element.name() == "send-sip") {
    usual = {.port = 5060, .to = "device"};
    what.message = read_sip_request(element);
  } else if (element.name() == "send-ntp") {
    usual = {.port = 123, .to = "255.255.255.255"};
    what.message = read_ntp_push(element, plan);
  } else if (element.name() == "send-dhcp") {
    usual = {.port = 68, .to = "device"};
    what.message = read_dhcp_push(element, plan);
  } else {
    what.message = read_datagram_octets(element);
  }
  names.add_answer(element, element.name());
  names.host(element, "host");
  return {element.text("host"), read_destination(element, names, usual),
          std::make_shared<const netfakes::Unprompted>(std::move(what))};
}

}  // namespace provlab::lab
