#include "core/net/dhcp_url.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/net/markers.hpp"
#include "core/net/url.hpp"
#include "core/platform/hexadecimal.hpp"
#include "core/platform/text.hpp"
#include "core/platform/user_info.hpp"

namespace provlab::net {

namespace {

constexpr std::size_t kLongestDiagnosis = 1000;

/// One of the two halves of a URL, or the whole, and where it was found.
struct Piece {
  std::string text;
  std::string origin;     ///< `66`, `67`, `sname`, `file`; `43/66`, `43/67` for sub-options
  std::size_t added = 0;  ///< octets at the front of `text` that nobody sent
  bool given() const { return !text.empty(); }
};

struct Halves {
  Piece server, file;
};

constexpr std::string_view kHttp = "http://";
constexpr std::string_view kHttps = "https://";
constexpr std::string_view kSub66 = "43/66";
constexpr std::string_view kSub67 = "43/67";

/// The scheme of an absolute URL in lower case; empty for what has none.
std::string absolute_scheme(std::string_view text) {
  const std::string_view scheme = scheme_of(text);
  return text.substr(scheme.size()).starts_with("://") ? lower(scheme) : std::string();
}

bool is_http(std::string_view scheme) {
  return scheme == "http" || scheme == "https";
}

/// `http:foo` and `http:/foo`, which would otherwise become a host named `http`.
bool lacks_slashes(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.substr(colon).starts_with("://")) return false;
  return is_http(lower(text.substr(0, colon)));
}

/// With exactly one '/' where they meet, whatever both bring (SPEC 3.1). `base` has a scheme, whose
/// own slashes do not count, else the file would become the host.
std::string join(std::string_view base, std::string_view path) {
  const std::size_t authority = base.find("://") + 3;
  while (base.size() > authority && base.ends_with('/')) base.remove_suffix(1);
  while (path.starts_with('/')) path.remove_prefix(1);
  return fmt::format("{}/{}", base, path);
}

/// As it can stand in a sentence.
std::string quoted(std::string_view url) {
  return printable(shown_url(url), Escaped::all_but_ascii);
}

Piece piece_of(std::string text, std::string_view origin) {
  text.erase(text.find_last_not_of(' ') + 1);
  text.erase(0, text.find_first_not_of(' '));
  return {std::move(text), std::string(origin)};
}

/// The place of a half or a whole in words: `option 66 and header field file`.
std::string described(std::string_view origin) {
  if (const std::size_t plus = origin.find('+'); plus != std::string_view::npos) {
    if (origin.starts_with(kSub66) && origin.ends_with(kSub67)) {
      return "option 43, sub-options 66 and 67";
    }
    return described(origin.substr(0, plus)) + " and " + described(origin.substr(plus + 1));
  }
  if (origin.starts_with("43/")) {
    return fmt::format("option 43, sub-option {}", origin.substr(3));
  }
  return fmt::format("{} {}", origin.starts_with('6') ? "option" : "header field", origin);
}

/// What DhcpUrl::origin says: a sub-option goes by the name of its option.
std::string outer_origin(std::string_view origin) {
  if (const std::size_t plus = origin.find('+'); plus != std::string_view::npos) {
    const std::string server = outer_origin(origin.substr(0, plus));
    const std::string file = outer_origin(origin.substr(plus + 1));
    return server == file ? server : fmt::format("{}+{}", server, file);
  }
  return std::string(origin.starts_with("43/") ? "43" : origin);
}

class Derivation {
 public:
  Derivation(const DeviceIdentity& device, DhcpUrlKnobs knobs) : device_(device), knobs_(knobs) {}

  DhcpUrl derive(const DhcpMessage& ack) {
    const Halves outside{server_outside(ack), file_outside(ack)};
    if (knobs_.turn == Option43Turn::first) {
      const std::optional<Halves> inside = read_option_43(ack);
      const bool made = inside && combine(completed(*inside, outside));
      if (!made && combine(outside) && inside) {
        diagnose("option 43 makes no URL that can be used, so the one without it is used");
      }
    } else if (!combine(outside)) {
      if (const auto inside = read_option_43(ack)) combine(completed(*inside, outside));
    }
    if (!result_.url && carries_nothing_) {
      diagnose("option 43 holds neither sub-option 66 (42 hex) nor 67 (43 hex)");
    }
    return std::move(result_);
  }

 private:
  /// Option 66, or `sname` where that is a URL (SPEC 3.4).
  static Piece server_outside(const DhcpMessage& ack) {
    Piece piece = piece_of(ack.text(dhcp_option::kTftpServerName).value_or(""), "66");
    if (!piece.given() && is_http(absolute_scheme(ack.sname))) piece = piece_of(ack.sname, "sname");
    return piece;
  }

  /// Option 67, or `file` (SPEC 3.4).
  static Piece file_outside(const DhcpMessage& ack) {
    Piece piece = piece_of(ack.text(dhcp_option::kBootFileName).value_or(""), "67");
    if (!piece.given()) piece = piece_of(ack.file, "file");
    return piece;
  }

  /// Each half of option 43, in its absence that from outside (SPEC 3.5).
  static Halves completed(Halves inside, const Halves& outside) {
    if (!inside.server.given()) inside.server = outside.server;
    if (!inside.file.given()) inside.file = outside.file;
    return inside;
  }

  /// The same half may be found wrong twice, with option 43 and without it; an option may be as
  /// long as a message.
  void diagnose(std::string_view sentence) {
    std::string told = shortened(sentence, kLongestDiagnosis);
    if (std::ranges::find(result_.diagnoses, told) != result_.diagnoses.end()) return;
    result_.diagnoses.push_back(std::move(told));
  }

  /// Makes one URL of the two halves (SPEC 3.1, 3.5) and takes it if it is usable.
  bool combine(Halves halves) {
    auto& [server, file] = halves;
    Piece whole;
    if (file.given() && !absolute_scheme(file.text).empty()) {
      whole = std::move(file);
    } else if (server.given()) {
      if (lacks_slashes(server.text)) {
        diagnose(fmt::format("{} is '{}': after the scheme's colon two slashes must follow",
                             described(server.origin), quoted(server.text)));
        return false;
      }
      whole.text = with_scheme(server.text);
      whole.origin = server.origin;
      whole.added = whole.text.size() - server.text.size();
      if (file.given()) {
        whole.text = join(whole.text, file.text);
        whole.origin += '+';
        whole.origin += file.origin;
      }
    } else if (file.given()) {
      diagnose(
          fmt::format("{} is '{}', which is no absolute URL, and there is no {} to go before "
                      "it",
                      described(file.origin), quoted(file.text),
                      file.origin == kSub67 ? "sub-option or option 66" : "option 66"));
      return false;
    } else {
      return false;
    }
    if (!usable(whole)) return false;
    result_.or_by_http = whole.added == kHttps.size();
    result_.url = std::move(whole.text);
    result_.origin = outer_origin(whole.origin);
    return true;
  }

  std::string with_scheme(const std::string& server) const {
    if (!absolute_scheme(server).empty()) return server;
    return std::string(knobs_.bare_server == BareServer::http ? kHttp : kHttps) + server;
  }

  /// SPEC 2.9 after 5.1, and 3.7.
  bool usable(const Piece& whole) {
    const std::optional<std::string> fault = fault_of(whole);
    if (!fault) return true;
    diagnose(fmt::format("the URL of {} {}", described(whole.origin), *fault));
    return false;
  }

  /// What keeps a URL from being usable, as the rest of a sentence that quotes what was sent.
  std::optional<std::string> fault_of(const Piece& whole) const {
    const std::string_view url = std::string_view(whole.text).substr(whole.added);
    for (std::size_t at = 0; at < url.size(); ++at) {
      const auto octet = static_cast<unsigned char>(url[at]);
      if (octet >= 0x20 && octet <= 0x7e) continue;
      // A host name may have letters that it can be written without.
      const Expected<Url> parsed = Url::parse(replace_markers(whole.text, device_).text);
      return fmt::format("is not printable: octet {} of '{}' is 0x{:02x}{}{}", at + 1, quoted(url),
                         octet, parsed || octet < 0x80 ? "" : "; ",
                         parsed || octet < 0x80 ? "" : parsed.error().text);
    }
    if (const std::string scheme = absolute_scheme(whole.text); !is_http(scheme)) {
      return fmt::format("is '{}': its scheme {} is neither http nor https", quoted(url), scheme);
    }
    const Expected<Url> parsed = Url::parse(replace_markers(whole.text, device_).text);
    if (parsed) return std::nullopt;
    const std::string_view added = std::string_view(whole.text).substr(0, whole.added);
    return fmt::format("is '{}', which is not usable{}{}{}: {}", quoted(url),
                       added.empty() ? "" : " with ", added, added.empty() ? "" : " before it",
                       parsed.error().text);
  }

  /// The halves in option 43. Nothing where it is absent, has neither, or has a fault of SPEC 3.7,
  /// which is told.
  std::optional<Halves> read_option_43(const DhcpMessage& ack) {
    const auto octets = ack.find(dhcp_option::kVendorSpecific);
    if (!octets) return std::nullopt;
    const std::optional<Bytes> from_text = octets_of_text(*octets);
    if (!from_text) return read_sub_options(*octets);
    const bool secret = text_of(*from_text).find('@') != std::string_view::npos;
    const std::string text = secret ? "***" : printable(text_of(*octets), Escaped::all_but_ascii);
    if (knobs_.text == Option43Text::diagnose) {
      diagnose(
          fmt::format("option 43 was sent as the text '{}'; the server must send the octets "
                      "themselves, so enter it as binary (hexadecimal) data",
                      text));
      return std::nullopt;
    }
    diagnose(
        fmt::format("option 43 was sent as the text '{}'; it is read as the octets it spells "
                    "because this device accepts that",
                    text));
    return read_sub_options(*from_text);
  }

  /// `42:0b:68:…` as octets; nothing where it is anything else.
  static std::optional<Bytes> octets_of_text(BytesView octets) {
    std::string_view text = text_of(octets);
    text = text.substr(0, text.find('\0'));
    while (text.ends_with('\n') || text.ends_with('\r') || text.ends_with(' ')) {
      text.remove_suffix(1);
    }
    Bytes out;
    for (std::size_t at = 0;;) {
      unsigned value = 0;
      std::size_t digits = 0;
      for (; at < text.size() && digits < 2; ++at, ++digits) {
        const auto digit = hexadecimal_digit(text[at]);
        if (!digit) break;
        value = value * 16 + *digit;
      }
      if (digits == 0) return std::nullopt;
      out.push_back(static_cast<std::uint8_t>(value));
      if (at == text.size()) break;
      if (text[at++] != ':') return std::nullopt;
    }
    if (out.size() < 3) return std::nullopt;  // shorter than any sub-option with a text
    return out;
  }

  /// SPEC 3.2, laid out as RFC 2132 8.4 says: 0 pads, 255 ends.
  std::optional<Halves> read_sub_options(BytesView octets) {
    std::string server;
    std::string file;
    for (std::size_t at = 0; at < octets.size();) {
      const std::uint8_t code = octets[at];
      if (code == dhcp_option::kEnd) break;
      if (code == dhcp_option::kPad) {
        ++at;
        continue;
      }
      const std::size_t left = octets.size() - at - 1;  // with the length octet
      const std::size_t length = left == 0 ? 0 : octets[at + 1];
      if (left == 0 || length > left - 1) {
        diagnose(fmt::format(
            "option 43 is truncated: sub-option {} ({:02x} hex) at its octet {} "
            "{}",
            code, code, at + 1,
            left == 0 ? std::string("has no length")
                      : fmt::format("should have {} octets, only {} follow", length, left - 1)));
        return std::nullopt;
      }
      const std::string_view value = text_of(octets.subspan(at + 2, length));
      if (code == dhcp_option::kTftpServerName) server += value;
      if (code == dhcp_option::kBootFileName) file += value;
      at += 2 + length;
    }
    Halves halves{piece_of(server.substr(0, server.find('\0')), kSub66),
                  piece_of(file.substr(0, file.find('\0')), kSub67)};
    carries_nothing_ = !halves.server.given() && !halves.file.given();
    if (carries_nothing_) return std::nullopt;
    return halves;
  }

  const DeviceIdentity& device_;
  DhcpUrlKnobs knobs_;
  bool carries_nothing_ = false;  // there is an option 43 without sub-options 66 and 67
  DhcpUrl result_;
};

}  // namespace

DhcpUrl derive_url(const DhcpMessage& ack, const DeviceIdentity& device, DhcpUrlKnobs knobs) {
  return Derivation(device, knobs).derive(ack);
}

}  // namespace provlab::net
