#include "tools/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

std::size_t columns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace

ProgressLine::ProgressLine() : terminal_(isatty(STDERR_FILENO) != 0) {}

void ProgressLine::show(std::string text) {
  if (!terminal_) return;
  // Some terminals go to the next line as soon as the last column is written.
  text.resize(std::min(text.size(), columns() - 1));
  put(stderr, fmt::format("\r{}\x1b[K", visible(text)));
  std::fflush(stderr);
  shown_ = true;
}

void ProgressLine::clear() {
  if (!shown_) return;
  put(stderr, "\r\x1b[K");
  std::fflush(stderr);
  shown_ = false;
}

bool wants_colour() {
  const char* no_colour = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) != 0 && (no_colour == nullptr || *no_colour == '\0');
}

}  // namespace provlab::tools
