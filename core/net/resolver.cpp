#include "core/net/resolver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <stdexcept>

#include "core/net/net_events.hpp"
#include "core/platform/async.hpp"
#include "core/platform/text.hpp"

namespace provlab::net {

namespace {

constexpr Port kDnsPort = 53;
constexpr unsigned kRounds = 3;
constexpr Duration kFirstWait = std::chrono::seconds(1);
constexpr std::uint32_t kLongestTtl = 60 * 60;  // seconds; a server's slip ends within an hour

/// As a trace shows them: `192.0.2.1 192.0.2.2`, of very many the first.
std::string listed(const std::vector<Ipv4Address>& addresses) {
  constexpr std::size_t kMost = 16;
  std::string text;
  for (const Ipv4Address address : addresses | std::views::take(kMost)) {
    if (!text.empty()) text += ' ';
    text += address.to_string();
  }
  if (addresses.size() > kMost) text += fmt::format(" and {} more", addresses.size() - kMost);
  return text;
}

}  // namespace

/// One name on its way through the servers.
struct Resolver::Query {
  struct Server {
    Ipv4Address address;
    unsigned queries = 0;
    std::string ruled_out;  ///< the reason; empty while it may be asked
  };

  std::string name;
  std::string canonical;  ///< as responses hold it
  std::uint16_t id = 0;
  Bytes message;
  std::unique_ptr<UdpSocket> socket;
  std::vector<Server> servers;
  unsigned attempts = 0;
  unsigned changes = 0;  ///< of the resolver when it was made
  std::optional<NameAnswer> result;

  bool all_ruled_out() const {
    return std::ranges::none_of(servers, [](const Server& s) { return s.ruled_out.empty(); });
  }

  /// Why nothing came of it, server by server.
  std::string complaint() const {
    std::string text;
    for (const Server& server : servers) {
      if (!text.empty()) text += ", ";
      if (!server.ruled_out.empty()) {
        text += fmt::format("{} {}", server.address.to_string(), server.ruled_out);
      } else if (server.queries == 0) {
        text += fmt::format("{} was not asked in time", server.address.to_string());
      } else {
        text += fmt::format("{} did not answer {} {}", server.address.to_string(), server.queries,
                            server.queries == 1 ? "query" : "queries");
      }
    }
    return text;
  }
};

void Resolver::set_servers(std::vector<Ipv4Address> servers, std::string domain) {
  if (servers == servers_ && domain == domain_) return;
  servers_ = std::move(servers);
  domain_ = std::move(domain);
  ++changes_;
  cache_.clear();
}

Task<Expected<std::vector<Ipv4Address>>> Resolver::resolve(std::string name, Instant deadline) {
  co_return (co_await look_up(std::move(name), deadline)).addresses;
}

Task<NameAnswer> Resolver::look_up(std::string name, Instant deadline) {
  if (auto address = Ipv4Address::read(name)) co_return NameAnswer{std::vector{*address}, kNever};
  const std::vector<std::string> names = candidates(std::move(name));
  for (const std::string& candidate : names) {
    if (auto known = recall(candidate)) co_return std::move(*known);
  }
  std::string failures;
  for (const std::string& candidate : names) {
    NameAnswer answer = co_await ask(candidate, deadline);
    if (answer.addresses) co_return answer;
    failures += (failures.empty() ? "" : "; ") + answer.addresses.error().text;
    if (!answer.definite || &candidate == &names.back()) {
      answer.addresses = fail(std::move(failures));
      co_return answer;
    }
  }
  throw std::logic_error("a name has no name to be asked for");
}

/// The names to be asked for one after the other (SPEC 3.8). One that ends with a dot is whole; it
/// keeps the dot where it has no other, so that the cache tells the two apart.
std::vector<std::string> Resolver::candidates(std::string name) const {
  name = lower(name);
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos && !domain_.empty()) return {name + "." + lower(domain_), name};
  if (dot + 1 < name.size() && name.ends_with('.')) name.pop_back();
  return {std::move(name)};
}

std::optional<NameAnswer> Resolver::recall(const std::string& name) {
  const auto known = cache_.find(name);
  if (known == cache_.end()) return std::nullopt;
  if (known->second.until <= host_.now()) {
    cache_.erase(known);
    return std::nullopt;
  }
  const Cached& cached = known->second;
  host_.record(NameResolved{.host_name = name,
                            .addresses = listed(cached.addresses),
                            .server = std::nullopt,
                            .ttl = std::nullopt});
  return NameAnswer{cached.addresses, cached.until};
}

Task<NameAnswer> Resolver::ask(std::string name, Instant deadline) {
  Query query;
  query.name = std::move(name);
  query.changes = changes_;
  query.canonical = canonical_name(query.name);
  if (servers_.empty()) {
    co_return fail_resolution(query.name,
                              "no DNS server is known; the DHCP lease (option 6) or the settings "
                              "must name one");
  }
  for (const Ipv4Address address : servers_) {
    query.servers.push_back({.address = address, .queries = 0, .ruled_out = {}});
  }
  query.id = static_cast<std::uint16_t>(host_.random().next() >> 48);
  auto message = serialize_address_query(query.id, query.name);
  if (!message) co_return fail_resolution(query.name, std::move(message.error().text), true);
  query.message = std::move(*message);
  auto socket = host_.open_udp({});
  if (!socket) co_return fail_resolution(query.name, std::move(socket.error().text));
  query.socket = std::move(*socket);

  for (unsigned round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < query.servers.size(); ++i) {
      if (!query.servers[i].ruled_out.empty() || !send(query, i)) continue;
      const Instant until = std::min(deadline, host_.now() + kFirstWait * (1U << round));
      while (!query.result && query.servers[i].ruled_out.empty()) {
        const auto datagram = co_await receive_until(host_, *query.socket, until);
        if (!datagram) break;
        judge(query, *datagram);
      }
      if (query.result) co_return std::move(*query.result);
      if (host_.now() >= deadline) co_return fail_resolution(query.name, query.complaint());
    }
    if (query.all_ruled_out()) break;
  }
  co_return fail_resolution(query.name, query.complaint());
}

bool Resolver::send(Query& query, std::size_t index) {
  Query::Server& server = query.servers[index];
  const auto sent = query.socket->send({server.address, kDnsPort}, query.message);
  if (!sent) {
    rule_out(query, index, fmt::format("cannot be asked ({})", sent.error().text));
    return false;
  }
  ++server.queries;
  host_.record(NameQuerySent{
      .host_name = query.name, .server = server.address, .attempt = ++query.attempts});
  return true;
}

void Resolver::judge(Query& query, const Datagram& datagram) {
  const auto ignore = [&](std::string_view reason) {
    host_.record(
        NameAnswerIgnored{.host_name = query.name, .from = datagram.from, .reason = reason});
  };
  const auto server = std::ranges::find_if(query.servers, [&](const Query::Server& s) {
    return s.address == datagram.from.address && s.queries != 0;
  });
  if (server == query.servers.end() || datagram.from.port != kDnsPort) {
    return ignore("it does not come from a server and port that was asked");
  }
  if (!has_identifier(datagram.payload, query.id)) {
    return ignore("its identifier is not that of the query");
  }
  const auto response = DnsResponse::parse(datagram.payload);
  if (!response) return ignore(response.error().text);
  const bool repeats = response->question == query.canonical &&
                       response->question_type == static_cast<std::uint16_t>(DnsType::a);
  // Some servers leave the question out of an error (BIND does of FORMERR).
  const bool bare_error = response->question.empty() && response->code != DnsResponseCode::no_error;
  if (!repeats && !bare_error) return ignore("it does not repeat the question");
  take(query, static_cast<std::size_t>(server - query.servers.begin()), *response);
}

void Resolver::take(Query& query, std::size_t index, const DnsResponse& response) {
  const Ipv4Address server = query.servers[index].address;
  if (response.code == DnsResponseCode::name_error) {
    query.result = fail_resolution(
        query.name, fmt::format("{} answered NXDOMAIN (no such name)", server.to_string()), true);
    return;
  }
  if (response.code != DnsResponseCode::no_error) {
    return rule_out(query, index, fmt::format("answered {}", to_string(response.code)));
  }
  auto found = addresses_of(query.canonical, response);
  if (!found && response.truncated) {
    return rule_out(query, index, "answered with more than fits into a datagram");
  }
  if (!found && is_referral(response)) {
    return rule_out(query, index, "does not know the name and refers to other servers");
  }
  if (!found) {
    query.result = fail_resolution(
        query.name, fmt::format("{} answered that {}", server.to_string(), found.error().text),
        true);
    return;
  }
  host_.record(NameResolved{.host_name = query.name,
                            .addresses = listed(found->addresses),
                            .server = server,
                            .ttl = found->ttl});
  const Instant until = host_.now() + std::chrono::seconds(std::min(found->ttl, kLongestTtl));
  if (found->ttl != 0 && query.changes == changes_)
    cache_[query.name] = Cached{.addresses = found->addresses, .until = until};
  query.result = NameAnswer{std::move(found->addresses), until};
}

void Resolver::rule_out(Query& query, std::size_t index, std::string reason) {
  Query::Server& server = query.servers[index];
  host_.record(
      NameServerFailed{.host_name = query.name, .server = server.address, .reason = reason});
  server.ruled_out = std::move(reason);
}

NameAnswer Resolver::fail_resolution(std::string_view name, std::string reason, bool definite) {
  host_.record(NameResolutionFailed{.host_name = name, .reason = reason});
  return {fail(fmt::format("the name {} did not resolve: {}", name, reason)), host_.now(),
          definite};
}

}  // namespace provlab::net
