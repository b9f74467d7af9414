#include "netfakes/dns_responder.hpp"

#include <fmt/format.h>
#include <tins/dns.h>

#include <algorithm>

#include "core/platform/text.hpp"
#include "netfakes/datagram_front.hpp"
#include "netfakes/message_server.hpp"

namespace provlab::netfakes {

namespace {

constexpr Port kDnsPort = 53;
constexpr std::size_t kLongestDatagram = 512;  // RFC 1035 2.3.4
constexpr std::size_t kLongestMessage = 65535;
constexpr OctetRange kDnsId{0, 2};
constexpr std::uint8_t kStandardQuery = 0;

std::string type_name(unsigned type) {
  switch (type) {
    case Tins::DNS::A:
      return "A";
    case Tins::DNS::NS:
      return "NS";
    case Tins::DNS::CNAME:
      return "CNAME";
    case Tins::DNS::SOA:
      return "SOA";
    case Tins::DNS::PTR:
      return "PTR";
    case Tins::DNS::MX:
      return "MX";
    case Tins::DNS::TXT:
      return "TXT";
    case Tins::DNS::AAAA:
      return "AAAA";
    case Tins::DNS::SRV:
      return "SRV";
    case Tins::DNS::NAPTR:
      return "NAPTR";
    default:
      return fmt::format("TYPE{}", type);  // RFC 3597 5
  }
}

std::string_view result_name(DnsResult result) {
  switch (result) {
    case DnsResult::no_error:
      return "NOERROR";
    case DnsResult::format_error:
      return "FORMERR";
    case DnsResult::server_failure:
      return "SERVFAIL";
    case DnsResult::no_such_name:
      return "NXDOMAIN";
    case DnsResult::not_implemented:
      return "NOTIMP";
    case DnsResult::refused:
      return "REFUSED";
  }
  return "RCODE";
}

/// What is answered to one question.
struct Outcome {
  DnsResult result = DnsResult::no_error;
  std::vector<Ipv4Address> addresses;
  bool referral = false;
};

/// What a question asks for. libtins keeps these in enumerations that do not hold every number.
struct Asked {
  unsigned type = 0;
  unsigned network_class = 0;
};

/// Of the first question of a message that libtins has read.
Asked asked_in(BytesView message) {
  constexpr std::size_t kHeader = 12;
  constexpr unsigned kPointer = 0xc0;  // RFC 1035 4.1.4
  std::size_t at = kHeader;
  while (at < message.size() && message[at] != 0 && message[at] < kPointer) {
    at += 1 + std::size_t{message[at]};
  }
  at += at < message.size() && message[at] >= kPointer ? 2 : 1;
  if (at + 4 > message.size()) return {};
  const auto number = [&](std::size_t place) {
    return static_cast<unsigned>(message[place] << 8 | message[place + 1]);
  };
  return {number(at), number(at + 2)};
}

Outcome look_up(const DnsConfig& config, const Asked& asked, const std::string& name,
                const DnsRule* rule) {
  if (rule != nullptr && rule->referral) return {DnsResult::no_error, {}, true};
  if (rule != nullptr && rule->result) return {*rule->result, {}};
  if (asked.network_class != Tins::DNS::IN) return {DnsResult::not_implemented, {}};
  const bool asks_address = asked.type == Tins::DNS::A;
  if (rule != nullptr && !rule->addresses.empty() && asks_address) {
    return {DnsResult::no_error, rule->addresses};
  }
  const auto [first, last] = config.names.equal_range(name);
  if (first == last) return {DnsResult::no_such_name, {}};
  // A name without records of this type is an answer without records (RFC 2308 2.2).
  if (!asks_address) return {};
  Outcome outcome;
  for (auto known = first; known != last; ++known) outcome.addresses.push_back(known->second);
  return outcome;
}

Tins::DNS reply_to(const Tins::DNS& query, const Tins::DNS::query& question, const Outcome& outcome,
                   Duration ttl) {
  Tins::DNS reply;
  reply.id(query.id());
  reply.type(Tins::DNS::RESPONSE);
  reply.opcode(query.opcode());
  reply.authoritative_answer(outcome.referral ? 0 : 1);
  reply.recursion_desired(query.recursion_desired());
  reply.recursion_available(outcome.referral ? 0 : 1);
  reply.rcode(static_cast<std::uint8_t>(outcome.result));
  reply.add_query(question);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(ttl).count();
  for (const Ipv4Address& address : outcome.addresses) {
    reply.add_answer(Tins::DNS::resource(question.dname(), address.to_string(), Tins::DNS::A,
                                         Tins::DNS::IN, static_cast<std::uint32_t>(seconds)));
  }
  if (outcome.referral) {
    const std::string& name = question.dname();
    const std::string zone = name.substr(std::min(name.find('.') + 1, name.size()));
    reply.add_authority(Tins::DNS::resource(zone, "ns." + zone, Tins::DNS::NS, Tins::DNS::IN,
                                            static_cast<std::uint32_t>(seconds)));
  }
  return reply;
}

/// The same without records, for a client that is to ask over TCP.
Bytes truncated(const Tins::DNS& whole) {
  Tins::DNS cut;
  cut.id(whole.id());
  cut.type(Tins::DNS::RESPONSE);
  cut.opcode(whole.opcode());
  cut.authoritative_answer(whole.authoritative_answer());
  cut.truncated(1);
  cut.recursion_desired(whole.recursion_desired());
  cut.recursion_available(whole.recursion_available());
  for (const Tins::DNS::query& question : whole.queries()) cut.add_query(question);
  return cut.serialize();
}

class DnsResponder final : public DatagramFront<DnsConfig> {
 public:
  DnsResponder(Host& host, std::shared_ptr<const DnsConfig> config)
      : DatagramFront(host, std::move(config), {.port = kDnsPort}) {}

  Expected<void> start() override {
    if (auto started = DatagramFront::start(); !started) return started;
    if (!config_->stream) return {};
    return streams_.open(host_, {.port = kDnsPort, .syn_ack_delay = {}, .silent = config_->silent},
                         [this](BytesView message, const MessageExchange& exchange) {
                           receive(message, exchange.client(), &exchange);
                         });
  }
  void stop() override {
    streams_.close();
    DatagramFront::stop();
  }

 private:
  void receive(const Datagram& datagram) override {
    receive(datagram.payload, datagram.from, nullptr);
  }
  /// `exchange` is null for a datagram.
  void receive(BytesView message, Endpoint from, const MessageExchange* exchange);
  void send(const DueAnswer& due, const MessageExchange& exchange, BytesView payload,
            std::string_view summary);

  MessageServer streams_;
};

void DnsResponder::receive(BytesView message, Endpoint from, const MessageExchange* exchange) try {
  const Tins::DNS query(message.data(), static_cast<std::uint32_t>(message.size()));
  if (query.type() != Tins::DNS::QUERY) {
    answering_.ignored(from, "not a query");
    return;
  }
  const auto questions = query.queries();
  if (questions.size() != 1) {
    answering_.ignored(from, "not exactly one question");
    return;
  }
  const Tins::DNS::query& question = questions.front();
  const std::string name = lower(question.dname());  // RFC 4343
  const Asked asked = asked_in(message);
  const Request request{type_name(asked.type) + " " + name, exchange != nullptr ? "tcp" : ""};
  const DnsRule* rule = received(request, from);
  const Outcome outcome = query.opcode() == kStandardQuery
                              ? look_up(*config_, asked, name, rule)
                              : Outcome{DnsResult::not_implemented, {}};
  if (const auto listed = config_->name_uses.find(name); listed != config_->name_uses.end()) {
    answering_.used(listed->second);
  }
  std::string summary(outcome.referral ? "referral" : result_name(outcome.result));
  for (const Ipv4Address& address : outcome.addresses) {
    summary.append(" ").append(address.to_string());
  }
  const Tins::DNS reply = reply_to(query, question, outcome, config_->ttl);
  Bytes payload = Tins::DNS(reply).serialize();
  const bool too_long = payload.size() > kLongestDatagram || (rule != nullptr && rule->truncated);
  if (exchange == nullptr && too_long) {
    payload = truncated(reply);
    summary = "truncated";
  }
  if (exchange != nullptr) {
    answering_.schedule(
        rule, {}, request.text,
        [this, way = *exchange, payload = std::move(payload),
         summary = std::move(summary)](const DueAnswer& due) { send(due, way, payload, summary); });
    return;
  }
  answering_.schedule(
      rule, {}, request.text,
      [this, to = from, payload = std::move(payload), summary = std::move(summary)](
          const DueAnswer& due) { answering_.send(due, socket(), to, payload, summary, kDnsId); });
} catch (const Tins::exception_base& error) {
  answering_.ignored(from, fmt::format("malformed: {}", error.what()));
}

void DnsResponder::send(const DueAnswer& due, const MessageExchange& exchange, BytesView payload,
                        std::string_view summary) {
  if (!exchange.open()) return answering_.failed(due, "the client has closed the connection");
  answering_.sent(due, exchange.client(), summary);
  if (due.faults == nullptr) return exchange.answer(payload, payload.size());
  Bytes spoilt = spoil(*due.faults, payload, kDnsId, host_.random(),
                       [&](const FaultDone& fault) { answering_.spoilt(due, fault); });
  spoilt.resize(std::min(spoilt.size(), kLongestMessage));
  exchange.answer(spoilt,
                  due.faults->cut ? std::max(payload.size(), spoilt.size()) : spoilt.size());
}

}  // namespace

std::unique_ptr<Responder> make_responder(Host& host, std::shared_ptr<const DnsConfig> config) {
  return std::make_unique<DnsResponder>(host, std::move(config));
}

}  // namespace provlab::netfakes
