#include "sim/wire/link_request.hpp"

#include <linux/veth.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "sim/wire/descriptor.hpp"
#include "sim/wire/system_error.hpp"

namespace provlab::wire {

LinkRequest::LinkRequest(std::uint16_t type, std::uint16_t flags) {
  header().nlmsg_type = type;
  header().nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | NLM_F_ACK | flags);
  header().nlmsg_len = NLMSG_LENGTH(sizeof(ifinfomsg));
}

void LinkRequest::put(std::uint16_t type, std::string_view octets) {
  const std::size_t at = begin(type);
  std::memcpy(octets_.data() + header().nlmsg_len, octets.data(), octets.size());
  header().nlmsg_len += static_cast<std::uint32_t>(NLMSG_ALIGN(octets.size()));
  attribute(at)->rta_len = static_cast<std::uint16_t>(RTA_LENGTH(octets.size()));
}

void LinkRequest::put_name(std::uint16_t type, const std::string& name) {
  put(type, name + '\0');
}

void LinkRequest::put_number(std::uint16_t type, std::uint32_t number) {
  put(type, {reinterpret_cast<const char*>(&number), sizeof number});
}

void LinkRequest::put_octet(std::uint16_t type, std::uint8_t octet) {
  put(type, {reinterpret_cast<const char*>(&octet), sizeof octet});
}

std::size_t LinkRequest::begin(std::uint16_t type) {
  const std::size_t at = header().nlmsg_len;
  attribute(at)->rta_type = type;
  header().nlmsg_len += RTA_LENGTH(0);
  return at;
}

void LinkRequest::end(std::size_t at) {
  attribute(at)->rta_len = static_cast<std::uint16_t>(header().nlmsg_len - at);
}

void LinkRequest::put_link_header() {
  header().nlmsg_len += sizeof(ifinfomsg);
}

Expected<void> LinkRequest::send() {
  const Descriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (socket.get() < 0) return system_failed("the kernel gives no netlink socket");
  if (::send(socket.get(), octets_.data(), header().nlmsg_len, 0) < 0) {
    return system_failed("the kernel takes no request");
  }
  std::array<char, 4096> answer{};
  if (::recv(socket.get(), answer.data(), answer.size(), 0) < 0) {
    return system_failed("the kernel gives no answer");
  }
  nlmsghdr said{};
  nlmsgerr result{};
  std::memcpy(&said, answer.data(), sizeof said);
  if (said.nlmsg_type != NLMSG_ERROR) return fail("the kernel gives a strange answer");
  std::memcpy(&result, answer.data() + NLMSG_HDRLEN, sizeof result);
  if (result.error != 0) return system_failed("the kernel refuses", -result.error);
  return {};
}

LinkRequest cable_request(const std::string& one, const std::string& other,
                          std::optional<int> network) {
  LinkRequest request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  request.put_name(IFLA_IFNAME, one);
  const std::size_t info = request.begin(IFLA_LINKINFO);
  request.put(IFLA_INFO_KIND, "veth");
  const std::size_t data = request.begin(IFLA_INFO_DATA);
  const std::size_t peer = request.begin(VETH_INFO_PEER);
  request.put_link_header();
  request.put_name(IFLA_IFNAME, other);
  if (network) request.put_number(IFLA_NET_NS_FD, static_cast<std::uint32_t>(*network));
  request.end(peer);
  request.end(data);
  request.end(info);
  return request;
}

}  // namespace provlab::wire
