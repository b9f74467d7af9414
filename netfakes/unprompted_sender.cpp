#include "netfakes/unprompted_sender.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "netfakes/dhcp_options.hpp"
#include "netfakes/ntp_wire.hpp"

namespace provlab::netfakes {

namespace {

constexpr Port kNtpServerPort = 123;
constexpr Port kDhcpServerPort = 67;
constexpr std::string_view kNobody = "nobody";
constexpr std::uint8_t kServerIdentifier = 54;
constexpr OctetRange kDhcpTransaction{4, 4};

/// Sends by a port that it does not listen on.
class PortOnly final : public UdpSocket {
 public:
  PortOnly(UdpSocket& through, Port port) : through_(through), port_(port) {}
  Endpoint local() const override { return {through_.local().address, port_}; }
  Expected<void> send(Endpoint to, BytesView payload) override {
    return through_.send_as(local(), to, payload);
  }
  Expected<void> send_as(Endpoint from, Endpoint to, BytesView payload) override {
    return through_.send_as(from, to, payload);
  }
  OperationId start_receive(std::optional<Instant> deadline, ReceiveHandler handler) override {
    return through_.start_receive(deadline, std::move(handler));
  }

 private:
  UdpSocket& through_;
  Port port_;
};

NtpPacket packet_of(const NtpPush& push, Duration since_start) {
  constexpr unsigned kVersion = 4;
  const WallTime now = push.settings.clock + since_start;
  NtpPacket packet = packet_of(push.settings, push.mode, kVersion, now);
  packet[2] = 6;  // poll: every 64 s
  put_ntp_time(packet, kNtpTransmitTime, now);
  return packet;
}

}  // namespace

UnpromptedSender::UnpromptedSender(Host& host)
    : host_(host),
      plain_(host, "send-datagram", "udp"),
      sip_(host, "send-sip", "sip"),
      ntp_(host, "send-ntp", "ntp"),
      dhcp_(host, "send-dhcp", "dhcp") {}

Expected<void> UnpromptedSender::start() {
  return listener_.open(host_, {.broadcast = true},
                        [this](const Datagram& datagram) { receive(datagram); });
}

void UnpromptedSender::set_gate(AnswerGate* gate) {
  for (Answering* each : {&plain_, &sip_, &ntp_, &dhcp_}) each->set_gate(gate);
}

Answering& UnpromptedSender::answering_for(const Unprompted& what) {
  const std::array<Answering*, 4> by_protocol{&plain_, &sip_, &ntp_, &dhcp_};
  return *by_protocol[what.message.index()];
}

void UnpromptedSender::send(const Unprompted& what, Endpoint to) {
  Answering& answering = answering_for(what);
  Answer standard = what.answer;
  if (standard.id.empty()) standard.id = fmt::format("{}:{}", answering.name(), name_of(what));
  answering.schedule(nullptr, standard, std::string(kNobody),
                     [this, &what, to](const DueAnswer& due) { leave(what, due, to); });
}

void UnpromptedSender::leave(const Unprompted& what, const DueAnswer& due, Endpoint to) {
  std::visit([&](const auto& message) { leave_by(due, to, message); }, what.message);
}

UdpSocket& UnpromptedSender::port(Port number) {
  auto& socket = ports_[number];
  if (!socket) socket = std::make_unique<PortOnly>(listener_.socket(), number);
  return *socket;
}

void UnpromptedSender::leave_by(const DueAnswer& due, Endpoint to, const Bytes& octets) {
  plain_.send(due, listener_.socket(), to, octets, fmt::format("{} octets", octets.size()));
}

void UnpromptedSender::leave_by(const DueAnswer& due, Endpoint to, const SipRequest& request) {
  const std::string token = fmt::format("{}-r{}", host_.mac().compact(), ++sent_);
  std::string payload =
      to_octets(request, {.local = listener_.socket().local(), .to = to, .token = token});
  sip_.send(due, listener_.socket(), to, bytes_of(payload),
            fmt::format("{} {} octets", request.method, payload.size()), call_id_of(payload));
  const std::string branch(branch_of(payload));
  // An ACK is never answered (RFC 3261 17.1.1.3), and what names no branch nobody can answer.
  if (branch.empty() || request.method == "ACK") return;
  in_flight_.add({.due = due,
                  .to = to,
                  .branch = branch,
                  .payload = std::move(payload),
                  .repetitions = request.repetitions},
                 listener_.socket());
}

void UnpromptedSender::leave_by(const DueAnswer& due, Endpoint to, const NtpPush& push) {
  const NtpPacket packet = packet_of(push, host_.now().time_since_epoch());
  ntp_.send(due, port(kNtpServerPort), to, packet,
            fmt::format("mode {} stratum {}", push.mode, push.settings.stratum));
}

void UnpromptedSender::leave_by(const DueAnswer& due, Endpoint to, const DhcpPush& push) {
  const auto own = host_.configuration();
  DhcpReply reply{.type = static_cast<DhcpType>(push.type),
                  .yiaddr = push.address.value_or(Ipv4Address()),
                  .ciaddr = to.address.is_unicast() ? to.address : Ipv4Address(),
                  .options = {}};
  const bool names_server = std::ranges::count(push.options, kServerIdentifier, &DhcpOption::code);
  if (!names_server && own) {
    reply.options.push_back(address_option(kServerIdentifier, own->address.address));
  }
  reply.options.insert(reply.options.end(), push.options.begin(), push.options.end());
  DhcpQuery query;
  query.transaction = push.transaction;
  query.client = push.client;
  const DhcpLayout layout = lay_out(reply, {});
  dhcp_.send(due, port(kDhcpServerPort), to, serialize(reply, layout, query), name_of(push),
             kDhcpTransaction);
}

void UnpromptedSender::receive(const Datagram& datagram) {
  const auto message = SipMessage::parse(text_of(datagram.payload));
  if (!message) return sip_.ignored(datagram.from, message.error().text);
  if (message->is_request() ||
      !in_flight_.take(*message, text_of(datagram.payload), datagram.from)) {
    sip_.ignored(datagram.from, "it responds to no request of ours");
  }
}

}  // namespace provlab::netfakes
