#pragma once
#include <sys/types.h>

#include <optional>
#include <string>

#include "core/platform/error.hpp"

namespace provlab::tools {

/// A command of the user's that makes the phone boot: it switches a PoE port, or a relay. One run
/// of it at a time, in a process group of its own, which ends with this object.
class PowerCycle {
 public:
  /// By the shell; empty: there is none.
  explicit PowerCycle(std::string command) : command_(std::move(command)) {}
  ~PowerCycle() { end(); }
  PowerCycle(const PowerCycle&) = delete;
  PowerCycle& operator=(const PowerCycle&) = delete;

  bool there() const { return !command_.empty(); }
  bool running() const { return process_.has_value(); }
  /// Runs it; one that still runs is ended before. It finds the name of the variant in
  /// PROVLAB_VARIANT, and how often it was played in PROVLAB_ROUND.
  Expected<void> start(const std::string& variant, unsigned round);
  /// An error where it has ended, and not with 0.
  Expected<void> look();
  /// The same, and waits for its end, a few seconds at most.
  Expected<void> finish();

 private:
  void end();

  std::string command_;
  std::optional<pid_t> process_;
};

}  // namespace provlab::tools
