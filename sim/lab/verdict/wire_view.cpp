#include "sim/lab/verdict/wire_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/service/events.hpp"
#include "core/service/result.hpp"
#include "netfakes/events.hpp"
#include "sim/lab/trace/lab_events.hpp"
#include "sim/phone/events.hpp"
#include "sim/world/events.hpp"

namespace provlab::lab {

namespace {

/// Events of servers, of the wire and of the lab: those that happen where we can see them.
constexpr std::array kSeen{netfakes::RequestReceived::name,
                           netfakes::RequestIgnored::name,
                           netfakes::AnswerSent::name,
                           netfakes::AnswerRepeated::name,
                           netfakes::AnswerConfirmed::name,
                           netfakes::FaultInjected::name,
                           netfakes::AnswerWithheld::name,
                           netfakes::AnswerFailed::name,
                           netfakes::TlsAgreed::name,
                           netfakes::TlsFailed::name,
                           RaceAnswerHeld::name,
                           RaceFormed::name,
                           ServerSwitched::name,
                           CheckSyncNotSent::name,
                           DatagramNotSent::name,
                           LanChanged::name,
                           PhoneBooted::name,
                           PhoneQuiet::name};

bool is_seen(std::string_view event) {
  return std::ranges::find(kSeen, event) != kSeen.end();
}

bool ends_a_run(std::string_view anchor) {
  return anchor == service::RunEnded::name ||
         std::ranges::any_of(service::kRunResults, [&](service::RunResult result) {
           return service::to_string(result) == anchor;
         });
}

/// Puts a scenario's moments where a wire shows them.
class WireMoments {
 public:
  WireMoments(const ScenarioPlan& plan, Duration quiet) : quiet_(quiet) {
    for (const Action& action : plan.timeline) {
      if (!action.is<PowerOn>() || !action.at.anchor.empty()) continue;
      boot_ = action.at.offset;
      break;
    }
  }

  /// Nothing where it cannot be seen.
  std::optional<Moment> seen(const Moment& moment) const {
    if (moment.anchor.empty()) {
      return Moment{{}, 1, std::max(Duration::zero(), moment.offset - boot_)};
    }
    if (is_seen(moment.anchor)) return moment;
    const bool starts = moment.anchor == phone::PoweredOn::name ||
                        (moment.anchor == service::RunStarted::name && moment.nth == 1);
    if (starts) return Moment{std::string(PhoneBooted::name), moment.nth, moment.offset};
    // The event tells that it has been quiet for so long already.
    if (ends_a_run(moment.anchor)) {
      return Moment{std::string(PhoneQuiet::name), moment.nth, moment.offset - quiet_};
    }
    return std::nullopt;
  }

  /// Why the times of an expectation cannot be judged; else they are put where they are seen.
  std::string place(When& when) const {
    for (std::optional<Moment>* each : {&when.at, &when.of}) {
      if (!*each) continue;
      const auto here = seen(**each);
      if (!here) return unseen(**each);
      *each = here;
    }
    return {};
  }

  static std::string unseen(const Moment& moment) {
    return fmt::format("{} happens inside the phone, and no wire shows when", moment.anchor);
  }

 private:
  Duration quiet_;
  Duration boot_{};
};

std::string inside(std::string_view what) {
  return fmt::format("{} inside the phone, and no wire shows it", what);
}

/// Why an expectation cannot be judged on a wire; else it is made such as can.
struct Judged {
  const WireMoments& moments;

  std::string operator()(ExpectResult&) const { return inside("how a run ends is decided"); }
  std::string operator()(ExpectWinner&) const { return inside("which source wins is decided"); }
  std::string operator()(ExpectSetting&) const { return inside("settings are kept"); }
  std::string operator()(ExpectRequest& wanted) const { return (*this)(wanted.request); }
  std::string operator()(ExpectResponse& wanted) const { return (*this)(wanted.response); }
  std::string operator()(ResponsePattern& pattern) const { return moments.place(pattern.when); }
  std::string operator()(ExpectEvent& wanted) const { return (*this)(wanted.event); }
  std::string operator()(ExpectRequests& wanted) const { return first_reason(wanted.requests); }
  std::string operator()(ExpectNever& unwanted) const {
    for (auto& pattern : unwanted.patterns) {
      if (std::string why = std::visit(*this, pattern); !why.empty()) return why;
    }
    return {};
  }
  std::string operator()(RequestPattern& pattern) const { return moments.place(pattern.when); }
  std::string operator()(ResultPattern&) const { return inside("how a run ends is decided"); }
  std::string operator()(EventPattern& pattern) const {
    if (!is_seen(pattern.name)) return inside(pattern.name + " happens");
    return moments.place(pattern.when);
  }

 private:
  std::string first_reason(std::vector<RequestPattern>& patterns) const {
    for (RequestPattern& pattern : patterns) {
      if (std::string why = (*this)(pattern); !why.empty()) return why;
    }
    return {};
  }
};

}  // namespace

WireView wire_view(const ScenarioPlan& plan, Duration quiet) {
  WireView view{plan, {}, {}};
  const WireMoments moments(plan, quiet);
  view.plan.expectations.clear();
  for (Expectation expectation : plan.expectations) {
    std::string why = expectation.not_on_wire;
    if (why.empty()) why = std::visit(Judged{moments}, expectation.what);
    if (why.empty()) {
      view.plan.expectations.push_back(std::move(expectation));
    } else {
      view.not_judged.push_back({expectation.line, expectation.text, std::move(why)});
    }
  }
  view.plan.timeline.clear();
  bool booted = false;
  for (const Action& action : plan.timeline) {
    if (action.is<LookUp>()) continue;
    if (action.is<PowerOn>() && action.at.anchor.empty() && !std::exchange(booted, true)) continue;
    const auto at = moments.seen(action.at);
    if (!at) {
      view.not_done.push_back({action.line,
                               fmt::format("<timeline> at=\"{}\"", action.at.to_string()),
                               WireMoments::unseen(action.at)});
      continue;
    }
    view.plan.timeline.push_back(action);
    view.plan.timeline.back().at = *at;
  }
  if (plan.until) view.plan.until = moments.seen(*plan.until);
  return view;
}

std::string not_arranged(const ScenarioPlan& plan, const Variant& variant) {
  if (variant.release && *variant.release != plan.phone.identity.release) {
    return fmt::format("a real phone has one release; the scenario is played for the first, {}",
                       to_string(plan.phone.identity.release));
  }
  if (!plan.race || !plan.race->timeout || variant.order.empty()) return {};
  return fmt::format(
      "it arranges answers around the end of the phone's patience ({}), whose "
      "beginning no wire shows",
      plan.race->timeout->id);
}

}  // namespace provlab::lab
