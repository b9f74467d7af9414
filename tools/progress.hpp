#pragma once
#include <string>

namespace provlab::tools {

/// One line on stderr that is written over and over while a command works; nothing where stderr is
/// no terminal. It is cut to the width of the terminal: what breaks cannot be written over.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(std::string text);
  void clear();

 private:
  bool terminal_;
  bool shown_ = false;
};

}  // namespace provlab::tools
