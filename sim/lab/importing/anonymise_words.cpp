#include "sim/lab/importing/anonymise_words.hpp"

#include <algorithm>
#include <vector>

#include "core/platform/hexadecimal.hpp"
#include "core/platform/text.hpp"
#include "sim/lab/capture/phones.hpp"
#include "sim/lab/importing/markup_node.hpp"
#include "sim/lab/importing/text_codings.hpp"

namespace provlab::lab {

namespace {

/// 0xfe and 0xff are in no text of UTF-8: they stand where somebody's octets end too late.
bool is_word_letter(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return is_letter(c) || is_digit(c) || (octet >= 0x80 && octet < 0xfe);
}

/// A MAC address in any of its spellings.
std::optional<std::string> as_mac(std::string_view text, StandIns& stand_ins) {
  MacAddress mac;
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == ':' || c == '-') continue;
    const auto digit = hexadecimal_digit(c);
    if (!digit || digits == 12) return std::nullopt;
    auto& octet = mac.octets[digits++ / 2];
    octet = static_cast<std::uint8_t>(octet << 4 | *digit);
  }
  if (digits != 12 || !is_auerswald(mac)) return std::nullopt;
  const std::string compact = stand_ins.mac(mac).compact();
  const bool small = std::ranges::any_of(text, [](char c) { return c >= 'a' && c <= 'f'; });
  std::string out;
  std::size_t next = 0;
  for (const char c : text) {
    if (c == ':' || c == '-') {
      out += c;
    } else {
      out += small ? lower(compact)[next] : compact[next];
      ++next;
    }
  }
  return out;
}

class WordReplacer {
 public:
  WordReplacer(std::string_view text, StandIns& stand_ins, WordsKept kept, int depth)
      : text_(text), stand_ins_(stand_ins), kept_(kept), depth_(depth) {}

  std::string run() {
    while (at_ < text_.size()) {
      if (!marker() && !wide_word(WideOrder::big) && !begins_word()) out_ += take_separator();
    }
    return std::move(out_);
  }

 private:
  std::string_view rest() const { return text_.substr(at_); }

  bool put(std::string_view replaced, std::size_t octets) {
    out_ += replaced;
    at_ += octets;
    return true;
  }

  bool marker() {
    if (text_[at_] != '{' && text_[at_] != '<') return false;
    constexpr std::size_t kLongest = 40;
    const std::string_view most = rest().substr(0, kLongest);
    const std::size_t end = most.find(text_[at_] == '{' ? '}' : '>');
    if (end == most.npos || !stand_ins_.is_common(most.substr(1, end - 1))) return false;
    return put(most.substr(0, end + 1), end + 1);
  }

  std::string_view take_separator() {
    const std::size_t size = unit_at(text_, at_).size;
    at_ += size;
    return text_.substr(at_ - size, size);
  }

  bool begins_word() {
    if (!is_word_letter(unit_at(text_, at_).octet)) return false;
    return network() || mac() || wide_word(WideOrder::little) || base64_text() || word();
  }

  /// What comes behind another word's end, as `.5` behind `1.2.3.4`, is no part of an address.
  bool network() {
    constexpr std::size_t kLongest = 15;
    const std::size_t end = rest().substr(0, kLongest + 1).find_first_not_of("0123456789.");
    const std::size_t size = std::min(end, rest().size());
    if (size > kLongest || (at_ > 0 && (is_word_letter(text_[at_ - 1]) || text_[at_ - 1] == '.'))) {
      return false;
    }
    const auto address = Ipv4Address::read(rest().substr(0, size));
    if (!address || (size < rest().size() && is_word_letter(rest()[size]))) return false;
    std::size_t digits = 0;
    unsigned prefix = 0;
    if (size < rest().size() && rest()[size] == '/') {
      while (digits < 2 && size + 1 + digits < rest().size() &&
             is_digit(rest()[size + 1 + digits])) {
        prefix = prefix * 10 + static_cast<unsigned>(rest()[size + 1 + digits++] - '0');
      }
    }
    if (digits == 0 || prefix > 32) return put(stand_ins_.address(*address).to_string(), size);
    return put(stand_ins_.network({*address, prefix}), size + 1 + digits);
  }

  /// One with separators, that words have not.
  bool mac() {
    constexpr std::size_t kSpelling = 17;
    if (rest().size() < kSpelling) return false;
    const auto mac = as_mac(rest().substr(0, kSpelling), stand_ins_);
    return mac && put(*mac, kSpelling);
  }

  bool wide_word(WideOrder order) {
    const std::size_t letter = order == WideOrder::little ? 0 : 1;
    std::string word;
    for (std::size_t at = at_; at + 1 < text_.size(); at += 2) {
      if (text_[at + 1 - letter] != '\0' || !is_word_letter(text_[at + letter])) break;
      word += text_[at + letter];
    }
    return word.size() > 1 && put(widened(replaced(word), order), 2 * word.size());
  }

  /// A run is tried once, wherever words begin in it.
  bool base64_text() {
    if (at_ < base64_tried_ || depth_ == kMostDepth) return false;
    const std::size_t size = base64_run(rest());
    base64_tried_ = at_ + size;
    const auto decoded = from_base64(rest().substr(0, size));
    if (!decoded || !is_text(*decoded)) return false;
    const std::string other = inner(*decoded);
    return other != *decoded && put(as_base64(other, rest().substr(0, size)), size);
  }

  bool word() {
    std::string decoded;
    std::vector<Unit> units;
    std::size_t end = at_;
    while (end < text_.size()) {
      const Unit unit = unit_at(text_, end);
      if (!is_word_letter(unit.octet)) break;
      decoded += unit.octet;
      units.push_back(unit);
      end += unit.size;
    }
    const std::string other = replaced(decoded);
    std::string written;
    for (std::size_t i = 0; i < other.size(); ++i) {
      const bool escaped = i < units.size() && units[i].size > 1;
      written += escaped ? escape(other[i], units[i].capital) : std::string(1, other[i]);
    }
    return put(written, end - at_);
  }

  std::string replaced(const std::string& word) {
    if (const auto mac = word.size() == 12 ? as_mac(word, stand_ins_) : std::nullopt) return *mac;
    const auto& serials = stand_ins_.replaced(Private::serial);
    if (const auto serial = serials.find(word); serial != serials.end()) return serial->second;
    if (const auto hidden = hex_replaced(word)) return *hidden;
    return kept_ == WordsKept::common ? stand_ins_.word(word) : stand_ins_.secret(word);
  }

  std::optional<std::string> hex_replaced(const std::string& word) {
    if (depth_ == kMostDepth) return std::nullopt;
    const auto decoded = from_hex(word);
    if (!decoded) return std::nullopt;
    const auto order = order_of_wide(*decoded);
    const std::string narrow = order ? narrowed(*decoded, *order) : *decoded;
    if (!is_text(narrow)) return std::nullopt;
    const std::string other = inner(narrow);
    if (other == narrow) return std::nullopt;
    return as_hex(order ? widened(other, *order) : other, word);
  }

  std::string inner(const std::string& text) {
    return WordReplacer(text, stand_ins_, kept_, depth_ + 1).run();
  }

  static bool is_text(const std::string& text) {
    return is_plain_text(text) && std::ranges::any_of(text, is_word_letter);
  }

  static constexpr int kMostDepth = 3;

  std::string_view text_;
  StandIns& stand_ins_;
  WordsKept kept_;
  int depth_;
  std::size_t at_ = 0;
  std::size_t base64_tried_ = 0;
  std::string out_;
};

}  // namespace

std::string words_replaced(std::string_view text, StandIns& stand_ins, WordsKept kept) {
  return WordReplacer(text, stand_ins, kept, 0).run();
}

}  // namespace provlab::lab
