#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

namespace provlab::tools {

/// A program while it runs; what it says goes to files, its input is empty. To destroy it is to
/// wait for its end.
class OtherProgram {
 public:
  /// `words` without the program's name; `out` and `said` are the files for its two
  /// streams, or one for both.
  OtherProgram(const std::string& program, std::vector<std::string> words, const std::string& out,
               const std::string& said);
  ~OtherProgram() { wait(); }
  OtherProgram(const OtherProgram&) = delete;
  OtherProgram& operator=(const OtherProgram&) = delete;

  bool started() const { return error_ == 0; }
  std::string why_not() const;
  /// Until it ends: its exit code, -1 where it has none.
  int wait();
  /// The signal that ended it, in words; empty: none did. Precondition: wait() was called.
  std::string signal() const;
  /// How it ended, for a complaint: the signal and the last line of what it has said, or else the
  /// first. Precondition: wait() was called.
  std::string last_words(const std::string& said) const;

 private:
  pid_t child_ = -1;
  int error_ = 0;
  int code_ = -1;
  int signal_ = 0;  ///< that ended it
};

/// The first line of what a program has said, for a complaint.
std::string first_line(const std::string& file);
/// The last line of it.
std::string last_line(const std::string& file);

/// Where this program itself can be started from.
std::string this_program();

}  // namespace provlab::tools
