#pragma once
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace provlab::lab {

namespace json = boost::json;

/// What stands at the end of a path of keys; null where any of them is missing.
inline const json::value* json_at(const json::value& from,
                                  std::initializer_list<std::string_view> keys) {
  const json::value* at = &from;
  for (const std::string_view key : keys) {
    const json::object* object = at->if_object();
    at = object == nullptr ? nullptr : object->if_contains(key);
    if (at == nullptr) return nullptr;
  }
  return at;
}

inline std::optional<std::string> json_text_at(const json::value& from,
                                               std::initializer_list<std::string_view> keys) {
  const json::value* found = json_at(from, keys);
  if (found == nullptr || !found->is_string()) return std::nullopt;
  return std::string(found->get_string());
}

/// A whole number from 0.
inline std::optional<std::size_t> json_count_at(const json::value& from,
                                                std::initializer_list<std::string_view> keys) {
  const json::value* found = json_at(from, keys);
  if (found == nullptr) return std::nullopt;
  boost::system::error_code wrong;
  const auto number = found->to_number<std::size_t>(wrong);
  return wrong ? std::nullopt : std::optional(number);
}

inline bool json_truth_at(const json::value& from, std::initializer_list<std::string_view> keys) {
  const json::value* found = json_at(from, keys);
  return found != nullptr && found->is_bool() && found->get_bool();
}

}  // namespace provlab::lab
