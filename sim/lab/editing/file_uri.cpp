#include "sim/lab/editing/file_uri.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "core/platform/hexadecimal.hpp"
#include "core/platform/text.hpp"

namespace provlab::lab {

std::string path_of_uri(std::string_view uri) {
  constexpr std::string_view kScheme = "file://";
  if (!same_ignoring_case(uri.substr(0, kScheme.size()), kScheme)) return std::string(uri);
  uri.remove_prefix(kScheme.size());
  const std::size_t path = std::min(uri.find('/'), uri.size());  // behind an authority: localhost
  return percent_decoded(uri.substr(path));
}

std::string uri_of_path(const std::string& path) {
  constexpr std::string_view kPlain = "/-._~!$&'()*+,;=@";
  std::error_code error;
  const auto whole = std::filesystem::absolute(path, error).lexically_normal();
  std::string uri = "file://";
  for (const char c : error ? path : whole.string()) {
    if (is_letter(c) || is_digit(c) || kPlain.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return uri;
}

}  // namespace provlab::lab
