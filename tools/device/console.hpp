#pragma once
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "core/platform/host.hpp"
#include "tools/key_mode.hpp"

namespace provlab::tools {

/// Where a person stands who has a phone running: lines, and on a terminal keys and a status line
/// below all others. Elsewhere there are neither.
///  1. Lines go above the status line. It is drawn over in one piece, and only where it has
///  changed.
///  2. Keys are those of characters; what arrow keys and the like send is left out.
///  3. In the background nothing is drawn and no key is taken.
class Console {
 public:
  /// `context` is run while keys are waited for, so that one wakes it; it must outlive this.
  explicit Console(asio::io_context& context);
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  bool at_terminal() const { return mode_.at_terminal(); }
  void print(std::string_view line) { put_line(stdout, line); }
  void warn(std::string_view line) { put_line(stderr, line); }
  void show(std::string_view status);
  /// What was typed since this was asked last.
  std::string keys();

 private:
  struct Typing;  // what the wait for keys shares with this
  void put_line(std::FILE* to, std::string_view line);
  void draw();
  void clear();
  static void await_keys(const std::shared_ptr<Typing>& typing);

  KeyMode mode_;
  std::shared_ptr<Typing> typing_;
  std::string status_;
  std::string drawn_;
};

/// As much of a text as fits into so many columns of a terminal.
std::string_view fitting(std::string_view text, std::size_t columns);

}  // namespace provlab::tools
