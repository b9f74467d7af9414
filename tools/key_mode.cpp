#include "tools/key_mode.hpp"

#include <termios.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

namespace provlab::tools {

namespace {

// Signal handlers read these.
termios mode_before;
std::atomic<bool> keys_wanted{false};
std::atomic<bool> keys_taken{false};
std::atomic<bool> has_come_back{false};

bool terminal_is_ours() {
  return ::tcgetpgrp(STDIN_FILENO) == ::getpgrp();
}

/// Nothing in the background, where it would stop the program.
void take_terminal() noexcept {
  if (!keys_wanted || !terminal_is_ours()) return;
  termios mode = mode_before;
  mode.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  mode.c_cc[VMIN] = 0;  // read() takes what is there
  mode.c_cc[VTIME] = 0;
  if (::tcsetattr(STDIN_FILENO, TCSANOW, &mode) == 0) keys_taken = true;
}

extern "C" void stop_for_a_while(int signal) {
  const int before = errno;
  give_terminal_back();
  struct sigaction usual {};
  struct sigaction ours {};
  usual.sa_handler = SIG_DFL;
  sigaction(signal, &usual, &ours);
  ::raise(signal);
  sigset_t this_one;
  sigset_t blocked;
  sigemptyset(&this_one);
  sigaddset(&this_one, signal);
  pthread_sigmask(SIG_UNBLOCK, &this_one, &blocked);  // here it stands until SIGCONT
  pthread_sigmask(SIG_SETMASK, &blocked, nullptr);
  sigaction(signal, &ours, nullptr);
  errno = before;
}

extern "C" void go_on(int /*signal*/) {
  const int before = errno;
  take_terminal();
  has_come_back = true;
  errno = before;
}

extern "C" void end_by(int signal) {
  give_terminal_back();
  ::raise(signal);  // the usual end, as its handler is gone (SA_RESETHAND)
}

void handle_by(int signal, void (*handler)(int), int flags) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART | flags;
  sigaction(signal, &action, nullptr);
}

constexpr int kFaults[] = {SIGHUP, SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};

}  // namespace

KeyMode::KeyMode()
    : at_terminal_(::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0 &&
                   ::tcgetattr(STDIN_FILENO, &mode_before) == 0) {
  if (!at_terminal_) return;
  keys_wanted = true;
  handle_by(SIGTSTP, &stop_for_a_while, 0);
  handle_by(SIGCONT, &go_on, 0);
  for (const int signal : kFaults) handle_by(signal, &end_by, static_cast<int>(SA_RESETHAND));
  take_terminal();
}

KeyMode::~KeyMode() {
  if (!at_terminal_) return;
  keys_wanted = false;
  give_terminal_back();
  for (const int signal : kFaults) handle_by(signal, SIG_DFL, 0);
  for (const int signal : {SIGTSTP, SIGCONT}) handle_by(signal, SIG_DFL, 0);
}

bool KeyMode::in_front() {
  return keys_taken && terminal_is_ours();
}

bool KeyMode::came_back() {
  return has_come_back.exchange(false);
}

void give_terminal_back() noexcept {
  if (keys_taken.exchange(false)) ::tcsetattr(STDIN_FILENO, TCSANOW, &mode_before);
}

}  // namespace provlab::tools
