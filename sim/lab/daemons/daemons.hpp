#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/daemons/configuration.hpp"
#include "sim/wire/network_space.hpp"
#include "sim/wire/private_folder.hpp"
#include "sim/wire/process.hpp"

namespace provlab::lab {

/// The packages that a scenario's daemons need and this machine does not have, each once, to tell
/// people: `kea-dhcp4-server`; empty where all are there.
std::string missing_packages(const ScenarioPlan& plan);

/// A scenario's daemons, each on its host in a network of its own, on one switch with the phone.
///  1. Made, used and destroyed by one thread, in a process with a namespace of its own: with the
///  thread ends everything, however it ends.
///  2. start() returns when all of them serve.
///  3. Hosts behind a router are reached through it alone, as in a world.
class Daemons {
 public:
  /// `phone` is what the end of the phone's cable is called, in the network of the calling thread.
  /// Where the scenario has responders too, `servers` is the same for theirs. Errors: what the
  /// machine refuses, or the daemon that does not come to serve, with the last line of its log.
  static Expected<std::unique_ptr<Daemons>> start(const ScenarioPlan& plan, WallTime now,
                                                  const std::string& phone,
                                                  const std::string& servers = {});
  ~Daemons();
  Daemons(const Daemons&) = delete;
  Daemons& operator=(const Daemons&) = delete;

  /// The ones that have ended by themselves, with how; empty where all still serve.
  std::string ended();
  /// Asks all of them to end, so that their logs are whole.
  void stop();
  std::vector<DaemonLog> logs() const;

 private:
  struct Host {
    wire::NetworkSpace network;
    std::optional<wire::Descriptor> membership;  ///< in the group of multicasts
  };
  struct Running {
    const DaemonPlan* plan;
    std::string title;
    std::string folder;
    DaemonConfiguration configuration;
    std::unique_ptr<wire::Process> process;
  };

  explicit Daemons(const ScenarioPlan& plan) : plan_(plan) {}
  Expected<void> make_networks(const std::string& phone, const std::string& servers);
  Expected<void> add_host(std::size_t host);
  Expected<void> address_host(std::size_t host);
  Expected<void> launch(const DaemonPlan& daemon, WallTime now);
  Expected<void> await(Running& daemon);
  std::string log_of(const Running& daemon) const;

  const ScenarioPlan& plan_;
  std::unique_ptr<wire::PrivateFolder> folder_;
  std::vector<std::string> ends_;  ///< of cables, in the network of the thread
  std::optional<wire::NetworkSpace> switch_;
  std::map<std::size_t, Host> hosts_;  ///< by their index in the plan
  std::vector<Running> running_;       ///< in the order of the plan
};

}  // namespace provlab::lab
