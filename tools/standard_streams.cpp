#include "tools/standard_streams.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <initializer_list>

namespace provlab::tools {

void hold_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) >= 0) continue;
    // The lowest number that is free is this one: those below it are held already.
    if (open("/dev/null", O_RDWR) >= 0) continue;
    // Without a /dev nothing can be printed, but the number is taken all the same.
    [[maybe_unused]] const int held = open("/", O_PATH);
  }
}

}  // namespace provlab::tools
