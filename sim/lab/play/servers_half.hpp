#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "netfakes/check_sync_sender.hpp"
#include "netfakes/unprompted_sender.hpp"
#include "sim/lab/plan/plan.hpp"
#include "sim/lab/play/delay_gate.hpp"
#include "sim/lab/play/race_gate.hpp"
#include "sim/lab/play/tls_ears.hpp"
#include "sim/world/world.hpp"

namespace provlab::lab {

/// The phone as the servers' half sees it: beside them in their network, or the station that stands
/// for everybody outside.
struct PhoneInSight {
  const world::Station& station;
  /// Where check-syncs find it; nothing while it has no address.
  std::function<std::optional<Ipv4Address>()> address;
};

/// A scenario without its phone: the hosts, what the network does to packets, the responders, the
/// race and the check-syncs. What it does is recorded on the phone's station.
///  1. The constructor puts everything in its place; a port is plugged in behind it.
///  2. start() brings it to life, and is called once.
class ServersHalf {
 public:
  /// World, network and variant must outlive it.
  ServersHalf(world::World& world, world::Network& network, Shared<ScenarioPlan> plan,
              const Variant& variant);
  ~ServersHalf();
  ServersHalf(const ServersHalf&) = delete;
  ServersHalf& operator=(const ServersHalf&) = delete;

  /// Starts the responders, with the race's gate before them where the variant orders answers, or
  /// that of its delays.
  void start(PhoneInSight phone);
  /// Tells `ear`, which must outlive it, what TLS hides; call after start().
  void set_ear(netfakes::PlaintextEar& ear);
  /// Writes the keys of TLS into a capture, which must outlive it; call after start().
  void write_keys(world::PcapngWriter& capture);

  /// As in the plan; null where a host has daemons, for these are the machine's.
  const std::vector<world::VirtualHost*>& hosts() const { return hosts_; }
  /// Null where the scenario has no such host.
  world::VirtualHost* host(std::string_view id) const;
  // Of the timeline's actions those that servers do; whether it made a difference that they did.
  Use perform(const MoveCable& cable);  ///< of a server
  /// The phone is in this LAN from now on.
  void plug_into(std::string_view lan);
  Use perform(const SwitchResponders& wanted);
  Use perform(const SendCheckSync& sent);
  Use perform(const SendUnprompted& sent);
  /// What of the plan did something so far; also what happens to the phone is noted there.
  Uses& uses() { return uses_; }
  /// Whether an answer that the variant delays is still to leave.
  bool holds_answers() const { return delays_ && delays_->holds(); }
  /// From now on the network loses nothing any more.
  void end_losses();

 private:
  struct Server {
    std::unique_ptr<netfakes::Responder> responder;
    bool running = false;
  };

  template <class Sender>
  using Senders = std::map<std::string, std::unique_ptr<Sender>>;  ///< by host

  /// The host's sender among these, made and started where there is none yet.
  template <class Sender, class... Named>
  Sender& sender_at(const std::string& id, Senders<Sender>& senders, std::string_view failure,
                    Named... named);
  /// False where it is so already.
  static bool switch_server(Server& server, bool running);
  template <TraceEvent E>
  void record(const E& event) {
    world_.trace().record(phone_->station.id(), world_.now(), event);
  }

  world::World& world_;
  world::Network& network_;
  Shared<ScenarioPlan> plan_;
  const Variant& variant_;
  Uses uses_;
  TlsEars ears_;
  std::vector<world::VirtualHost*> hosts_;  ///< as in the plan
  std::vector<world::RuleGuard> losses_;
  std::unique_ptr<RaceGate> gate_;
  std::unique_ptr<DelayGate> delays_;
  std::vector<Server> servers_;  ///< as in the plan
  Senders<netfakes::CheckSyncSender> senders_;
  Senders<netfakes::UnpromptedSender> unprompted_;
  std::optional<PhoneInSight> phone_;
};

}  // namespace provlab::lab
