// A stream between a world's TCP and the kernel's over a cable, in frames of the MTU: what the
// port, the pacer and the world's TCP take together. One iteration is 200 MiB.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstring>

#include "sim/wire/interface.hpp"
#include "sim/wire/namespace.hpp"
#include "sim/wire/pacer.hpp"
#include "tests/unit/port/kernel_stream.hpp"
#include "tests/unit/port/world_stream.hpp"

namespace provlab::wire {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kOctets = 200U << 20;
constexpr Ipv4Address kKernel = Ipv4Address::of(10, 77, 0, 1);
constexpr Ipv4Address kWorld = Ipv4Address::of(10, 77, 0, 2);
constexpr provlab::Port kPort = 9000;

/// The kernel neither joins segments nor leaves that, or sums, to the interface.
bool without_offload(const char* interface) {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  bool all = true;
  for (const __u32 what : {ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO, ETHTOOL_STXCSUM}) {
    ethtool_value off{.cmd = what, .data = 0};
    ifreq request{};
    std::strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
    request.ifr_data = reinterpret_cast<char*>(&off);
    all = ::ioctl(socket, SIOCETHTOOL, &request) == 0 && all;
  }
  ::close(socket);
  return all;
}

struct Exchange {
  Duration took;
  std::uint64_t frames;  ///< both ways, acknowledgements with them
};

/// Either side sends so much; or why not all came.
Expected<Exchange> exchange(std::size_t kernel_sends, std::size_t world_sends, bool whole_trace) {
  world::World world(1);
  world.network().link.latency = Duration::zero();
  world::VirtualHost& host = world.add_host(
      {.name = "host", .configuration = InterfaceConfiguration{{kWorld, 24}, std::nullopt}});
  auto interface = Interface::open("ours");
  if (!interface) return std::unexpected(interface.error());
  Port port(world, std::move(*interface));
  Pacer pacer(world, &port);
  std::atomic<bool> kernel_done = false;
  const StreamTask theirs{.sends = kernel_sends, .expects = world_sends, .seed = 1, .peer_seed = 2};
  const StreamTask ours{.sends = world_sends, .expects = kernel_sends, .seed = 2, .peer_seed = 1};
  const auto kernel = KernelStream::server({kKernel, kPort}, theirs, [&] {
    kernel_done = true;
    pacer.wake();
  });
  if (!kernel) return fail("the kernel does not listen");
  WorldStream stream(host, ours);
  host.start_connect({kKernel, kPort}, Instant(60s),
                     [&](error_code error, std::unique_ptr<StreamSocket> socket) {
                       if (error) return stream.fail(error.message());
                       stream.start(std::move(socket));
                     });
  const auto ended = [&] {
    if (!whole_trace) world.trace().forget_before(world.trace().last());
    return kernel_done.load() && stream.end().kind != StreamEnd::Kind::running;
  };
  const Instant begin = pacer.clock();
  const auto ran = pacer.run(ended, begin + 60s);
  if (!ran) return std::unexpected(ran.error());
  if (!*ran) return fail("not in a minute");
  for (const StreamEnd& end : {stream.end(), kernel->end()}) {
    if (end.kind != StreamEnd::Kind::right) return fail(end.why);
  }
  return Exchange{pacer.clock() - begin, port.counts().received + port.counts().sent};
}

void stream(benchmark::State& state, std::size_t kernel_sends, std::size_t world_sends,
            bool whole_trace) {
  for (auto _ : state) {
    const auto done = exchange(kernel_sends, world_sends, whole_trace);
    if (!done) return state.SkipWithError(done.error().text.c_str());
    state.SetIterationTime(std::chrono::duration<double>(done->took).count());
    state.counters["frames"] = static_cast<double>(done->frames);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kOctets));
}

void add(const char* name, std::size_t kernel_sends, std::size_t world_sends, bool whole_trace) {
  benchmark::RegisterBenchmark(name, stream, kernel_sends, world_sends, whole_trace)
      ->Unit(benchmark::kMillisecond)
      ->UseManualTime();
}

/// Empty, or why there is no cable.
std::string lay_cable() {
  for (const auto& done : {enter_network_namespace(), make_cable("ours", "theirs"),
                           set_interface_address("theirs", {kKernel, 24})}) {
    if (!done) return done.error().to_string();
  }
  return without_offload("theirs") ? "" : "offload of the cable cannot be switched off";
}

}  // namespace
}  // namespace provlab::wire

int main(int argc, char** argv) {
  using namespace provlab::wire;
  benchmark::Initialize(&argc, argv);
  if (const std::string refused = lay_cable(); !refused.empty()) {
    fmt::print(stderr, "{}\n", refused);
    return 1;
  }
  add("port/receive", kOctets, 0, false);
  add("port/send", 0, kOctets, false);
  add("port/receive_traced", kOctets, 0, true);
  add("port/send_traced", 0, kOctets, true);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
