#include "tools/interrupt.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <string_view>

#include "tools/key_mode.hpp"

namespace provlab::tools {

namespace {

std::atomic<bool> was_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may not wait");

extern "C" void ask_for_the_end(int /*signal*/) {
  constexpr std::string_view kWords = "\nprovlab: comes to an end; once more ends it at once\n";
  was_asked = true;
  give_terminal_back();  // a second one leaves no time for it
  [[maybe_unused]] const auto written = write(STDERR_FILENO, kWords.data(), kWords.size());
}

void handle(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART | (handler == SIG_DFL ? 0 : static_cast<int>(SA_RESETHAND));
  for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt() {
  was_asked = false;
  handle(&ask_for_the_end);
}

Interrupt::~Interrupt() {
  handle(SIG_DFL);
}

bool Interrupt::asked() const {
  return was_asked;
}

}  // namespace provlab::tools
