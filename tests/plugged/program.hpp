#pragma once
#include <sys/types.h>
#include <termios.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace provlab::test {

/// A program as a process of its own, which the test talks to; killed at the test's end where it
/// still runs.
class Program {
 public:
  enum class On { pipe, terminal };
  /// `command` begins with the program. `prepare` is called in the new process, just before it
  /// becomes the program; it must not allocate.
  explicit Program(std::vector<std::string> command, On on = On::pipe,
                   const std::function<void()>& prepare = {});
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Reads what it says on both streams until these words come; false where it ends before, or ten
  /// seconds go by.
  bool says(const std::string& words);
  /// Its exit code, after reading the rest of what it says; -1 where a signal ended it, or it does
  /// not end.
  int ends();
  void type(const std::string& keys);
  void signal(int number);
  /// How the terminal is set: its local flags.
  tcflag_t terminal_flags() const;
  const std::string& text() const { return text_; }
  pid_t process() const { return process_; }

 private:
  bool read_some(std::chrono::steady_clock::time_point limit);

  pid_t process_ = -1;
  int stream_ = -1;  ///< its output, and the terminal it stands at
  std::string text_;
  std::size_t looked_at_ = 0;
};

}  // namespace provlab::test
