#include "sim/wire/interface.hpp"

#include <fmt/format.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <iterator>

namespace provlab::wire {

namespace {

constexpr std::size_t kMostInFilter = 64;

/// What a failure to open means, and what to do.
std::unexpected<Error> not_opened(const std::string& name, int status, const char* detail) {
  switch (status) {
    case PCAP_ERROR_NO_SUCH_DEVICE:
      return fail(
          fmt::format("there is no interface '{}'; `ip link` lists those that there are", name));
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
      return fail(
          fmt::format("no permission to send and receive frames on '{}': run it as root, or give "
                      "the program the capability with `setcap cap_net_raw+ep`",
                      name));
    case PCAP_ERROR_IFACE_NOT_UP:
      return fail(
          fmt::format("the interface '{0}' is down; `ip link set {0} up` brings it up", name));
    default:
      return fail(fmt::format("the interface '{}' cannot be opened: {} ({})", name,
                              pcap_statustostr(status), detail));
  }
}

/// Asks the kernel about an interface by ioctl(2).
bool ask_kernel(unsigned long request, const std::string& name, ifreq& answer) {
  answer = {};
  name.copy(answer.ifr_name, IFNAMSIZ - 1);
  const int descriptor = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return false;
  const bool known = ::ioctl(descriptor, request, &answer) == 0;
  ::close(descriptor);
  return known;
}

void hand_over(u_char* user, const pcap_pkthdr* header, const u_char* octets) {
  const auto& take = *reinterpret_cast<const FrameLink::Taker*>(user);
  take(BytesView(octets, header->caplen));
}

/// How many octets all addresses have in common at their beginning.
std::size_t common_octets(const std::set<MacAddress>& stations) {
  const auto& first = stations.begin()->octets;
  const auto& last = std::prev(stations.end())->octets;  // they are in order
  return static_cast<std::size_t>(std::ranges::mismatch(first, last).in1 - first.begin());
}

std::string stations_text(const std::set<MacAddress>& stations) {
  std::string text;
  if (stations.size() <= kMostInFilter) {
    for (const MacAddress& mac : stations) text += " or ether dst " + mac.to_string();
    return text;
  }
  const auto& octets = stations.begin()->octets;
  for (std::size_t i = 0; i < common_octets(stations); ++i) {
    text += fmt::format("{} ether[{}] == {}", text.empty() ? " or (" : " and", i, octets[i]);
  }
  return text.empty() ? " or ether[0] & 1 == 0" : text + ")";
}

}  // namespace

struct Interface::Handle {
  explicit Handle(pcap_t* opened) : pcap(opened) {}
  ~Handle() { pcap_close(pcap); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  pcap_t* pcap;
};

std::unexpected<Error> interface_gone(const std::string& name) {
  return fail(fmt::format("the interface '{}' is gone; start again when it is back", name));
}

std::string filter_text(const FrameInterest& interest) {
  std::string text = "(ether broadcast";
  if (!interest.stations.empty()) text += stations_text(interest.stations);
  for (const MacAddress& mac : interest.groups) text += " or ether dst " + mac.to_string();
  return text + ") and (arp or ip)";
}

Interface::Interface(std::string name, std::unique_ptr<Handle> handle)
    : name_(std::move(name)), index_(::if_nametoindex(name_.c_str())), handle_(std::move(handle)) {
  ifreq answer;
  if (ask_kernel(SIOCGIFMTU, name_, answer)) mtu_ = static_cast<std::size_t>(answer.ifr_mtu);
  if (ask_kernel(SIOCGIFHWADDR, name_, answer)) {
    std::memcpy(mac_.octets.data(), answer.ifr_hwaddr.sa_data, mac_.octets.size());
  }
}

Interface::~Interface() = default;

Expected<std::unique_ptr<Interface>> Interface::open(const std::string& name,
                                                     const InterfaceOptions& options) {
  char text[PCAP_ERRBUF_SIZE] = "";
  pcap_t* const pcap = pcap_create(name.c_str(), text);
  if (pcap == nullptr) return fail(text, name);
  auto handle = std::make_unique<Handle>(pcap);
  pcap_set_snaplen(pcap, options.largest);
  pcap_set_promisc(pcap, 1);
  pcap_set_immediate_mode(pcap, 1);
  pcap_set_buffer_size(pcap, static_cast<int>(options.buffer));
  const int status = pcap_activate(pcap);  // positive: a warning, of promiscuous mode or the like
  if (status < 0) return not_opened(name, status, pcap_geterr(pcap));
  ifreq flags;
  if (ask_kernel(SIOCGIFFLAGS, name, flags) && (flags.ifr_flags & IFF_UP) == 0) {
    return not_opened(name, PCAP_ERROR_IFACE_NOT_UP, "");
  }
  if (pcap_datalink(pcap) != DLT_EN10MB) {
    return fail(fmt::format("the interface '{}' is no Ethernet; a cable is needed", name));
  }
  if (pcap_setdirection(pcap, PCAP_D_IN) != 0 || pcap_setnonblock(pcap, 1, text) != 0) {
    return fail(fmt::format("the interface '{}' cannot be used: {}", name, pcap_geterr(pcap)));
  }
  const int ignore = 1;  // else the kernel copies them, only for libpcap to drop them
  (void)::setsockopt(pcap_fileno(pcap), SOL_PACKET, PACKET_IGNORE_OUTGOING, &ignore, sizeof ignore);
  return std::unique_ptr<Interface>(new Interface(name, std::move(handle)));
}

bool Interface::send(BytesView frame) {
  return pcap_inject(handle_->pcap, frame.data(), frame.size()) == static_cast<int>(frame.size());
}

Expected<std::size_t> Interface::receive(std::size_t most, const Taker& take) {
  auto* const user = reinterpret_cast<u_char*>(const_cast<Taker*>(&take));
  const int got = pcap_dispatch(handle_->pcap, static_cast<int>(most), &hand_over, user);
  if (got >= 0) return static_cast<std::size_t>(got);
  // It has gone down, which libpcap tells as if it were the end, and may come up again; or it is
  // another one that has the number, or the name.
  char there[IF_NAMESIZE];
  if (::if_indextoname(index_, there) != nullptr) return 0;
  return interface_gone(name_);
}

int Interface::descriptor() const {
  return pcap_get_selectable_fd(handle_->pcap);
}

Expected<void> Interface::want(const FrameInterest& interest) {
  bpf_program program{};
  const std::string text = filter_text(interest);
  if (pcap_compile(handle_->pcap, &program, text.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0) {
    return fail(
        fmt::format("the filter of '{}' is refused: {}", name_, pcap_geterr(handle_->pcap)));
  }
  const int status = pcap_setfilter(handle_->pcap, &program);
  pcap_freecode(&program);
  if (status == 0) return {};
  return fail(
      fmt::format("the filter of '{}' cannot be set: {}", name_, pcap_geterr(handle_->pcap)));
}

LinkStatistics Interface::statistics() {
  pcap_stat counts{};
  if (pcap_stats(handle_->pcap, &counts) != 0) return {};
  return {counts.ps_recv, std::uint64_t{counts.ps_drop} + counts.ps_ifdrop};
}

}  // namespace provlab::wire
