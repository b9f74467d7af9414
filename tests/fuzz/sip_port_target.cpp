#include <fmt/format.h>

#include <algorithm>

#include "core/net/sip_endpoint.hpp"
#include "core/platform/task_group.hpp"
#include "sim/world/world.hpp"
#include "tests/fuzz/records.hpp"
#include "tests/fuzz/targets.hpp"

namespace provlab::fuzz {

namespace {

using namespace std::chrono_literals;

/// What peers have sent and got together: an answer goes to the port that a Via names.
struct SipTally {
  std::size_t sent = 0;
  std::size_t answers = 0;
  std::size_t longest = 0;
  std::size_t longest_answer = 0;

  std::string problem() const {
    if (answers > sent) return fmt::format("{} answers to {} datagrams", answers, sent);
    if (longest_answer <= 3 * longest) return {};
    return fmt::format("an answer of {} octets to {} at most", longest_answer, longest);
  }
};

/// Somebody who sends to the phone's SIP port.
class SipPeer {
 public:
  SipPeer(Host& host, Port port, SipTally& tally)
      : socket_(host.open_udp({.port = port}).value()), tally_(tally) {
    receive();
  }
  void send(Endpoint to, std::string_view octets) {
    if (!socket_->send(to, bytes_of(octets))) return;
    ++tally_.sent;
    tally_.longest = std::max(tally_.longest, octets.size());
  }

 private:
  void receive() {
    socket_->start_receive(std::nullopt, [this](error_code error, const Datagram& datagram) {
      if (error) return;
      ++tally_.answers;
      tally_.longest_answer = std::max(tally_.longest_answer, datagram.payload.size());
      receive();
    });
  }
  std::unique_ptr<UdpSocket> socket_;
  SipTally& tally_;
};

world::HostOptions machine(const char* name, unsigned char last) {
  return {.name = name,
          .configuration =
              InterfaceConfiguration{{Ipv4Address::of(192, 0, 2, last), 24}, std::nullopt}};
}

}  // namespace

std::string sip_port(std::string_view input) {
  world::World world(7);
  world::VirtualHost& phone = world.add_host(machine("phone", 100));
  world::VirtualHost& pbx = world.add_host(machine("pbx", 10));
  world::VirtualHost& other = world.add_host(machine("other", 11));
  SipTally tally;
  SipPeer peers[] = {{pbx, 5060, tally}, {pbx, 5062, tally}, {other, 5060, tally}};
  net::SipEndpoint endpoint(phone, DeviceIdentity());
  std::size_t judged = 0;
  endpoint.on_unsolicited_notify([&](const net::SipNotify& notify) {
    ++judged;
    return notify.first_line().starts_with("no") ? net::SipAnswer{403, "Forbidden", "a test"}
                                                 : net::SipAnswer{};
  });
  if (!endpoint.open()) return "port 5060 cannot be opened";
  TaskGroup tasks(phone);
  tasks.spawn(endpoint.run());
  std::size_t sent = 0;
  for (const Record& record : read_records(input)) {
    constexpr Duration kPauses[] = {0s, 1ms, 500ms, 4s, 31s, 33s};
    world.run_until(world.now() + kPauses[record.when % std::size(kPauses)]);
    peers[record.kind % std::size(peers)].send({Ipv4Address::of(192, 0, 2, 100), 5060},
                                               record.octets);
    ++sent;
  }
  world.run_until(world.now() + 1s);
  endpoint.close();
  world.run_until(world.now() + 60s);
  if (auto problem = tally.problem(); !problem.empty()) return problem;
  return judged <= sent ? "" : "a NOTIFY was judged twice";
}

}  // namespace provlab::fuzz
