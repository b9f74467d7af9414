#include "sim/lab/play/servers_half.hpp"

#include <algorithm>
#include <stdexcept>

#include "sim/lab/play/lose_rule.hpp"
#include "sim/lab/trace/lab_events.hpp"

namespace provlab::lab {

namespace {

constexpr Port kSipPort = 5060;

}  // namespace

ServersHalf::ServersHalf(world::World& world, world::Network& network, Shared<ScenarioPlan> plan,
                         const Variant& variant)
    : world_(world),
      network_(network),
      plan_(std::move(plan)),
      variant_(variant),
      uses_(plan_->purposes.size()) {
  network_.link = plan_->link;
  hosts_.reserve(plan_->hosts.size());
  for (std::size_t i = 0; i < plan_->hosts.size(); ++i) {
    const bool real = std::ranges::count(plan_->daemons, i, &DaemonPlan::host) > 0;
    hosts_.push_back(real ? nullptr : &world_.add_host(plan_->hosts[i].options, network_));
  }
  for (const LosePlan& lose : plan_->losses) {
    losses_.push_back(network_.add_rule(lose_rule(world_, lose, uses_)));
  }
}

ServersHalf::~ServersHalf() = default;

void ServersHalf::start(PhoneInSight phone) {
  phone_.emplace(std::move(phone));
  if (plan_->race && (!variant_.order.empty() || !variant_.missing.empty())) {
    gate_ = std::make_unique<RaceGate>(network_, phone_->station, *plan_->race, variant_);
  }
  if (!variant_.delays.empty()) delays_ = std::make_unique<DelayGate>(variant_.delays);
  servers_.reserve(plan_->responders.size());
  for (const ResponderPlan& plan : plan_->responders) {
    Server& server =
        servers_.emplace_back(netfakes::make_responder(*hosts_[plan.host], plan.config));
    server.responder->set_uses(&uses_);
    if (gate_) server.responder->set_gate(gate_.get());
    if (delays_) server.responder->set_gate(delays_.get());
    switch_server(server, true);
  }
}

void ServersHalf::set_ear(netfakes::PlaintextEar& ear) {
  ears_.reader = &ear;
  for (Server& server : servers_) server.responder->set_ear(&ears_);
}

void ServersHalf::write_keys(world::PcapngWriter& capture) {
  ears_.captures.push_back(&capture);
  for (Server& server : servers_) server.responder->set_ear(&ears_);
}

bool ServersHalf::switch_server(Server& server, bool running) {
  if (running == server.running) return false;
  server.running = running;
  if (!running) {
    server.responder->stop();
  } else if (const auto started = server.responder->start(); !started) {
    throw std::runtime_error("a responder cannot start: " + started.error().to_string());
  }
  return true;
}

world::VirtualHost* ServersHalf::host(std::string_view id) const {
  for (world::VirtualHost* host : hosts_) {
    if (host != nullptr && host->name() == id) return host;
  }
  return nullptr;
}

Use ServersHalf::perform(const MoveCable& cable) {
  world::VirtualHost& moved = *host(cable.host);
  const Use use = moved.link_up() == cable.in ? Use::reached : Use::done;
  record(CableMoved{moved.name(), cable.in});
  moved.set_link(cable.in);
  return use;
}

void ServersHalf::plug_into(std::string_view lan) {
  record(LanChanged{lan});
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    const std::string& own = plan_->hosts[i].lan;
    if (hosts_[i] == nullptr || own.empty()) continue;
    network_.move(*hosts_[i], own == lan ? 0 : world::kElsewhere);
  }
}

Use ServersHalf::perform(const SwitchResponders& wanted) {
  Use use = Use::reached;
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    const ResponderPlan& plan = plan_->responders[i];
    const std::string_view kind = netfakes::kind_of(plan.config).name;
    if (plan_->hosts[plan.host].options.name != wanted.host) continue;
    if (!wanted.kind.empty() && kind != wanted.kind) continue;
    record(ServerSwitched{wanted.host, kind, wanted.running});
    if (switch_server(servers_[i], wanted.running)) use = Use::done;
  }
  return use;
}

template <class Sender, class... Named>
Sender& ServersHalf::sender_at(const std::string& id, Senders<Sender>& senders,
                               std::string_view failure, Named... named) {
  auto& sender = senders[id];
  if (!sender) {
    sender = std::make_unique<Sender>(*host(id), named...);
    if (gate_) sender->set_gate(gate_.get());
    if (const auto started = sender->start(); !started) {
      throw std::runtime_error(std::string(failure) + ": " + started.error().to_string());
    }
  }
  return *sender;
}

Use ServersHalf::perform(const SendCheckSync& sent) {
  const std::optional<Ipv4Address> phone = phone_->address();
  if (!phone) {
    record(CheckSyncNotSent{sent.host});
    return Use::reached;
  }
  sender_at(sent.host, senders_, "check-syncs cannot be sent", "check-sync")
      .send(*sent.check_sync, {*phone, kSipPort});
  return Use::done;
}

Use ServersHalf::perform(const SendUnprompted& sent) {
  Endpoint to = sent.to.endpoint;
  if (sent.to.phone) {
    const std::optional<Ipv4Address> phone = phone_->address();
    if (!phone) {
      record(DatagramNotSent{sent.host, netfakes::name_of(*sent.what)});
      return Use::reached;
    }
    to.address = *phone;
  }
  sender_at(sent.host, unprompted_, "nothing can be sent unasked").send(*sent.what, to);
  return Use::done;
}

void ServersHalf::end_losses() {
  losses_.clear();
  network_.link.loss = 0;
  for (world::VirtualHost* host : hosts_) {
    if (host != nullptr) host->set_loss(0);
  }
}

}  // namespace provlab::lab
