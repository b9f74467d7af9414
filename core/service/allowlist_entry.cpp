#include "core/service/allowlist_entry.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/net/dns_message.hpp"
#include "core/platform/text.hpp"

namespace provlab::service {

namespace {

bool is_port(std::string_view text) {
  if (text.empty() || text.size() > 5) return false;
  unsigned port = 0;
  for (const char c : text) {
    if (!is_digit(c)) return false;
    port = port * 10 + static_cast<unsigned>(c - '0');
  }
  return port >= 1 && port <= 65'535;
}

bool is_of_name(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
}

/// A dot at the end is the root's.
bool is_name(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  return net::has_lengths_of_name(text) && std::ranges::all_of(text, is_of_name);
}

std::string_view why_no_host(std::string_view text) {
  const auto has = [&](std::string_view part) { return text.find(part) != std::string_view::npos; };
  const auto outside_ascii = [](char c) { return static_cast<unsigned char>(c) > 0x7f; };
  if (has("://") || lower(text).starts_with("sip:") || lower(text).starts_with("sips:")) {
    return "it begins with a scheme; write the address or the name alone";
  }
  if (has("@")) return "it has a user; write the address or the name alone";
  if (has("/")) return "a prefix length or a path is no part of it; write each address by itself";
  if (has("*") || has("?")) return "patterns mean nothing here; write each host by itself";
  if (text.find_first_not_of("0123456789./:-") == std::string_view::npos) {
    return "it is no IPv4 address; write one such as 192.0.2.1";
  }
  if (std::ranges::any_of(text, outside_ascii)) {
    return "it has letters that no name of the DNS has; write the form that begins with xn--";
  }
  return "write an IPv4 address or a name";
}

}  // namespace

Expected<AllowlistEntry> read_allowlist_entry(std::string_view text) {
  AllowlistEntry entry;
  std::string_view host = text;
  const std::size_t colon = text.find(':');
  const bool has_port = colon != std::string_view::npos && is_port(text.substr(colon + 1));
  if (has_port) host = text.substr(0, colon);
  entry.address = Ipv4Address::read(host);
  const bool numbers = host.find_first_not_of("0123456789.-") == std::string_view::npos;
  if (!entry.address && (numbers || !is_name(host))) {
    return fail(fmt::format("'{}' is no host: {}", shortened(text), why_no_host(text)));
  }
  entry.host = std::string(host);
  if (has_port) {
    entry.warning = fmt::format("'{}' is read as {}; a port is no part of it", shortened(text),
                                shortened(host));
  }
  return entry;
}

}  // namespace provlab::service
