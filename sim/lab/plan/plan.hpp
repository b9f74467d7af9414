#pragma once
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "netfakes/check_sync.hpp"
#include "netfakes/responder_kinds.hpp"
#include "netfakes/unprompted.hpp"
#include "sim/lab/plan/daemon.hpp"
#include "sim/lab/plan/expectation.hpp"
#include "sim/lab/plan/purpose.hpp"
#include "sim/phone/phone.hpp"
#include "sim/world/world.hpp"

/// A scenario made ready to run: everything parsed, every file loaded. Never changes once made, so
/// that any number of worlds in any number of threads run it at the same time.
namespace provlab::lab {

struct HostPlan {
  world::HostOptions options;  ///< its name is the host's id
  std::vector<std::string> dns_names;
  std::string lan;  ///< the one that it stands in, where there are several; empty: behind them
  int line = 0;
};

template <class Config>
using Shared = std::shared_ptr<const Config>;

struct ResponderPlan {
  std::size_t host = 0;  ///< index into ScenarioPlan::hosts
  netfakes::ResponderConfig config;
};

/// Packets that the network loses on purpose.
struct LosePlan {
  std::string from;  ///< host id or `device`; empty: any
  std::string to;
  std::optional<world::Protocol> protocol;
  Port port = 0;  ///< destination port; 0: any
  std::optional<netfakes::Nth> nth;
  std::optional<unsigned> every;
  std::optional<Instant> since;
  std::optional<Instant> until;
  UseMark use = 0;
};

/// Calls that the phone makes of its own system and that fail.
struct FailPlan {
  world::HostOperation operation{};
  std::string_view word;  ///< for it
  world::HostTrouble trouble{};
  std::string file;               ///< of the disk; empty: any
  Port port = 0;                  ///< bound, listened on, or of the destination; 0: any
  std::optional<Ipv4Address> to;  ///< the destination
  std::optional<netfakes::Nth> nth;
  std::optional<unsigned> every;
  std::optional<Instant> since;
  std::optional<Instant> until;
  UseMark use = 0;
};

// What is done on the timeline.

struct PowerOn {};
struct PowerOff {};
/// A network cable.
struct MoveCable {
  std::string host;  ///< empty: the phone
  bool in = false;
  std::string lan{};  ///< that the phone is plugged into; empty: the one that it was in
};
struct PressStart {};
struct EnterUrl {
  std::string url;
};
struct ChangeSetting {
  std::string path;
  std::string value;
};
struct SwitchResponders {
  std::string host;
  std::string kind;  ///< empty: all
  bool running = false;
};
struct SendCheckSync {
  std::string host;
  std::shared_ptr<const netfakes::CheckSync> check_sync;
};
/// Where a datagram goes: to the phone, wherever it is then, or to an address.
struct DatagramTarget {
  bool phone = false;
  Endpoint endpoint;
};
struct SendUnprompted {
  std::string host;
  DatagramTarget to;
  std::shared_ptr<const netfakes::Unprompted> what;
};
/// A file of the phone's disk is another from now on, as if a cell had failed.
struct DamageFile {
  std::string file;
  bool missing = false;                ///< it is gone
  std::optional<std::string> content;  ///< in place of what it held
  netfakes::Faults faults{};           ///< of its octets: cut, grown, corrupt
};
struct MakeBackup {};
struct Upload {
  std::string document;
};
struct RestoreBackup {};
/// An expectation looks a setting up, in mid-run.
struct LookUp {
  std::string path;
  std::string moment;  ///< as Moment::to_string() has it
};

struct Action {
  Moment at;
  std::variant<PowerOn, PowerOff, MoveCable, PressStart, EnterUrl, ChangeSetting, SwitchResponders,
               SendCheckSync, SendUnprompted, DamageFile, MakeBackup, Upload, RestoreBackup, LookUp>
      what;
  int line = 0;
  UseMark use = 0;

  template <class What>
  bool is() const {
    return std::holds_alternative<What>(what);
  }
};

/// An answer of a responder that has a name, for races and expectations.
struct NamedAnswer {
  std::string id;
  std::string kind;  ///< the responder's protocol
  std::string url;   ///< what it assigns, where it assigns a URL
  int line = 0;
};

/// The phone's patience with a source, which takes part in a race as answers do.
struct RacingTimeout {
  std::string id;       ///< `multicast-timeout`
  std::string source;   ///< `redirect` or `multicast`
  Duration patience{};  ///< from the moment the source is asked
};

struct RacePlan {
  std::vector<std::string> answers;  ///< and the timeout's id, as listed
  /// By answer, the request target of its URL as this phone asks for it; none where it has no URL.
  std::map<std::string, std::string, std::less<>> targets;
  std::optional<RacingTimeout> timeout;
  bool all_orders = true;
  bool each_missing = true;
  bool ties = true;
  Duration gap = std::chrono::milliseconds(1);
  int line = 0;

  bool is_timeout(std::string_view id) const { return timeout && timeout->id == id; }
};

/// One way to run a scenario: an arrangement of its race on one of the device's releases. Without a
/// race and with one release there is one, which has no name.
struct Variant {
  std::string name;
  std::vector<std::string> order;    ///< racing answers in the order in which they are to arrive
  std::string missing;               ///< the answer that does not come, or empty
  bool tied = false;                 ///< all arrive in one instant, still in that order
  std::string arrangement{};         ///< of the race, where the name says the release as well
  std::optional<Release> release{};  ///< of the device; the plan's own where not given
  /// By answer, how long after its request it leaves, whatever the scenario says; no race then.
  std::map<std::string, Duration, std::less<>> delays{};
};

/// A choice of the firmware that the scenario makes.
struct KnobPlan {
  UseMark use = 0;
  Shared<phone::PhoneOptions> without;  ///< the phone, had the scenario not turned it
};

struct ScenarioPlan {
  std::string name;
  int line = 0;  ///< where it says its name
  std::string file;
  std::string text;            ///< of the file
  std::uint64_t checksum = 0;  ///< of that text
  std::uint64_t seed = 1;
  std::string about;
  std::vector<std::string> rules;  ///< of the specification
  std::string not_on_wire;         ///< why it is not run on a wire; empty: it is
  std::string wire_order;          ///< why the phone's events may come in another order there
  phone::PhoneOptions phone;       ///< with the first of its releases
  std::vector<Release> releases;   ///< of the device, where there are several
  bool standard_world = false;     ///< else its own
  world::LinkOptions link;
  Duration up{};    ///< added to the link's latency, for what the phone sends
  Duration down{};  ///< the same for what it receives
  std::vector<HostPlan> hosts;
  std::string lan;  ///< of several, the one that the phone starts in; empty: there is one only
  std::vector<LosePlan> losses;
  std::vector<FailPlan> failures;
  std::vector<ResponderPlan> responders;
  std::vector<DaemonPlan> daemons;  ///< where there are any, no virtual world can play it
  std::vector<NamedAnswer> answers;
  std::optional<RacePlan> race;
  std::vector<Variant> variants;  ///< at least one
  std::vector<Action> timeline;   ///< as listed
  std::optional<Moment> until;
  UseMark until_use = 0;
  std::vector<Expectation> expectations;
  std::vector<KnobPlan> knobs;
  std::vector<Purpose> purposes;  ///< by their marks, which count from 1
  WallTime epoch{};               ///< wall time at the start, for captures

  const NamedAnswer* answer(std::string_view id) const;
  const Variant* variant(std::string_view variant_name) const;
};

/// The variants of a race: every order, the same in one instant, then each missing answer.
std::vector<Variant> variants_of(const RacePlan& race);
/// Each of them on each release.
std::vector<Variant> on_releases(const std::vector<Variant>& variants,
                                 const std::vector<Release>& releases);
/// Whether a variant is called so: by its name, or by its arrangement alone.
bool is_called(const Variant& variant, std::string_view glob);

}  // namespace provlab::lab
