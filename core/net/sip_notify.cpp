#include "core/net/sip_notify.hpp"

#include <fmt/format.h>

#include "core/net/first_line.hpp"

namespace provlab::net {

std::string_view SipNotify::first_line() const {
  return net::first_line(message.body());
}

SipAnswer bad_event(std::string_view package) {
  return {489, "Bad Event",
          package.empty() ? std::string("the NOTIFY names no event")
                          : fmt::format("the event {} is not served here", package)};
}

}  // namespace provlab::net
