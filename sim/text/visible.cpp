#include "sim/text/visible.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/platform/utf8.hpp"

namespace provlab {

namespace {

struct Range {
  char32_t first;
  char32_t last;
};

/// From Unicode 16: general categories Cc, Cf, Zl and Zp, and Default_Ignorable_Code_Point. The two
/// noncharacters at the end of each plane are found without a table.
constexpr auto kHidden = std::to_array<Range>(
    {{0x0000, 0x001f},   {0x007f, 0x009f},   {0x00ad, 0x00ad},   {0x034f, 0x034f},
     {0x0600, 0x0605},   {0x061c, 0x061c},   {0x06dd, 0x06dd},   {0x070f, 0x070f},
     {0x0890, 0x0891},   {0x08e2, 0x08e2},   {0x115f, 0x1160},   {0x17b4, 0x17b5},
     {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},
     {0x3164, 0x3164},   {0xfdd0, 0xfdef},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},
     {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd},
     {0x13430, 0x1343f}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}});

/// XML 1.0 takes all but these, as references at least.
bool xml_refuses(char32_t code) {
  return (code < 0x20 && code != '\t' && code != '\n' && code != '\r') || (code & 0xfffe) == 0xfffe;
}

/// Whether what follows lies in CDATA, where a reference would be text.
class CdataWatch {
 public:
  void look(std::string_view rest) {
    if (rest.starts_with("<![CDATA[")) inside_ = true;
    if (rest.starts_with("]]>")) inside_ = false;
  }
  bool inside() const { return inside_; }

 private:
  bool inside_ = false;
};

std::string reference(char32_t code, bool in_cdata) {
  const std::string text = fmt::format("&#x{:x};", static_cast<std::uint32_t>(code));
  return in_cdata ? "]]>" + text + "<![CDATA[" : text;
}

std::string escape(const FrontCharacter& front) {
  const auto code = static_cast<std::uint32_t>(front.code);
  if (!front.whole || code < 0x80) return fmt::format("\\x{:02x}", code);
  return fmt::format("\\u{{{:x}}}", code);
}

}  // namespace

bool is_hidden(char32_t code) {
  if ((code & 0xfffe) == 0xfffe) return true;
  const auto* range = std::ranges::lower_bound(kHidden, code, {}, &Range::last);
  return range != kHidden.end() && range->first <= code;
}

std::string visible(std::string_view text, Layout layout) {
  std::string out;
  out.reserve(text.size());
  CdataWatch cdata;
  while (!text.empty()) {
    const FrontCharacter front = front_character(text);
    const bool stays =
        front.whole && layout != Layout::one_line && (front.code == '\n' || front.code == '\t');
    cdata.look(text);
    if (stays || (front.whole && !is_hidden(front.code))) {
      out += text.substr(0, front.octets);
    } else if (layout == Layout::markup && front.whole && !xml_refuses(front.code)) {
      out += reference(front.code, cdata.inside());
    } else {
      out += escape(front);
    }
    text.remove_prefix(front.octets);
  }
  return out;
}

}  // namespace provlab
