#pragma once

namespace provlab::tools {

/// The exit code of a command that Ctrl-C or a SIGTERM brought to an early end, where nothing that
/// it had found by then has a code of its own.
inline constexpr int kInterrupted = 130;

/// While one lives, the first Ctrl-C (or SIGTERM) asks the command to come to an end, so that it
/// can tell what it has found so far; a second one ends the program at once. One at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  bool asked() const;
};

}  // namespace provlab::tools
