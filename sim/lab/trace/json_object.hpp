#pragma once
#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <limits>
#include <string>
#include <string_view>

#include "core/platform/error.hpp"
#include "core/platform/time.hpp"

namespace provlab::lab {

namespace json = boost::json;

/// A JSON object that is read. What is missing or of another kind is complained about once; the
/// value then reads as empty, and the reader looks at the error when it has read everything.
class JsonObject {
 public:
  /// No run lasts as long; sums and roundings of such times stay far below what a Duration holds.
  static constexpr Duration kLongest = std::chrono::years(100);

  /// `place` is how errors call it; `error` gets the first one and must outlive the object.
  JsonObject(const json::value& value, std::string place, std::string& error);

  bool has(std::string_view key) const {
    return object_ != nullptr && object_->if_contains(key) != nullptr;
  }
  std::string text(std::string_view key);
  std::string text_or_nothing(std::string_view key) { return has(key) ? text(key) : std::string(); }
  template <class T>
  T number(std::string_view key, T least = std::numeric_limits<T>::min(),
           T most = std::numeric_limits<T>::max()) {
    const json::value* found = find(key);
    if (found == nullptr) return {};
    boost::system::error_code wrong;
    const T value = found->to_number<T>(wrong);
    if (!wrong && value >= least && value <= most) return value;
    complain(fmt::format("has a '{}' that is no whole number from {} to {}", key, least, most));
    return {};
  }
  bool truth(std::string_view key);
  Duration seconds(std::string_view key);  ///< from 0 to kLongest
  std::uint64_t hexadecimal(std::string_view key);
  /// Calls `each` with every element and its place.
  template <class Each>
  void elements(std::string_view key, Each&& each) {
    const json::value* found = find(key);
    if (found == nullptr) return;
    if (!found->is_array()) return complain(fmt::format("has a '{}' that is no array", key));
    std::size_t number = 0;
    for (const json::value& value : found->get_array()) {
      ++number;
      each(value, place_.empty() ? fmt::format("number {} of '{}'", number, key)
                                 : fmt::format("number {} of '{}' of {}", number, key, place_));
    }
  }
  /// Calls `use` with the member and its place, where there is one.
  template <class Use>
  void if_there(std::string_view key, Use&& use) {
    if (has(key)) use(*find(key), fmt::format("'{}' of {}", key, place_));
  }
  void complain(std::string_view what);
  std::string& error() { return error_; }
  const json::object* members() const { return object_; }

 private:
  const json::value* find(std::string_view key);

  const json::object* object_ = nullptr;
  std::string place_;
  std::string& error_;
};

/// The one value that `text` holds. Errors name the octet.
Expected<json::value> parse_json(std::string_view text);

}  // namespace provlab::lab
