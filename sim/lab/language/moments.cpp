#include "sim/lab/language/moments.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/service/result.hpp"
#include "sim/lab/trace/known_events.hpp"

namespace provlab::lab {

std::string event_name(std::string name) {
  std::ranges::replace(name, '-', '_');
  return name;
}

std::vector<std::string> event_names() {
  std::vector<std::string> names;
  for (const auto& [name, fields] : known_events()) names.push_back(name);
  return names;
}

const std::vector<std::string>& result_names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const service::RunResult result : service::kRunResults) {
      names.emplace_back(service::to_string(result));
    }
    return names;
  }();
  return kNames;
}

bool is_result(std::string_view name) {
  return std::ranges::find(result_names(), name) != result_names().end();
}

std::optional<Moment> read_moment(const Element& element, const char* attribute) {
  auto moment = element.moment(attribute);
  if (!moment || moment->anchor.empty() || is_result(moment->anchor)) return moment;
  const std::string event = event_name(moment->anchor);
  if (known_events().contains(event)) {
    moment->anchor = event;
    return moment;
  }
  std::vector<std::string> candidates = event_names();
  std::ranges::copy(result_names(), std::back_inserter(candidates));
  element.complain(
      attribute, fmt::format("{}: there is no event '{}'{}; a moment hangs on an event of the "
                             "trace or on a result of a run, for example provisioned+30s",
                             attribute, moment->anchor, did_you_mean(moment->anchor, candidates)));
  return moment;
}

When read_when(const Element& element) {
  When when;
  when.at = read_moment(element, "at");
  when.of = read_moment(element, "of");
  if (const auto text = element.get("within")) {
    const std::size_t dots = text->find("..");
    const bool open = dots == std::string::npos;
    const auto first = open ? Expected<Duration>(Duration::zero())
                            : parse_time(std::string_view(*text).substr(0, dots));
    const auto last = parse_time(std::string_view(*text).substr(open ? 0 : dots + 2));
    for (const auto& each : {first, last}) {
      if (!each) element.complain("within", "within: " + each.error().text);
    }
    if (first && last) when.within = {*first, *last};
    if (first && last && *last < *first) {
      element.complain("within",
                       fmt::format("within=\"{}\": the window ends before it begins; swap the "
                                   "two times",
                                   *text));
    }
  }
  if (when.at && when.within) {
    element.complain("within", "at and within exclude each other; keep one of them");
  }
  if (when.of && !when.within) {
    element.complain("of", "of says from when within counts; add within=\"...\" or remove of");
  }
  return when;
}

}  // namespace provlab::lab
