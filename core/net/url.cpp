#include "core/net/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/net/international_host.hpp"
#include "core/platform/hexadecimal.hpp"
#include "core/platform/text.hpp"
#include "core/platform/user_info.hpp"
#include "core/platform/utf8.hpp"

namespace provlab::net {

namespace {

constexpr std::size_t kLongestUrl = 8192;

/// As it can be shown in a message.
std::string shown(std::string_view text) {
  return printable(shown_url(text), Escaped::controls);
}

/// Trims, and refuses what is no URL or reference for its length.
Expected<std::string_view> check_length(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return fail("the URL is empty");
  if (text.size() > kLongestUrl) {
    return fail(fmt::format("the URL has {} octets, more than {}", text.size(), kLongestUrl));
  }
  return text;
}

/// RFC 3986 5.2.4, on a path that begins with '/'.
std::string remove_dot_segments(std::string_view path) {
  if (path.find("/.") == std::string_view::npos) return std::string(path);
  std::string out;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(1, end - 1);
    const bool last = end == path.size();
    path.remove_prefix(end);
    if (segment == "." || segment == "..") {
      if (segment == "..") out.resize(std::min(out.rfind('/'), out.size()));
      if (last) out += '/';
      continue;
    }
    out += '/';
    out += segment;
  }
  return out;
}

/// Whether an octet stands for itself in a path or query (RFC 3986 3.3, 3.4); '%' is another
/// matter.
bool stands_for_itself(char c) {
  return is_letter(c) || is_digit(c) ||
         std::string_view("-._~!$&'()*+,;=:@/?").find(c) != std::string_view::npos;
}

/// With each octet encoded that may not stand there. What is encoded already stays as it is.
void append_encoded(std::string& out, std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool encoded = text[at] == '%' && at + 2 < text.size() &&
                         hexadecimal_digit(text[at + 1]) && hexadecimal_digit(text[at + 2]);
    if (encoded || stands_for_itself(text[at])) {
      out += text[at];
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(text[at]));
    }
  }
}

/// Path and query without dot segments and fragment, encoded.
std::string normalised_target(std::string_view path_and_query) {
  path_and_query = path_and_query.substr(0, path_and_query.find('#'));
  const std::size_t query = std::min(path_and_query.find('?'), path_and_query.size());
  std::string out;
  append_encoded(out, query == 0 ? "/" : remove_dot_segments(path_and_query.substr(0, query)));
  append_encoded(out, path_and_query.substr(query));
  return out;
}

Expected<Port> parse_port(std::string_view text, bool secure, std::string_view whole) {
  if (text.empty()) return secure ? Port{443} : Port{80};
  unsigned port = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), port);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size() || port == 0 ||
      port > 65535) {
    return fail(fmt::format("port '{}' is not a number from 1 to 65535", shown(text)),
                shown(whole));
  }
  return static_cast<Port>(port);
}

/// What to write in place of a host with letters beyond ASCII; empty where there are none.
std::string international(std::string_view host) {
  if (is_ascii(host)) return {};
  const auto ascii = ascii_of_host(host);
  if (!ascii) return "the host name holds letters beyond ASCII, and no name can be made of them";
  return fmt::format("the host name holds letters beyond ASCII; write it as {}", *ascii);
}

/// Empty where `host` can be one, else what is wrong with it. Whether a name is too long for DNS is
/// the resolver's business: a URL with such a host is still absolute (SPEC 2.9).
std::string fault_of_host(std::string_view host) {
  if (host.find_first_not_of("0123456789.") == std::string_view::npos) {
    if (Ipv4Address::read(host)) return {};
    return fmt::format("'{}' is not a valid IPv4 address", host);
  }
  if (std::string advice = international(host); !advice.empty()) return advice;
  for (const char c : host) {
    if (is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_') continue;
    if (c == ' ') return "the host name holds a space; name one host, and no more";
    return fmt::format("the host name holds '{}', which is neither letter, digit nor '-'",
                       printable(std::string_view(&c, 1), Escaped::all_but_ascii));
  }
  for (std::size_t start = 0; start <= host.size();) {
    const std::size_t end = std::min(host.find('.', start), host.size());
    if (end == start) return "the host name has an empty part between two dots";
    start = end + 1;
  }
  return {};
}

}  // namespace

std::string_view scheme_of(std::string_view text) {
  const std::size_t colon = text.find_first_of(":/?#");
  if (colon == std::string_view::npos || colon == 0 || text[colon] != ':') return {};
  const std::string_view scheme = text.substr(0, colon);
  const bool valid = is_letter(scheme[0]) && std::ranges::all_of(scheme, [](char c) {
                       return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
                     });
  return valid ? scheme : std::string_view{};
}

namespace {

/// The same, unless it is longer than a URL may be once it is encoded. A refusal of what has a user
/// and password is one for them: what else is wrong may be quoted no more than they are.
Expected<Url> judged(Expected<Url> result, std::string_view text) {
  if (!result && has_user_info(text)) {
    return fail(
        "user names and passwords in URLs are not supported; leave out what stands before @",
        shown(text));
  }
  if (!result) return result;
  if (const std::size_t size = result->to_string().size(); size > kLongestUrl) {
    return fail(
        fmt::format("the URL has {} octets when it is encoded, more than {}", size, kLongestUrl));
  }
  return result;
}

}  // namespace

Expected<Url> Url::parse(std::string_view text) {
  return judged(read_absolute(text), text);
}

Expected<Url> Url::resolve(std::string_view reference) const {
  return judged(read_reference(reference), reference);
}

Expected<Url> Url::read_absolute(std::string_view text) {
  const auto checked = check_length(text);
  if (!checked) return std::unexpected(checked.error());
  const std::string_view whole = *checked;
  const std::string_view scheme = scheme_of(whole);
  const std::string_view rest =
      scheme.empty() ? std::string_view{} : whole.substr(scheme.size() + 1);
  const std::string known = lower(scheme);
  if (scheme.empty() || (!rest.starts_with("//") && !rest.empty() && is_digit(rest[0]))) {
    return fail("the URL has no scheme; begin it with http:// or https://", shown(whole));
  }
  if (known != "http" && known != "https") {
    return fail(fmt::format("scheme '{}' is not http or https", scheme), shown(whole));
  }
  if (!rest.starts_with("//")) {
    return fail(fmt::format("the URL has no host; write {}://host/path", known), shown(whole));
  }
  const std::string_view hierarchy = rest.substr(2);
  const std::size_t authority = std::min(hierarchy.find_first_of("/?#"), hierarchy.size());
  return assemble(known, hierarchy.substr(0, authority), hierarchy.substr(authority), whole);
}

Expected<Url> Url::assemble(std::string scheme, std::string_view authority,
                            std::string_view path_and_query, std::string_view whole) {
  if (authority.find('@') != std::string_view::npos) {
    return fail("the URL names a user", shown(whole));
  }
  if (authority.starts_with('[')) {
    return fail("IPv6 addresses are not supported; write a name or an IPv4 address", shown(whole));
  }
  const std::size_t colon = std::min(authority.find(':'), authority.size());
  std::string host = lower(authority.substr(0, colon));
  if (host.ends_with('.')) host.pop_back();  // the root: the same host
  if (host.empty()) return fail("the URL has no host", shown(whole));
  if (std::string fault = fault_of_host(host); !fault.empty()) {
    return fail(std::move(fault), shown(whole));
  }
  const std::string_view digits = authority.substr(std::min(colon + 1, authority.size()));
  const auto port = parse_port(digits, scheme == "https", whole);
  if (!port) return std::unexpected(port.error());
  return Url(std::move(scheme), std::move(host), *port, normalised_target(path_and_query));
}

Expected<Url> Url::read_reference(std::string_view reference) const {
  const auto checked = check_length(reference);
  if (!checked) {
    if (trimmed(reference).empty()) return *this;
    return std::unexpected(checked.error());
  }
  const std::string_view text = *checked;
  if (!scheme_of(text).empty()) return read_absolute(text);
  if (text.starts_with("//")) {
    const std::string_view hierarchy = text.substr(2);
    const std::size_t authority = std::min(hierarchy.find_first_of("/?#"), hierarchy.size());
    return assemble(scheme_, hierarchy.substr(0, authority), hierarchy.substr(authority), text);
  }
  if (text.starts_with('#')) return *this;
  const std::string_view own_path = std::string_view(target_).substr(0, target_.find('?'));
  std::string merged;
  if (text.starts_with('?')) {
    merged = own_path;
  } else if (!text.starts_with('/')) {
    merged = own_path.substr(0, own_path.rfind('/') + 1);
  }
  merged += text;
  return Url(scheme_, host_, port_, normalised_target(merged));
}

void Url::append_authority(std::string& out) const {
  out += host_;
  if (port_ != (secure() ? 443 : 80)) fmt::format_to(std::back_inserter(out), ":{}", port_);
}

std::string Url::to_string() const {
  std::string out;
  out.reserve(scheme_.size() + host_.size() + target_.size() + 9);
  out += scheme_;
  out += "://";
  append_authority(out);
  out += target_;
  return out;
}

}  // namespace provlab::net
