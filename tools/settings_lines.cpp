#include "tools/settings_lines.hpp"

#include <algorithm>
#include <charconv>

#include "core/settings/encoding.hpp"
#include "core/settings/events.hpp"
#include "core/settings/xml_tree.hpp"
#include "sim/record/trace.hpp"

namespace provlab::tools {

using settings::first_element;
using settings::next_element;

DocumentLines::DocumentLines(std::string_view bytes, const settings::Document& document)
    : document_(document) {
  const auto decoded = settings::decode(bytes, "");
  if (!decoded) return;
  const std::string_view text = decoded->text();
  for (std::size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) {
    line_ends_.push_back(at);
  }
}

std::optional<int> DocumentLines::line_of(pugi::xml_node element) const {
  const std::ptrdiff_t offset = element ? element.offset_debug() : -1;
  if (offset < 0) return std::nullopt;
  const auto behind = std::ranges::lower_bound(line_ends_, static_cast<std::size_t>(offset));
  return 1 + static_cast<int>(behind - line_ends_.begin());
}

pugi::xml_node DocumentLines::section(std::string_view name) const {
  const pugi::xml_node root = document_.xml->document_element();
  return document_.lone_section ? root : settings::child_named(root, name);
}

std::vector<pugi::xml_node> DocumentLines::meant_by(std::string_view path) const {
  const std::size_t slash = std::min(path.find('/'), path.size());
  std::vector<pugi::xml_node> found;
  if (const pugi::xml_node begin = section(path.substr(0, slash))) found.push_back(begin);
  path.remove_prefix(std::min(slash + 1, path.size()));
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string step(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
    std::vector<pugi::xml_node> next;
    for (const pugi::xml_node each : found) {
      if (step.starts_with('@')) {
        if (each.attribute(step.c_str() + 1)) next.push_back(each);
        continue;
      }
      for (auto child = first_element(each); child; child = next_element(child)) {
        if (settings::name_of(child) == step) next.push_back(child);
      }
    }
    if (next.empty()) break;
    found = std::move(next);
  }
  return found;
}

std::optional<int> DocumentLines::line_of_rejection(std::string_view name,
                                                    std::string_view reason) const {
  const std::string_view path = reason.substr(0, reason.find(": "));
  if (!path.starts_with(name)) return line_of(section(name));
  const auto meant = meant_by(path);
  // Of several of one name it is the one whose value is quoted.
  const auto quoted = std::ranges::find_if(meant, [&](pugi::xml_node each) {
    const std::string text = settings::text_of(each);
    return !text.empty() && reason.find("'" + text + "'") != reason.npos;
  });
  if (quoted != meant.end()) return line_of(*quoted);
  return line_of(meant.size() == 1 ? meant.front() : section(name));
}

std::optional<int> DocumentLines::line_of(const TraceRecord& record) {
  const auto field = [&](std::string_view key) { return record.field(key).value_or(""); };
  if (record.is<settings::SettingStripped>()) {
    const std::string path = field("path");
    const auto meant = meant_by(path);
    const std::size_t nth = seen_[path]++;
    if (meant.empty()) return std::nullopt;
    return line_of(meant[std::min(nth, meant.size() - 1)]);
  }
  if (record.is<settings::SectionRejected>()) {
    return line_of_rejection(field("section"), field("reason"));
  }
  if (record.is<settings::SectionMigrated>() || record.is<settings::SectionApplied>()) {
    return line_of(section(field("section")));
  }
  if (record.is<settings::OperationApplied>() || record.is<settings::OperationFailed>()) {
    auto operation = first_element(document_.xml->document_element());
    for (std::size_t i = 0; i < operations_ && operation; ++i) operation = next_element(operation);
    ++operations_;
    return line_of(operation);
  }
  return std::nullopt;
}

std::pair<std::optional<int>, std::string_view> split_line(std::string_view reason) {
  constexpr std::string_view kBegin = "line ";
  if (!reason.starts_with(kBegin)) return {std::nullopt, reason};
  int line = 0;
  const char* const begin = reason.data() + kBegin.size();
  const auto [end, error] = std::from_chars(begin, reason.data() + reason.size(), line);
  const std::string_view rest(end, reason.data() + reason.size());
  if (error != std::errc() || !rest.starts_with(": ")) return {std::nullopt, reason};
  return {line, rest.substr(2)};
}

}  // namespace provlab::tools
