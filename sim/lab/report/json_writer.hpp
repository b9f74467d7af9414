#pragma once
#include <fmt/format.h>

#include <chrono>
#include <iterator>
#include <string>
#include <string_view>

#include "core/platform/time.hpp"
#include "sim/text/json_members.hpp"

namespace provlab::lab {

/// JSON text, member by member: objects and arrays around the members that JsonMembers writes.
/// Commas come by themselves; who opens closes.
class JsonWriter {
 public:
  std::string out;

  template <class Value>
  void member(std::string_view key, const Value& value) {
    TextBuffer member;
    JsonMembers{member}(key, value);
    if (member.size() == 0) return;  // an absent value
    comma();
    out += member.view().substr(1);  // without its leading comma
  }
  /// `digits` behind the point; nine are exact.
  void seconds(std::string_view key, Duration value, int digits) {
    comma();
    fmt::format_to(std::back_inserter(out), "\"{}\":{:.{}f}", key,
                   std::chrono::duration<double>(value).count(), digits);
  }
  void array(std::string_view key) {
    comma();
    fmt::format_to(std::back_inserter(out), "\"{}\":[", key);
  }
  void array() {
    comma();
    out += '[';
  }
  void end_array() { out += ']'; }
  void object(std::string_view key) {
    comma();
    fmt::format_to(std::back_inserter(out), "\"{}\":{{", key);
  }
  void object() {
    comma();
    out += '{';
  }
  void end_object() { out += '}'; }
  /// A text in an array.
  void text(std::string_view value) {
    TextBuffer member;
    JsonMembers{member}("", value);
    comma();
    out += member.view().substr(4);  // without ,"":
  }

 private:
  void comma() {
    if (!out.empty() && out.back() != '{' && out.back() != '[') out += ',';
  }
};

}  // namespace provlab::lab
