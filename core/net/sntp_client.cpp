#include "core/net/sntp_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/system/system_error.hpp>

#include "core/net/net_events.hpp"
#include "core/platform/async.hpp"

namespace provlab::net {

namespace {

constexpr Port kNtpPort = 123;
constexpr unsigned kModeServer = 4;
constexpr unsigned kHighestStratum = 15;
constexpr unsigned kLeapUnsynchronised = 3;
constexpr unsigned kMostSlowDown = 64;
constexpr std::size_t kMostTroubles = 4;

/// Whether a server is entered with its port, as some telephones want it.
bool names_a_port(std::string_view server) {
  const std::size_t colon = server.find(':');
  return colon != std::string_view::npos &&
         server.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
}

}  // namespace

SntpClient::SntpClient(Host& host, DeviceClock& clock, Resolver& resolver, SntpOptions options)
    : host_(host), clock_(clock), resolver_(resolver), options_(options), servers_changed_(host) {}

void SntpClient::set_servers(std::vector<Ipv4Address> from_dhcp, std::string from_settings) {
  std::vector<Server> servers;
  for (const Ipv4Address address : from_dhcp) {
    servers.push_back({.name = address.to_string(), .address = address});
  }
  if (servers.empty() && !from_settings.empty()) {
    const auto address = Ipv4Address::parse(from_settings);
    servers.push_back({.name = std::move(from_settings),
                       .address = address ? std::optional(*address) : std::nullopt});
  }
  const auto same = [](const Server& a, const Server& b) { return a.name == b.name; };
  if (std::ranges::equal(servers, servers_, same)) return;
  servers_ = std::move(servers);
  ++generation_;
  next_server_ = 0;
  slow_down_ = 1;
  troubles_.clear();
  recall_kisses();
  synchronised_ = false;
  socket_.reset();  // ends the wait for an answer of a former server
  servers_changed_.notify_all();
}

Task<> SntpClient::run() {
  for (;;) {
    if (pick_server()) {
      co_await synchronise();
    } else {
      co_await servers_changed_.wait_until(kNever);
    }
  }
}

std::optional<std::size_t> SntpClient::pick_server() {
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    const std::size_t index = (next_server_ + i) % servers_.size();
    if (!servers_[index].denied) return index;
  }
  return std::nullopt;
}

/// Asks server after server until one sets the clock, then rests until the next poll is due. Ends
/// early where the list changes or no server is left to ask.
Task<> SntpClient::synchronise() {
  Duration retry = synchronised_ ? options_.last_retry : options_.first_retry;
  for (auto server = pick_server(); server; server = pick_server()) {
    const Instant asked_at = host_.now();
    const Instant due = asked_at + retry * slow_down_;
    const Outcome outcome = co_await exchange(*server, due);
    if (outcome == Outcome::servers_changed) co_return;
    if (outcome == Outcome::set) {
      socket_.reset();
      next_server_ = *server;
      co_await servers_changed_.wait_until(host_.now() + options_.poll_interval * slow_down_);
      co_return;
    }
    next_server_ = *server + 1;
    if (!pick_server()) break;
    // A kiss RATE came while we waited: what it asks for holds at once.
    const bool changed = co_await servers_changed_.wait_until(asked_at + retry * slow_down_);
    if (changed) co_return;
    retry = std::min(retry * 2, options_.last_retry);
  }
  socket_.reset();
}

Task<SntpClient::Outcome> SntpClient::exchange(std::size_t index, Instant until) {
  const std::uint64_t generation = generation_;
  const auto address = co_await address_of(index, until);
  if (generation != generation_) co_return Outcome::servers_changed;
  if (!address) {
    note_failure(servers_[index], address.error().text);
    co_return Outcome::unanswered;
  }
  Request request{.server = index, .address = {*address, kNtpPort}, .transmit = 0, .sent_at = {}};
  if (!socket_) {
    auto socket = host_.open_udp({});
    if (!socket) {
      note_failure(servers_[index], socket.error().text);
      co_return Outcome::unanswered;
    }
    socket_ = std::move(*socket);
  }
  request.transmit = host_.random().next() | 1;  // 0 would mean "none"
  request.sent_at = host_.now();
  if (const auto sent = socket_->send(request.address, sntp_request(request.transmit)); !sent) {
    note_failure(servers_[index], sent.error().text);
    co_return Outcome::unanswered;
  }
  host_.record(NtpRequestSent{.server = request.address.address});
  co_return co_await await_reply(request, until);
}

/// Whom to ask of a server now. Where the list has changed meanwhile, anything.
Task<Expected<Ipv4Address>> SntpClient::address_of(std::size_t index, Instant until) {
  const std::uint64_t generation = generation_;
  if (const auto known = servers_[index].address) co_return *known;
  const std::string name = servers_[index].name;
  const auto resolved = co_await resolver_.resolve(name, until);
  if (!resolved) {
    if (!names_a_port(name)) co_return std::unexpected(resolved.error());
    co_return fail(resolved.error().text + "; that is no host: a port has no place in it");
  }
  if (generation != generation_) co_return resolved->front();
  const auto next = next_address(servers_[index], *resolved);
  if (!next) {
    if (resolved->size() == 1) {
      co_return fail(fmt::format("{} has forbidden to ask it", resolved->front().to_string()));
    }
    co_return fail(fmt::format("all {} addresses have forbidden to ask them", resolved->size()));
  }
  slow_down_for(*next);
  co_return *next;
}

/// The address that set the clock, else the one that was tried longest ago or never.
std::optional<Ipv4Address> SntpClient::next_address(Server& server,
                                                    const std::vector<Ipv4Address>& addresses) {
  std::map<Ipv4Address, unsigned> tried;
  std::optional<Ipv4Address> next;
  for (const Ipv4Address address : addresses) {
    const auto before = server.tried.find(address);
    const unsigned number = before == server.tried.end() ? 0 : before->second;
    tried.emplace(address, number);
    if (denied(address)) continue;
    if (!next || number < tried[*next]) next = address;
  }
  if (server.good && tried.contains(*server.good) && !denied(*server.good)) next = server.good;
  if (next) tried[*next] = ++tries_;
  server.tried = std::move(tried);
  server.good.reset();
  return next;
}

Task<SntpClient::Outcome> SntpClient::await_reply(Request request, Instant until) {
  const std::uint64_t generation = generation_;
  for (;;) {
    std::optional<Datagram> datagram;
    try {
      datagram = co_await receive_until(host_, *socket_, until);
    } catch (const boost::system::system_error&) {
      if (generation == generation_) throw;
    }
    if (generation != generation_) co_return Outcome::servers_changed;
    if (!datagram) {
      std::string who = request.address.address.to_string();
      const bool known = std::ranges::find(troubles_, who, &Trouble::who) != troubles_.end();
      if (!known) note_trouble(std::move(who), "it does not answer");
      co_return Outcome::unanswered;
    }
    if (const auto outcome = judge(request, *datagram)) co_return *outcome;
  }
}

/// The meaning of a datagram; nothing where it is ignored and the wait goes on.
std::optional<SntpClient::Outcome> SntpClient::judge(const Request& request,
                                                     const Datagram& datagram) {
  const auto ignore = [&](std::string_view reason) {
    host_.record(NtpReplyIgnored{.from = datagram.from, .reason = reason});
    if (datagram.from == request.address) {
      note_trouble(datagram.from.address.to_string(),
                   fmt::format("its answer does not count, {}", reason));
    }
    return std::nullopt;
  };
  if (datagram.from != request.address) return ignore("it does not come from the server asked");
  const auto reply = SntpPacket::parse(datagram.payload);
  if (!reply) return ignore(reply.error().text);
  if (reply->origin != request.transmit) {
    return ignore("its origin timestamp is not the transmit timestamp of the request");
  }
  if (reply->mode != kModeServer) {
    return ignore(fmt::format("its mode is {}, not {} (server)", reply->mode, kModeServer));
  }
  if (reply->stratum == 0) {
    obey_kiss(request, *reply);
    return Outcome::unanswered;
  }
  if (reply->stratum > kHighestStratum) {
    return ignore(fmt::format("its stratum is {}: the server is not synchronised", reply->stratum));
  }
  if (reply->leap == kLeapUnsynchronised) {
    return ignore("its leap indicator is 3: the server is not synchronised");
  }
  if (reply->transmit == 0) return ignore("its transmit timestamp is zero");
  set_clock(request, *reply);
  return Outcome::set;
}

void SntpClient::obey_kiss(const Request& request, const SntpPacket& packet) {
  const std::string code = packet.kiss_code();
  std::string_view consequence = "the server has no time to give; it is asked again in its turn";
  Kissed& kissed = kissed_[request.address.address];
  if (code == "DENY" || code == "RSTR") {
    kissed.denied = true;
    consequence = "the server is not asked any more";
  } else if (code == "RATE") {
    kissed.slow_down = slow_down_ = std::min(slow_down_ * 2, kMostSlowDown);
    consequence = "the interval between requests is doubled";
  }
  recall_kisses();
  host_.record(
      NtpKissOfDeath{.server = request.address.address, .code = code, .consequence = consequence});
  note_trouble(request.address.address.to_string(),
               fmt::format("it sent the kiss-o'-death {}, {}", code, consequence));
}

/// The list may name an address twice.
void SntpClient::recall_kisses() {
  for (Server& server : servers_) {
    if (!server.address) continue;
    server.denied = denied(*server.address);
    slow_down_for(*server.address);
  }
}

void SntpClient::slow_down_for(Ipv4Address address) {
  const auto known = kissed_.find(address);
  if (known != kissed_.end()) slow_down_ = std::max(slow_down_, known->second.slow_down);
}

bool SntpClient::denied(Ipv4Address address) const {
  const auto known = kissed_.find(address);
  return known != kissed_.end() && known->second.denied;
}

/// RFC 4330 5, with both our timestamps from the monotonic clock: the reply was on its way for half
/// of the round trip.
void SntpClient::set_clock(const Request& request, const SntpPacket& reply) {
  const Duration elapsed = host_.now() - request.sent_at;
  Duration processing{};
  if (reply.receive != 0) processing = ntp_difference(reply.transmit, reply.receive);
  if (processing < Duration::zero() || processing > elapsed) processing = Duration::zero();
  const Duration round_trip = elapsed - processing;
  const WallTime time = to_wall_time(reply.transmit) + round_trip / 2;
  synchronised_ = true;
  servers_[request.server].good = request.address.address;
  troubles_.clear();
  clock_.set(time);
  host_.record(ClockSet{.time = time, .server = request.address.address, .round_trip = round_trip});
}

void SntpClient::note_failure(const Server& server, const std::string& reason) {
  host_.record(NtpRequestFailed{.server = server.name, .reason = reason});
  note_trouble(server.name, reason);
}

void SntpClient::note_trouble(std::string who, std::string text) {
  std::erase_if(troubles_, [&](const Trouble& trouble) { return trouble.who == who; });
  if (troubles_.size() == kMostTroubles) troubles_.erase(troubles_.begin());
  troubles_.push_back({std::move(who), std::move(text)});
}

std::string SntpClient::trouble() const {
  std::string text;
  for (const Trouble& trouble : troubles_) {
    if (!text.empty()) text += "; ";
    // The sentence of a name that did not resolve begins with the name.
    if (!trouble.text.starts_with("the name ")) text += trouble.who + ": ";
    text += trouble.text;
  }
  return text;
}

}  // namespace provlab::net
