#include "sim/lab/plan/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provlab::lab {

const NamedAnswer* ScenarioPlan::answer(std::string_view id) const {
  const auto found = std::ranges::find(answers, id, &NamedAnswer::id);
  return found == answers.end() ? nullptr : &*found;
}

const Variant* ScenarioPlan::variant(std::string_view variant_name) const {
  const auto found = std::ranges::find(variants, variant_name, &Variant::name);
  return found == variants.end() ? nullptr : &*found;
}

std::vector<Variant> variants_of(const RacePlan& race) {
  std::vector<Variant> variants;
  // next_permutation needs a sorted start; positions keep the author's order first.
  std::vector<std::size_t> positions(race.answers.size());
  for (std::size_t i = 0; i < positions.size(); ++i) positions[i] = i;
  do {
    Variant variant;
    for (const std::size_t position : positions) variant.order.push_back(race.answers[position]);
    variant.name = fmt::format("{}", fmt::join(variant.order, "-then-"));
    variants.push_back(std::move(variant));
  } while (race.all_orders && std::next_permutation(positions.begin(), positions.end()));
  for (std::size_t i = 0, orders = variants.size(); race.ties && i < orders; ++i) {
    Variant variant = variants[i];
    variant.tied = true;
    variant.name = fmt::format("{}", fmt::join(variant.order, "-ties-"));
    variants.push_back(std::move(variant));
  }
  if (!race.each_missing) return variants;
  for (const std::string& missing : race.answers) {
    if (race.is_timeout(missing)) continue;
    Variant variant{.name = "without-" + missing, .order = {}, .missing = missing};
    for (const std::string& answer : race.answers) {
      if (answer != missing) variant.order.push_back(answer);
    }
    variants.push_back(std::move(variant));
  }
  return variants;
}

std::vector<Variant> on_releases(const std::vector<Variant>& variants,
                                 const std::vector<Release>& releases) {
  std::vector<Variant> all;
  for (const Release release : releases) {
    for (const Variant& each : variants) {
      Variant& variant = all.emplace_back(each);
      variant.arrangement = each.name;
      variant.release = release;
      const std::string on(to_string(release));
      variant.name = each.name.empty() ? on : fmt::format("{}-on-{}", each.name, on);
    }
  }
  return all;
}

bool is_called(const Variant& variant, std::string_view glob) {
  if (glob_matches(glob, variant.name)) return true;
  return !variant.arrangement.empty() && glob_matches(glob, variant.arrangement);
}

}  // namespace provlab::lab
