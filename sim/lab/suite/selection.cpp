#include "sim/lab/suite/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "core/platform/checksum.hpp"
#include "sim/lab/machine/output_file.hpp"

namespace provlab::lab {

namespace {

bool passes(const std::string& filter, const ScenarioPlan& plan, const Variant& variant) {
  const bool glob = filter.find('*') != std::string::npos;
  return std::ranges::any_of(std::array<std::string_view, 3>{plan.name, variant.name, plan.file},
                             [&](std::string_view name) {
                               return glob ? glob_matches(filter, name)
                                           : name.find(filter) != std::string_view::npos;
                             });
}

bool chosen(const ScenarioPlan& plan, const Variant& variant, const RunnerOptions& options) {
  const auto fits = [](const std::vector<std::string>& wanted, auto&& predicate) {
    return wanted.empty() || std::ranges::any_of(wanted, predicate);
  };
  return fits(options.variants,
              [&](const std::string& glob) { return glob_matches(glob, variant.name); }) &&
         fits(options.filters,
              [&](const std::string& filter) { return passes(filter, plan, variant); });
}

/// Those of one scenario stand together.
void mark_first(std::vector<ChosenRun>& runs) {
  for (std::size_t i = 0; i < runs.size(); ++i) {
    runs[i].first = i == 0 || runs[i - 1].plan != runs[i].plan;
  }
}

}  // namespace

std::vector<ChosenRun> chosen_runs(const std::vector<Shared<ScenarioPlan>>& plans,
                                   const RunnerOptions& options) {
  const bool writes = !options.trace_directory.empty() || !options.pcap_directory.empty() ||
                      !options.frames_directory.empty();
  RunFileNames names(options.root);
  std::vector<ChosenRun> runs;
  for (const Shared<ScenarioPlan>& plan : plans) {
    if (!plan) continue;
    for (const Variant& variant : plan->variants) {
      // Every variant takes a name, chosen or not, so that no name depends on the choice.
      std::string files = writes ? names.name(plan->file, variant.name) : std::string();
      if (!chosen(*plan, variant, options)) continue;
      runs.push_back({plan, &variant, runs.size() + 1, std::move(files)});
    }
  }
  return runs;
}

std::uint64_t identity_of_suite(const std::vector<ChosenRun>& runs, const SuiteReport& report,
                                const RunnerOptions& options) {
  std::uint64_t identity = checksum_of(fmt::format("{} {}", report.files, options.twice));
  for (const Complaint& complaint : report.complaints) {
    identity = checksum_of(complaint.to_string(), identity);
  }
  for (const ChosenRun& each : runs) {
    identity = checksum_of(fmt::format("{}\n{}\n{:016x}\n{}\n", each.plan->file, each.variant->name,
                                       each.plan->checksum, options.seed.value_or(each.plan->seed)),
                           identity);
  }
  return identity;
}

void keep_shard(std::vector<ChosenRun>& runs, const Shard& shard) {
  if (shard.count == 1) return mark_first(runs);
  std::vector<std::size_t> by_name(runs.size());
  std::iota(by_name.begin(), by_name.end(), std::size_t{0});
  std::ranges::stable_sort(by_name, {}, [&](std::size_t i) { return runs[i].plan->file; });
  std::vector<bool> kept(runs.size());
  for (std::size_t rank = 0; rank < by_name.size(); ++rank) {
    kept[by_name[rank]] = shard.holds(rank);
  }
  std::erase_if(runs, [&](const ChosenRun& each) { return !kept[each.position - 1]; });
  mark_first(runs);
}

}  // namespace provlab::lab
