#include "sim/lab/report/report_kind.hpp"

#include "sim/lab/trace/json_object.hpp"

namespace provlab::lab {

std::string kind_of_report(std::string_view text) {
  // Reports of suites are too long to be read twice.
  if (text.substr(0, 200).find("\"kind\"") == std::string_view::npos) return {};
  const auto value = parse_json(text);
  if (!value || !value->is_object()) return {};
  const json::value* kind = value->get_object().if_contains("kind");
  return kind != nullptr && kind->is_string() ? std::string(kind->get_string()) : std::string();
}

}  // namespace provlab::lab
