#pragma once
#include <string>

namespace provlab::test {

struct Said {
  int status = -1;   ///< -1 where it was ended by a signal
  std::string text;  ///< on both streams, as they came
};

/// Runs a line of shell. What the tests look at are whole suites, so that the variables by which
/// the environment asks for a shard are taken away.
Said run_shell(const std::string& line);

/// The same with the program; `arguments` are words for a shell, with redirections where they are
/// wanted.
Said run_program(const std::string& arguments);

}  // namespace provlab::test
