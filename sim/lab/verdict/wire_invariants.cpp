#include "sim/lab/verdict/wire_invariants.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "core/net/markers.hpp"
#include "core/net/url.hpp"
#include "netfakes/events.hpp"
#include "sim/lab/trace/lab_events.hpp"
#include "sim/lab/verdict/invariants/invariant.hpp"
#include "sim/world/events.hpp"

namespace provlab::lab {

namespace {

/// A URL that a server gave, and the source by which the phone asked for it.
struct GivenUrl {
  std::string source;
  net::Url url;
};

class WireWatch {
 public:
  WireWatch(const ScenarioPlan& plan, const Trace& trace)
      : plan_(plan), trace_(trace), device_(trace.find_host("device").value_or(HostId{})) {}

  std::vector<BrokenInvariant> look() {
    for (const TraceRecord record : trace_) {
      if (record.is<PhoneBooted>()) {
        boot(record);
      } else if (record.is<PhoneQuiet>()) {
        begin_anew();
      } else if (record.is<PhoneAsked>()) {
        begin_anew();
        if (record.says("what", PhoneAsked::kPowerOn)) ++boots_allowed_;
      } else if (record.is<netfakes::AnswerSent>()) {
        sent(record);
      } else if (record.is<world::PacketReceived>() && record.host() == device_) {
        arrived(record);
      } else if (record.is<netfakes::RequestReceived>()) {
        asked(record);
      } else if (record.is<RunStopped>()) {
        broken_.push_back(exceeded_limit(record));
      }
    }
    return std::move(broken_);
  }

 private:
  /// Whether there is such an event, and the trace still has it.
  bool kept(EventNumber number) const { return number >= trace_.first(); }

  void add(const Invariant& invariant, const TraceRecord& record, std::string actual) {
    broken_.push_back({invariant, std::move(actual), record.number()});
  }

  void begin_anew() {
    given_.clear();
    arrived_.clear();
    first_document_.reset();
    winner_.reset();
    delivered_ = 0;
  }

  void boot(const TraceRecord& record) {
    begin_anew();
    if (++boots_ <= boots_allowed_) return;
    add(kNoRestart, record,
        fmt::format("it booted {}, and was told to {}", times_text(boots_),
                    times_text(boots_allowed_)));
  }

  void sent(const TraceRecord& record) {
    const std::string kind = record.field("kind").value_or("");
    const std::string summary = record.field("summary").value_or("");
    if (kind == "check-sync") {
      begin_anew();
      ++boots_allowed_;  // its body may ask for one in many ways
    } else if (kind == "http") {
      if (delivered_ == 0 && summary.starts_with('2')) delivered_ = record.number();
    } else if (kind == "redirect" || kind == "multicast") {
      if (auto url = url_of(summary))
        given_.emplace(record.number(), GivenUrl{kind, std::move(*url)});
    }
  }

  /// `302 http://…`, `200 http://…` and `notify http://…`; nothing where the phone cannot use it.
  std::optional<net::Url> url_of(const std::string& summary) const {
    const std::size_t space = summary.find(' ');
    if (space == std::string::npos) return std::nullopt;
    const auto replaced = net::replace_markers(summary.substr(space + 1), plan_.phone.identity);
    auto url = net::Url::parse(replaced.text);
    if (!url) return std::nullopt;
    return std::move(*url);
  }

  /// With a packet of the phone's, all of an answer: redirects are small.
  void arrived(const TraceRecord& record) {
    if (given_.empty()) return;
    EventNumber cause = record.cause();
    if (!kept(cause) || trace_.event(cause).says("octets", "0")) return;
    for (; kept(cause); cause = trace_.event(cause).cause()) {
      const auto found = given_.find(cause);
      if (found == given_.end()) continue;
      arrived_.push_back(std::move(found->second));
      given_.erase(found);
      return;
    }
  }

  void asked(const TraceRecord& record) {
    const std::string kind = record.field("kind").value_or("");
    if (kind == "http") return document_asked(record);
    if (kind == "redirect") return source_asked(record, discovery::SourceKind::redirect);
    if (kind == "multicast") source_asked(record, discovery::SourceKind::multicast);
  }

  void document_asked(const TraceRecord& record) {
    if (first_document_) return;
    first_document_ = record.field("request").value_or("");
    for (std::size_t i = 0; i < arrived_.size(); ++i) {
      if (*first_document_ != "GET " + arrived_[i].url.target()) continue;
      winner_ = arrived_[i].source;
      if (i == 0) return;
      return add(kFirstUsableUrl, record,
                 fmt::format("it asked for {} of {} first, but {} of {} had come before",
                             arrived_[i].url.to_string(), arrived_[i].source,
                             arrived_.front().url.to_string(), arrived_.front().source));
    }
  }

  void source_asked(const TraceRecord& record, discovery::SourceKind source) {
    // What left before the document was there is no breach, however late it comes.
    if (delivered_ == 0 || origin_of(record) < delivered_) return;
    const std::string_view name = discovery::to_string(source);
    const auto stage = stage_of(name);
    const auto won = winner_ ? stage_of(*winner_) : std::nullopt;
    const bool same = winner_ && stage == won && *winner_ != name;
    if (winner_ && *winner_ == name) return;
    add(same ? kLosersAreSilent : kStagesInOrder, record,
        fmt::format("{} was asked after {} had been answered with a document", name,
                    *first_document_));
  }

  /// The packet of the phone's that brought a request.
  EventNumber origin_of(const TraceRecord& record) const {
    EventNumber origin = record.number();
    for (EventNumber cause = record.cause(); kept(cause); cause = trace_.event(cause).cause()) {
      const TraceRecord event = trace_.event(cause);
      if (event.is<world::PacketSent>() && event.host() == device_) return cause;
    }
    return origin;
  }

  std::optional<std::size_t> stage_of(std::string_view source) const {
    const auto& stages = plan_.phone.service.discovery.sequence;
    for (std::size_t i = 0; i < stages.size(); ++i) {
      for (const discovery::SourceKind kind : stages[i]) {
        if (discovery::to_string(kind) == source) return i;
      }
    }
    return std::nullopt;
  }

  const ScenarioPlan& plan_;
  const Trace& trace_;
  const HostId device_;
  std::vector<BrokenInvariant> broken_;
  unsigned boots_ = 0;
  unsigned boots_allowed_ = 1;
  std::map<EventNumber, GivenUrl> given_;  ///< by the answer: on their way
  std::vector<GivenUrl> arrived_;          ///< in their order
  std::optional<std::string> first_document_;
  std::optional<std::string> winner_;  ///< the source of what the first request was for
  EventNumber delivered_ = 0;          ///< the answer with the first document
};

}  // namespace

std::vector<BrokenInvariant> broken_on_wire(const ScenarioPlan& plan, const Trace& trace) {
  return WireWatch(plan, trace).look();
}

}  // namespace provlab::lab
