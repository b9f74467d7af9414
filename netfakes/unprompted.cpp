#include "netfakes/unprompted.hpp"

#include <fmt/format.h>

#include <array>

namespace provlab::netfakes {

namespace {

std::string called(const Bytes&) {
  return "datagram";
}
std::string called(const SipRequest& request) {
  return request.method;
}
std::string called(const NtpPush& push) {
  return push.mode == 5 ? "broadcast" : fmt::format("mode-{}", push.mode);
}
std::string called(const DhcpPush& push) {
  return name_of(push);
}
}  // namespace

std::string name_of(const DhcpPush& push) {
  switch (push.type) {
    case 2:
      return "offer";
    case 5:
      return "ack";
    case 6:
      return "nak";
    case 9:
      return "forcerenew";
    default:
      return fmt::format("type-{}", push.type);
  }
}

std::string_view protocol_of(const Unprompted& unprompted) {
  constexpr std::array<std::string_view, 4> kProtocols{"udp", "sip", "ntp", "dhcp"};
  return kProtocols[unprompted.message.index()];
}

std::string name_of(const Unprompted& unprompted) {
  return std::visit([](const auto& message) { return called(message); }, unprompted.message);
}

}  // namespace provlab::netfakes
