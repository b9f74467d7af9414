#include "core/settings/store.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <pugixml.hpp>
#include <vector>

#include "core/platform/checksum.hpp"
#include "core/settings/factory_defaults.hpp"
#include "core/settings/section.hpp"
#include "core/settings/section_names.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

namespace {

constexpr std::string_view kHead = "<?settings-store format=\"1\" checksum=\"";
constexpr std::string_view kHeadEnd = "\"?>\n";
constexpr std::size_t kDigits = 16;
constexpr std::string_view kConfiguration = "<configuration>";
constexpr std::string_view kStoreEnd = "</store>\n";
constexpr std::string_view kTail = "</configuration></store>\n";

std::uint64_t checksum_with_length(std::string_view text) {
  return checksum_of(text, kChecksumBasis ^ text.size());
}

void append_attribute(std::string& out, std::string_view name, std::string_view value) {
  out.append(" ").append(name).append("=\"").append(value).append("\"");
}

void append_kept(std::string& out, const KeptValues& kept) {
  for (const auto& [name, value] : kept) {
    pugi::xml_document holder;
    pugi::xml_node element = holder.append_child("kept");
    element.append_attribute("name").set_value(name.c_str());
    set_text(element, value);
    append_xml(element, out);
  }
}

/// The octets of each section, so that reading finds them without parsing.
std::string section_sizes(const Configuration& configuration) {
  std::string sizes;
  for (const SectionPointer& section : configuration.sections()) {
    if (!sizes.empty()) sizes += ' ';
    sizes += std::to_string(section->xml().size());
  }
  return sizes;
}

/// A section from its canonical text: the factory's own where it is the same, else parsed.
Expected<SectionPointer> section_of(std::string_view xml, const Configuration& factory) {
  for (const SectionPointer& preset : factory.sections()) {
    if (preset->xml() == xml) return preset;
  }
  auto draft = std::make_unique<pugi::xml_document>();
  const auto parsed =
      draft->load_buffer(xml.data(), xml.size(), kParseEverything, pugi::encoding_utf8);
  if (!parsed || !is_known_section(draft->document_element().name())) {
    return fail("a section of the store cannot be read");
  }
  return std::make_shared<const Section>(std::move(draft), xml);
}

Expected<void> read_sections(std::string_view text, std::string_view sizes, StoredState& state) {
  const Configuration& factory = factory_defaults(state.type, state.release);
  std::vector<SectionPointer> sections;
  const char* at = sizes.data();
  const char* const end = at + sizes.size();
  while (at != end) {
    std::size_t size = 0;
    const auto [next, failure] = std::from_chars(at, end, size);
    if (failure != std::errc() || size > text.size()) return fail("the store is inconsistent");
    auto section = section_of(text.substr(0, size), factory);
    if (!section) return std::unexpected(std::move(section.error()));
    sections.push_back(std::move(*section));
    text.remove_prefix(size);
    at = next == end ? end : next + 1;
  }
  if (text != kTail) return fail("the store is inconsistent");
  state.configuration = Configuration(std::move(sections));
  return {};
}

/// What follows the head of a store whose checksum fits.
Expected<std::string_view> text_of_store(std::string_view content) {
  const std::size_t body = kHead.size() + kDigits + kHeadEnd.size();
  if (content.size() < body || !content.starts_with(kHead) ||
      content.substr(kHead.size() + kDigits, kHeadEnd.size()) != kHeadEnd) {
    return fail("the store does not begin as one");
  }
  const std::string_view text = content.substr(body);
  if (content.substr(kHead.size(), kDigits) != fmt::format("{:016x}", checksum_with_length(text))) {
    return fail("the store's checksum does not match its content");
  }
  return text;
}

}  // namespace

std::string write_store(const StoredState& state) {
  const std::string configuration = state.configuration.to_xml();
  std::string out;
  out.reserve(configuration.size() + 256);
  out += kHead;
  out.append(kDigits, '0');
  out += kHeadEnd;
  const std::size_t body = out.size();
  out += "<store";
  append_attribute(out, "type", provlab::to_string(state.type));
  append_attribute(out, "release", provlab::to_string(state.release));
  append_attribute(out, "sections", section_sizes(state.configuration));
  out += '>';
  append_kept(out, state.kept);
  out += configuration;
  out += kStoreEnd;
  const std::uint64_t sum = checksum_with_length(std::string_view(out).substr(body));
  fmt::format_to(out.begin() + static_cast<std::ptrdiff_t>(kHead.size()), "{:016x}", sum);
  return out;
}

Expected<StoredState> read_store(std::string_view content) {
  const auto undamaged = text_of_store(content);
  if (!undamaged) return std::unexpected(undamaged.error());
  const std::string_view text = *undamaged;
  // A value has its '<' escaped, so the first of these is the element.
  const std::size_t start = text.find(kConfiguration);
  if (start == std::string_view::npos) return fail("the store holds no configuration");
  pugi::xml_document document;
  const std::string front = std::string(text.substr(0, start)) + "</store>";
  const auto parsed =
      document.load_buffer(front.data(), front.size(), kParseEverything, pugi::encoding_utf8);
  if (!parsed) return fail("the store is no XML document 'store'");
  const pugi::xml_node store = document.child("store");
  const auto type = parse_device_type(store.attribute("type").value());
  if (!type) return std::unexpected(type.error());
  const auto release = parse_release(store.attribute("release").value());
  if (!release) return std::unexpected(release.error());

  StoredState state{*type, *release, {}, {}};
  for (const pugi::xml_node kept : store.children("kept")) {
    state.kept.emplace(kept.attribute("name").value(), text_of(kept));
  }
  if (auto read = read_sections(text.substr(start + kConfiguration.size()),
                                store.attribute("sections").value(), state);
      !read) {
    return std::unexpected(std::move(read.error()));
  }
  return state;
}

bool store_holds(std::string_view content, const Configuration& configuration) {
  if (const auto text = text_of_store(content); !text) return false;
  // Nearly always the store holds the very text; else, as in one written by an older release, what
  // it says counts.
  if (content.ends_with(configuration.to_xml().append(kStoreEnd))) return true;
  const auto stored = read_store(content);
  return stored && stored->configuration == configuration;
}

}  // namespace provlab::settings
