#include "netfakes/dns_responder.hpp"

#include <fmt/format.h>
#include <tins/dns.h>

#include "core/platform/text.hpp"
#include "netfakes/datagram_front.hpp"

namespace provlab::netfakes {

namespace {

constexpr Port kDnsPort = 53;
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

Outcome look_up(const DnsConfig& config, const Tins::DNS::query& question, const std::string& name,
                const DnsRule* rule) {
  if (rule != nullptr && rule->referral) return {DnsResult::no_error, {}, true};
  if (rule != nullptr && rule->result) return {*rule->result, {}};
  if (question.query_class() != Tins::DNS::IN) return {DnsResult::not_implemented, {}};
  const bool asks_address = question.query_type() == Tins::DNS::A;
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

class DnsResponder final : public DatagramFront<DnsConfig> {
 public:
  DnsResponder(Host& host, std::shared_ptr<const DnsConfig> config)
      : DatagramFront(host, std::move(config), {.port = kDnsPort}) {}

 private:
  void receive(const Datagram& datagram) override;
};

void DnsResponder::receive(const Datagram& datagram) try {
  const Tins::DNS query(datagram.payload.data(),
                        static_cast<std::uint32_t>(datagram.payload.size()));
  if (query.type() != Tins::DNS::QUERY) {
    answering_.ignored(datagram.from, "not a query");
    return;
  }
  const auto questions = query.queries();
  if (questions.size() != 1) {
    answering_.ignored(datagram.from, "not exactly one question");
    return;
  }
  const Tins::DNS::query& question = questions.front();
  const std::string name = lower(question.dname());  // RFC 4343
  const Request request{type_name(question.query_type()) + " " + name, {}};
  const DnsRule* rule = received(request, datagram.from);
  Outcome outcome = query.opcode() == kStandardQuery ? look_up(*config_, question, name, rule)
                                                     : Outcome{DnsResult::not_implemented, {}};
  std::string summary(outcome.referral ? "referral" : result_name(outcome.result));
  for (const Ipv4Address& address : outcome.addresses) {
    summary.append(" ").append(address.to_string());
  }
  Bytes payload = reply_to(query, question, outcome, config_->ttl).serialize();
  answering_.schedule(
      rule, {}, request.text,
      [this, to = datagram.from, payload = std::move(payload), summary = std::move(summary)](
          const DueAnswer& due) { answering_.send(due, socket(), to, payload, summary, kDnsId); });
} catch (const Tins::exception_base& error) {
  answering_.ignored(datagram.from, fmt::format("malformed: {}", error.what()));
}

}  // namespace

std::unique_ptr<Responder> make_responder(Host& host, std::shared_ptr<const DnsConfig> config) {
  return std::make_unique<DnsResponder>(host, std::move(config));
}

}  // namespace provlab::netfakes
