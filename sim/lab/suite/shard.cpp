// A shard is given as i/n, or by the variables of a CI system. Five families of variables are
// known; they are tried in the order GoogleTest, Bazel, Kubernetes, Slurm, GitLab, and the first
// that has an index set decides: what is missing or wrong in it is an error, never a reason to look
// further. Indices of the first three count from 0, GitLab's from 1. Those of Slurm count from any
// number in any step, so they are turned into places first. GitLab sets CI_NODE_TOTAL in every job,
// so that one alone asks for nothing.
#include "sim/lab/suite/shard.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>

namespace provlab::lab {

namespace {

constexpr std::string_view kOverride = "or give --shard i/n, where 1/1 runs everything";

std::optional<unsigned> number_in(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Variables that come together.
class Family {
 public:
  explicit Family(const Environment& environment) : environment_(environment) {}

  bool has(const char* name) const { return value(name).has_value(); }
  /// The number in a variable that must be there; `meaning` says what to set it to.
  Expected<unsigned> number(const char* name, std::string_view meaning) const {
    const auto text = value(name);
    if (!text) {
      return fail(
          fmt::format("is not set, although other variables ask for a shard; set it to {}, {}",
                      meaning, kOverride),
          name);
    }
    const auto number = number_in(*text);
    if (number) return *number;
    return fail(fmt::format("'{}' is no number; set it to {}, {}", *text, meaning, kOverride),
                name);
  }

 private:
  std::optional<std::string> value(const char* name) const {
    auto text = environment_(name);
    if (text && text->empty()) return std::nullopt;
    return text;
  }
  const Environment& environment_;
};

/// The shard `index` (from 0) of `count`, which came from the variables `because`.
Expected<std::optional<EnvironmentShard>> made_of(unsigned index, unsigned count,
                                                  std::string because) {
  if (count == 0 || index >= count) {
    return fail(fmt::format("there is no such shard: the index counts from 0 and must be below the "
                            "total; correct the variables, {}",
                            kOverride),
                std::move(because));
  }
  if (count > Shard::kMost) {
    return fail(fmt::format("a suite has at most {} shards; correct the variables, {}",
                            Shard::kMost, kOverride),
                std::move(because));
  }
  return EnvironmentShard{{index + 1, count}, std::move(because)};
}

Expected<std::optional<EnvironmentShard>> zero_based(const Family& family, const char* index_name,
                                                     const char* count_name,
                                                     std::string_view index_meaning,
                                                     std::string_view count_meaning) {
  const auto index = family.number(index_name, index_meaning);
  if (!index) return std::unexpected(index.error());
  const auto count = family.number(count_name, count_meaning);
  if (!count) return std::unexpected(count.error());
  return made_of(*index, *count,
                 fmt::format("{}={} of {}={}", index_name, *index, count_name, *count));
}

Expected<std::optional<EnvironmentShard>> of_gitlab(const Family& family) {
  const auto index = family.number("CI_NODE_INDEX", "the job's index, from 1");
  if (!index) return std::unexpected(index.error());
  const auto count = family.number("CI_NODE_TOTAL", "the number of parallel jobs");
  if (!count) return std::unexpected(count.error());
  std::string because = fmt::format("CI_NODE_INDEX={} of CI_NODE_TOTAL={}", *index, *count);
  if (*index == 0 || *index > *count) {
    return fail(fmt::format("there is no such shard: the index counts from 1 to the total, as "
                            "GitLab's does; where yours counts from 0 set TEST_SHARD_INDEX and "
                            "TEST_TOTAL_SHARDS, {}",
                            kOverride),
                std::move(because));
  }
  return made_of(*index - 1, *count, std::move(because));
}

Expected<std::optional<EnvironmentShard>> of_slurm(const Family& family) {
  const auto id = family.number("SLURM_ARRAY_TASK_ID", "the task's id");
  if (!id) return std::unexpected(id.error());
  const auto least = family.number("SLURM_ARRAY_TASK_MIN", "the least id of the array");
  if (!least) return std::unexpected(least.error());
  const auto count = family.number("SLURM_ARRAY_TASK_COUNT", "the number of tasks of the array");
  if (!count) return std::unexpected(count.error());
  Expected<unsigned> step = 1U;
  if (family.has("SLURM_ARRAY_TASK_STEP")) {
    step = family.number("SLURM_ARRAY_TASK_STEP", "the step between ids");
    if (!step) return std::unexpected(step.error());
  }
  const std::string because = fmt::format(
      "SLURM_ARRAY_TASK_ID={} of SLURM_ARRAY_TASK_COUNT={} from SLURM_ARRAY_TASK_MIN={}", *id,
      *count, *least);
  const bool on_grid = *step > 0 && *id >= *least && (*id - *least) % *step == 0;
  const unsigned index = on_grid ? (*id - *least) / *step : 0;
  if (!on_grid || index >= *count) {
    return fail(fmt::format("the ids of the array are not evenly spaced, so the task's place among "
                            "them is not known; use an array such as --array=1-{}, {}",
                            *count, kOverride),
                because);
  }
  return made_of(index, *count, because);
}

}  // namespace

std::string Shard::to_string() const {
  return fmt::format("{}/{}", index, count);
}

Expected<Shard> parse_shard(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto index = number_in(text.substr(0, slash));
  const auto count =
      slash == std::string_view::npos ? std::nullopt : number_in(text.substr(slash + 1));
  if (!index || !count) {
    return fail(
        fmt::format("'{}' is no shard: write i/n, such as 2/3 for the second of three", text),
        "--shard");
  }
  if (*count > Shard::kMost) {
    return fail(fmt::format("a suite has at most {} shards", Shard::kMost), "--shard");
  }
  if (*count == 0 || *index == 0 || *index > *count) {
    return fail(fmt::format("there is no shard {}: they count from 1/n to n/n", text), "--shard");
  }
  return Shard{*index, *count};
}

Environment process_environment() {
  return [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    if (value == nullptr) return std::nullopt;
    return value;
  };
}

Expected<std::optional<EnvironmentShard>> shard_of(const Environment& environment) {
  const Family family(environment);
  if (family.has("GTEST_TOTAL_SHARDS") || family.has("GTEST_SHARD_INDEX")) {
    return zero_based(family, "GTEST_SHARD_INDEX", "GTEST_TOTAL_SHARDS",
                      "this shard's index, from 0", "the number of shards");
  }
  if (family.has("TEST_TOTAL_SHARDS") || family.has("TEST_SHARD_INDEX")) {
    return zero_based(family, "TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS", "this shard's index, from 0",
                      "the number of shards");
  }
  if (family.has("JOB_COMPLETION_INDEX")) {
    return zero_based(family, "JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", "the index, from 0",
                      "the number of completions of the Job (spec.completions), which Kubernetes "
                      "does not tell its pods by itself");
  }
  if (family.has("SLURM_ARRAY_TASK_ID")) return of_slurm(family);
  if (family.has("CI_NODE_INDEX")) return of_gitlab(family);
  return std::nullopt;
}

std::vector<std::string> shard_status_files(const Environment& environment) {
  std::vector<std::string> files;
  for (const char* name : {"GTEST_SHARD_STATUS_FILE", "TEST_SHARD_STATUS_FILE"}) {
    auto file = environment(name);
    if (file && !file->empty()) files.push_back(std::move(*file));
  }
  return files;
}

}  // namespace provlab::lab
