#include "sim/wire/carrier.hpp"

#include <fmt/format.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstring>

namespace provlab::wire {

namespace {

/// A netlink socket that hears of all interfaces; -1 where there is none to be had.
int link_news() {
  const int socket = ::socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);
  sockaddr_nl to{};
  to.nl_family = AF_NETLINK;
  to.nl_groups = RTMGRP_LINK;
  if (socket >= 0 && ::bind(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) {
    return socket;
  }
  const int number = errno;
  if (socket >= 0) ::close(socket);
  errno = number;
  return -1;
}

/// By its number, which stays when it gets another name.
Carrier::State state_of(unsigned index) {
  ifreq asked{};
  if (::if_indextoname(index, asked.ifr_name) == nullptr) return Carrier::State::gone;
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const bool known = socket >= 0 && ::ioctl(socket, SIOCGIFFLAGS, &asked) == 0;
  if (socket >= 0) ::close(socket);
  if (!known) return Carrier::State::out;
  constexpr int kBoth = IFF_UP | IFF_RUNNING;
  return (asked.ifr_flags & kBoth) == kBoth ? Carrier::State::in : Carrier::State::out;
}

}  // namespace

struct Carrier::News {
  News(asio::io_context& context, int socket, unsigned number)
      : descriptor(context, socket), index(number), state(state_of(number)) {}
  asio::posix::stream_descriptor descriptor;
  unsigned index;
  State state;
};

Expected<std::unique_ptr<Carrier>> Carrier::follow(asio::io_context& context,
                                                   const std::string& interface) {
  const unsigned index = ::if_nametoindex(interface.c_str());
  if (index == 0) return fail(fmt::format("there is no interface '{}'", interface));
  const int socket = link_news();
  if (socket < 0) {
    return fail(fmt::format("the kernel tells nothing of interfaces: {}", std::strerror(errno)));
  }
  auto news = std::make_shared<News>(context, socket, index);
  await(news);
  return std::unique_ptr<Carrier>(new Carrier(std::move(news)));
}

Carrier::~Carrier() {
  error_code ignored;
  news_->descriptor.close(ignored);
}

Carrier::State Carrier::state() const {
  return news_->state;
}

void Carrier::await(const std::shared_ptr<News>& news) {
  news->descriptor.async_wait(asio::posix::stream_descriptor::wait_read, [news](error_code error) {
    if (error) return;
    // What they say is asked for anew: of several in a row only the last counts, and where there
    // was no room for all, nothing is missed.
    char buffer[4096];
    while (::recv(news->descriptor.native_handle(), buffer, sizeof buffer, 0) > 0 ||
           errno == ENOBUFS) {
    }
    news->state = state_of(news->index);
    await(news);
  });
}

}  // namespace provlab::wire
