#include "netfakes/dns_responder.hpp"

#include <fmt/format.h>
#include <tins/dns.h>

#include <algorithm>
#include <set>

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
  std::vector<DnsRecord> records{};
  std::vector<DnsRecord> authority{};
  std::vector<DnsRecord> additional{};
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

DnsRecord address_record(const std::string& name, Ipv4Address address) {
  return {name, Tins::DNS::A, address.to_string(), std::nullopt};
}

/// What the server knows of names.
class Zone {
 public:
  explicit Zone(const DnsConfig& config) : config_(config) {}

  /// The records of a type at a name, without following a CNAME.
  std::vector<DnsRecord> at(const std::string& name, unsigned type) const {
    std::vector<DnsRecord> found;
    if (type == Tins::DNS::A) {
      const auto ttl = config_.ttls.find(name);
      const auto [first, last] = config_.names.equal_range(name);
      for (auto known = first; known != last; ++known) {
        found.push_back(address_record(name, known->second));
        if (ttl != config_.ttls.end()) found.back().ttl = ttl->second;
      }
    }
    std::ranges::copy_if(config_.records, std::back_inserter(found), [&](const DnsRecord& each) {
      return each.name == name && each.type == type;
    });
    return found;
  }
  bool knows(const std::string& name) const {
    return config_.names.contains(name) ||
           std::ranges::find(config_.records, name, &DnsRecord::name) != config_.records.end();
  }
  /// The records of a type at the name or the nearest one above it.
  std::vector<DnsRecord> above(std::string name, unsigned type) const {
    for (;;) {
      std::vector<DnsRecord> found = at(name, type);
      if (!found.empty() || name.empty()) return found;
      const std::size_t dot = name.find('.');
      name = dot == std::string::npos ? std::string() : name.substr(dot + 1);
    }
  }
  /// RFC 1034 4.3.2: the chain of aliases as far as it is known, with what is at its end.
  Outcome look_up(std::string name, unsigned type) const {
    Outcome outcome;
    for (std::set<std::string> passed; passed.insert(name).second;) {
      std::vector<DnsRecord> found = at(name, type);
      std::ranges::move(found, std::back_inserter(outcome.records));
      if (!found.empty()) return outcome;
      std::vector<DnsRecord> alias = at(name, Tins::DNS::CNAME);
      if (alias.empty()) break;
      name = lower(alias.front().data);
      outcome.records.push_back(std::move(alias.front()));
    }
    // A name without records of this type is an answer without records (RFC 2308 2.2), and one
    // behind an alias may be another server's.
    if (!outcome.records.empty()) return outcome;
    if (!knows(name)) outcome.result = DnsResult::no_such_name;
    outcome.authority = above(name, Tins::DNS::SOA);
    return outcome;
  }
  /// To the name servers of the zone, where they are known with their addresses.
  Outcome refer(const std::string& name) const {
    Outcome outcome;
    outcome.referral = true;
    outcome.authority = above(name, Tins::DNS::NS);
    if (outcome.authority.empty()) {
      const std::string zone = name.substr(std::min(name.find('.') + 1, name.size()));
      outcome.authority.push_back({zone, Tins::DNS::NS, "ns." + zone, std::nullopt});
    }
    for (const DnsRecord& server : outcome.authority) {
      std::ranges::move(at(lower(server.data), Tins::DNS::A),
                        std::back_inserter(outcome.additional));
    }
    return outcome;
  }

 private:
  const DnsConfig& config_;
};

/// What a rule says in place of the zone; nothing where it says nothing of it.
std::optional<Outcome> ruled(const DnsRule& rule, const Zone& zone, const std::string& name,
                             const Asked& asked) {
  if (rule.referral) return zone.refer(name);
  const bool lists = !rule.records.empty() || !rule.authority.empty() || !rule.additional.empty();
  const bool addresses = !rule.addresses.empty() && asked.type == Tins::DNS::A;
  if (!rule.result && !lists && !addresses) return std::nullopt;
  Outcome outcome{.result = rule.result.value_or(DnsResult::no_error)};
  if (rule.result && !lists) {
    const bool negative =
        *rule.result == DnsResult::no_such_name || *rule.result == DnsResult::no_error;
    if (negative) outcome.authority = zone.above(name, Tins::DNS::SOA);
    return outcome;
  }
  for (const Ipv4Address address : rule.addresses) {
    outcome.records.push_back(address_record(name, address));
  }
  std::ranges::copy(rule.records, std::back_inserter(outcome.records));
  outcome.authority = rule.authority;
  outcome.additional = rule.additional;
  return outcome;
}

Outcome look_up(const DnsConfig& config, const Asked& asked, const std::string& name,
                const DnsRule* rule) {
  const Zone zone(config);
  if (rule != nullptr) {
    if (auto outcome = ruled(*rule, zone, name, asked)) return std::move(*outcome);
  }
  if (asked.network_class != Tins::DNS::IN) return {.result = DnsResult::not_implemented};
  Outcome outcome = zone.look_up(name, asked.type);
  if (rule != nullptr && rule->ttl) {
    for (DnsRecord& record : outcome.records) record.ttl = rule->ttl;
  }
  return outcome;
}

/// `NOERROR prov.server.com=CNAME:a.example 192.0.2.1`: of the answer, what leads to addresses.
std::string summary_of(const Outcome& outcome) {
  std::string summary(outcome.referral ? "referral" : result_name(outcome.result));
  for (const DnsRecord& record : outcome.records) {
    if (record.type == Tins::DNS::A) {
      summary.append(" ").append(record.data);
    } else if (record.type == Tins::DNS::CNAME) {
      fmt::format_to(std::back_inserter(summary), " {}={}", record.name, record.data);
    } else {
      summary.append(" ").append(type_name(record.type));
    }
  }
  return summary;
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
  const std::string name = lower(question.dname());
  const auto resource = [&](const DnsRecord& record) {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(record.ttl.value_or(ttl)).count();
    // A record of the name asked for spells it as it was asked.
    return Tins::DNS::resource(record.name == name ? question.dname() : record.name, record.data,
                               record.type, Tins::DNS::IN, static_cast<std::uint32_t>(seconds));
  };
  for (const DnsRecord& each : outcome.records) reply.add_answer(resource(each));
  for (const DnsRecord& each : outcome.authority) reply.add_authority(resource(each));
  for (const DnsRecord& each : outcome.additional) reply.add_additional(resource(each));
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
  /// Of the name asked for, and of all that the answer holds.
  void note_uses(const std::string& name, const Outcome& outcome);

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
  const Request request{.text = type_name(asked.type) + " " + name,
                        .detail = exchange != nullptr ? "tcp" : "",
                        .contents = dns_fields(message)};
  const DnsRule* rule = received(request, from);
  const Outcome outcome = query.opcode() == kStandardQuery
                              ? look_up(*config_, asked, name, rule)
                              : Outcome{.result = DnsResult::not_implemented};
  note_uses(name, outcome);
  std::string summary = summary_of(outcome);
  const Duration ttl = rule != nullptr && rule->ttl ? *rule->ttl : config_->ttl;
  const Tins::DNS reply = reply_to(query, question, outcome, ttl);
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

void DnsResponder::note_uses(const std::string& name, const Outcome& outcome) {
  const auto of_name = [this](const std::string& each) {
    const auto listed = config_->name_uses.find(each);
    if (listed != config_->name_uses.end()) answering_.used(listed->second);
  };
  of_name(name);
  for (const auto* section : {&outcome.records, &outcome.authority, &outcome.additional}) {
    for (const DnsRecord& record : *section) {
      answering_.used(record.use);
      if (record.type == Tins::DNS::A) of_name(record.name);
    }
  }
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

std::string soa_data(const std::string& server, const std::string& mailbox,
                     const std::array<std::uint32_t, 5>& numbers) {
  const Bytes octets = Tins::DNS::soa_record(server, mailbox, numbers[0], numbers[1], numbers[2],
                                             numbers[3], numbers[4])
                           .serialize();
  return {octets.begin(), octets.end()};
}

std::unique_ptr<Responder> make_responder(Host& host, std::shared_ptr<const DnsConfig> config) {
  return std::make_unique<DnsResponder>(host, std::move(config));
}

}  // namespace provlab::netfakes
