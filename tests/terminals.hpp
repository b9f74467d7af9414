#pragma once
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

namespace provlab::test {

/// What a test says that is left out where the machine gives no pseudo terminals.
inline constexpr const char* kNoTerminals = "no pseudo terminals (devpts) on this machine";

/// Whether the machine gives pseudo terminals, without which nothing stands at one.
inline bool terminals_here() {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal >= 0) ::close(terminal);
  return terminal >= 0;
}

}  // namespace provlab::test
