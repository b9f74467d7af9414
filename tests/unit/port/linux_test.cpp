#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

#include "core/platform/stream.hpp"
#include "sim/record/trace.hpp"
#include "sim/world/octets.hpp"
#include "tests/unit/port/cable.hpp"

/// Hosts of a world against the machine's own stack, over a cable.
namespace provlab::wire {
namespace {

using namespace std::chrono_literals;

constexpr Ipv4Address kOurs = Ipv4Address::of(10, 9, 0, 2);
constexpr Ipv4Address kTheirs = Ipv4Address::of(10, 9, 0, 1);

sockaddr_in socket_address(Endpoint endpoint) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(endpoint.port);
  address.sin_addr.s_addr = htonl(endpoint.address.value);
  return address;
}

/// A socket of the kernel that never blocks.
class KernelSocket {
 public:
  KernelSocket(int type, int protocol)
      : descriptor_(::socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol)) {
    EXPECT_GE(descriptor_, 0) << std::strerror(errno);
  }
  ~KernelSocket() { ::close(descriptor_); }
  KernelSocket(const KernelSocket&) = delete;
  KernelSocket& operator=(const KernelSocket&) = delete;

  int descriptor() const { return descriptor_; }
  void bind(Endpoint at) {
    const sockaddr_in address = socket_address(at);
    const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
    EXPECT_EQ(::bind(descriptor_, generic, sizeof address), 0) << std::strerror(errno);
  }
  bool send(Endpoint to, BytesView payload) {
    const sockaddr_in address = socket_address(to);
    const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
    return ::sendto(descriptor_, payload.data(), payload.size(), 0, generic, sizeof address) ==
           static_cast<ssize_t>(payload.size());
  }
  int connect(Endpoint to) {
    const sockaddr_in address = socket_address(to);
    return ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  std::optional<Bytes> receive() {
    Bytes octets(70'000);
    const ssize_t got = ::recv(descriptor_, octets.data(), octets.size(), 0);
    if (got < 0) return std::nullopt;
    octets.resize(static_cast<std::size_t>(got));
    return octets;
  }

 private:
  int descriptor_;
};

Bytes pattern(std::size_t size) {
  Bytes octets(size);
  for (std::size_t i = 0; i < size; ++i) octets[i] = static_cast<std::uint8_t>(i * 31 + i / 251);
  return octets;
}

struct LinuxTest : CableTest {
  void SetUp() override {
    CableTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    const auto set = set_interface_address("theirs", {kTheirs, 24});
    ASSERT_TRUE(set) << set.error().to_string();
    world = std::make_unique<world::World>(11);
    world->network().link.latency = {};
    host = &world->add_host({.name = "phone",
                             .configuration = InterfaceConfiguration{{kOurs, 24}, kTheirs},
                             .mac = MacAddress{{0x00, 0x09, 0x52, 0, 0, 0x0e}}});
    port = std::make_unique<Port>(*world, open("ours"));
    pacer = std::make_unique<Pacer>(*world, port.get());
  }
  void TearDown() override {
    pacer.reset();
    port.reset();
    world.reset();
    CableTest::TearDown();
  }
  bool run_until(const std::function<bool()>& done, Duration limit = 10s) {
    // The kernel's sockets do not wake the world: it looks at them every few milliseconds.
    const Instant end = pacer->clock() + limit;
    while (pacer->clock() <= end) {
      const auto ran = pacer->run(done, pacer->clock() + 2ms);
      if (!ran) throw std::runtime_error(ran.error().text);
      if (*ran) return true;
    }
    return false;
  }

  std::unique_ptr<world::World> world;
  world::VirtualHost* host = nullptr;
  std::unique_ptr<Port> port;
  std::unique_ptr<Pacer> pacer;
};

TEST_F(LinuxTest, DatagramsGoBothWaysAlsoInFragments) {
  for (const std::size_t size : {5UL, 1472UL, 1473UL, 4000UL, 60'000UL}) {
    SCOPED_TRACE(size);
    const Bytes text = pattern(size);
    auto socket = host->open_udp({.port = 4000}).value();
    Bytes heard;
    Endpoint from;
    socket->start_receive(std::nullopt, [&](error_code, Datagram datagram) {
      heard = std::move(datagram.payload);
      from = datagram.from;
    });
    KernelSocket kernel(SOCK_DGRAM, 0);
    kernel.bind({kTheirs, 0});
    ASSERT_TRUE(kernel.send({kOurs, 4000}, text));
    ASSERT_TRUE(run_until([&] { return !heard.empty(); }));
    EXPECT_EQ(heard, text);
    ASSERT_TRUE(socket->send(from, text));
    std::optional<Bytes> back;
    ASSERT_TRUE(run_until([&] { return (back = kernel.receive()).has_value(); }));
    EXPECT_EQ(*back, text);
  }
  EXPECT_EQ(port->counts().faults.total(), 0U);
}

TEST_F(LinuxTest, PingIsAnswered) {
  KernelSocket kernel(SOCK_RAW, IPPROTO_ICMP);
  Bytes echo{8, 0, 0, 0, 0x12, 0x34, 0, 1};
  echo.resize(3000, 0x5a);
  world::set16(echo, 2, world::checksum_of(echo));
  ASSERT_TRUE(kernel.send({kOurs, 0}, echo));
  std::optional<Bytes> answer;
  ASSERT_TRUE(run_until([&] {
    answer = kernel.receive();
    return answer && (*answer)[20] == 0;
  }));
  EXPECT_EQ(answer->size(), 20 + echo.size());
  EXPECT_EQ((*answer)[24], 0x12);
}

TEST_F(LinuxTest, ClosedPortRefusesTheKernel) {
  KernelSocket kernel(SOCK_DGRAM, 0);
  ASSERT_EQ(kernel.connect({kOurs, 4001}), 0);
  const Bytes text = pattern(10);
  ASSERT_EQ(::send(kernel.descriptor(), text.data(), text.size(), 0), 10);
  EXPECT_TRUE(run_until([&] {
    char octet = 0;
    return ::recv(kernel.descriptor(), &octet, 1, 0) < 0 && errno == ECONNREFUSED;
  }));
}

TEST_F(LinuxTest, ClosedPortOfTheKernelIsTold) {
  auto socket = host->open_udp({}).value();
  ASSERT_TRUE(socket->send({kTheirs, 4002}, bytes_of("anybody?")));
  EXPECT_TRUE(run_until([&] {
    for (const TraceRecord record : world->trace()) {
      if (record.is("unreachable_told") && record.says("to", "10.9.0.1:4002")) return true;
    }
    return false;
  }));
}

TEST_F(LinuxTest, ConnectionToNobodyEndsInTime) {
  error_code result;
  const Instant begun = pacer->clock();
  host->start_connect({Ipv4Address::of(10, 9, 0, 77), 80}, world->now() + 60s,
                      [&](error_code error, auto) { result = error; });
  ASSERT_TRUE(run_until([&] { return static_cast<bool>(result); }, 20s));
  EXPECT_EQ(result, asio::error::host_unreachable);
  EXPECT_GT(pacer->clock() - begun, 2900ms);
}

/// Reads all that comes, until the end.
struct Reader {
  explicit Reader(std::unique_ptr<StreamSocket> stream) : socket(std::move(stream)) { next(); }
  void next() {
    socket->start_read(asio::buffer(buffer), [this](error_code error, std::size_t length) {
      read.insert(read.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(length));
      if (error) {
        ended = error;
      } else {
        next();
      }
    });
  }
  std::unique_ptr<StreamSocket> socket;
  std::array<std::uint8_t, 16384> buffer{};
  Bytes read;
  error_code ended;
};

TEST_F(LinuxTest, StreamComesWholeWithOffloadOfTheSender) {
  auto acceptor = host->listen({.port = 80}).value();
  std::unique_ptr<Reader> reader;
  acceptor->start_accept([&](error_code error, std::unique_ptr<StreamSocket> accepted) {
    if (!error) reader = std::make_unique<Reader>(std::move(accepted));
  });
  KernelSocket kernel(SOCK_STREAM, 0);
  kernel.connect({kOurs, 80});
  const Bytes text = pattern(900'000);
  std::size_t put = 0;
  ASSERT_TRUE(run_until(
      [&] {
        if (reader == nullptr) return false;
        while (put < text.size()) {
          const ssize_t took = ::send(kernel.descriptor(), text.data() + put, text.size() - put, 0);
          if (took <= 0) break;
          put += static_cast<std::size_t>(took);
          if (put == text.size()) ::shutdown(kernel.descriptor(), SHUT_WR);
        }
        return static_cast<bool>(reader->ended);
      },
      30s));
  EXPECT_EQ(reader->ended, asio::error::eof);
  EXPECT_TRUE(reader->read == text);
  EXPECT_EQ(port->counts().faults.total(), 0U);
  EXPECT_EQ(port->link().statistics().lost, 0U);
  reader.reset();
}

TEST_F(LinuxTest, GroupReportsReachTheKernel) {
  KernelSocket kernel(SOCK_RAW, IPPROTO_IGMP);
  ip_mreqn all{};
  const Ipv4Address group = Ipv4Address::of(224, 0, 1, 75);
  all.imr_multiaddr.s_addr = htonl(group.value);
  all.imr_address.s_addr = htonl(kTheirs.value);
  ASSERT_EQ(::setsockopt(kernel.descriptor(), IPPROTO_IP, IP_ADD_MEMBERSHIP, &all, sizeof all), 0);
  auto socket = host->open_udp({.port = 5060, .groups = {group}}).value();
  EXPECT_TRUE(run_until([&] {
    const auto report = kernel.receive();
    // From ours: header with router alert, then a report of version 2.
    return report && report->size() == 32 && world::get32(*report, 12) == kOurs.value &&
           (*report)[24] == 0x16 && world::get32(*report, 28) == group.value;
  }));
}

TEST_F(LinuxTest, PacedEventsComeInTime) {
  std::vector<Duration> late;
  for (int i = 1; i <= 100; ++i) {
    const Instant when = world->now() + i * 5ms;
    world->at(when, [&, when] { late.push_back(pacer->clock() - when); });
  }
  ASSERT_TRUE(run_until([&] { return late.size() == 100; }));
  for (const Duration each : late) EXPECT_GE(each, Duration::zero()) << "never too early";
  std::ranges::sort(late);
  EXPECT_LT(late[50], 20ms);
  EXPECT_GE(pacer->lag().events(), 100U);
  EXPECT_GE(pacer->lag().worst(), late.front());
}

TEST_F(CableTest, WhatCannotBeOpenedIsSaidWithWhatToDo) {
  const auto none = Interface::open("nowhere0");
  ASSERT_FALSE(none);
  EXPECT_TRUE(none.error().text.contains("there is no interface 'nowhere0'")) << none.error().text;
  ASSERT_TRUE(set_interface_up("ours", false));
  const auto down = Interface::open("ours");
  ASSERT_FALSE(down);
  EXPECT_TRUE(down.error().text.contains("ip link set ours up")) << down.error().text;
  const auto loopback = Interface::open("lo");
  EXPECT_TRUE(loopback) << "loopback passes for an Ethernet on Linux";
}

TEST_F(CableTest, InterfaceThatGoesIsAnError) {
  world::World world(3);
  world.add_host({.name = "phone"});
  Port port(world, open("ours"));
  Pacer pacer(world, &port);
  ASSERT_TRUE(remove_interface("ours"));
  const auto ran = pacer.run([] { return false; }, pacer.clock() + 5s);
  ASSERT_FALSE(ran);
  EXPECT_TRUE(ran.error().text.contains("'ours' is gone")) << ran.error().text;
  ASSERT_TRUE(make_cable("ours", "theirs"));
}

}  // namespace
}  // namespace provlab::wire
