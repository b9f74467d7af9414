#pragma once
#include <cstdio>
#include <string_view>

#include "sim/text/visible.hpp"

/// The border where text leaves the program for people. Nothing else in tools/ writes to a stream.
namespace provlab::tools {

/// Text whose lines are complete and visible already, or that a machine is to read.
void put(std::FILE* to, std::string_view text);

/// A format of the program's own with arguments that come from anywhere: their text is made
/// visible, and none of it begins a line.
template <class... Args>
void say(std::FILE* to, fmt::format_string<Shown<Args>...> format, const Args&... args) {
  put(to, shown(format, args...));
}

}  // namespace provlab::tools
