#include "sim/lab/language/header_reader.hpp"

#include <fmt/format.h>

#include "sim/lab/language/answer_rule_reader.hpp"

namespace provlab::lab {

namespace {

/// What Beast takes for the length of a line, name and all.
constexpr std::size_t kLongestHeader = 65'000;

}  // namespace

netfakes::HeaderLine read_header_line(const Element& header) {
  netfakes::HeaderLine line{header.text("name"), header.get("value")};
  const bool absent = header.flag("absent").value_or(false);
  if (absent == line.value.has_value()) {
    header.complain(absent
                        ? "a <header> that is absent has no value; remove one of them"
                        : "<header> needs value=\"...\", or absent=\"true\" where there is to be "
                          "no such line");
  }
  if (line.value && line.value->size() > kLongestHeader) {
    header.complain("value", fmt::format("this value has {} octets; at most {} are taken",
                                         line.value->size(), kLongestHeader));
  }
  return line;
}

netfakes::HeaderLines read_header_lines(const Element& element) {
  netfakes::HeaderLines lines;
  for (const Element& header : element.children("header")) {
    lines.push_back(read_header_line(header));
  }
  return lines;
}

std::vector<netfakes::HeaderRule> read_header_rules(const Element& server,
                                                    const netfakes::ResponderKind& kind) {
  std::vector<netfakes::HeaderRule> rules;
  for (const Element& header : server.children("header")) {
    netfakes::HeaderRule rule;
    read_requests_meant(header, kind, rule);
    rule.line = read_header_line(header);
    rules.push_back(std::move(rule));
  }
  return rules;
}

std::vector<HeaderPattern> read_line_patterns(const Element& element) {
  std::vector<HeaderPattern> patterns;
  for (const Element& line : element.children()) {
    HeaderPattern pattern{line.text("name"), line.get("is"), line.text("contains"),
                          line.flag("absent").value_or(false)};
    if (pattern.absent && (pattern.is || !pattern.contains.empty())) {
      line.complain("absent", fmt::format("a <{}> that is absent says nothing; remove is and "
                                          "contains, or absent",
                                          line.name()));
    }
    patterns.push_back(std::move(pattern));
  }
  return patterns;
}

}  // namespace provlab::lab
