#include "sim/lab/importing/draft_responders.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/text/parse.hpp"

namespace provlab::lab {

namespace {

/// A delay that a server's daily work makes is none that a reader wants to see.
constexpr Duration kUsualDelay = std::chrono::milliseconds(20);
constexpr Duration kLeastDelay = std::chrono::microseconds(1);

MarkupNode raw_and_travel(const DraftInputs& inputs, const DraftHost& host,
                          const Exchange& exchange) {
  MarkupNode raw = raw_answer(*exchange.answers.front());
  add_travel(raw, inputs, host, exchange);
  return raw;
}

Treatment late_answer(const DraftInputs& inputs, const DraftHost& host, const Exchange& exchange) {
  MarkupNode answer{.name = "answer"};
  add_travel(answer, inputs, host, exchange);
  return answer.bare() ? Treatment() : Treatment(std::move(answer));
}

// DNS.

std::string_view dns_result(const DnsSaid& dns) {
  if (dns.truncated) return "truncated";
  switch (dns.code) {
    case 0:
      return "no-address";
    case 1:
      return "format-error";
    case 2:
      return "server-failure";
    case 3:
      return "no-such-name";
    case 4:
      return "not-implemented";
    default:
      return "refused";
  }
}

std::string addresses_in(const DraftWorld& world, const DnsSaid& dns) {
  std::string text;
  for (const DnsSaid::Record& record : dns.records) {
    const auto address = Ipv4Address::read(record.data);
    if (record.type != "A" || !address) continue;
    text.append(text.empty() ? "" : " ").append(world.name_of(*address));
  }
  return text;
}

Treatment dns_treatment(const DraftInputs& inputs, const DraftHost& host,
                        const Exchange& exchange) {
  if (exchange.answers.empty()) return no_answer();
  if (inputs.raw.contains(Talk::dns)) return raw_and_travel(inputs, host, exchange);
  const auto& dns = *exchange.answers.front()->as<DnsSaid>();
  const std::string addresses = addresses_in(inputs.world, dns);
  std::string known;
  for (const DraftHost& each : inputs.world.hosts()) {
    if (std::ranges::find(each.names, dns.name) != each.names.end()) known = each.id;
  }
  MarkupNode answer{.name = "answer"};
  if (dns.truncated || dns.code != 0 || addresses.empty()) {
    const std::string_view result = dns_result(dns);
    if (result != "no-such-name" || !known.empty()) answer.set("result", std::string(result));
  } else if (addresses != known) {
    answer.set("address", addresses);
  }
  add_travel(answer, inputs, host, exchange);
  return answer.bare() ? Treatment() : Treatment(std::move(answer));
}

// NTP.

MarkupNode ntp_words(const DraftInputs& inputs, const DraftHost& host, const Said& said,
                     const Said& question) {
  constexpr Duration kRounding = std::chrono::milliseconds(1);
  const auto& ntp = *said.as<NtpSaid>();
  MarkupNode words{.name = "answer"};
  const Duration way = inputs.world.round_trip_to(host) / 2;
  WallTime clock = ntp.time - (said.at - way);
  if (!inputs.exact)
    clock = WallTime((clock.time_since_epoch() + kRounding / 2) / kRounding * kRounding);
  words.set("clock", to_string(clock));
  if (ntp.stratum == 0) {
    std::string code = ntp.reference;
    while (!code.empty() && (code.back() < 'A' || code.back() > 'Z')) code.pop_back();
    if (!code.empty()) words.set("kiss", code);
  } else if (ntp.stratum != 2) {
    words.set("stratum", std::to_string(std::min(ntp.stratum, 16U)));
  }
  if (ntp.leap != 0) words.set("leap", std::to_string(ntp.leap));
  if (ntp.version != question.as<NtpSaid>()->version) {
    words.set("version", std::to_string(ntp.version));
  }
  return words;
}

/// Whether two say the same, but for what clocks drift.
bool same_time(const MarkupNode& a, const MarkupNode& b) {
  const auto rest = [](const MarkupNode& node) {
    return std::vector(node.attributes.begin() + 1, node.attributes.end());
  };
  const auto one = parse_wall_time(a.attributes[0].second);
  const auto other = parse_wall_time(b.attributes[0].second);
  if (!one || !other) return a == b;
  const Duration away = *one - *other;
  return rest(a) == rest(b) && away < std::chrono::milliseconds(100) &&
         away > std::chrono::milliseconds(-100);
}

// Redirect service.

Treatment assignment_treatment(const DraftInputs& inputs, const DraftHost& host,
                               const Exchange& exchange, std::string_view name) {
  if (exchange.answers.empty()) return no_answer();
  if (inputs.raw.contains(Talk::http)) {
    if (name == "assign") return std::nullopt;
    return raw_and_travel(inputs, host, exchange);
  }
  const auto& http = *exchange.answers.front()->as<HttpSaid>();
  MarkupNode answer{.name = std::string(name)};
  const std::string location = http.header("Location");
  if (!location.empty()) {
    answer.set("url", location);
    if (http.status != 302) answer.set("status", std::to_string(http.status));
  } else if (http.status == 200) {
    answer.set("url", http.body.substr(0, http.body.find_first_of("\r\n")));
    answer.set("status", "200");
  } else if (http.status != 404 && http.status >= 100) {
    answer.set("status", std::to_string(http.status));
  }
  add_travel(answer, inputs, host, exchange);
  return answer.bare() ? Treatment() : Treatment(std::move(answer));
}

// Multicast.

std::vector<const Said*> notifies_in(const Exchange& exchange) {
  std::vector<const Said*> found;
  for (const Said* answer : exchange.answers) {
    if (answer->as<SipSaid>()->request && !answer->again) found.push_back(answer);
  }
  return found;
}

const Said* ok_in(const Exchange& exchange) {
  for (const Said* answer : exchange.answers) {
    if (!answer->as<SipSaid>()->request) return answer;
  }
  return nullptr;
}

std::vector<MarkupNode> notify_words(const DraftInputs& inputs, const DraftHost& host,
                                     const Exchange& exchange) {
  std::vector<MarkupNode> words;
  for (const Said* notify : notifies_in(exchange)) {
    const auto& sip = *notify->as<SipSaid>();
    MarkupNode node{.name = "notify"};
    node.set("url", sip.body);
    if (!sip.content_type.empty() && sip.content_type != "application/url") {
      node.set("type", sip.content_type);
    }
    if (const auto delay = inputs.delay_of(host, exchange.question->at, notify->at)) {
      node.set("after", to_string(*delay));
    }
    words.push_back(std::move(node));
  }
  return words;
}

}  // namespace

std::optional<Duration> DraftInputs::delay_of(const DraftHost& host, Duration asked,
                                              Duration answered) const {
  const Duration delay = answered - asked - world.round_trip_to(host);
  if (delay < (exact ? kLeastDelay : std::max(kUsualDelay, world.round_trip_to(host) / 2))) {
    return std::nullopt;
  }
  return world.rounded(delay);
}

std::vector<Exchange> exchanges_of(const DraftInputs& inputs, const DraftHost& host,
                                   std::string_view kind) {
  std::vector<Exchange> found;
  for (std::size_t i = 0; i < inputs.heard.said.size(); ++i) {
    const Said& said = inputs.heard.said[i];
    if (!said.by_phone || said.answers || kind_of_question(said) != kind) continue;
    const bool to_all = !said.to.address.is_unicast();
    if (!to_all && said.to.address != host.address) continue;
    Exchange exchange{.place = i, .question = &said, .answers = {}};
    for (const Said* answer : inputs.heard.answers_to(i)) {
      if (!to_all || answer->from.address == host.address) exchange.answers.push_back(answer);
    }
    found.push_back(std::move(exchange));
  }
  return found;
}

void add_rules(MarkupNode& responder, const std::string& request,
               const std::vector<Treatment>& treatments) {
  for (std::size_t first = 0; first < treatments.size();) {
    std::size_t end = first + 1;
    while (end < treatments.size() && treatments[end] == treatments[first]) ++end;
    if (treatments[first]) {
      MarkupNode& rule = responder.add({.name = "on"}).set("request", request);
      if (treatments.size() > end - first) {
        rule.set("nth",
                 end - first == 1 ? std::to_string(end) : fmt::format("{}..{}", first + 1, end));
      }
      rule.add(*treatments[first]);
    }
    first = end;
  }
}

MarkupNode no_answer() {
  return {.name = "nothing"};
}

MarkupNode raw_answer(const Said& answer) {
  MarkupNode raw{.name = "raw"};
  raw.set("hex", pairs_of_hex(answer.octets));
  if (!answer.tcp) raw.set("transaction", "right");
  return raw;
}

void add_travel(MarkupNode& answer, const DraftInputs& inputs, const DraftHost& host,
                const Exchange& exchange) {
  const Said& first = *exchange.answers.front();
  if (const auto delay = inputs.delay_of(host, exchange.question->at, first.at)) {
    answer.set("after", to_string(*delay));
  }
  const std::size_t copies = exchange.answers.size();
  const bool same = std::ranges::all_of(
      exchange.answers, [&](const Said* each) { return each->octets == first.octets; });
  if (copies > 1 && same && !first.tcp) {
    answer.set("copies", std::to_string(copies));
    const Duration gap = exchange.answers[1]->at - first.at;
    if (gap > Duration::zero()) answer.set("gap", to_string(gap));
  }
  if (exchange.question->to.address.is_unicast() && first.from != exchange.question->to) {
    const std::string from = inputs.world.name_of(first.from.address);
    const bool port = first.from.port != exchange.question->to.port;
    answer.set("from", port ? fmt::format("{}:{}", from, first.from.port) : from);
  }
}

MarkupNode draft_dns(const DraftInputs& inputs, const DraftHost& host) {
  MarkupNode dns{.name = "dns"};
  dns.set("host", host.id);
  std::map<std::string, std::vector<Treatment>> by_name;
  std::vector<std::string> order;
  std::optional<std::uint32_t> ttl;
  for (const Exchange& exchange : exchanges_of(inputs, host, "dns")) {
    const std::string& words = exchange.question->words;
    if (!by_name.contains(words)) order.push_back(words);
    by_name[words].push_back(dns_treatment(inputs, host, exchange));
    if (exchange.answers.empty()) continue;
    for (const auto& record : exchange.answers.front()->as<DnsSaid>()->records) {
      ttl = std::min(ttl.value_or(record.ttl), record.ttl);
    }
  }
  constexpr std::uint32_t kShort = 600;
  if (ttl && *ttl < kShort) dns.set("ttl", fmt::format("{}s", *ttl));
  for (const std::string& words : order) add_rules(dns, words, by_name[words]);
  return dns;
}

MarkupNode draft_ntp(const DraftInputs& inputs, const DraftHost& host) {
  MarkupNode ntp{.name = "ntp"};
  ntp.set("host", host.id);
  const std::vector<Exchange> exchanges = exchanges_of(inputs, host, "ntp");
  std::optional<MarkupNode> usual;
  // What tells the time is usual; a kiss or a server without the time where there is nothing else.
  for (const bool any : {false, true}) {
    for (const Exchange& exchange : exchanges) {
      if (usual || exchange.answers.empty()) continue;
      const auto& told = *exchange.answers.front()->as<NtpSaid>();
      if (!any && (told.stratum == 0 || told.leap == 3)) continue;
      usual = ntp_words(inputs, host, *exchange.answers.front(), *exchange.question);
    }
  }
  std::vector<Treatment> treatments;
  for (const Exchange& exchange : exchanges) {
    if (exchange.answers.empty()) {
      treatments.emplace_back(no_answer());
      continue;
    }
    MarkupNode words = ntp_words(inputs, host, *exchange.answers.front(), *exchange.question);
    if (same_time(words, *usual)) {
      treatments.push_back(late_answer(inputs, host, exchange));
    } else {
      add_travel(words, inputs, host, exchange);
      treatments.emplace_back(std::move(words));
    }
  }
  if (usual) {
    for (const auto& [name, value] : usual->attributes) {
      if (name != "clock" || value != "2026-03-01T08:00:00Z") ntp.set(name, value);
    }
  }
  add_rules(ntp, "time", treatments);
  return ntp;
}

MarkupNode draft_redirect(const DraftInputs& inputs, const DraftHost& host) {
  MarkupNode redirect{.name = "redirect"};
  redirect.set("host", host.id);
  const std::vector<Exchange> exchanges = exchanges_of(inputs, host, "redirect");
  Treatment usual;
  for (const Exchange& exchange : exchanges) {
    if (exchange.answers.empty() || usual) continue;
    usual = assignment_treatment(inputs, host, exchange, "assign");
    if (usual && usual->attributes.front().first != "url") usual.reset();
  }
  if (usual) redirect.add(*usual);
  std::vector<Treatment> treatments;
  for (const Exchange& exchange : exchanges) {
    Treatment treatment = assignment_treatment(inputs, host, exchange, "answer");
    const bool as_usual = usual && treatment && treatment->attributes == usual->attributes;
    treatments.push_back(as_usual ? Treatment() : std::move(treatment));
  }
  add_rules(redirect, "assignment", treatments);
  return redirect;
}

MarkupNode draft_multicast(const DraftInputs& inputs, const DraftHost& host) {
  MarkupNode multicast{.name = "multicast"};
  multicast.set("host", host.id);
  const std::vector<Exchange> exchanges = exchanges_of(inputs, host, "multicast");
  std::optional<std::vector<MarkupNode>> usual;
  std::vector<Treatment> treatments;
  for (const Exchange& exchange : exchanges) {
    if (exchange.answers.empty()) {
      treatments.emplace_back(no_answer());
      continue;
    }
    std::vector<MarkupNode> words = notify_words(inputs, host, exchange);
    if (!usual) {
      usual = words;
      const Said* const ok = ok_in(exchange);
      const auto notifies = notifies_in(exchange);
      if (ok == nullptr) {
        multicast.set("ok", "never");
      } else if (!notifies.empty() && notifies.front()->at < ok->at) {
        multicast.set("ok", "last");
      } else if (const auto delay = inputs.delay_of(host, exchange.question->at, ok->at)) {
        multicast.set("ok-after", to_string(*delay));
      }
      treatments.emplace_back();
    } else if (exchange.question->again || words == *usual) {
      treatments.emplace_back();
    } else {
      treatments.emplace_back(MarkupNode{.name = "answer", .children = std::move(words)});
    }
  }
  if (usual) {
    for (MarkupNode& notify : *usual) multicast.add(std::move(notify));
  }
  add_rules(multicast, "subscribe", treatments);
  return multicast;
}

}  // namespace provlab::lab
