#include "core/settings/store.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <pugixml.hpp>

#include "core/settings/section.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

namespace {

constexpr std::string_view kHead = "<?settings-store format=\"1\" checksum=\"";
constexpr std::string_view kHeadEnd = "\"?>\n";
constexpr std::size_t kDigits = 16;

/// FNV-1a over words of eight octets instead of single ones: damage is to be noticed, not hidden.
std::uint64_t checksum_of(std::string_view text) {
  constexpr std::uint64_t kPrime = 0x100000001b3U;
  std::uint64_t sum = 0xcbf29ce484222325U ^ text.size();
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    sum = (sum ^ word) * kPrime;
    sum ^= sum >> 32;
  }
  for (; at < text.size(); ++at) sum = (sum ^ static_cast<unsigned char>(text[at])) * kPrime;
  return sum;
}

void append_attribute(std::string& out, std::string_view name, std::string_view value) {
  fmt::format_to(std::back_inserter(out), " {}=\"{}\"", name, value);
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
  out += '>';
  append_kept(out, state.kept);
  out += configuration;
  out += "</store>\n";
  const std::uint64_t sum = checksum_of(std::string_view(out).substr(body));
  fmt::format_to(out.begin() + static_cast<std::ptrdiff_t>(kHead.size()), "{:016x}", sum);
  return out;
}

Expected<StoredState> read_store(std::string_view content) {
  const std::size_t body = kHead.size() + kDigits + kHeadEnd.size();
  if (content.size() < body || !content.starts_with(kHead) ||
      content.substr(kHead.size() + kDigits, kHeadEnd.size()) != kHeadEnd) {
    return fail("the store does not begin as one");
  }
  const std::string_view text = content.substr(body);
  if (content.substr(kHead.size(), kDigits) != fmt::format("{:016x}", checksum_of(text))) {
    return fail("the store's checksum does not match its content");
  }
  pugi::xml_document document;
  const auto parsed =
      document.load_buffer(text.data(), text.size(), kParseFlags, pugi::encoding_utf8);
  const pugi::xml_node store = document.child("store");
  if (!parsed || !store) return fail("the store is no XML document 'store'");
  const auto type = parse_device_type(store.attribute("type").value());
  if (!type) return std::unexpected(type.error());
  const auto release = parse_release(store.attribute("release").value());
  if (!release) return std::unexpected(release.error());

  StoredState state{*type, *release, {}, {}};
  for (const pugi::xml_node kept : store.children("kept")) {
    state.kept.emplace(kept.attribute("name").value(), text_of(kept));
  }
  const pugi::xml_node configuration = store.child("configuration");
  for (pugi::xml_node section = first_element(configuration); section;
       section = next_element(section)) {
    auto draft = std::make_unique<pugi::xml_document>();
    append_clean_copy(*draft, section);
    state.configuration =
        state.configuration.with(std::make_shared<const Section>(std::move(draft)));
  }
  return state;
}

}  // namespace provlab::settings
