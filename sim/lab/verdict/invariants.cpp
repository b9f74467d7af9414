#include "sim/lab/verdict/invariants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/discovery/events.hpp"
#include "core/net/dhcp_events.hpp"
#include "core/net/net_events.hpp"
#include "core/net/sip_events.hpp"
#include "core/net/url.hpp"
#include "core/service/check_sync_events.hpp"
#include "core/service/events.hpp"
#include "sim/lab/plan/expectation.hpp"
#include "sim/lab/trace/lab_events.hpp"
#include "sim/phone/events.hpp"
#include "sim/world/events.hpp"

namespace provlab::lab {

namespace {

constexpr std::array<std::string_view, 12> kPromises{
    "",
    "a run has exactly one result",
    "nothing of discovery or download happens before the network and the time are there",
    "the stages come in their order, and none after the one that gave a usable URL",
    "the first request goes to the usable URL that arrived first in the stage that won",
    "after the winner no source starts anything new, and no late answer counts",
    "files are taken one after the other, depth first",
    "the stored configuration is valid, and a rejected section is as it was",
    "the phone restarts only when it is told to",
    "at its end a run has given back every socket, timer and transfer",
    "the store holds what the memory holds",
    "the same seed gives the same trace"};

constexpr std::array<std::string_view, 12> kNumbers{"",   "I1", "I2", "I3", "I4",  "I5",
                                                    "I6", "I7", "I8", "I9", "I10", "I11"};

std::string text_of(const TraceRecord& record, std::string_view field) {
  return record.field(field).value_or("");
}

/// Follows the phone through its trace.
class Watch {
 public:
  Watch(const ScenarioPlan& plan, const Trace& trace) : plan_(plan), trace_(trace) {
    if (const auto base = net::Url::parse(plan.phone.service.discovery.redirect_base)) {
      redirect_host_ = base->host();
    }
    for (const Action& action : plan.timeline) {
      if (action.is<PowerOn>()) ++boots_allowed_;
    }
  }

  std::vector<BrokenInvariant> all() {
    const auto device = trace_.find_host("device");
    for (const TraceRecord record : trace_) {
      if (record.host() == device) see(record);
    }
    return std::move(broken_);
  }

 private:
  /// What is known of the run under way, or of the last one.
  struct RunState {
    bool under_way = false;
    std::string number;
    bool network = false;
    bool time = false;
    std::size_t stage = 0;  ///< the last that began; stages count from 1
    std::string first_usable_source;
    std::string first_usable_url;
    std::string winner;  ///< its source
    std::string winner_url;
    std::string chosen_url;
    bool first_request_due = false;
    bool loading = false;
    unsigned index = 0;
    unsigned depth = 0;
    std::string document_host;
  };

  void broken(std::size_t number, std::string actual) {
    broken_.push_back({kNumbers[number], kPromises[number], std::move(actual), at_});
  }

  void see(const TraceRecord& record) {
    at_ = record.number();
    // Sorted by how often they come.
    if (record.is<world::PacketSent>()) return packet_sent(record);
    if (record.is<world::PacketReceived>()) return;
    if (record.is<net::HttpRequestSent>()) return http_request_sent(record);
    if (record.is<net::NameQuerySent>()) return name_query_sent(record);
    if (record.is<net::SipRequestSent>()) return sip_request_sent(record);
    if (record.is<net::DhcpSent>()) return dhcp_sent(record);
    if (record.is<service::DocumentDownloadStarted>()) return download_started(record);
    if (record.is<service::DocumentDownloaded>() || record.is<service::DocumentDownloadFailed>()) {
      run_.loading = false;
      return;
    }
    if (see_discovery(record)) return;
    see_life(record);
  }

  bool see_discovery(const TraceRecord& record) {
    if (record.is<discovery::SourceStarted>()) {
      source_started(record);
    } else if (record.is<discovery::SourceAnswered>()) {
      source_answered(record);
    } else if (record.is<discovery::WinnerChosen>()) {
      winner_chosen(record);
    } else if (record.is<discovery::StageStarted>()) {
      stage_started(record);
    } else if (record.is<service::UrlChosen>()) {
      url_chosen(record);
    } else if (record.is<service::NextSourceTried>()) {
      begin_search();
    } else {
      return false;
    }
    return true;
  }

  void see_life(const TraceRecord& record) {
    if (record.is<service::RunStarted>()) {
      run_started(record);
    } else if (record.is<service::RunEnded>()) {
      run_ended(record);
    } else if (record.is<service::PreconditionMet>()) {
      (record.says("precondition", "network") ? run_.network : run_.time) = true;
    } else if (record.is<phone::PoweredOff>()) {
      run_ = {};
    } else if (record.is<service::RebootRequested>()) {
      ++boots_allowed_;
    } else if (record.is<phone::PoweredOn>()) {
      powered_on();
    } else if (record.is<ConfigurationJudged>()) {
      configuration_judged(record);
    } else if (record.is<ScenarioEnded>()) {
      scenario_ended(record);
    }
  }

  // I1, I8, I9

  void run_started(const TraceRecord& record) {
    if (run_.under_way) {
      broken(1, fmt::format("run {} had no result yet when run {} began", run_.number,
                            text_of(record, "run")));
    }
    run_ = {};
    run_.under_way = true;
    run_.number = text_of(record, "run");
  }

  void run_ended(const TraceRecord& record) {
    const std::string number = text_of(record, "run");
    if (!run_.under_way || number != run_.number) {
      broken(1, fmt::format("a result of run {} came, which was not under way", number));
    }
    if (!record.says("released", "true")) {
      broken(9, fmt::format("run {} ended and still held something", number));
    }
    run_.under_way = false;
  }

  void powered_on() {
    run_ = {};
    if (boots_++ < boots_allowed_) return;
    broken(8, fmt::format("it booted {}, and was told to {}", times_text(boots_),
                          boots_allowed_ == 0 ? "not at all" : times_text(boots_allowed_)));
  }

  void scenario_ended(const TraceRecord& record) {
    if (record.says("reason", "settled")) {
      if (run_.under_way) broken(1, fmt::format("run {} never ended", run_.number));
      if (!record.says("released", "true")) {
        broken(9, "something of a run was left when all was over");
      }
    }
    if (record.says("stored", "false")) broken(10, "they differ when all is over");
  }

  // I7

  void configuration_judged(const TraceRecord& record) {
    if (const auto problem = record.field("problem")) broken(7, *problem);
    if (const auto stray = record.field("stray")) {
      broken(7, fmt::format("{} changed, and no section_applied says so", *stray));
    }
  }

  // I2

  /// `what` was done with `object`.
  void prepared(std::string_view object, std::string_view what) {
    if (run_.under_way && run_.network && run_.time) return;
    const std::string_view missing = run_.network ? "time" : "network";
    broken(2, run_.under_way ? fmt::format("{} {} before the {} was there", object, what, missing)
                             : fmt::format("{} {} while there was no run", object, what));
  }

  // I3, I4

  void begin_search() {
    run_.stage = 0;
    run_.first_usable_source.clear();
    run_.first_usable_url.clear();
    run_.winner.clear();
    run_.winner_url.clear();
  }

  void stage_started(const TraceRecord& record) {
    const auto& sequence = plan_.phone.service.discovery.sequence;
    if (!run_.winner.empty()) {
      broken(3,
             fmt::format("stage {} began after {} had won", text_of(record, "stage"), run_.winner));
    }
    ++run_.stage;
    if (text_of(record, "stage") != std::to_string(run_.stage) || run_.stage > sequence.size()) {
      broken(3, fmt::format("stage {} began where stage {} was due", text_of(record, "stage"),
                            run_.stage));
      return;
    }
    std::string due;
    for (const discovery::SourceKind source : sequence[run_.stage - 1]) {
      due += due.empty() ? "" : ",";
      due += discovery::to_string(source);
    }
    if (text_of(record, "sources") != due) {
      broken(3, fmt::format("stage {} is made of {}, not of {}", run_.stage,
                            text_of(record, "sources"), due));
    }
  }

  void source_started(const TraceRecord& record) {
    const std::string source = text_of(record, "source");
    prepared(source, "was asked");
    if (!run_.winner.empty()) {
      broken(5, fmt::format("{} was begun after {} had won", source, run_.winner));
    }
    if (!asked_in_stage(source)) {
      broken(3, fmt::format("{} was asked in stage {}", source, run_.stage));
    }
  }

  void source_answered(const TraceRecord& record) {
    const std::string source = text_of(record, "source");
    if (!run_.winner.empty()) {
      broken(5, fmt::format("an answer of {} was judged after {} had won", source, run_.winner));
    }
    if (!record.says("usable", "true") || !run_.first_usable_source.empty()) return;
    run_.first_usable_source = source;
    run_.first_usable_url = text_of(record, "url");
  }

  void winner_chosen(const TraceRecord& record) {
    const std::string source = text_of(record, "source");
    if (!run_.winner.empty()) {
      broken(4, fmt::format("{} won after {} had", source, run_.winner));
    } else if (source != run_.first_usable_source ||
               text_of(record, "url") != run_.first_usable_url) {
      broken(4,
             fmt::format("{} won with {}, but the first usable URL was {} of {}", source,
                         text_of(record, "url"), run_.first_usable_url, run_.first_usable_source));
    }
    run_.winner = source;
    run_.winner_url = text_of(record, "url");
  }

  void url_chosen(const TraceRecord& record) {
    run_.chosen_url = text_of(record, "url");
    run_.first_request_due = true;
    const std::string source = text_of(record, "source");
    if (!run_.winner.empty() && (source != run_.winner || run_.chosen_url != run_.winner_url)) {
      broken(4, fmt::format("{} of {} was taken, but {} had won with {}", run_.chosen_url, source,
                            run_.winner, run_.winner_url));
    }
  }

  // I6, and the first request of I4

  void download_started(const TraceRecord& record) {
    const std::string url = text_of(record, "url");
    prepared(url, "was asked for");
    if (run_.first_request_due && url != run_.chosen_url) {
      broken(4, fmt::format("{} was asked for first, not {}", url, run_.chosen_url));
    }
    run_.first_request_due = false;
    if (run_.loading)
      broken(6, fmt::format("{} was asked for before the last file was there", url));
    run_.loading = true;
    const auto depth = static_cast<unsigned>(std::stoul(record.field("depth").value_or("0")));
    const auto index = static_cast<unsigned>(std::stoul(record.field("index").value_or("0")));
    if (index != run_.index + 1 || depth > run_.depth + 1 || depth == 0) {
      broken(6, fmt::format("file {} in depth {} came after file {} in depth {}", index, depth,
                            run_.index, run_.depth));
    }
    run_.index = index;
    run_.depth = depth;
    const auto parsed = net::Url::parse(url);
    run_.document_host = parsed ? parsed->host() : "";
  }

  // I2 and I5, on the wire

  bool lost(std::string_view source) const {
    return !run_.winner.empty() && run_.winner != source && asked_in_stage(source);
  }
  bool asked_in_stage(std::string_view source) const {
    const auto& sequence = plan_.phone.service.discovery.sequence;
    if (run_.stage == 0 || run_.stage > sequence.size()) return false;
    return std::ranges::any_of(sequence[run_.stage - 1],
                               [&](auto kind) { return discovery::to_string(kind) == source; });
  }

  void http_request_sent(const TraceRecord& record) {
    prepared(text_of(record, "url"), "was requested");
    if (record.says("purpose", "redirect") && !run_.winner.empty()) {
      broken(5, fmt::format("the redirect service was asked after {} had won", run_.winner));
    }
  }

  void name_query_sent(const TraceRecord& record) {
    if (lost("redirect") && record.says("name", redirect_host_) &&
        run_.document_host != redirect_host_) {
      broken(5, fmt::format("the redirect service's name was asked for after {} had won",
                            run_.winner));
    }
  }

  void sip_request_sent(const TraceRecord& record) {
    if (!record.says("method", "SUBSCRIBE")) return;
    prepared("a SUBSCRIBE", "was sent");
    if (!run_.winner.empty()) {
      broken(5, fmt::format("a SUBSCRIBE was sent after {} had won", run_.winner));
    }
  }

  void dhcp_sent(const TraceRecord& record) {
    if (lost("dhcp") && record.says("message", "INFORM")) {
      broken(5, fmt::format("a DHCPINFORM was sent after {} had won", run_.winner));
    }
  }

  /// The same of what really left, whatever the core says that it did.
  void packet_sent(const TraceRecord& record) {
    if (run_.winner.empty()) return;
    if (record.says("to", kMulticast)) {
      broken(5, fmt::format("a packet went to {} after {} had won", kMulticast, run_.winner));
    }
  }

  static constexpr std::string_view kMulticast = "224.0.1.75:5060";  // SPEC 4.2

  const ScenarioPlan& plan_;
  const Trace& trace_;
  std::string redirect_host_;
  unsigned boots_allowed_ = 0;
  unsigned boots_ = 0;
  RunState run_;
  EventNumber at_ = 0;
  std::vector<BrokenInvariant> broken_;
};

}  // namespace

std::vector<BrokenInvariant> broken_invariants(const ScenarioPlan& plan, const Trace& trace) {
  return Watch(plan, trace).all();
}

}  // namespace provlab::lab
