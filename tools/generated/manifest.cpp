#include "tools/generated/manifest.hpp"

#include <fmt/format.h>

#include <charconv>

namespace provlab::mutants {

namespace {

constexpr std::size_t kFields = 7;

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  while (fields.size() + 1 < kFields) {
    const std::size_t tab = line.find('\t');
    if (tab == line.npos) break;
    fields.push_back(line.substr(0, tab));
    line.remove_prefix(tab + 1);
  }
  fields.push_back(line);
  return fields;
}

template <class T>
bool read_number(std::string_view text, T& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string to_text(const std::vector<Mutant>& mutants) {
  std::string text;
  for (const Mutant& one : mutants) {
    text += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\n", one.number, one.id, one.file, one.line,
                        one.kind, one.change, one.text);
  }
  return text;
}

Expected<std::vector<Mutant>> parse_manifest(std::string_view text, const std::string& file) {
  std::vector<Mutant> mutants;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const auto fields = fields_of(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    Mutant one;
    if (fields.size() != kFields || !read_number(fields[0], one.number) ||
        !read_number(fields[3], one.line)) {
      return fail("this is no line of a list of mutants",
                  fmt::format("{}:{}", file, mutants.size() + 1));
    }
    one.id = fields[1];
    one.file = fields[2];
    one.kind = fields[4];
    one.change = fields[5];
    one.text = fields[6];
    mutants.push_back(std::move(one));
  }
  return mutants;
}

}  // namespace provlab::mutants
