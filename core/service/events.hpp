#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/event_recorder.hpp"
#include "core/service/document_tally.hpp"
#include "core/service/result.hpp"

/// What the service records: every decision of a run with its reason.
namespace provlab::service {

struct NetworkConfigured {
  static constexpr std::string_view name = "network_configured";
  std::string_view mode;  ///< `dhcp` or `static`
  Ipv4Address address;
  std::optional<Ipv4Address> router;
  void fields(auto&& field) const {
    field("mode", mode);
    field("address", address);
    field("router", router);
  }
};

struct NetworkLost {
  static constexpr std::string_view name = "network_lost";
  std::string_view reason;
  void fields(auto&& field) const { field("reason", reason); }
};

struct ScheduleMinuteDrawn {
  static constexpr std::string_view name = "schedule_minute_drawn";
  std::string time;  ///< local, `HH:MM`
  void fields(auto&& field) const { field("time", time); }
};

struct SchedulePlanned {
  static constexpr std::string_view name = "schedule_planned";
  WallTime next;      ///< UTC
  std::string local;  ///< `2026-03-29 02:30`
  void fields(auto&& field) const {
    field("next", next);
    field("local", local);
  }
};

struct ScheduleDelayed {
  static constexpr std::string_view name = "schedule_delayed";
  Duration delay;
  void fields(auto&& field) const { field("delay", delay); }
};

struct ScheduleRefused {
  static constexpr std::string_view name = "schedule_refused";
  std::string_view reason;
  void fields(auto&& field) const { field("reason", reason); }
};

struct TriggerReceived {
  static constexpr std::string_view name = "trigger_received";
  Trigger trigger;
  std::string_view detail;  ///< the URL a check-sync brought, or empty
  void fields(auto&& field) const {
    field("trigger", to_string(trigger));
    if (!detail.empty()) field("detail", detail);
  }
};

/// A trigger during a run, kept for its end.
struct TriggerRemembered {
  static constexpr std::string_view name = "trigger_remembered";
  Trigger trigger;
  std::optional<Trigger> replaces;
  void fields(auto&& field) const {
    field("trigger", to_string(trigger));
    if (replaces) field("replaces", to_string(*replaces));
  }
};

struct RunStarted {
  static constexpr std::string_view name = "run_started";
  unsigned run;  ///< counted from 1 since power-on
  Trigger trigger;
  void fields(auto&& field) const {
    field("run", run);
    field("trigger", to_string(trigger));
  }
};

struct PreconditionMet {
  static constexpr std::string_view name = "precondition_met";
  std::string_view precondition;  ///< `network` or `time`
  Duration waited;
  void fields(auto&& field) const {
    field("precondition", precondition);
    field("waited", waited);
  }
};

struct PreconditionFailed {
  static constexpr std::string_view name = "precondition_failed";
  std::string_view precondition;
  Duration waited;
  std::string_view reason;
  void fields(auto&& field) const {
    field("precondition", precondition);
    field("waited", waited);
    field("reason", reason);
  }
};

struct UrlChosen {
  static constexpr std::string_view name = "url_chosen";
  std::string url;
  std::string_view source;  ///< a source of the search, `manual` or `check-sync`
  void fields(auto&& field) const {
    field("url", url);
    field("source", source);
  }
};

struct DocumentDownloadStarted {
  static constexpr std::string_view name = "document_download_started";
  std::string_view url;
  unsigned depth;  ///< 1 for the first document
  unsigned index;  ///< 1 for the first document, counted over the run
  void fields(auto&& field) const {
    field("url", url);
    field("depth", depth);
    field("index", index);
  }
};

struct DocumentDownloaded {
  static constexpr std::string_view name = "document_downloaded";
  std::string_view url;
  std::string final_url;  ///< after redirects
  int status;
  std::size_t octets;
  void fields(auto&& field) const {
    field("url", url);
    if (final_url != url) field("final_url", final_url);
    field("status", status);
    field("octets", octets);
  }
};

struct DocumentDownloadFailed {
  static constexpr std::string_view name = "document_download_failed";
  std::string_view url;
  std::string_view reason;
  std::optional<int> status;  ///< where a response came
  void fields(auto&& field) const {
    field("url", url);
    field("reason", reason);
    field("status", status);
  }
};

/// Connection or TLS failed by a scheme that nobody had named; the other one follows (SPEC 1.5).
struct HttpsGivenUp {
  static constexpr std::string_view name = "https_given_up";
  std::string_view url;
  std::string instead;
  std::string_view reason;
  void fields(auto&& field) const {
    field("url", url);
    field("instead", instead);
    field("reason", reason);
  }
};

/// A `url` element of a reference document that is not requested.
struct ReferenceSkipped {
  static constexpr std::string_view name = "reference_skipped";
  std::string_view url;  ///< resolved; as written, or in words, where it cannot be resolved
  std::string_view reason;
  void fields(auto&& field) const {
    field("url", url);
    field("reason", reason);
  }
};

/// A document that came by https names a URL by http.
struct DowngradeFound {
  static constexpr std::string_view name = "downgrade_found";
  std::string url;
  std::string document;
  bool refused;
  void fields(auto&& field) const {
    field("url", url);
    field("document", document);
    field("refused", refused);
  }
};

struct RunLimitReached {
  static constexpr std::string_view name = "run_limit";
  Duration limit;
  void fields(auto&& field) const { field("limit", limit); }
};

struct NextSourceTried {
  static constexpr std::string_view name = "next_source_tried";
  std::string_view failed_source;
  void fields(auto&& field) const { field("failed_source", failed_source); }
};

/// The one result of a run.
struct RunEnded {
  static constexpr std::string_view name = "run_ended";
  unsigned run;
  RunResult result;
  std::string_view sentence;
  std::string_view source;  ///< of the URL, empty where none was found
  const DocumentTally& tally;
  Duration duration;
  bool released;  ///< whether every socket, timer and transfer of the run is gone (SPEC I9)
  void fields(auto&& field) const {
    field("run", run);
    field("result", to_string(result));
    field("sentence", sentence);
    if (!source.empty()) field("source", source);
    field("documents", tally.downloaded);
    field("failed", tally.failed + tally.refused + tally.skipped);
    field("accepted", tally.accepted);
    field("rejected", tally.rejected);
    field("changed", tally.changed);
    field("duration", duration);
    field("released", released);
  }
};

}  // namespace provlab::service
