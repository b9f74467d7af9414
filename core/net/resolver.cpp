#include "core/net/resolver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <ranges>
#include <stdexcept>
#include <utility>

#include "core/net/net_events.hpp"
#include "core/platform/async.hpp"
#include "core/platform/stream.hpp"
#include "core/platform/text.hpp"
#include "core/platform/timer.hpp"

namespace provlab::net {

namespace {

constexpr Port kDnsPort = 53;
constexpr unsigned kRounds = 3;
constexpr Duration kFirstWait = std::chrono::seconds(1);
constexpr Duration kStreamWait = std::chrono::seconds(4);  // connection, query and answer
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

/// A stream that no coroutine leaves open: whoever stops in the midst of a message resets it.
class QueryStream {
 public:
  QueryStream(Host& host, std::unique_ptr<StreamSocket> socket)
      : stream_(host, std::move(socket)), guard_(host) {}
  QueryStream(const QueryStream&) = delete;
  QueryStream& operator=(const QueryStream&) = delete;
  ~QueryStream() { stream_.socket().reset(); }

  Stream& stream() { return stream_; }
  /// Resets the stream at `deadline`, so that what waits for it ends.
  void end_at(Instant deadline) {
    guard_.start(deadline, [this] { stream_.socket().reset(); });
  }
  void close() { stream_.socket().close(); }

 private:
  Stream stream_;
  Timer guard_;
};

std::string failure_of(error_code error) {
  if (error == asio::error::connection_refused) return "the connection was refused";
  if (error == asio::error::connection_reset) return "the connection was reset";
  if (error == asio::error::eof) return "the connection ended before the whole answer";
  return "the connection failed: " + error.message();
}

/// A message with its length before it (RFC 1035 4.2.2).
Bytes framed(BytesView message) {
  Bytes out{static_cast<std::uint8_t>(message.size() >> 8),
            static_cast<std::uint8_t>(message.size())};
  out.insert(out.end(), message.begin(), message.end());
  return out;
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
  unsigned changes = 0;                     ///< of the resolver when it was made
  std::optional<std::size_t> truncated_by;  ///< the server that is to be asked over TCP
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

void Resolver::set_servers(std::vector<Ipv4Address> servers, std::string domain,
                           std::string why_none) {
  why_none_ = std::move(why_none);
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
    const std::string why = why_none_.empty() ? "" : ", " + why_none_;
    co_return fail_resolution(query.name,
                              "no DNS server is known" + why +
                                  "; the DHCP lease (option 6) or the settings must name one");
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
        if (const auto server = std::exchange(query.truncated_by, std::nullopt)) {
          co_await ask_over_tcp(query, *server, std::min(deadline, host_.now() + kStreamWait));
        }
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
  const auto response = read(query, datagram.payload);
  if (!response) return ignore(response.error().text);
  const auto index = static_cast<std::size_t>(server - query.servers.begin());
  if (response->truncated) {
    if (!server->ruled_out.empty()) return ignore("its sender has been asked over TCP already");
    query.truncated_by = index;
  } else {
    take(query, index, *response);
  }
}

/// The response in a message, if it is one to this query.
Expected<DnsResponse> Resolver::read(const Query& query, BytesView message) const {
  if (!has_identifier(message, query.id)) {
    return fail("its identifier is not that of the query");
  }
  auto response = DnsResponse::parse(message);
  if (!response) return response;
  const bool repeats = response->question == query.canonical &&
                       response->question_type == static_cast<std::uint16_t>(DnsType::a);
  // Some servers leave the question out of an error (BIND does of FORMERR).
  const bool bare_error = response->question.empty() && response->code != DnsResponseCode::no_error;
  if (!repeats && !bare_error) return fail("it does not repeat the question");
  return response;
}

/// Gives the query a result or rules the server out.
Task<> Resolver::ask_over_tcp(Query& query, std::size_t index, Instant deadline) {
  const Endpoint remote{query.servers[index].address, kDnsPort};
  host_.record(NameQuerySent{.host_name = query.name,
                             .server = remote.address,
                             .attempt = ++query.attempts,
                             .stream = true});
  constexpr auto as_value = asio::as_tuple(use_task);
  const auto failed = [&](error_code error) {
    const bool late = host_.now() >= deadline;
    rule_out(query, index,
             fmt::format("answered with more than fits into a datagram, and over TCP {}",
                         late ? "not in time" : failure_of(error)));
  };
  auto [refused, socket] = co_await async_connect(host_, remote, deadline, as_value);
  co_await throw_if_cancelled();
  if (refused) co_return failed(refused);
  QueryStream connection(host_, std::move(socket));
  connection.end_at(deadline);
  const Bytes question = framed(query.message);
  const auto [unsent, sent] =
      co_await asio::async_write(connection.stream(), asio::buffer(question), as_value);
  co_await throw_if_cancelled();
  if (unsent) co_return failed(unsent);
  std::array<std::uint8_t, 2> length{};
  const auto [short_of_length, octets] =
      co_await asio::async_read(connection.stream(), asio::buffer(length), as_value);
  co_await throw_if_cancelled();
  if (short_of_length) co_return failed(short_of_length);
  Bytes message(static_cast<std::size_t>(length[0]) << 8 | length[1]);
  const auto [cut, size] =
      co_await asio::async_read(connection.stream(), asio::buffer(message), as_value);
  co_await throw_if_cancelled();
  if (cut) co_return failed(cut);
  connection.close();
  const auto response = read(query, message);
  if (!response) {
    co_return rule_out(
        query, index,
        fmt::format("answered over TCP what does not count: {}", response.error().text));
  }
  if (response->truncated) {
    co_return rule_out(query, index, "answered with TC over TCP too");
  }
  take(query, index, *response);
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
