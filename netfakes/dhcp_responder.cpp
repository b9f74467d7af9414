#include "netfakes/dhcp_responder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "netfakes/datagram_front.hpp"
#include "netfakes/dhcp_leases.hpp"
#include "netfakes/dhcp_options.hpp"
#include "netfakes/dhcp_wire.hpp"

namespace provlab::netfakes {

namespace {

constexpr Port kServerPort = 67;
constexpr Port kClientPort = 68;
constexpr OctetRange kXid{4, 4};
constexpr Duration kOfferHeld = std::chrono::minutes(2);

std::string_view request_name(DhcpType type) {
  switch (type) {
    case DhcpType::discover:
      return "discover";
    case DhcpType::request:
      return "request";
    case DhcpType::decline:
      return "decline";
    case DhcpType::release:
      return "release";
    case DhcpType::inform:
      return "inform";
    case DhcpType::offer:
    case DhcpType::ack:
    case DhcpType::nak:
      break;
  }
  return "";
}

class DhcpResponder final : public DatagramFront<DhcpConfig> {
 public:
  DhcpResponder(Host& host, std::shared_ptr<const DhcpConfig> config)
      : DatagramFront(host, std::move(config), {.port = kServerPort, .broadcast = true}) {}

  Expected<void> start() override;
  void stop() override;

 private:
  /// What to do with a DHCPREQUEST: an address to confirm, a reason to refuse or to keep silent.
  struct Decision {
    std::optional<Ipv4Address> ack;
    std::string nak;
    std::string silence;
  };

  void receive(const Datagram& datagram) override;
  std::string_view state_of(const DhcpQuery& query, const Datagram& datagram) const;
  void discover(const DhcpQuery& query, const DhcpRule* rule);
  void request(const DhcpQuery& query, std::string_view state, Endpoint from, const DhcpRule* rule);
  Decision decide(const DhcpQuery& query, std::string_view state) const;
  void inform(const DhcpQuery& query, Endpoint from, const DhcpRule* rule);
  DhcpReply reply(DhcpType type, const DhcpQuery& query, const DhcpSettings& settings) const;
  void schedule(const DhcpRule* rule, const DhcpQuery& query, DhcpReply reply);
  void send(const DueAnswer& due, const DhcpQuery& query, const DhcpReply& reply,
            const DhcpLayout& layout, const DhcpSettings& settings);
  const DhcpSettings& settings_for(const DhcpRule* rule) const {
    return rule != nullptr && rule->settings ? *rule->settings : config_->settings;
  }

  /// Whether an identifier (54) is one by which this server calls itself.
  bool is_called(Ipv4Address server) const;

  InterfaceAddress address_;  ///< its own, and the clients' network
  bool started_before_ = false;
  DhcpLeases leases_;
  std::unique_ptr<LinkSocket> link_;  ///< for clients that have no address; opened when needed
};

Expected<void> DhcpResponder::start() {
  const auto own = host_.configuration();
  if (!own) return fail("a DHCP server needs an address: give its host one", config_->name);
  address_ = own->address;
  if (config_->prefix) address_.prefix_length = *config_->prefix;
  if (!started_before_) {
    const Ipv4Address network{address_.address.value & address_.mask()};
    const Ipv4Address first =
        config_->first_offer ? *config_->first_offer : Ipv4Address{network.value + 100};
    leases_ = DhcpLeases(first, config_->pool_size, address_.address, config_->fixed);
    started_before_ = true;
  }
  return DatagramFront::start();
}

void DhcpResponder::stop() {
  DatagramFront::stop();
  link_.reset();
}

void DhcpResponder::receive(const Datagram& datagram) {
  const auto query = parse_dhcp_query(datagram.payload);
  if (!query) {
    answering_.ignored(datagram.from, query.error().text);
    return;
  }
  if (request_name(query->type).empty()) {
    answering_.ignored(datagram.from, "not a client's message");
    return;
  }
  if (query->server && !is_called(*query->server)) {
    if (query->type == DhcpType::request) leases_.release(query->client);
    answering_.ignored(datagram.from,
                       fmt::format("meant for the server {}", query->server->to_string()));
    return;
  }
  const Request request_text{std::string(request_name(query->type)), state_of(*query, datagram),
                             query->contents};
  const DhcpRule* rule = received(request_text, datagram.from);
  if (rule != nullptr && rule->faults() != nullptr && rule->faults()->raw) {
    schedule(rule, *query,
             {.type = DhcpType::ack,
              .yiaddr = leases_.of(query->client).value_or(Ipv4Address()),
              .ciaddr = query->ciaddr,
              .options = {}});
    return;
  }
  switch (query->type) {
    case DhcpType::discover:
      discover(*query, rule);
      break;
    case DhcpType::request:
      request(*query, request_text.detail, datagram.from, rule);
      break;
    case DhcpType::inform:
      inform(*query, datagram.from, rule);
      break;
    case DhcpType::release:
      leases_.release(query->client);
      break;
    case DhcpType::decline:
      if (query->requested) leases_.declined(query->client, *query->requested);
      break;
    case DhcpType::offer:
    case DhcpType::ack:
    case DhcpType::nak:
      break;
  }
}

bool DhcpResponder::is_called(Ipv4Address server) const {
  return server == address_.address || server == config_->settings.server ||
         std::ranges::any_of(config_->rules, [&](const DhcpRule& rule) {
           return rule.settings && rule.settings->server == server;
         });
}

/// RFC 2131 4.3.2, table 4.
std::string_view DhcpResponder::state_of(const DhcpQuery& query, const Datagram& datagram) const {
  if (query.type != DhcpType::request) return "";
  if (query.server) return "selecting";
  if (query.ciaddr.is_any()) return "init-reboot";
  return datagram.to.address == address_.address ? "renewing" : "rebinding";
}

void DhcpResponder::discover(const DhcpQuery& query, const DhcpRule* rule) {
  const auto chosen = rule != nullptr && rule->address
                          ? rule->address
                          : leases_.choose(query.client, query.requested, host_.now());
  DhcpReply offer = reply(DhcpType::offer, query, settings_for(rule));
  if (!chosen) {
    answering_.ignored({query.ciaddr, kClientPort}, "no address is left in the pool");
    return;
  }
  offer.yiaddr = *chosen;
  if (rule == nullptr || !rule->answer.silent) {
    leases_.bind(query.client, *chosen, host_.now() + kOfferHeld);
  }
  schedule(rule, query, std::move(offer));
}

DhcpResponder::Decision DhcpResponder::decide(const DhcpQuery& query,
                                              std::string_view state) const {
  const bool has_address = !query.ciaddr.is_any();
  if (!has_address && !query.requested) {
    return {.ack = {}, .nak = {}, .silence = "no address is asked for (option 50)"};
  }
  const Ipv4Address asked = has_address ? query.ciaddr : *query.requested;
  if (leases_.of(query.client) == asked || leases_.allowed(query.client, asked, host_.now())) {
    return {.ack = asked, .nak = {}, .silence = {}};
  }
  const std::string text = fmt::format("{} is not yours", asked.to_string());
  if (state == "selecting" || state == "renewing" || leases_.of(query.client)) {
    return {.ack = {}, .nak = text, .silence = {}};
  }
  if (config_->authoritative && !address_.on_link(asked)) {
    return {.ack = {}, .nak = text, .silence = {}};
  }
  return {.ack = {}, .nak = {}, .silence = "the address asked for is none of ours"};
}

void DhcpResponder::request(const DhcpQuery& query, std::string_view state, Endpoint from,
                            const DhcpRule* rule) {
  Decision decision = decide(query, state);
  if (rule != nullptr && rule->nak) decision = {.ack = {}, .nak = "refused", .silence = {}};
  if (!decision.silence.empty()) {
    answering_.ignored(from, decision.silence);
    return;
  }
  const DhcpSettings& settings = settings_for(rule);
  if (!decision.ack) {
    DhcpReply nak{.type = DhcpType::nak, .yiaddr = {}, .ciaddr = {}, .options = {}};
    nak.options.push_back(address_option(54, settings.server.value_or(address_.address)));
    nak.options.push_back(text_option(56, decision.nak, false));
    if (rule == nullptr || !rule->answer.silent) leases_.release(query.client);
    schedule(rule, query, std::move(nak));
    return;
  }
  DhcpReply ack = reply(DhcpType::ack, query, settings);
  ack.yiaddr = *decision.ack;
  ack.ciaddr = query.ciaddr;
  if (rule == nullptr || !rule->answer.silent) {
    leases_.bind(query.client, *decision.ack, host_.now() + settings.lease);
  }
  schedule(rule, query, std::move(ack));
}

void DhcpResponder::inform(const DhcpQuery& query, Endpoint from, const DhcpRule* rule) {
  DhcpReply ack = reply(DhcpType::ack, query, settings_for(rule));
  ack.ciaddr = query.ciaddr.is_any() ? from.address : query.ciaddr;
  schedule(rule, query, std::move(ack));
}

/// Everything but the addresses of the client.
DhcpReply DhcpResponder::reply(DhcpType type, const DhcpQuery& query,
                               const DhcpSettings& settings) const {
  return {.type = type,
          .yiaddr = {},
          .ciaddr = {},
          .options = granting_options(query, settings, address_)};
}

void DhcpResponder::schedule(const DhcpRule* rule, const DhcpQuery& query, DhcpReply reply) {
  const bool raw = rule != nullptr && rule->faults() != nullptr && rule->faults()->raw;
  Answer standard;
  standard.id.append(config_->name).append(":").append(raw ? "raw" : reply_name(reply.type));
  answering_.schedule(rule, standard, std::string(request_name(query.type)),
                      [this, query, rule, reply = std::move(reply)](const DueAnswer& due) {
                        const DhcpSettings& settings = settings_for(rule);
                        send(due, query, reply, lay_out(reply, settings), settings);
                      });
}

/// Whether the client is told an option, and all of it.
bool sends(const DhcpReply& reply, const DhcpLayout& layout, std::uint8_t code) {
  return std::ranges::find(reply.options, code, &DhcpOption::code) != reply.options.end() &&
         std::ranges::find(layout.dropped, code) == layout.dropped.end();
}

/// RFC 2131 4.1: where a reply goes.
void DhcpResponder::send(const DueAnswer& due, const DhcpQuery& query, const DhcpReply& reply,
                         const DhcpLayout& layout, const DhcpSettings& settings) {
  const Bytes payload = serialize(reply, layout, query);
  const std::string summary = summarize(reply, layout, settings);
  for (const DhcpOptionUse& each : settings.option_uses) {
    if (sends(reply, layout, each.code)) answering_.used(each.use);
  }
  if (!query.giaddr.is_any()) {
    answering_.send(due, socket(), {query.giaddr, kServerPort}, payload, summary, kXid);
    return;
  }
  using ReplyTo = DhcpSettings::ReplyTo;
  const bool nak = reply.type == DhcpType::nak;
  if (!nak && !reply.ciaddr.is_any() && settings.reply_to != ReplyTo::broadcast) {
    answering_.send(due, socket(), {reply.ciaddr, kClientPort}, payload, summary, kXid);
    return;
  }
  const bool broadcast =
      nak || (settings.reply_to == ReplyTo::as_asked ? query.wants_broadcast()
                                                     : settings.reply_to == ReplyTo::broadcast);
  const Endpoint to{broadcast ? Ipv4Address::broadcast() : reply.yiaddr, kClientPort};
  if (broadcast && !config_->link_unicast) {
    answering_.send(due, socket(), to, payload, summary, kXid);
    return;
  }
  if (!link_) {
    auto opened = host_.open_link({.port = kServerPort});
    if (!opened) {
      answering_.failed(due, opened.error().text);
      return;
    }
    link_ = std::move(*opened);
  }
  answering_.send(due, *link_,
                  LinkDatagram{.source = {},
                               .destination = query.client,
                               .from = {address_.address, kServerPort},
                               .to = to,
                               .payload = payload},
                  summary, kXid);
}

}  // namespace

std::unique_ptr<Responder> make_responder(Host& host, std::shared_ptr<const DhcpConfig> config) {
  return std::make_unique<DhcpResponder>(host, std::move(config));
}

}  // namespace provlab::netfakes
