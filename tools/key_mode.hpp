#pragma once

namespace provlab::tools {

/// While one lives and the program stands at a terminal, keys come at once, without Enter, and
/// unseen. Whatever ends or stops the program gives the terminal back as it was: the end of this,
/// Ctrl-C (Interrupt), Ctrl-Z until `fg`, a hang-up, a fault. One at a time.
class KeyMode {
 public:
  KeyMode();
  ~KeyMode();
  KeyMode(const KeyMode&) = delete;
  KeyMode& operator=(const KeyMode&) = delete;

  /// Whether standard input and output are a terminal.
  bool at_terminal() const { return at_terminal_; }
  /// Whether the terminal is this program's now: it is neither in the background nor at its end.
  static bool in_front();
  /// Whether it has come back from Ctrl-Z since this was asked last: what the terminal shows is not
  /// ours.
  static bool came_back();

 private:
  bool at_terminal_;
};

/// The terminal as it was before the KeyMode that lives; for signal handlers too.
void give_terminal_back() noexcept;

}  // namespace provlab::tools
