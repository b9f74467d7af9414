#include <fmt/format.h>

#include <algorithm>

#include "core/net/markers.hpp"
#include "core/net/url.hpp"
#include "sim/lab/language/scenario_reader.hpp"

namespace provlab::lab {

namespace {

/// So many answers have 720 orders.
constexpr std::size_t kMostRacers = 6;

}  // namespace

void ScenarioReader::read_race(const Element& race) {
  RacePlan plan;
  plan.line = race.line();
  plan.all_orders = race.text("orders", "all") == "all";
  plan.each_missing = race.text("missing", "each") == "each";
  // Jitter must not turn the order round, and with it nothing arrives in one instant.
  const bool exact = plan_.link.jitter == Duration::zero();
  plan.ties = race.text("ties", plan.all_orders && exact ? "both" : "none") == "both";
  if (plan.ties && !exact) {
    race.complain("ties", "ties need a link without jitter; remove ties or the jitter");
  }
  plan.gap = race.duration("gap").value_or(std::chrono::milliseconds(1) + 2 * plan_.link.jitter);
  if (plan.gap <= Duration::zero()) {
    race.complain("gap", "gap: the answers need some time between them; write for example 1ms");
  }
  const std::vector<Element> racers = race.children();
  for (const Element& each : racers) {
    if (each.name() == "timeout") {
      read_timeout(each, plan);
    } else {
      read_racer(each, plan);
    }
  }
  if (racers.size() == 1) {
    race_whole_ = false;
    race.complain("a race that cannot form: it has one answer only; add another <answer ref=...>");
  }
  if (plan.all_orders && racers.size() > kMostRacers) {
    race.complain(
        fmt::format("{} answers have too many orders to try; list at most {}, or write "
                    "orders=\"given\"",
                    racers.size(), kMostRacers));
    race_whole_ = false;
    return;
  }
  for (const std::string& id : plan.answers) {
    if (plan.is_timeout(id)) continue;
    const std::string& written = plan_.answer(id)->url;
    const auto url = net::Url::parse(net::replace_markers(written, plan_.phone.identity).text);
    if (url) plan.targets.emplace(id, url->target());
  }
  check_race_can_form(race, plan);
  plan_.race = std::move(plan);
}

void ScenarioReader::read_racer(const Element& answer, RacePlan& plan) {
  const std::string ref = answer.text("ref");
  if (ref.empty()) return;
  const NamedAnswer* named = plan_.answer(ref);
  if (named == nullptr) {
    race_whole_ = false;
    if (is_lost(ref)) return;
    answer.complain("ref", fmt::format("no answer has the id '{}'{}; give the id to an answer in "
                                       "<responders> or to a <check-sync>",
                                       ref, did_you_mean(ref, answer_ids())));
  } else if (std::ranges::find(plan.answers, ref) != plan.answers.end()) {
    race_whole_ = false;
    answer.complain("ref", fmt::format("'{}' is in the race already; remove one of them", ref));
  } else {
    plan.answers.push_back(ref);
  }
}

void ScenarioReader::read_timeout(const Element& timeout, RacePlan& plan) {
  const std::string source = timeout.text("source");
  if (source.empty()) return;
  if (plan.timeout) {
    timeout.complain(
        "a race has one <timeout>: when the other comes follows from it; remove one of them");
    return;
  }
  const discovery::DiscoveryOptions& search = plan_.phone.service.discovery;
  plan.timeout =
      RacingTimeout{source + "-timeout", source,
                    source == "redirect" ? search.redirect_timeout : search.multicast_timeout};
  if (plan_.answer(plan.timeout->id) != nullptr) {
    timeout.complain("source", fmt::format("an answer has the id '{}', which is what variants call "
                                           "the timeout; give the answer another",
                                           plan.timeout->id));
  }
  plan.answers.push_back(plan.timeout->id);
}

/// Sources that are never asked at the same time cannot race with their answers.
void ScenarioReader::check_race_can_form(const Element& race, const RacePlan& plan) {
  const auto& stages = plan_.phone.service.discovery.sequence;
  const auto stage_of = [&](const NamedAnswer& answer) {
    for (std::size_t i = 0; i < stages.size(); ++i) {
      if (std::ranges::find(stages[i], source_kind(answer.kind)) != stages[i].end()) return i;
    }
    return stages.size();
  };
  const NamedAnswer* first = nullptr;
  for (const std::string& id : plan.answers) {
    if (plan.is_timeout(id)) continue;
    const NamedAnswer& answer = *plan_.answer(id);
    if (answer.url.empty()) continue;  // not an answer to the search
    const std::string setting =
        answer.kind == "multicast" ? "provisioning/pbx" : "provisioning/" + answer.kind;
    for (const auto& [path, value] : plan_.phone.settings) {
      if (value == "false" && (path == setting || path == "/" + setting)) {
        race.complain(
            fmt::format("a race that cannot form: the setting {} is false, so '{}' is "
                        "never asked for; remove one of the two",
                        path, id));
      }
    }
    if (first != nullptr && stage_of(*first) != stage_of(answer)) {
      race.complain(
          fmt::format("a race that cannot form: '{}' and '{}' belong to stages that come "
                      "one after the other; join {} and {} by '+' in the knob sequence",
                      first->id, id, first->kind, answer.kind));
    }
    if (first == nullptr) first = &answer;
  }
}

discovery::SourceKind ScenarioReader::source_kind(std::string_view name) {
  using discovery::SourceKind;
  if (name == "redirect") return SourceKind::redirect;
  if (name == "multicast") return SourceKind::multicast;
  return name == "configured" ? SourceKind::configured : SourceKind::dhcp;
}

}  // namespace provlab::lab
