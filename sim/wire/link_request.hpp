#pragma once
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/error.hpp"

namespace provlab::wire {

/// A request of rtnetlink(7) about an interface of the network that the calling thread is in, with
/// attributes in attributes, in one buffer.
class LinkRequest {
 public:
  LinkRequest(std::uint16_t type, std::uint16_t flags);

  void put(std::uint16_t type, std::string_view octets);
  void put_name(std::uint16_t type, const std::string& name);
  void put_number(std::uint16_t type, std::uint32_t number);
  void put_octet(std::uint16_t type, std::uint8_t octet);
  std::size_t begin(std::uint16_t type);
  void end(std::size_t at);
  /// The fixed part of a peer's description, which stands before its attributes.
  void put_link_header();
  Expected<void> send();

 private:
  nlmsghdr& header() { return *reinterpret_cast<nlmsghdr*>(octets_.data()); }
  rtattr* attribute(std::size_t at) { return reinterpret_cast<rtattr*>(octets_.data() + at); }

  alignas(nlmsghdr) std::array<char, 1024> octets_{};
};

/// Two ends of a cable (veth) by these names: the first in the thread's network, the other in that
/// of a descriptor, or else there as well.
LinkRequest cable_request(const std::string& one, const std::string& other,
                          std::optional<int> network = std::nullopt);

}  // namespace provlab::wire
