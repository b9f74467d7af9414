#pragma once
#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "sim/lab/suite/shard.hpp"

namespace provlab::tools {

/// Which part of a whole this machine does, as an option that `run`, `soak`, `cuts` and `explore` share.
class ShardChoice {
 public:
  void add_option(CLI::App& app);
  /// From --shard, else from the environment, which it then says; nothing, and a word on stderr,
  /// where that is wrong. Touches the files by which test runners see that shards are known.
  std::optional<lab::Shard> choose() const;

 private:
  std::optional<std::string> given_;
};

}  // namespace provlab::tools
