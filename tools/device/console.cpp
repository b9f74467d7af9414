#include "tools/device/console.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <utility>

#include "core/platform/utf8.hpp"
#include "sim/text/visible.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

constexpr std::string_view kClearLine = "\r\x1b[K";
constexpr std::size_t kMostTyped = 65536;

std::size_t console_columns() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

/// Without what function keys send: ESC, `[` or `O`, and all up to a letter.
std::string without_sequences(std::string_view typed) {
  std::string keys;
  while (!typed.empty()) {
    if (typed.size() > 1 && typed[0] == '\x1b' && (typed[1] == '[' || typed[1] == 'O')) {
      typed.remove_prefix(2);
      while (!typed.empty() && (typed[0] < '@' || typed[0] > '~')) typed.remove_prefix(1);
      if (!typed.empty()) typed.remove_prefix(1);
      continue;
    }
    keys += typed[0];
    typed.remove_prefix(1);
  }
  return keys;
}

}  // namespace

std::string_view fitting(std::string_view text, std::size_t columns) {
  std::size_t end = 0;
  while (end < text.size()) {
    const FrontCharacter front = front_character(text.substr(end));
    const std::size_t width = front.code >= 0x1100 ? 2 : 1;  // from there on characters may be wide
    if (width > columns) break;
    columns -= width;
    end += front.octets;
  }
  return text.substr(0, end);
}

struct Console::Typing {
  explicit Typing(asio::io_context& context) : input(context, ::dup(STDIN_FILENO)) {}
  asio::posix::stream_descriptor input;
  std::string typed;
};

Console::Console(asio::io_context& context) {
  if (!at_terminal()) return;
  std::fflush(stdout);
  // A line and the status below it leave in one piece.
  std::setvbuf(stdout, nullptr, _IOFBF, 65536);
  typing_ = std::make_shared<Typing>(context);
  await_keys(typing_);
}

Console::~Console() {
  clear();
  std::fflush(stdout);
  if (!typing_) return;
  std::setvbuf(stdout, nullptr, _IOLBF, 4096);
  error_code ignored;
  typing_->input.close(ignored);
}

void Console::await_keys(const std::shared_ptr<Typing>& typing) {
  typing->input.async_wait(asio::posix::stream_descriptor::wait_read, [typing](error_code error) {
    if (error) return;
    char buffer[1024];
    const bool ours = KeyMode::in_front();
    const ssize_t got = ours ? ::read(STDIN_FILENO, buffer, sizeof buffer) : -1;
    if (got > 0 && typing->typed.size() < kMostTyped) {
      typing->typed.append(buffer, static_cast<std::size_t>(got));
    }
    if (got > 0) await_keys(typing);
  });
}

std::string Console::keys() {
  if (!typing_) return {};
  if (KeyMode::came_back()) {
    drawn_.clear();
    typing_->input.cancel();
    await_keys(typing_);
  }
  return without_sequences(std::exchange(typing_->typed, {}));
}

void Console::put_line(std::FILE* to, std::string_view line) {
  if (to == stderr && !drawn_.empty()) clear();
  if (to == stderr) std::fflush(stdout);
  put(to, fmt::format("{}{}\n", drawn_.empty() ? "" : kClearLine, visible(line)));
  drawn_.clear();
  draw();
  std::fflush(stdout);
}

void Console::show(std::string_view status) {
  if (!at_terminal()) return;
  status_ = visible(status);
  draw();
}

void Console::draw() {
  if (!at_terminal() || status_.empty() || !KeyMode::in_front()) return;
  // Some terminals go to the next line as soon as the last column is written.
  const std::string_view text = fitting(status_, console_columns() - 1);
  if (drawn_ == text) return;
  put(stdout, fmt::format("\r{}\x1b[K", text));
  std::fflush(stdout);
  drawn_ = text;
}

void Console::clear() {
  if (drawn_.empty()) return;
  put(stdout, kClearLine);
  std::fflush(stdout);
  drawn_.clear();
}

}  // namespace provlab::tools
