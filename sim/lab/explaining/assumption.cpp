#include "sim/lab/explaining/assumption.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace provlab::lab {

std::string_view words_for(AssumptionKind kind, bool several) {
  switch (kind) {
    case AssumptionKind::lost:
      return several ? "lost packets" : "lost packet";
    case AssumptionKind::late:
      return several ? "late packets" : "late packet";
    case AssumptionKind::doubled:
      return several ? "doubled packets" : "doubled packet";
    case AssumptionKind::setting:
      return several ? "settings" : "setting";
    case AssumptionKind::stored:
      return several ? "stored configurations" : "stored configuration";
    case AssumptionKind::release:
      return several ? "other releases" : "other release";
    case AssumptionKind::reading:
      return several ? "things that are read otherwise" : "thing that is read otherwise";
    case AssumptionKind::knob:
      return several ? "knobs" : "knob";
  }
  return "";
}

std::vector<Unseen> unseen_by_tap(const std::vector<Assumption>& assumptions) {
  std::vector<Unseen> unseen;
  for (const Assumption& each : assumptions) {
    if (each.unseen) unseen.push_back(*each.unseen);
  }
  return unseen;
}

std::string class_of(const std::vector<Assumption>& assumptions) {
  static constexpr std::array<std::string_view, 5> kNumbers{"no", "one", "two", "three", "four"};
  std::vector<AssumptionKind> kinds;
  for (const Assumption& each : assumptions) kinds.push_back(each.kind);
  std::ranges::sort(kinds);
  std::string text;
  for (std::size_t first = 0; first < kinds.size();) {
    std::size_t end = first + 1;
    while (end < kinds.size() && kinds[end] == kinds[first]) ++end;
    const std::size_t count = std::min(end - first, kNumbers.size() - 1);
    text += fmt::format("{}{} {}", text.empty() ? "" : " and ", kNumbers[count],
                        words_for(kinds[first], count > 1));
    first = end;
  }
  return text;
}

}  // namespace provlab::lab
