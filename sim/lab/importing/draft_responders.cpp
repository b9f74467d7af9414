#include "sim/lab/importing/draft_responders.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/platform/text.hpp"
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

/// How it takes connections, which truncated answers lead to.
void add_tcp(MarkupNode& dns, const DraftInputs& inputs, const DraftHost& host) {
  constexpr Port kDomain = 53;
  bool refused = false;
  bool accepted = false;
  bool asked = false;
  for (const OpenedConnection& each : inputs.heard.connections) {
    if (!each.by_phone || each.server != Endpoint{host.address, kDomain}) continue;
    asked = true;
    refused = refused || each.refused();
    accepted = accepted || each.accepted.has_value();
  }
  if (asked && !accepted) dns.set("tcp", refused ? "refuse" : "never");
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
  if (exchange.answers.empty()) {
    // What came of it was no whole message.
    const bool broken =
        exchange.question->tcp &&
        inputs.heard.connections[exchange.question->connection].finished_first_by_server;
    return broken ? MarkupNode{.name = "answer"}.set("cut", "0B") : no_answer();
  }
  if (inputs.raw.contains(Talk::dns)) return raw_and_travel(inputs, host, exchange);
  const auto& dns = *exchange.answers.front()->as<DnsSaid>();
  const std::string addresses = addresses_in(inputs.world, dns);
  std::string known;
  for (const DraftHost& each : inputs.world.hosts()) {
    const std::string& asked = exchange.question->as<DnsSaid>()->name;
    if (std::ranges::find(each.names, asked) != each.names.end()) known = each.id;
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

/// A success in whose body a phone may see a URL or not, by what its header says.
bool is_odd_assignment(const HttpSaid& http) {
  if (!http.header("Location").empty()) return http.whole && http.status / 100 != 3;
  if (http.status / 100 != 2) return false;
  const std::string type = lower(http.header("Content-Type"));
  return http.status != 200 || !http.header("Content-Encoding").empty() ||
         !type.starts_with("text/plain");
}

Treatment assignment_treatment(const DraftInputs& inputs, const DraftHost& host,
                               const Exchange& exchange, std::string_view name) {
  if (exchange.answers.empty()) return no_answer();
  const auto& http = *exchange.answers.front()->as<HttpSaid>();
  if (inputs.raw.contains(Talk::http) || inputs.octets_for.contains(exchange.question->words) ||
      is_odd_assignment(http)) {
    if (name == "assign") return std::nullopt;
    return raw_and_travel(inputs, host, exchange);
  }
  MarkupNode answer{.name = std::string(name)};
  const std::string location = http.header("Location");
  if (!location.empty()) {
    // What is cut off within it was longer.
    answer.set("url", http.whole ? location : location + "xxxxxxxx");
    if (http.status != 302) answer.set("status", std::to_string(http.status));
  } else if (http.status == 200) {
    answer.set("url", http.body.substr(0, http.body.find_first_of("\r\n")));
    answer.set("status", "200");
  } else if (http.status != 404 && http.status >= 100) {
    answer.set("status", std::to_string(http.status));
  }
  if (!http.whole) {
    const OpenedConnection& connection =
        inputs.heard.connections[exchange.answers.front()->connection];
    answer.set(connection.reset && !connection.reset_by_client ? "reset-at"
               : connection.finished_by_server                 ? "cut"
                                                               : "stall-at",
               fmt::format("{}B", http.octets));
  }
  add_travel(answer, inputs, host, exchange);
  return answer.bare() ? Treatment() : Treatment(std::move(answer));
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
    if (inputs.phone != nullptr && !inputs.phone->has_cable(said.at)) continue;
    if (!inputs.world.hears(host, said.at)) continue;
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

namespace {

/// With the marks that a scenario's server puts the request's own ids in the place of.
std::string with_places(std::string octets, const SipSaid& sip) {
  const auto put = [&](const std::string& value, std::string_view mark) {
    const std::size_t at = value.empty() ? octets.npos : octets.find(value);
    if (at != octets.npos) octets.replace(at, value.size(), mark);
  };
  put(sip.call_id, "{call-id}");
  if (!sip.request) put(sip.branch, "{branch}");
  return octets;
}

}  // namespace

MarkupNode no_answer() {
  return {.name = "nothing"};
}

MarkupNode raw_answer(const Said& answer) {
  MarkupNode raw{.name = "raw"};
  const auto* sip = answer.as<SipSaid>();
  raw.set("hex", pairs_of_hex(sip == nullptr ? answer.octets : with_places(answer.octets, *sip)));
  if (answer.talk != Talk::http) raw.set("transaction", "right");
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
  add_tcp(dns, inputs, host);
  // What is asked over TCP is a case of its own, and would fall to the rule for both.
  const auto over_tcp = [](const std::string& words) { return words.ends_with(" tcp"); };
  std::ranges::stable_partition(order, over_tcp);
  for (const std::string& words : order) {
    std::vector<Treatment>& treatments = by_name[words];
    for (Treatment& each : treatments) {
      if (!each && over_tcp(words)) each = MarkupNode{.name = "answer"};
    }
    add_rules(dns, words, treatments);
  }
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
      if (!any && !told.tells_time()) continue;
      usual = ntp_words(inputs, host, *exchange.answers.front(), *exchange.question);
    }
  }
  std::vector<Treatment> treatments;
  for (const Exchange& exchange : exchanges) {
    if (exchange.answers.empty()) {
      treatments.emplace_back(no_answer());
      continue;
    }
    if (inputs.raw.contains(Talk::ntp)) {
      treatments.emplace_back(raw_and_travel(inputs, host, exchange));
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
  if (!exchanges.empty()) {
    const Said& asked = *exchanges.front().question;
    if (asked.to.port != (asked.within_tls ? 443 : 80)) {
      redirect.set("port", std::to_string(asked.to.port));
    }
    add_tls(redirect, inputs.heard, asked.to);
  }
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

}  // namespace provlab::lab
