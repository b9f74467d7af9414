#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netfakes/responder_kinds.hpp"
#include "netfakes/tls_identity.hpp"

/// Real servers that stand in place of responders (D39), as data.
namespace provlab::lab {

/// A server program that a scenario can name.
struct DaemonKind {
  std::string_view name;     ///< in scenarios: `isc-dhcpd`
  std::string_view program;  ///< the file that is started
  std::string_view package;  ///< of Debian 12 that holds it
  /// The kinds of responders in whose place it can stand, the one that it is known for first.
  std::span<const std::string_view> protocols;
};
std::span<const DaemonKind> daemon_kinds();
/// Null where there is none of that name.
const DaemonKind* daemon_kind(std::string_view name);
/// In whose place a daemon of that kind stands: all that it can serve, or those `chosen`, with
/// spaces between them. None where the kind is unknown.
std::vector<std::string> served_by(std::string_view kind, const std::optional<std::string>& chosen);

struct DaemonPlan {
  std::size_t host = 0;  ///< index into ScenarioPlan::hosts
  const DaemonKind* kind = nullptr;
  /// What it is to serve, said as those are told in whose place it stands; at least one.
  std::vector<netfakes::ResponderConfig> serves;
  /// How a web server identifies itself; its `now` is set when it starts.
  std::optional<netfakes::TlsOptions> tls;
  Duration answer_after{};         ///< before every answer of a DHCP server, in whole seconds
  std::optional<std::string> own;  ///< a configuration of the author's, in place of all that
  int line = 0;

  /// What it serves as such a responder; null where it does not.
  template <class Config>
  const Config* as() const {
    for (const netfakes::ResponderConfig& each : serves) {
      const auto* config = std::get_if<std::shared_ptr<const Config>>(&each);
      if (config != nullptr) return config->get();
    }
    return nullptr;
  }
};

/// What a daemon said while a scenario was played.
struct DaemonLog {
  std::string daemon;  ///< `kea on router`
  std::string text;    ///< its end, where it is long
};

/// The kinds of a scenario's daemons, each once, to tell people: `kea, chronyd and nginx`.
std::string daemon_names(std::span<const DaemonPlan> daemons);

}  // namespace provlab::lab
