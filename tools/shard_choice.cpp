#include "tools/shard_choice.hpp"

#include <cstdio>

#include "sim/lab/machine/output_file.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

void ShardChoice::add_option(CLI::App& app) {
  app.add_option(
      "--shard", given_,
      "Only the i-th of n parts, such as 2/3; else as the variables of GoogleTest, Bazel "
      "(TEST_SHARD_INDEX), Kubernetes (JOB_COMPLETION_INDEX), Slurm (SLURM_ARRAY_TASK_ID) "
      "or GitLab (CI_NODE_INDEX) say (1/1: everything, whatever they say)");
}

std::optional<lab::Shard> ShardChoice::choose() const {
  const auto refuse = [](const Error& error) -> std::optional<lab::Shard> {
    say(stderr, "provlab: {}\n", error.to_string());
    return std::nullopt;
  };
  for (const std::string& file : lab::shard_status_files(lab::process_environment())) {
    if (const auto touched = lab::write_file(file, ""); !touched) return refuse(touched.error());
  }
  if (given_) {
    const auto shard = lab::parse_shard(*given_);
    if (!shard) return refuse(shard.error());
    return *shard;
  }
  const auto asked = lab::shard_of(lab::process_environment());
  if (!asked) return refuse(asked.error());
  if (!*asked || (*asked)->shard.count == 1) return lab::Shard{};
  say(stderr, "provlab: runs shard {} only, because of {} ('--shard 1/1' runs everything)\n",
      (*asked)->shard.to_string(), (*asked)->because);
  return (*asked)->shard;
}

}  // namespace provlab::tools
