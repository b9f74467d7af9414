#include "sim/lab/language/race_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/net/markers.hpp"
#include "core/net/url.hpp"

namespace provlab::lab {

namespace {

/// So many answers have 720 orders.
constexpr std::size_t kMostRacers = 6;

/// The attributes.
RacePlan read_arrangement(const Element& element, const ScenarioPlan& plan) {
  RacePlan race;
  race.line = element.line();
  race.all_orders = element.text("orders", "all") == "all";
  race.each_missing = element.text("missing", "each") == "each";
  // Jitter must not turn the order round, and with it nothing arrives in one instant.
  const bool exact = plan.link.jitter == Duration::zero();
  race.ties = element.text("ties", race.all_orders && exact ? "both" : "none") == "both";
  if (race.ties && !exact) {
    element.complain("ties", "ties need a link without jitter; remove ties or the jitter");
  }
  constexpr int kMostGaps = 1000;
  race.gap = element.duration("gap", kLongestTime / kMostGaps)
                 .value_or(std::chrono::milliseconds(1) + 2 * plan.link.jitter);
  if (race.gap <= Duration::zero()) {
    element.complain("gap", "gap: the answers need some time between them; write for example 1ms");
  }
  return race;
}

void read_racer(const Element& answer, Names& names, RacePlan& race) {
  const std::string ref = answer.text("ref");
  if (ref.empty()) return;
  if (names.answer(answer, "ref") == nullptr) {
    names.lose_variants();
  } else if (std::ranges::find(race.answers, ref) != race.answers.end()) {
    names.lose_variants();
    answer.complain("ref", fmt::format("'{}' is in the race already; remove one of them", ref));
  } else {
    race.answers.push_back(ref);
  }
}

void read_timeout(const Element& timeout, const ScenarioPlan& plan, RacePlan& race) {
  const std::string source = timeout.text("source");
  if (source.empty()) return;
  if (race.timeout) {
    timeout.complain(
        "a race has one <timeout>: when the other comes follows from it; remove one of them");
    return;
  }
  const discovery::DiscoveryOptions& search = plan.phone.service.discovery;
  race.timeout =
      RacingTimeout{source + "-timeout", source,
                    source == "redirect" ? search.redirect_timeout : search.multicast_timeout};
  if (plan.answer(race.timeout->id) != nullptr) {
    timeout.complain("source", fmt::format("an answer has the id '{}', which is what variants call "
                                           "the timeout; give the answer another",
                                           race.timeout->id));
  }
  race.answers.push_back(race.timeout->id);
}

bool is_source(std::string_view kind) {
  return kind == "dhcp" || kind == "redirect" || kind == "multicast";
}

/// Sources that are never asked at the same time cannot race with their answers. Complains in the
/// line of the answer that the others cannot meet.
void check_race_can_form(const std::vector<Element>& racers, const RacePlan& race,
                         const ScenarioPlan& plan) {
  const auto& stages = plan.phone.service.discovery.sequence;
  const auto stage_of = [&](const NamedAnswer& answer) {
    return std::ranges::find_if(stages, [&](const std::vector<discovery::SourceKind>& stage) {
      return std::ranges::any_of(
          stage, [&](auto source) { return discovery::to_string(source) == answer.kind; });
    });
  };
  const NamedAnswer* first = nullptr;
  for (const Element& element : racers) {
    const std::string id = element.name() == "answer" ? element.text("ref") : std::string();
    if (std::ranges::find(race.answers, id) == race.answers.end()) continue;
    const NamedAnswer& answer = *plan.answer(id);
    if (answer.url.empty()) continue;  // not an answer to the search
    if (stage_of(answer) == stages.end() && is_source(answer.kind)) {
      element.complain(
          fmt::format("a race that cannot form: the knob sequence has no {}, so '{}' "
                      "is never asked for; remove one of the two",
                      answer.kind, id));
      continue;
    }
    const std::string setting =
        answer.kind == "multicast" ? "provisioning/pbx" : "provisioning/" + answer.kind;
    for (const auto& [path, value] : plan.phone.settings) {
      if (value == "false" && (path == setting || path == "/" + setting)) {
        element.complain(
            fmt::format("a race that cannot form: the setting {} is false, so '{}' is "
                        "never asked for; remove one of the two",
                        path, id));
      }
    }
    if (first != nullptr && stage_of(*first) != stage_of(answer)) {
      element.complain(
          fmt::format("a race that cannot form: '{}' and '{}' belong to stages that come "
                      "one after the other; join {} and {} by '+' in the knob sequence",
                      first->id, id, first->kind, answer.kind));
    }
    if (first == nullptr) first = &answer;
  }
}

}  // namespace

void read_race(const Element& element, Names& names, ScenarioPlan& plan) {
  RacePlan race = read_arrangement(element, plan);
  const std::vector<Element> racers = element.children();
  for (const Element& each : racers) {
    if (each.name() == "timeout") {
      read_timeout(each, plan, race);
    } else {
      read_racer(each, names, race);
    }
  }
  if (racers.size() == 1) {
    names.lose_variants();
    element.complain(
        "a race that cannot form: it has one answer only; add another <answer ref=...>");
  }
  if (race.all_orders && racers.size() > kMostRacers) {
    element.complain(
        fmt::format("{} answers have too many orders to try; list at most {}, or write "
                    "orders=\"given\"",
                    racers.size(), kMostRacers));
    names.lose_variants();
    return;
  }
  for (const std::string& id : race.answers) {
    if (race.is_timeout(id)) continue;
    const std::string& written = plan.answer(id)->url;
    const auto url = net::Url::parse(net::replace_markers(written, plan.phone.identity).text);
    if (url) race.targets.emplace(id, url->target());
  }
  check_race_can_form(racers, race, plan);
  plan.variants = variants_of(race);
  plan.race = std::move(race);
}

}  // namespace provlab::lab
