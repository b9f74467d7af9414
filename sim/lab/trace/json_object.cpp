#include "sim/lab/trace/json_object.hpp"

#include <boost/json/stream_parser.hpp>
#include <charconv>
#include <cmath>

#include "core/platform/text.hpp"
#include "sim/text/without_middle.hpp"

namespace provlab::lab {

JsonObject::JsonObject(const json::value& value, std::string place, std::string& error)
    : place_(std::move(place)), error_(error) {
  if (value.is_object()) {
    object_ = &value.get_object();
  } else {
    complain("is no object");
  }
}

std::string JsonObject::text(std::string_view key) {
  const json::value* found = find(key);
  if (found == nullptr) return {};
  if (found->is_string()) return std::string(found->get_string());
  complain(fmt::format("has a '{}' that is no text", key));
  return {};
}

bool JsonObject::truth(std::string_view key) {
  const json::value* found = find(key);
  if (found != nullptr && found->is_bool()) return found->get_bool();
  complain(fmt::format("has a '{}' that is neither true nor false", key));
  return false;
}

Duration JsonObject::seconds(std::string_view key) {
  const json::value* found = find(key);
  if (found == nullptr) return {};
  if (!found->is_number()) {
    complain(fmt::format("has a '{}' that is no number", key));
    return {};
  }
  const auto value = found->to_number<double>();
  constexpr auto kMost = std::chrono::duration<double>(kLongest).count();
  if (value >= 0 && value <= kMost) return Duration(std::llround(value * 1e9));
  complain(fmt::format("has a '{}' that is no length of time from 0 to {:.0f} s", key, kMost));
  return {};
}

std::uint64_t JsonObject::hexadecimal(std::string_view key) {
  const std::string digits = text(key);
  std::uint64_t value = 0;
  const auto [end, wrong] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (wrong != std::errc() || end != digits.data() + digits.size()) {
    complain(fmt::format("has a '{}' that is no checksum", key));
  }
  return value;
}

void JsonObject::complain(std::string_view what) {
  if (!error_.empty()) return;
  error_ = without_middle(fmt::format("{} {}", place_.empty() ? "the report" : place_, what));
}

const json::value* JsonObject::find(std::string_view key) {
  if (object_ == nullptr) return nullptr;
  const json::value* found = object_->if_contains(key);
  if (found == nullptr) complain(fmt::format("has no '{}'", key));
  return found;
}

Expected<json::value> parse_json(std::string_view text) {
  json::stream_parser parser;
  boost::system::error_code wrong;
  const std::size_t read = parser.write_some(text.data(), text.size(), wrong);
  if (!wrong) {
    const std::size_t more = text.find_first_not_of(" \t\r\n", read);
    if (more != std::string_view::npos) {
      return fail("it goes on behind its end", "octet " + std::to_string(more + 1));
    }
    parser.finish(wrong);
  }
  if (wrong) {
    return fail(
        fmt::format("not readable as JSON from octet {} on ({})", read + 1, wrong.message()));
  }
  return parser.release();
}

}  // namespace provlab::lab
