#include "core/net/sip_notify.hpp"

#include <fmt/format.h>

#include "core/platform/text.hpp"

namespace provlab::net {

std::string_view SipNotify::first_line() const {
  const std::string_view body = message.body();
  std::string_view line = body.substr(0, body.find_first_of("\r\n"));
  return trimmed(line, kBlanks);
}

SipAnswer bad_event(std::string_view package) {
  return {489, "Bad Event",
          package.empty() ? std::string("the NOTIFY names no event")
                          : fmt::format("the event {} is not served here", package)};
}

}  // namespace provlab::net
