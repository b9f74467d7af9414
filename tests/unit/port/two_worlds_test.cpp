#include <atomic>
#include <thread>

#include "tests/unit/port/cable.hpp"

/// Two worlds on the two ends of a cable, each in a thread of its own.
namespace provlab::wire {
namespace {

using namespace std::chrono_literals;

constexpr Ipv4Address kRouter = Ipv4Address::of(192, 0, 2, 1);
constexpr Ipv4Address kFar = Ipv4Address::of(198, 51, 100, 7);
constexpr Ipv4Address kPhone = Ipv4Address::of(192, 0, 2, 100);

/// Echoes what comes to a port, for ever.
class Echo {
 public:
  explicit Echo(world::VirtualHost& host) : socket_(host.open_udp({.port = 9}).value()) { next(); }

 private:
  void next() {
    socket_->start_receive(std::nullopt, [this](error_code error, Datagram datagram) {
      if (error) return;
      (void)socket_->send(datagram.from, datagram.payload);
      next();
    });
  }
  std::unique_ptr<UdpSocket> socket_;
};

TEST_F(CableTest, PhoneOfOneWorldTalksToServersOfAnother) {
  std::atomic<bool> ready = false;
  std::atomic<bool> done = false;
  auto servers_end = open("theirs");
  std::thread servers([&] {
    world::World world(1);
    world::VirtualHost& router =
        world.add_host({.name = "router",
                        .configuration = InterfaceConfiguration{{kRouter, 24}, std::nullopt},
                        .mac = MacAddress{{0x02, 0xbb, 0, 0, 0, 1}},
                        .routes = true});
    world::VirtualHost& far =
        world.add_host({.name = "far",
                        .configuration = InterfaceConfiguration{{kFar, 24}, std::nullopt},
                        .mac = MacAddress{{0x02, 0xbb, 0, 0, 0, 2}},
                        .segment = 1,
                        .latency = 5ms});
    Port port(world, std::move(servers_end), {.name = "device"});
    const Echo near_echo(router);
    const Echo far_echo(far);
    Pacer pacer(world, &port);
    ready = true;
    while (!done) (void)pacer.run([&] { return done.load(); }, pacer.clock() + 20ms);
  });
  while (!ready) std::this_thread::yield();

  world::World world(2);
  world.network().link.latency = {};
  world::VirtualHost& phone =
      world.add_host({.name = "phone",
                      .configuration = InterfaceConfiguration{{kPhone, 24}, kRouter},
                      .mac = MacAddress{{0x00, 0x09, 0x52, 0, 0, 1}}});
  Port port(world, open("ours"));
  Pacer pacer(world, &port);
  auto socket = phone.open_udp({.port = 4000}).value();
  std::vector<std::pair<Ipv4Address, Duration>> answers;
  for (const Ipv4Address to : {kRouter, kFar, kRouter, kFar}) {
    const Instant sent = pacer.clock();
    bool answered = false;
    socket->start_receive(std::nullopt, [&](error_code, Datagram datagram) {
      answers.emplace_back(datagram.from.address, pacer.clock() - sent);
      answered = true;
    });
    EXPECT_TRUE(socket->send({to, 9}, bytes_of("echo")));
    EXPECT_TRUE(pacer.run([&] { return answered; }, pacer.clock() + 5s).value_or(false));
  }
  done = true;
  servers.join();
  ASSERT_EQ(answers.size(), 4U);
  EXPECT_EQ(answers[1].first, kFar);
  EXPECT_GE(answers[3].second, 11ms) << "the servers' latency holds both ways";
  EXPECT_GE(answers[2].second, 1ms);
  EXPECT_EQ(port.neighbours().size(), 1U) << "the router alone";
}

}  // namespace
}  // namespace provlab::wire
