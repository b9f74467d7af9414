#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "core/platform/text.hpp"
#include "core/settings/xml_tree.hpp"
#include "sim/record/trace.hpp"
#include "tests/unit/settings/builders.hpp"
#include "tests/unit/settings/flat.hpp"

/// The cases of tests/data/settings/: what a device makes of a document. Its README tells the form.
namespace provlab::settings {
namespace {

struct GoldenCase {
  std::string file;
  std::string name;
  DeviceIdentity identity;
  std::vector<std::string> given;  ///< documents applied before
  std::string document;
  std::vector<std::string> events;
  std::vector<std::string> differences;
};
void PrintTo(const GoldenCase& golden, std::ostream* out) {
  *out << golden.file << ": " << golden.name;
}

std::string xml_of_child(pugi::xml_node holder) {
  std::string xml;
  append_xml(first_element(holder), xml);
  return xml;
}

std::vector<std::string> lines_of(pugi::xml_node holder) {
  std::vector<std::string> lines;
  const std::string text = text_of(holder);
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (const auto line = trimmed(rest.substr(0, end)); !line.empty()) lines.emplace_back(line);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return lines;
}

std::vector<GoldenCase> golden_cases() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(PROVLAB_TEST_DATA) + "/settings")) {
    if (entry.path().extension() == ".xml") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<GoldenCase> cases;
  for (const auto& file : files) {
    pugi::xml_document document;
    if (!document.load_file(file.c_str(), kParseEverything)) {
      throw std::runtime_error("cannot read " + file.string());
    }
    for (const pugi::xml_node node : document.child("cases").children("case")) {
      GoldenCase golden;
      golden.file = file.stem();
      golden.name = node.attribute("name").value();
      golden.identity = device(parse_device_type(node.attribute("type").as_string("D200")).value(),
                               parse_release(node.attribute("release").as_string("2.2A")).value());
      for (const auto given : node.children("given")) golden.given.push_back(xml_of_child(given));
      golden.document = xml_of_child(node.child("document"));
      golden.events = lines_of(node.child("events"));
      golden.differences = lines_of(node.child("differences"));
      cases.push_back(std::move(golden));
    }
  }
  return cases;
}

/// An event as the cases write it; empty for those that are told otherwise.
std::string line_of(const TraceRecord& record) {
  const auto field = [&](std::string_view name) { return record.field(name).value_or(""); };
  if (record.is("section_migrated")) {
    const std::string changes = field("changes");
    return fmt::format("migrated {} from {} ({}){}{}", field("section"), field("from"), field("by"),
                       changes.empty() ? "" : ": ", changes);
  }
  if (record.is("setting_stripped")) return "stripped " + field("path");
  if (record.is("section_applied")) {
    return fmt::format("{} {}{}", field("mode"), field("section"),
                       field("changed") == "true" ? "" : ", unchanged");
  }
  if (record.is("section_rejected")) {
    return fmt::format("rejected {}: {}", field("section"), field("reason"));
  }
  if (record.is("operation_applied")) {
    return fmt::format("done {} {} ({})", field("operation"), field("path"), field("matches"));
  }
  if (record.is("operation_failed")) {
    return fmt::format("failed {} {}: {}", field("operation"), field("path"), field("reason"));
  }
  return "";
}

class Golden : public testing::TestWithParam<GoldenCase> {};

TEST_P(Golden, DocumentBecomesWhatTheCaseSays) {
  const GoldenCase& golden = GetParam();
  Device phone(golden.identity);
  for (const std::string& given : golden.given) ASSERT_EQ(phone.apply(given).rejected, 0u);
  const Configuration before = phone.settings.configuration();
  EventNumber told = phone.host.trace().last();
  phone.apply(golden.document);
  std::vector<std::string> events;
  while (told < phone.host.trace().last()) {
    if (std::string line = line_of(phone.host.trace().event(++told)); !line.empty()) {
      events.push_back(std::move(line));
    }
  }
  EXPECT_THAT(events, testing::ElementsAreArray(golden.events));
  EXPECT_THAT(difference(before, phone.settings.configuration()),
              testing::ElementsAreArray(golden.differences));
}

INSTANTIATE_TEST_SUITE_P(Cases, Golden, testing::ValuesIn(golden_cases()), [](const auto& test) {
  std::string name = test.param.file + "_" + test.param.name;
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
});

}  // namespace
}  // namespace provlab::settings
