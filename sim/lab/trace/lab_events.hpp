#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/event_recorder.hpp"

/// What the lab itself records, on the device: what was run, and what it looked up at the end.
namespace provlab::lab {

struct ScenarioStarted {
  static constexpr std::string_view name = "scenario_started";
  std::string_view scenario;
  std::string_view variant;
  std::uint64_t seed;
  void fields(auto&& field) const {
    field("scenario", scenario);
    if (!variant.empty()) field("variant", variant);
    field("seed", seed);
  }
};

/// An answer of the race was due and waits for the others.
struct RaceAnswerHeld {
  static constexpr std::string_view name = "race_answer_held";
  std::string_view answer;
  void fields(auto&& field) const { field("answer", answer); }
};

/// All answers of the race are due; they leave so that they arrive in their order.
struct RaceFormed {
  static constexpr std::string_view name = "race_formed";
  std::string_view order;
  void fields(auto&& field) const { field("order", order); }
};

/// The cable of a host was pulled out or put in.
struct CableMoved {
  static constexpr std::string_view name = "cable_moved";
  std::string_view of;
  bool in;
  void fields(auto&& field) const {
    field("of", of);
    field("in", in);
  }
};

/// A call that the phone made of its own system failed, as the scenario wants it.
struct CallFailed {
  static constexpr std::string_view name = "call_failed";
  std::string_view operation;
  std::string of;  ///< a file, a port, or whither
  std::string_view reason;
  void fields(auto&& field) const {
    field("operation", operation);
    field("of", of);
    field("reason", reason);
  }
};

/// A file of the phone's disk is another; `octets` of one that is there.
struct FileDamaged {
  static constexpr std::string_view name = "file_damaged";
  std::string_view file;
  std::optional<std::size_t> octets;
  void fields(auto&& field) const {
    field("file", file);
    field("octets", octets);
  }
};

/// The phone is in another LAN from now on.
struct LanChanged {
  static constexpr std::string_view name = "lan_changed";
  std::string_view lan;
  void fields(auto&& field) const { field("lan", lan); }
};

/// A responder of a host was stopped or started again.
struct ServerSwitched {
  static constexpr std::string_view name = "server_switched";
  std::string_view of;
  std::string_view kind;
  bool running;
  void fields(auto&& field) const {
    field("of", of);
    field("kind", kind);
    field("running", running);
  }
};

/// A check-sync was due and the phone has no address to send it to.
struct CheckSyncNotSent {
  static constexpr std::string_view name = "check_sync_not_sent";
  std::string_view of;
  void fields(auto&& field) const { field("of", of); }
};

/// What was to be sent to the phone unasked was not: it has no address.
struct DatagramNotSent {
  static constexpr std::string_view name = "datagram_not_sent";
  std::string_view of;    ///< the host
  std::string_view what;  ///< `OPTIONS`, `forcerenew`
  void fields(auto&& field) const {
    field("of", of);
    field("what", what);
  }
};

/// The power of the phone fails, beside the timeline, and comes back once.
struct PowerFailed {
  static constexpr std::string_view name = "power_failed";
  Duration time;  ///< until it comes back
  void fields(auto&& field) const { field("for", time); }
};

/// The phone's configuration has changed. What the lab found in it (SPEC I7, D25).
struct ConfigurationJudged {
  static constexpr std::string_view name = "configuration_judged";
  std::string_view sections;  ///< that differ now, separated by spaces
  std::string_view stray;     ///< of them, those that no section_applied accounts for
  std::string_view problem;   ///< what is not valid in them, and where; empty: they are
  void fields(auto&& field) const {
    field("sections", sections);
    if (!stray.empty()) field("stray", stray);
    if (!problem.empty()) field("problem", problem);
  }
};

/// The run took more than it may (D46) and ends here, whatever was still to come.
struct RunStopped {
  static constexpr std::string_view name = "run_stopped";
  std::string_view limit;    ///< `events`, `memory`, `wall`, or `progress`: no time passes any more
  std::string_view allowed;  ///< so much of it; nothing for `progress`
  std::string_view doing;    ///< what goes on at the end: part of a sentence
  void fields(auto&& field) const {
    field("limit", limit);
    if (!allowed.empty()) field("allowed", allowed);
    field("doing", doing);
  }
};

/// A real phone on a wire boots: it speaks as one that has just got power.
struct PhoneBooted {
  static constexpr std::string_view name = "phone_booted";
  MacAddress mac;
  void fields(auto&& field) const { field("mac", mac); }
};

/// A real phone on a wire has neither said nor heard anything for so long: it has done what it had
/// to do.
struct PhoneQuiet {
  static constexpr std::string_view name = "phone_quiet";
  Duration time;
  void fields(auto&& field) const { field("for", time); }
};

/// A person was asked to do something to a real phone.
struct PhoneAsked {
  static constexpr std::string_view name = "phone_asked";
  static constexpr std::string_view kPowerOn = "switch it on";
  std::string_view what;
  void fields(auto&& field) const { field("what", what); }
};

/// What an XPath selected in the phone's settings when the scenario ended, or in mid-run.
struct SettingObserved {
  static constexpr std::string_view name = "setting_observed";
  std::string_view path;
  std::uint64_t count;       ///< nodes selected
  std::string_view value;    ///< of the first
  std::string_view problem;  ///< why it could not be evaluated
  std::string_view moment;   ///< as the expectation says it; empty: the end
  void fields(auto&& field) const {
    field("path", path);
    if (!moment.empty()) field("moment", moment);
    field("count", count);
    if (count > 0) field("value", value);
    if (!problem.empty()) field("problem", problem);
  }
};

struct ScenarioEnded {
  static constexpr std::string_view name = "scenario_ended";
  std::string_view reason;     ///< `settled`, `until` or `limit`
  bool released;               ///< whether nothing of a former run is left on the phone (SPEC I9)
  std::optional<bool> stored;  ///< whether the store, where there is one, equals the memory (I10)
  void fields(auto&& field) const {
    field("reason", reason);
    field("released", released);
    field("stored", stored);
  }
};

}  // namespace provlab::lab
