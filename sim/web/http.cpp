#include "sim/web/http.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "core/platform/hexadecimal.hpp"
#include "core/platform/text.hpp"

namespace provlab::web {

namespace {

constexpr std::size_t kMostParts = 16;
constexpr std::size_t kMostPartHead = 2048;
constexpr std::size_t kLongestBoundary = 70;  // RFC 2046 5.1.1

/// The next piece up to a separator, which goes too.
std::string_view take_until(std::string_view& text, std::string_view separator) {
  const std::size_t end = text.find(separator);
  const std::string_view piece = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + separator.size());
  return piece;
}

std::string_view unquoted(std::string_view text) {
  if (text.size() >= 2 && text.starts_with('"') && text.ends_with('"')) {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

/// `;name=value` of a header's value. Browsers write a quote within a name as %22.
std::string_view parameter(std::string_view value, std::string_view name) {
  take_until(value, ";");
  while (!value.empty()) {
    std::string_view each = trimmed(take_until(value, ";"), kBlanks);
    const std::string_view key = trimmed(take_until(each, "="), kBlanks);
    if (same_ignoring_case(key, name)) return unquoted(trimmed(each, kBlanks));
  }
  return {};
}

/// A name or value of application/x-www-form-urlencoded.
std::string decoded(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return percent_decoded(spaced);
}

/// What follows a scheme of RFC 9110 11.4.
std::string_view behind_scheme(std::string_view authorization, std::string_view scheme) {
  if (!same_ignoring_case(authorization.substr(0, scheme.size()), scheme)) return {};
  authorization.remove_prefix(scheme.size());
  if (!authorization.starts_with(' ')) return {};
  return trimmed(authorization, kBlanks);
}

Expected<FormPart> read_part(std::string_view head, std::string_view content) {
  FormPart part{.name = {}, .file_name = {}, .content = content};
  while (!head.empty()) {
    std::string_view line = take_until(head, "\r\n");
    if (!same_ignoring_case(trimmed(take_until(line, ":")), "content-disposition")) continue;
    part.name = parameter(line, "name");
    part.file_name = parameter(line, "filename");
  }
  if (part.name.empty()) return fail("a field of the form has no name");
  return part;
}

}  // namespace

std::string_view cookie(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    std::string_view pair = trimmed(take_until(header, ";"), kBlanks);
    if (take_until(pair, "=") == name) return pair;
  }
  return {};
}

std::optional<Credentials> basic_credentials(std::string_view authorization) {
  constexpr std::size_t kLongest = 1024;
  const std::string_view coded = behind_scheme(authorization, "Basic");
  if (coded.empty() || coded.size() > kLongest || coded.size() % 4 != 0) return std::nullopt;
  std::string text(coded.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(coded.data()),
                                   static_cast<int>(coded.size()));
  if (size < 0) return std::nullopt;
  const std::size_t padding = coded.ends_with("==") ? 2 : coded.ends_with('=') ? 1 : 0;
  text.resize(static_cast<std::size_t>(size) - padding);
  const std::size_t colon = text.find(':');
  if (colon == text.npos) return std::nullopt;
  return Credentials{text.substr(0, colon), text.substr(colon + 1)};
}

std::string_view bearer_token(std::string_view authorization) {
  return behind_scheme(authorization, "Bearer");
}

std::string form_value(std::string_view form, std::string_view name) {
  while (!form.empty()) {
    std::string_view pair = take_until(form, "&");
    if (decoded(take_until(pair, "=")) == name) return decoded(pair);
  }
  return {};
}

Expected<std::vector<FormPart>> form_parts(std::string_view content_type, std::string_view body) {
  std::string_view type = content_type;
  const std::string_view boundary = parameter(content_type, "boundary");
  if (!same_ignoring_case(trimmed(take_until(type, ";"), kBlanks), "multipart/form-data") ||
      boundary.empty() || boundary.size() > kLongestBoundary) {
    return fail("the form did not come as multipart/form-data");
  }
  const std::string between = "\r\n--" + std::string(boundary);
  if (!body.starts_with(between.substr(2))) return fail("the form does not begin as one");
  body.remove_prefix(between.size() - 2);
  std::vector<FormPart> parts;
  while (!body.starts_with("--")) {
    if (parts.size() == kMostParts) return fail("the form has too many fields");
    if (!body.starts_with("\r\n")) return fail("the form's fields do not end where they should");
    body.remove_prefix(2);
    const std::size_t head = body.substr(0, kMostPartHead).find("\r\n\r\n");
    if (head == body.npos) return fail("a field of the form has no beginning");
    const std::size_t end = body.find(between, head + 2);
    if (end == body.npos) return fail("the form is not whole");
    const std::size_t begin = std::min(head + 4, end);
    auto part = read_part(body.substr(0, head), body.substr(begin, end - begin));
    if (!part) return std::unexpected(part.error());
    parts.push_back(std::move(*part));
    body.remove_prefix(end + between.size());
  }
  return parts;
}

}  // namespace provlab::web
