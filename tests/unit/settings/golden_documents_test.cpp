#include <filesystem>

#include "core/settings/section.hpp"
#include "core/settings/xml_tree.hpp"
#include "tests/unit/settings/builders.hpp"

/// Documents as data: tests/data/documents/refused and lenient, and beside each what comes of it on
/// a D200 from the factory, as text.
namespace provlab::settings {
namespace {

std::string content_of(const std::filesystem::path& path) {
  return file_content(path.parent_path().filename().string() + "/" + path.filename().string());
}

/// What has become of an element, down to the ones that differ.
void tell_changes(pugi::xml_node was, pugi::xml_node now, std::string& story) {
  if (same_settings(was, now)) return;
  pugi::xml_node old = first_element(was);
  pugi::xml_node child = first_element(now);
  if (!old || !child) return append_xml(now, story), story.push_back('\n');
  for (; child; child = next_element(child), old = next_element(old)) {
    tell_changes(old, child, story);
  }
}

/// What the device says to a document, and the sections that it changes.
std::string story_of(std::string_view bytes) {
  const auto document = read_document(bytes, "");
  if (!document) return "refused: " + document.error().to_string() + "\n";
  std::string story;
  for (const std::string& warning : document->warnings) story += "warning: " + warning + "\n";
  Device phone;
  const Configuration before = phone.settings.configuration();
  const ApplyOutcome outcome = phone.settings.apply(*document, "");
  for (const SectionOutcome& section : outcome.sections) {
    story += section.section + " " + std::string(to_string(section.what)) +
             (section.reason.empty() ? "" : ": " + section.reason) + "\n";
  }
  for (const SectionPointer& section : phone.settings.configuration().sections()) {
    tell_changes(before.section(section->name())->element(), section->element(), story);
  }
  return story;
}

std::vector<std::filesystem::path> documents_in(const char* folder) {
  std::vector<std::filesystem::path> found;
  const auto root = std::filesystem::path(PROVLAB_TEST_DATA) / "documents" / folder;
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    if (entry.path().extension() == ".xml") found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

std::string name_of_case(const testing::TestParamInfo<std::filesystem::path>& info) {
  std::string name;
  bool upper = true;
  for (const char c : info.param.stem().string()) {
    if (c == '-') {
      upper = true;
    } else {
      name += upper ? static_cast<char>(std::toupper(c)) : c;
      upper = false;
    }
  }
  return name;
}

class GoldenDocument : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(GoldenDocument, IsReadAsItsTextSays) {
  std::filesystem::path said = GetParam();
  EXPECT_EQ(story_of(content_of(GetParam())), content_of(said.replace_extension(".txt")));
}

INSTANTIATE_TEST_SUITE_P(Refused, GoldenDocument, testing::ValuesIn(documents_in("refused")),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Lenient, GoldenDocument, testing::ValuesIn(documents_in("lenient")),
                         name_of_case);

TEST(GoldenDocuments, RefusedOnesAreRefusedAndLenientOnesAreNot) {
  for (const auto& path : documents_in("refused")) {
    EXPECT_TRUE(story_of(content_of(path)).starts_with("refused: ")) << path;
  }
  for (const auto& path : documents_in("lenient")) {
    const std::string story = story_of(content_of(path));
    EXPECT_EQ(story.find("refused"), std::string::npos) << path << story;
    EXPECT_EQ(story.find("rejected"), std::string::npos) << path << story;
  }
}

}  // namespace
}  // namespace provlab::settings
