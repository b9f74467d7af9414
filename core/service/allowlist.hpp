#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/net/resolver.hpp"
#include "core/platform/host.hpp"
#include "core/platform/task_group.hpp"
#include "core/service/network_manager.hpp"
#include "core/settings/device_settings.hpp"

namespace provlab::service {

/// Who may send check-syncs (SPEC 7.1): the addresses and names of provisioning/sip/allowlist,
/// nobody while provisioning/sip/active is false. Empty entries say nothing; those that are no host
/// are told in the trace and allow nobody (SPEC 2.2).
///
/// Names are looked up beforehand, because the answer to a NOTIFY cannot wait: as soon as there is
/// a network, and again when the answer's TTL has passed, after 60 s at the earliest and an hour at
/// the latest, or when name servers or domain have changed. A name stands for all addresses of an
/// answer, and they stay until the next answer. A name that a server says has none allows nobody;
/// where no server can say, its last addresses stay allowed and it is asked for again after 10 s: a
/// name server that is down does not lock the PBX out.
///
/// All referred to must outlive the task returned.
class Allowlist {
 public:
  Allowlist(Host& host, settings::DeviceSettings& settings, net::Resolver& resolver,
            const NetworkManager& network);

  /// Why `sender` is not allowed: a sentence; nothing where it is.
  std::optional<std::string> refusal(Ipv4Address sender) const;
  /// Keeps the names looked up, until cancelled. Call once.
  Task<> run();
  /// To be called when the settings or the network have changed.
  void reconsider() { wake_.notify_all(); }

 private:
  struct Name {
    std::vector<Ipv4Address> addresses;
    Instant due;  ///< when it is to be looked up next
  };
  std::vector<std::string> entries() const;
  /// Makes names_ those of the settings; what is known of them stays. Tells what is wrong with
  /// entries, once as long as they are there.
  void take_names();
  Task<> ask_for(std::string name);

  Host& host_;
  settings::DeviceSettings& settings_;
  net::Resolver& resolver_;
  const NetworkManager& network_;
  Notifier wake_;
  std::map<std::string, Name> names_;
  std::set<std::string> told_;
};

}  // namespace provlab::service
