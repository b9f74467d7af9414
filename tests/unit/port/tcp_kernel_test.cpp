#include <fmt/format.h>

#include <atomic>

#include "tests/unit/port/cable.hpp"
#include "tests/unit/port/kernel_stream.hpp"
#include "tests/unit/port/lossy_link.hpp"
#include "tests/unit/port/world_stream.hpp"

// The world's TCP against the kernel's, a megabyte at a time, over a cable that loses, doubles and
// delays frames: every octet right, or an error on both sides, and nobody hangs.
namespace provlab::wire {
namespace {

using namespace std::chrono_literals;
using world::World;

constexpr std::size_t kMegabyte = 1 << 20;
constexpr provlab::Port kPort = 9000;
constexpr Ipv4Address kKernel = Ipv4Address::of(10, 77, 0, 1);
constexpr Ipv4Address kWorld = Ipv4Address::of(10, 77, 0, 2);
constexpr Duration kLongest = 60s;

enum class Client { world, kernel };

struct Pattern {
  Client client;
  StreamTask clients;
  StreamTask servers;
  Mischief mischief;
  std::uint64_t seed;
};

std::string described(const StreamEnd& end) {
  const char* const kinds[] = {"right", "error", "wrong", "running"};
  return fmt::format("{} after {} octets {}", kinds[static_cast<int>(end.kind)], end.received,
                     end.why);
}

/// Empty where both ends come out as they should.
std::string verdict(const Pattern& pattern, const StreamEnd& world, const StreamEnd& kernel) {
  const bool may_fail = pattern.clients.resets_at || pattern.servers.resets_at;
  const auto fine = [&](const StreamEnd& end) {
    return end.kind == StreamEnd::Kind::right || (may_fail && end.kind == StreamEnd::Kind::error);
  };
  if (fine(world) && fine(kernel)) return {};
  return fmt::format("seed {}: world {}; kernel {}\n", pattern.seed, described(world),
                     described(kernel));
}

/// Plays one pattern over the cable.
Expected<std::string> play(const Pattern& pattern) {
  World world(pattern.seed);
  world.network().link.latency = Duration::zero();
  world::VirtualHost& host = world.add_host(
      {.name = "host", .configuration = InterfaceConfiguration{{kWorld, 24}, std::nullopt}});
  auto interface = Interface::open("ours");
  if (!interface) return std::unexpected(interface.error());
  wire::Port port(world, std::make_unique<LossyLink>(world, std::move(*interface), pattern.mischief,
                                                     pattern.seed));
  Pacer pacer(world, &port);

  const bool world_asks = pattern.client == Client::world;
  WorldStream ours(host, world_asks ? pattern.clients : pattern.servers);
  std::atomic<bool> kernel_done = false;
  const auto done = [&] {
    kernel_done = true;
    pacer.wake();
  };
  std::unique_ptr<KernelStream> theirs;
  std::unique_ptr<StreamAcceptor> acceptor;
  if (world_asks) {
    theirs = KernelStream::server({kKernel, kPort}, pattern.servers, done);
    if (!theirs) return fail("the kernel does not listen");
    host.start_connect({kKernel, kPort}, Instant(kLongest),
                       [&](error_code error, std::unique_ptr<StreamSocket> socket) {
                         if (error) return ours.fail(error.message());
                         ours.start(std::move(socket));
                       });
  } else {
    auto opened = host.listen({.port = kPort});
    if (!opened) return std::unexpected(opened.error());
    acceptor = std::move(*opened);
    acceptor->start_accept([&](error_code error, std::unique_ptr<StreamSocket> socket) {
      if (!error) ours.start(std::move(socket));
    });
    theirs = KernelStream::client({kWorld, kPort}, pattern.clients, done);
  }
  const auto ended =
      pacer.run([&] { return kernel_done.load() && ours.end().kind != StreamEnd::Kind::running; },
                Instant(kLongest));
  if (!ended) return std::unexpected(ended.error());
  if (!*ended)
    return fmt::format("seed {}: hangs; world {}\n", pattern.seed, described(ours.end()));
  return verdict(pattern, ours.end(), theirs->end());
}

/// Both roles, a good cable and six bad ones: 14 patterns of one kind of talk.
std::vector<Pattern> patterns_of(const StreamTask& client, const StreamTask& server) {
  const Mischief cables[] = {
      {},
      {.lost = 0.01, .doubled = 0.01, .late = 0.01},
      {.lost = 0.03},
      {.lost = 0.03, .doubled = 0.03, .late = 0.03},
      {.lost = 0.06},
      {.lost = 0.06, .doubled = 0, .late = 0.05},
      {.lost = 0, .doubled = 0.05, .late = 0.1},
  };
  std::vector<Pattern> patterns;
  for (const Client who : {Client::world, Client::kernel}) {
    for (const Mischief& cable : cables) {
      patterns.push_back({who, client, server, cable, patterns.size() + 1});
    }
  }
  return patterns;
}

StreamTask sends_and_expects(std::size_t sends, std::size_t expects, bool client) {
  return {
      .sends = sends, .expects = expects, .seed = client ? 1U : 2U, .peer_seed = client ? 2U : 1U};
}

struct TcpAgainstTheKernel : CableTest {
  static void expect_right(const std::vector<Pattern>& patterns) {
    const auto addressed = set_interface_address("theirs", {kKernel, 24});
    ASSERT_TRUE(addressed) << addressed.error().to_string();
    for (const Pattern& pattern : patterns) {
      const auto said = play(pattern);
      ASSERT_TRUE(said) << said.error().to_string();
      EXPECT_EQ(*said, "");
    }
  }
  StreamTask client = sends_and_expects(kMegabyte, kMegabyte, true);
  StreamTask server = sends_and_expects(kMegabyte, kMegabyte, false);
};

TEST_F(TcpAgainstTheKernel, BothSpeakAtOnce) {
  expect_right(patterns_of(client, server));
}

TEST_F(TcpAgainstTheKernel, ClientSends) {
  server.sends = client.expects = 0;
  expect_right(patterns_of(client, server));
}

TEST_F(TcpAgainstTheKernel, ServerSends) {
  client.sends = server.expects = 0;
  expect_right(patterns_of(client, server));
}

TEST_F(TcpAgainstTheKernel, ServerAnswersWhenTheClientHasEnded) {
  server.answers = true;
  expect_right(patterns_of(client, server));
}

TEST_F(TcpAgainstTheKernel, ClientReadsSlowly) {
  client.slow = true;
  expect_right(patterns_of(client, server));
}

TEST_F(TcpAgainstTheKernel, ServerReadsSlowly) {
  server.slow = true;
  expect_right(patterns_of(client, server));
}

TEST_F(TcpAgainstTheKernel, ClientResetsInTheMiddle) {
  client.resets_at = kMegabyte / 2;
  expect_right(patterns_of(client, server));
}

TEST_F(TcpAgainstTheKernel, ServerResetsInTheMiddle) {
  server.resets_at = kMegabyte / 2;
  expect_right(patterns_of(client, server));
}

}  // namespace
}  // namespace provlab::wire
