#include "sim/lab/importing/beginning.hpp"

#include <algorithm>
#include <set>
#include <span>

#include "core/platform/text.hpp"

namespace provlab::lab {

namespace {

constexpr unsigned kPrefix = 24;
constexpr std::uint32_t kDay = 86'400;
constexpr Duration kWay = std::chrono::milliseconds(1);
const Ipv4Address kEverybody{0xffffffffU};

std::string four_octets(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
  return out;
}

const Said* first_of_phone(const Conversation& heard) {
  const auto first = std::ranges::find_if(
      heard.said, [](const Said& said) { return said.by_phone && said.talk != Talk::other; });
  return first == heard.said.end() ? nullptr : &*first;
}

bool is_renewal(const Said& said) {
  const auto* dhcp = said.as<DhcpSaid>();
  return dhcp != nullptr && dhcp->type == dhcp_type::kRequest && dhcp->client_address.is_unicast();
}

/// It takes an offer, which came before.
bool takes_offer(const Said& said) {
  const auto* dhcp = said.as<DhcpSaid>();
  return dhcp != nullptr && dhcp->type == dhcp_type::kRequest && dhcp->option(54) != nullptr;
}

/// The name by which a message was sent to its server; empty: none.
std::string name_used(const Said& said) {
  std::string name;
  if (const auto* tls = said.as<TlsSaid>()) name = lower(tls->server_name);
  if (const auto* http = said.as<HttpSaid>(); http != nullptr && http->request) {
    name = lower(http->header("Host"));
    name = name.substr(0, name.find(':'));
  }
  return Ipv4Address::read(name) ? std::string() : name;
}

class Beginning {
 public:
  explicit Beginning(const Conversation& heard)
      : heard_(heard), first_(*first_of_phone(heard)), shown_(find_grant()) {
    const auto* grant = shown_ == nullptr ? nullptr : shown_->as<DhcpSaid>();
    phone_ = grant == nullptr ? first_.from.address : grant->your_address;
    router_ = shown_ != nullptr ? shown_->from.address
                                : server_of(Talk::dhcp, server_of(Talk::dns, neighbour()));
  }

  Conversation put_before() {
    get_lease();
    if (server_of(Talk::ntp, {}).is_any()) get_time();
    get_names();
    for (Said& said : lead_) {
      if (said.answers) lead_[*said.answers].answered_by = {place_of(said)};
    }
    Conversation all = heard_;
    if (shown_ != nullptr) take_back(all);
    shift(all);
    all.said.insert(all.said.begin(), lead_.begin(), lead_.end());
    return all;
  }

 private:
  std::size_t place_of(const Said& said) const {
    return static_cast<std::size_t>(&said - lead_.data());
  }

  /// What is left of the exchange in which the phone got its address; null: nothing.
  const Said* find_grant() const {
    if (is_renewal(first_)) return nullptr;
    const Said* found = nullptr;
    for (const Said& said : heard_.said) {
      if (said.by_phone && said.words == "discover") break;
      const auto* dhcp = said.by_phone ? nullptr : said.as<DhcpSaid>();
      if (dhcp == nullptr || !dhcp->your_address.is_unicast()) continue;
      found = &said;
      if (dhcp->type == dhcp_type::kAck) break;
    }
    return found;
  }

  /// What is left of that exchange is told whole.
  void take_back(Conversation& all) const {
    for (Said& said :
         std::span(all.said).first(static_cast<std::size_t>(shown_ - heard_.said.data()) + 1)) {
      if (said.talk != Talk::dhcp) continue;
      said.talk = Talk::other;
      said.words.clear();
      said.text = {};
      said.octets.clear();
      said.answers.reset();
      said.answered_by.clear();
    }
  }

  /// Whom the phone asks first for something of that kind.
  Ipv4Address server_of(Talk talk, Ipv4Address otherwise) const {
    const auto asked = std::ranges::find_if(heard_.said, [&](const Said& said) {
      return said.by_phone && said.talk == talk && said.to.address.is_unicast();
    });
    return asked == heard_.said.end() ? otherwise : asked->to.address;
  }

  /// Somebody in the network of the phone; else its first address, that routers have.
  Ipv4Address neighbour() const {
    const InterfaceAddress network{phone_, kPrefix};
    for (const Said& said : heard_.said) {
      const Ipv4Address other = said.by_phone ? said.to.address : said.from.address;
      if (other.is_unicast() && other != phone_ && network.on_link(other)) return other;
    }
    const Ipv4Address first{(phone_.value & network.mask()) + 1};
    return first == phone_ ? Ipv4Address{first.value + 1} : first;
  }

  template <class Text>
  void ask(Talk talk, Endpoint from, Endpoint to, std::string words, Text text) {
    lead_.push_back({.at = now_,
                     .by_phone = true,
                     .from = from,
                     .to = to,
                     .talk = talk,
                     .words = std::move(words),
                     .text = std::move(text),
                     .octets = {}});
  }

  template <class Text>
  void answer(std::string words, Text text) {
    const Said& question = lead_.back();
    const Endpoint server{question.to.address.is_unicast() ? question.to.address : router_,
                          question.to.port};
    now_ += 2 * kWay;
    lead_.push_back({.at = now_,
                     .from = server,
                     .to = question.from,
                     .talk = question.talk,
                     .words = std::move(words),
                     .text = std::move(text),
                     .octets = {},
                     .answers = lead_.size() - 1});
  }

  DhcpSaid dhcp(std::uint8_t type) const {
    DhcpSaid message;
    message.type = type;
    message.client = heard_.phone.mac;
    message.options.emplace_back(53, std::string(1, static_cast<char>(type)));
    return message;
  }

  /// Of the lease that the phone renews, where it does.
  std::uint32_t lease_time() const {
    for (const Said& said : heard_.said) {
      const auto* reply = said.by_phone ? nullptr : said.as<DhcpSaid>();
      if (reply != nullptr && reply->number(51)) return *reply->number(51);
    }
    return kDay;
  }

  DhcpSaid grant(std::uint8_t type) const {
    DhcpSaid reply = dhcp(type);
    if (shown_ != nullptr) {
      for (const auto& option : shown_->as<DhcpSaid>()->options) {
        if (option.first != 53) reply.options.push_back(option);
      }
      reply.file = shown_->as<DhcpSaid>()->file;
      reply.sname = shown_->as<DhcpSaid>()->sname;
      reply.your_address = phone_;
      return reply;
    }
    reply.your_address = phone_;
    const auto put = [&](std::uint8_t code, std::uint32_t value) {
      reply.options.emplace_back(code, four_octets(value));
    };
    put(1, InterfaceAddress{phone_, kPrefix}.mask());
    put(3, router_.value);
    put(6, server_of(Talk::dns, router_).value);
    put(42, server_of(Talk::ntp, router_).value);
    put(51, lease_time());
    put(54, router_.value);
    return reply;
  }

  void get_lease() {
    constexpr Endpoint kNobody{{}, 68};
    const Endpoint all{kEverybody, 67};
    ask(Talk::dhcp, kNobody, all, "discover", dhcp(dhcp_type::kDiscover));
    answer("offer", grant(dhcp_type::kOffer));
    DhcpSaid request = dhcp(dhcp_type::kRequest);
    request.options.emplace_back(50, four_octets(phone_.value));
    request.options.emplace_back(54, four_octets(router_.value));
    ask(Talk::dhcp, kNobody, all, "request", std::move(request));
    answer("ack", grant(dhcp_type::kAck));
  }

  /// That of the capture.
  void get_time() {
    constexpr Port kPort = 123;
    ask(Talk::ntp, {phone_, kPort}, {router_, kPort}, "time",
        NtpSaid{.mode = 3, .version = 4, .reference = {}, .origin = {}, .transmit = {}});
    const std::int64_t second = Duration(std::chrono::seconds(1)).count();
    answer("time", NtpSaid{.mode = 4,
                           .version = 4,
                           .stratum = 2,
                           .reference = {},
                           .origin = {},
                           .transmit = {},
                           .time = WallTime(Duration(heard_.begin / second * second))});
  }

  void get_names() {
    constexpr Port kPort = 53;
    constexpr Port kOwn = 49'152;
    std::set<std::string> known;
    for (const Said& said : heard_.said) {
      if (!said.by_phone) continue;
      if (const auto* dns = said.as<DnsSaid>()) known.insert(dns->name);
      const std::string name = name_used(said);
      if (name.empty() || !known.insert(name).second) continue;
      DnsSaid dns{.name = name, .type = "A", .records = {}};
      ask(Talk::dns, {phone_, kOwn}, {server_of(Talk::dns, router_), kPort}, "A " + name, dns);
      dns.reply = true;
      dns.records.push_back({name, "A", kDay, said.to.address.to_string()});
      answer("A " + name, std::move(dns));
    }
  }

  /// When the capture begins: at once, or when half of the lease is over.
  Duration begins() const {
    if (!is_renewal(first_)) return now_ + kWay;
    return now_ + std::chrono::seconds(lease_time()) / 2 - first_.at;
  }

  void shift(Conversation& all) const {
    const Duration by = begins();
    all.end += by;
    all.begin -= by.count();
    for (Said& said : all.said) {
      said.at += by;
      if (said.answers) *said.answers += lead_.size();
      for (std::size_t& each : said.answered_by) each += lead_.size();
      if (auto* http = std::get_if<HttpSaid>(&said.text)) http->ended += by;
    }
    for (OpenedConnection& connection : all.connections) {
      connection.at += by;
      connection.last_syn += by;
      if (connection.accepted) *connection.accepted += by;
      if (connection.reset) *connection.reset += by;
      for (auto* lost : {&connection.lost_by_client, &connection.lost_by_server}) {
        for (LostPiece& piece : *lost) {
          piece.at += by;
          piece.again += by;
          piece.since += by;
        }
      }
    }
  }

  const Conversation& heard_;
  const Said& first_;
  const Said* shown_;
  Ipv4Address phone_;
  Ipv4Address router_;
  Duration now_{};
  std::vector<Said> lead_;
};

}  // namespace

bool begins_in_the_middle(const Conversation& heard) {
  const Said* const first = first_of_phone(heard);
  if (first == nullptr) return false;
  if (first->talk == Talk::dhcp) return is_renewal(*first) || takes_offer(*first);
  return first->from.address.is_unicast();
}

Conversation with_beginning(const Conversation& heard) {
  return Beginning(heard).put_before();
}

}  // namespace provlab::lab
