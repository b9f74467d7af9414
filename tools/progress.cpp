#include "tools/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "tools/colour.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

std::size_t columns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace

ProgressLine::ProgressLine() : terminal_(isatty(STDERR_FILENO) != 0 && !is_dumb_terminal()) {}

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

}  // namespace provlab::tools
