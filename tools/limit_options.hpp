#pragma once
#include <CLI/CLI.hpp>
#include <string>

#include "sim/lab/play/run_limits.hpp"

namespace provlab::tools {

/// What a run may take (D46), as options that all commands that play share.
class LimitOptions {
 public:
  /// A run by the real clock has other limits of time.
  enum class Clock { virtual_time, machine };
  void add_options(CLI::App& app, Clock clock = Clock::virtual_time);
  /// What was said, and a clock for the limit of wall time; nothing, and a word on stderr, where it
  /// is wrong.
  std::optional<lab::RunLimits> limits() const;

 private:
  std::uint64_t events_ = lab::RunLimits{}.events;
  std::string memory_ = "512MB";
  Duration wall_ = std::chrono::seconds(60);
  bool counts_wall_ = true;
};

/// Those limits that are not the usual ones, each behind a blank, for a line that repeats a run;
/// without that of the machine's clock, which no other run would meet.
std::string limit_words(const lab::RunLimits& limits);

}  // namespace provlab::tools
