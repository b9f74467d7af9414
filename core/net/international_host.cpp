#include "core/net/international_host.hpp"

#include <idn2.h>

#include <memory>

namespace provlab::net {

std::optional<std::string> ascii_of_host(std::string_view host) {
  constexpr std::size_t kLongestName = 255;
  if (host.size() > 4 * kLongestName) return std::nullopt;
  char* ascii = nullptr;
  const int result =
      idn2_to_ascii_8z(std::string(host).c_str(), &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const std::unique_ptr<char, decltype(&idn2_free)> owned(ascii, &idn2_free);
  if (result != IDN2_OK) return std::nullopt;
  return std::string(ascii);
}

}  // namespace provlab::net
