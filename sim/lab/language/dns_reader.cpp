#include "sim/lab/language/dns_reader.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <map>

#include "core/platform/text.hpp"
#include "sim/lab/language/answer_rule_reader.hpp"

namespace provlab::lab {

namespace {

/// What the 32 bits of a record can say.
constexpr Duration kLongestTtl = std::chrono::seconds(0xffffffff);

std::string without_final_dot(std::string name) {
  if (name.ends_with('.')) name.pop_back();
  return name;
}

/// The names of the world's hosts, and over them those that the element lists.
void read_names(const Element& element, const ResponderSite& site, netfakes::DnsConfig& config) {
  auto& names = config.names;
  for (std::size_t host = 0; host < site.plan.hosts.size(); ++host) {
    const auto address = site.names.address_of(host);
    if (!address) continue;
    for (const std::string& name : site.plan.hosts[host].dns_names) {
      names.emplace(lower(name), *address);
    }
  }
  for (const Element& entry : element.children("name")) {
    const auto given = site.names.addresses(entry, "address");
    const auto ttl = entry.duration("ttl", kLongestTtl);
    const UseMark use = site.names.watch(entry, "nobody asked for it");
    for (const std::string& written : entry.words("is")) {
      const std::string name = lower(written);
      config.name_uses[name] = use;
      if (ttl) config.ttls[name] = *ttl;
      names.erase(name);
      if (!given) continue;
      for (const Ipv4Address& address : *given) names.emplace(name, address);
    }
  }
}

/// The data of a record as its type has it; nothing where that was complained about.
std::optional<std::string> read_data(const Element& record, const std::string& type) {
  const std::string data = record.text("data");
  if (type.starts_with("TYPE")) {
    const auto octets = record.octets("hex");
    if (!octets || record.has("data")) {
      record.complain(fmt::format("a record of {} has its octets in hex=\"...\"", type));
      return std::nullopt;
    }
    return std::string(octets->begin(), octets->end());
  }
  if (record.has("hex") || data.empty()) {
    record.complain(fmt::format("a record of type {} says by data=\"...\" {}", type,
                                type == "A"     ? "its address"
                                : type == "SOA" ? "server, mailbox and five numbers"
                                                : "which name it leads to"));
    return std::nullopt;
  }
  if (type == "A") {
    if (const auto address = Ipv4Address::parse(data)) return address->to_string();
    record.complain("data", fmt::format("data=\"{}\": write an IPv4 address", data));
    return std::nullopt;
  }
  if (type != "SOA") return without_final_dot(data);
  const std::vector<std::string> words = record.words("data");
  std::array<std::uint32_t, 5> numbers{};
  bool good = words.size() == 7;
  for (std::size_t i = 0; good && i < numbers.size(); ++i) {
    const std::string& word = words[i + 2];
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), numbers[i]);
    good = error == std::errc() && end == word.data() + word.size();
  }
  if (good)
    return netfakes::soa_data(without_final_dot(words[0]), without_final_dot(words[1]), numbers);
  record.complain("data",
                  "data: write server, mailbox, serial, refresh, retry, expire and minimum, the "
                  "times in seconds: ns.server.com admin.server.com 1 7200 900 1209600 300");
  return std::nullopt;
}

std::optional<netfakes::DnsRecord> read_record(const Element& element) {
  static const std::map<std::string_view, std::uint16_t> kTypes{
      {"A", 1}, {"NS", 2}, {"CNAME", 5}, {"SOA", 6}};
  const std::string type = element.text("type");
  if (type.empty()) return std::nullopt;
  netfakes::DnsRecord record;
  record.name = lower(without_final_dot(element.text("name")));
  record.ttl = element.duration("ttl", kLongestTtl);
  if (const auto known = kTypes.find(type); known != kTypes.end()) {
    record.type = known->second;
  } else {
    const int number = std::stoi(type.substr(4));
    if (number < 1 || number > 65535) {
      element.complain("type", fmt::format("type=\"{}\": types go from TYPE1 to TYPE65535", type));
    }
    record.type = static_cast<std::uint16_t>(number);
  }
  const auto data = read_data(element, type);
  if (!data) return std::nullopt;
  record.data = *data;
  return record;
}

/// Where a record of an answer stands in it.
std::vector<netfakes::DnsRecord>& section_of(const Element& element, netfakes::DnsRule& rule) {
  const std::string section = element.text("section", "answer");
  return section == "authority"    ? rule.authority
         : section == "additional" ? rule.additional
                                   : rule.records;
}

void read_records(const Element& element, const Names& names, netfakes::DnsConfig& config) {
  for (const Element& each : element.children("record")) {
    if (each.has("section")) {
      each.complain("section", "section is for a record of an <answer>; remove it");
    }
    auto record = read_record(each);
    if (!record) continue;
    record->use = names.watch(each, "no answer held this record");
    // An alias has no address of its own (RFC 1034 3.6.2).
    constexpr std::uint16_t kAlias = 5;
    if (record->type == kAlias) config.names.erase(record->name);
    config.records.push_back(std::move(*record));
  }
}

}  // namespace

void read_responder(const Element& element, const ResponderSite& site,
                    netfakes::DnsConfig& config) {
  using netfakes::DnsResult;
  static const std::map<std::string_view, DnsResult> kResults{
      {"no-such-name", DnsResult::no_such_name},
      {"no-address", DnsResult::no_error},
      {"server-failure", DnsResult::server_failure},
      {"refused", DnsResult::refused},
      {"format-error", DnsResult::format_error},
      {"not-implemented", DnsResult::not_implemented}};
  if (const auto ttl = element.duration("ttl", kLongestTtl)) config.ttl = *ttl;
  config.stream = element.text("tcp") != "refuse";
  config.silent = element.text("tcp") == "never";
  read_names(element, site, config);
  read_records(element, site.names, config);
  const auto read_answer = [&](const Element& answer, netfakes::DnsRule& rule) {
    site.names.add_answer(answer, "dns");
    if (const auto result = answer.get("result")) {
      rule.referral = *result == "referral";
      rule.truncated = *result == "truncated";
      if (!rule.referral && !rule.truncated) rule.result = kResults.at(*result);
    }
    if (auto given = site.names.addresses(answer, "address")) rule.addresses = std::move(*given);
    if (answer.name() != "answer") return;
    rule.ttl = answer.duration("ttl", kLongestTtl);
    for (const Element& each : answer.children("record")) {
      if (auto record = read_record(each)) section_of(each, rule).push_back(std::move(*record));
    }
    if (rule.referral && !answer.children("record").empty()) {
      answer.complain("result",
                      "a referral names the servers of the zone: write a <record "
                      "type=\"NS\"> in <dns>, or leave result out and list the records");
    }
  };
  read_answer_rules(element, site.names, config, read_answer);
}

}  // namespace provlab::lab
