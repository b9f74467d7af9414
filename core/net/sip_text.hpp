#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The small grammar that SIP header values share (RFC 3261 25.1).
namespace provlab::net {

bool sip_is_token(std::string_view text);

/// Whether a control character stands in the text, other than a tab and those that a backslash
/// makes part of a quoted string (quoted-pair; RFC 4475 3.1.1.2 has some). Line ends are never.
bool sip_has_control_character(std::string_view text);

/// Whether quotes are closed and <…> are paired, the least that an address must have.
bool sip_is_balanced(std::string_view text);

/// The pieces of `text` between separators that stand outside of quotes and <…>.
std::vector<std::string_view> sip_split(std::string_view text, char separator);
/// The first of them.
std::string_view sip_first_piece(std::string_view text, char separator);

/// The value of `;name=value` in a header value, quotes undone, empty where `name` stands alone.
/// Parameters inside <…> belong to the URI and are not seen.
std::optional<std::string> sip_parameter(std::string_view header_value, std::string_view name);

/// A header value up to its first parameter, trimmed.
std::string_view sip_value(std::string_view header_value);

/// The header name that a compact form stands for, or the name itself.
std::string_view sip_long_name(std::string_view name);

}  // namespace provlab::net
