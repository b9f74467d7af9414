#include <gtest/gtest.h>

#include <tuple>
#include <vector>

#include "core/platform/async.hpp"
#include "core/platform/task_group.hpp"
#include "tests/unit/world/lan.hpp"

namespace provlab::world {
namespace {

TEST_F(Lan, DatagramTakesTheLatencyOfLinkAndHosts) {
  world.network().link.latency = 1ms;
  const auto listener = open(far, {.port = 53});
  collect(far, *listener);
  const auto socket = open(phone, {});
  ASSERT_TRUE(socket->send({Ipv4Address::of(198, 51, 100, 7), 53}, bytes_of("hello")));
  world.run_until_idle();
  ASSERT_EQ(received.size(), 1U);
  EXPECT_EQ(received[0].first, Instant(21ms));
  EXPECT_EQ(text_of(received[0].second.payload), "hello");
  EXPECT_EQ(received[0].second.from.address, Ipv4Address::of(192, 0, 2, 100));
  EXPECT_GE(received[0].second.from.port, 49152);
}

TEST_F(Lan, BroadcastReachesTheSegmentAndNothingElse) {
  const auto near_socket = open(server, {.port = 67});
  const auto far_socket = open(far, {.port = 67});
  collect(server, *near_socket);
  collect(far, *far_socket);
  const auto socket = open(phone, {.port = 68, .broadcast = true});
  ASSERT_TRUE(socket->send({Ipv4Address::broadcast(), 67}, bytes_of("x")));
  world.run_until_idle();
  EXPECT_EQ(received.size(), 1U);
}

TEST_F(Lan, SocketWithoutThePermissionMayNotBroadcast) {
  const auto socket = open(phone, {});
  EXPECT_FALSE(socket->send({Ipv4Address::broadcast(), 67}, bytes_of("x")));
}

TEST_F(Lan, MulticastReachesMembersOnly) {
  const Ipv4Address group = Ipv4Address::of(224, 0, 1, 75);
  auto member = open(server, {.port = 5060, .groups = {group}});
  collect(server, *member);
  VirtualHost& other =
      world.add_host({.name = "other", .configuration = interface_at("192.0.2.9")});
  const auto bystander = open(other, {.port = 5060});
  collect(other, *bystander);
  const auto socket = open(phone, {.port = 5060});
  ASSERT_TRUE(socket->send({group, 5060}, bytes_of("SUBSCRIBE")));
  world.run_until_idle();
  ASSERT_EQ(received.size(), 1U);
  EXPECT_EQ(received[0].second.to.address, group);
}

TEST_F(Lan, HostWithoutAddressTalksOverALinkSocketOnly) {
  VirtualHost& fresh = world.add_host({.name = "fresh"});
  const auto udp = open(fresh, {.port = 68, .broadcast = true});
  const auto refused = udp->send({Ipv4Address::broadcast(), 67}, bytes_of("x"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text, "the network is unreachable: the interface has no address");

  const auto listener = open(server, {.port = 67, .broadcast = true});
  collect(server, *listener);
  auto link = fresh.open_link({.port = 68});
  ASSERT_TRUE(link);
  Bytes answer;
  (*link)->start_receive(
      std::nullopt, [&](error_code, LinkDatagram frame) { answer = std::move(frame.payload); });
  ASSERT_TRUE((*link)->send({{},
                             MacAddress::broadcast(),
                             {Ipv4Address::any(), 68},
                             {Ipv4Address::broadcast(), 67},
                             {1, 2, 3}}));
  world.run_until_idle();
  ASSERT_EQ(received.size(), 1U);
  EXPECT_EQ(received[0].second.from, (Endpoint{Ipv4Address::any(), 68}));
  ASSERT_TRUE(listener->send({Ipv4Address::broadcast(), 68}, bytes_of("offer")));
  world.run_until_idle();
  EXPECT_EQ(text_of(answer), "offer");
}

TEST_F(Lan, LinkSocketIsWokenOnlyForWhatItsFilterLetsPass) {
  VirtualHost& fresh = world.add_host({.name = "fresh"});
  auto link = fresh.open_link({.port = 68, .octets = {{0, {'a'}}, {2, {'c', 'd'}}}}).value();
  const auto server_socket = open(server, {.port = 67, .broadcast = true});
  std::vector<std::string> heard;
  std::function<void()> listen = [&] {
    link->start_receive(std::nullopt, [&](error_code error, LinkDatagram frame) {
      if (error) return;
      heard.emplace_back(text_of(frame.payload));
      listen();
    });
  };
  listen();
  for (const std::string_view text : {"abcd", "xbcd", "abxd", "a-cd and more", "ab"}) {
    ASSERT_TRUE(server_socket->send({Ipv4Address::broadcast(), 68}, bytes_of(text)));
    world.run_until_idle();
  }
  EXPECT_EQ(heard, (std::vector<std::string>{"abcd", "a-cd and more", "ab"}))
      << "what is too short to be told passes";
  EXPECT_EQ(count("packet_received"), 3U) << "the others are dropped unseen";
}

TEST_F(Lan, OffLinkDestinationNeedsARouter) {
  phone.configure(interface_at("192.0.2.100"));
  const auto socket = open(phone, {});
  const auto sent = socket->send({Ipv4Address::of(198, 51, 100, 7), 53}, bytes_of("x"));
  ASSERT_FALSE(sent);
  EXPECT_NE(sent.error().text.find("no router"), std::string::npos);
}

TEST_F(Lan, PacketToNobodyIsLostWithAReason) {
  const auto socket = open(phone, {});
  ASSERT_TRUE(socket->send({Ipv4Address::of(192, 0, 2, 77), 9}, bytes_of("x")));
  world.run_until_idle();
  EXPECT_EQ(count("packet_lost"), 1U);
}

TEST_F(Lan, ReceiveEndsWithTimedOutAtItsDeadline) {
  const auto socket = open(phone, {.port = 9});
  error_code result;
  Instant when;
  socket->start_receive(Instant(30ms), [&](error_code error, const Datagram&) {
    result = error;
    when = world.now();
  });
  world.run_until_idle();
  EXPECT_EQ(result, asio::error::timed_out);
  EXPECT_EQ(when, Instant(30ms));
}

TEST_F(Lan, DatagramAtTheVeryDeadlineIsInTime) {
  world.network().link.latency = 30ms;
  const auto socket = open(phone, {.port = 9});
  error_code result = asio::error::fault;
  socket->start_receive(Instant(30ms), [&](error_code error, const Datagram&) { result = error; });
  const auto sender = open(server, {});
  ASSERT_TRUE(sender->send({Ipv4Address::of(192, 0, 2, 100), 9}, bytes_of("x")));
  world.run_until_idle();
  EXPECT_FALSE(result);
}

TEST_F(Lan, DestroyedSocketAbortsItsReceive) {
  auto socket = open(phone, {.port = 9});
  error_code result;
  socket->start_receive(std::nullopt, [&](error_code error, const Datagram&) { result = error; });
  socket.reset();
  world.run_until_idle();
  EXPECT_EQ(result, asio::error::operation_aborted);
  EXPECT_EQ(phone.open_sockets(), 0U);
}

TEST_F(Lan, QueuedDatagramsComeInTheirOrderAndSurviveACancelledReceive) {
  const auto socket = open(phone, {.port = 9});
  const auto sender = open(server, {});
  for (const char* text : {"1", "2", "3"}) {
    ASSERT_TRUE(sender->send({Ipv4Address::of(192, 0, 2, 100), 9}, bytes_of(text)));
  }
  world.run_until_idle();
  const OperationId id = socket->start_receive(std::nullopt, [](error_code, const Datagram&) {});
  phone.cancel(id);
  world.run_until_idle();
  collect(phone, *socket);
  world.run_until_idle();
  ASSERT_EQ(received.size(), 3U);
  EXPECT_EQ(text_of(received[0].second.payload), "1");
  EXPECT_EQ(text_of(received[2].second.payload), "3");
}

TEST_F(Lan, JitterNeverReordersAPathAndFollowsTheSeed) {
  const auto arrivals = [](std::uint64_t seed) {
    World w(seed);
    VirtualHost& a = w.add_host({.name = "a", .configuration = interface_at("192.0.2.1")});
    VirtualHost& b = w.add_host({.name = "b", .configuration = interface_at("192.0.2.2")});
    w.network().link.jitter = 10ms;
    auto from = std::move(*a.open_udp({}));
    auto to = std::move(*b.open_udp({.port = 9}));
    for (int i = 0; i < 20; ++i)
      std::ignore = from->send({Ipv4Address::of(192, 0, 2, 2), 9}, bytes_of("x"));
    std::vector<Instant> times;
    w.run_until_idle();
    std::string_view all = w.trace().json_lines();
    return std::string(all);
  };
  EXPECT_EQ(arrivals(1), arrivals(1));
  EXPECT_NE(arrivals(1), arrivals(2));
}

TEST_F(Lan, LossFollowsItsProbability) {
  world.network().link.loss = 0.25;
  const auto listener = open(server, {.port = 9});
  collect(server, *listener);
  const auto socket = open(phone, {});
  for (int i = 0; i < 4000; ++i) {
    ASSERT_TRUE(socket->send({Ipv4Address::of(192, 0, 2, 1), 9}, bytes_of("x")));
  }
  world.run_until_idle();
  EXPECT_GT(received.size(), 2880U);
  EXPECT_LT(received.size(), 3120U);
}

TEST_F(Lan, HostWithoutPowerNeitherSendsNorReceives) {
  const auto listener = open(server, {.port = 9});
  collect(server, *listener);
  const auto socket = open(phone, {});
  phone.set_power(false);
  ASSERT_TRUE(socket->send({Ipv4Address::of(192, 0, 2, 1), 9}, bytes_of("x")));
  world.run_until_idle();
  EXPECT_TRUE(received.empty());
  EXPECT_EQ(count("packet_sent"), 0U);
}

TEST_F(Lan, ReceptionIsCausedByTheSending) {
  const auto listener = open(server, {.port = 9});
  const auto socket = open(phone, {});
  ASSERT_TRUE(socket->send({Ipv4Address::of(192, 0, 2, 1), 9}, bytes_of("x")));
  world.run_until_idle();
  ASSERT_EQ(world.trace().size(), 2U);
  EXPECT_EQ(world.trace().event(2).event(), "packet_received");
  EXPECT_EQ(world.trace().event(2).cause(), world.trace().event(1).number());
}

Task<> tick(Host& host, int times, int& ticks) {
  for (int i = 0; i < times; ++i) {
    co_await sleep_for(host, 10ms);
    ++ticks;
  }
}

TEST_F(Lan, CancelledTaskGroupEndsItsTasksAtOnce) {
  int ticks = 0;
  TaskGroup group(phone);
  group.spawn(tick(phone, 100, ticks));
  world.run_until(Instant(35ms));
  group.cancel();
  world.run_until_idle();
  EXPECT_EQ(ticks, 3);
  EXPECT_TRUE(group.empty());
  EXPECT_EQ(world.now(), Instant(35ms));
}

Task<> wait_for_change(Host& host, Notifier& notifier, std::vector<std::string>& log) {
  const bool first = co_await notifier.wait_until(host.now() + 50ms);
  log.push_back(first ? "notified" : "timed out");
  const bool second = co_await notifier.wait_until(host.now() + 50ms);
  log.push_back(second ? "notified" : "timed out");
}

TEST_F(Lan, NotifierWakesItsWaitersOrTimesOut) {
  Notifier notifier(phone);
  std::vector<std::string> log;
  TaskGroup group(phone);
  group.spawn(wait_for_change(phone, notifier, log));
  world.at(Instant(20ms), [&] { notifier.notify_all(); });
  world.run_until_idle();
  EXPECT_EQ(log, (std::vector<std::string>{"notified", "timed out"}));
  EXPECT_EQ(world.now(), Instant(70ms));
}

Task<> receive_forever(Host& host, std::shared_ptr<int> alive) {
  EXPECT_TRUE(alive);  // the frame keeps it
  auto socket = std::move(*host.open_udp({.port = 4000}));
  for (;;) std::ignore = co_await receive_until(host, *socket, host.now() + 1s);
}

TEST(World, DestroysSuspendedCoroutines) {
  const auto alive = std::make_shared<int>(0);
  {
    World world;
    VirtualHost& host = world.add_host({.name = "a", .configuration = interface_at("192.0.2.1")});
    // Even of a group that nobody cancels: it is kept where leak checkers find it, for ever.
    static auto& kept = *new std::vector<TaskGroup*>;
    kept.push_back(new TaskGroup(host));
    kept.back()->spawn(receive_forever(host, alive));
    world.run_until(Instant(2500ms));
    EXPECT_GT(alive.use_count(), 1);
  }
  EXPECT_EQ(alive.use_count(), 1);
}

TEST(World, ReportsAWorldThatMakesNoProgress) {
  World world;
  struct Again {
    World& world;
    void operator()(error_code) const {
      world.queue().schedule(world.now(), Rank::timer, Again{world});
    }
  };
  world.queue().schedule(Instant(1ms), Rank::timer, Again{world});
  EXPECT_THROW(world.run_until_idle(), WorldStalled);
}

}  // namespace
}  // namespace provlab::world
