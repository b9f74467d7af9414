#include <set>

#include "sim/record/trace.hpp"
#include "tests/unit/world/lan.hpp"

namespace provlab::world {
namespace {

struct Crowd : testing::Test {
  World world{3};
  static constexpr Ipv4Address address_of(unsigned i) { return {0x0a000001U + i}; }
  static InterfaceConfiguration configuration_of(unsigned i) {
    return {{address_of(i), 8}, std::nullopt};
  }
  VirtualHost& add(unsigned i) {
    return world.add_host({.name = "h" + std::to_string(i), .configuration = configuration_of(i)});
  }
  const StationIndex& index() { return world.network().stations(); }
  static StationIndex::Stations listed(auto found) { return {found.begin(), found.end()}; }
};

TEST_F(Crowd, FindsEachByItsAddresses) {
  for (unsigned i = 0; i < 500; ++i) add(i);
  for (unsigned i = 0; i < 500; ++i) {
    Station& station = *world.hosts()[i];
    ASSERT_EQ(listed(index().with_address(address_of(i))), StationIndex::Stations{&station});
    ASSERT_EQ(listed(index().with_mac(station.mac())), StationIndex::Stations{&station});
  }
  EXPECT_TRUE(index().with_address(address_of(500)).empty());
}

TEST_F(Crowd, FollowsAddressesThatChange) {
  VirtualHost& first = add(0);
  VirtualHost& second = add(1);
  second.configure(configuration_of(0));
  EXPECT_EQ(listed(index().with_address(address_of(0))), (StationIndex::Stations{&first, &second}));
  EXPECT_TRUE(index().with_address(address_of(1)).empty());
  first.deconfigure();
  EXPECT_EQ(listed(index().with_address(address_of(0))), StationIndex::Stations{&second});
  first.configure(configuration_of(0));
  EXPECT_EQ(listed(index().with_address(address_of(0))), (StationIndex::Stations{&first, &second}))
      << "in the order in which they were added";
}

TEST_F(Crowd, ManyHostsHaveMacsOfTheirOwn) {
  std::set<MacAddress> macs;
  for (unsigned i = 0; i < 70'000; ++i) world.add_host({.name = "x"});
  for (const auto& host : world.hosts()) macs.insert(host->mac());
  EXPECT_EQ(macs.size(), world.hosts().size());
}

TEST_F(Crowd, BroadcastsReachThoseWhoListenAndNobodyElse) {
  for (unsigned i = 0; i < 50; ++i) add(i);
  std::vector<std::unique_ptr<UdpSocket>> sockets;
  std::set<std::string> heard;
  for (const unsigned i : {7U, 3U, 40U}) {
    VirtualHost& host = *world.hosts()[i];
    sockets.push_back(std::move(host.open_udp({.port = 9}).value()));
    sockets.back()->start_receive(std::nullopt, [&heard, &host](error_code error, Datagram) {
      if (!error) heard.insert(host.name());
    });
  }
  auto sender = world.hosts()[0]->open_udp({.broadcast = true}).value();
  ASSERT_TRUE(sender->send({Ipv4Address::broadcast(), 9}, bytes_of("all")));
  world.run_until_idle();
  EXPECT_EQ(heard, (std::set<std::string>{"h3", "h40", "h7"}));
  std::size_t events = 0;
  for (const TraceRecord record : world.trace()) events += record.is("packet_received");
  EXPECT_EQ(events, 3U) << "the others drop it unseen";
}

TEST_F(Crowd, BroadcastThatNobodyHearsIsRecordedOnce) {
  for (unsigned i = 0; i < 5; ++i) add(i);
  auto sender = world.hosts()[0]->open_udp({.broadcast = true}).value();
  ASSERT_TRUE(sender->send({Ipv4Address::broadcast(), 9}, bytes_of("all")));
  world.run_until_idle();
  std::vector<std::string> reasons;
  for (const TraceRecord record : world.trace()) {
    if (record.is("packet_lost")) reasons.push_back(record.field("reason").value_or(""));
  }
  EXPECT_EQ(reasons, std::vector<std::string>{"nobody on the link listens for it"});
}

TEST_F(Crowd, CaptureShowsBroadcastsThatItsHostDrops) {
  for (unsigned i = 0; i < 3; ++i) add(i);
  struct Counter final : CaptureSink {
    std::vector<Instant> seen;
    void packet(Instant at, const Packet&) override { seen.push_back(at); }
  } counter;
  world.network().capture(*world.hosts()[2], counter);
  auto sender = world.hosts()[0]->open_udp({.broadcast = true}).value();
  ASSERT_TRUE(sender->send({Ipv4Address::broadcast(), 9}, bytes_of("all")));
  world.run_until_idle();
  EXPECT_EQ(counter.seen, std::vector<Instant>{Instant(world.network().link.latency)});
}

TEST(PathTable, KeepsTheOrderOfAPathAndForgetsWhatIsFree) {
  using std::chrono::milliseconds;
  PathTable paths;
  Instant now{};
  EXPECT_EQ(paths.reserve(1, 2, now + milliseconds(5), now), now + milliseconds(5));
  EXPECT_EQ(paths.reserve(1, 2, now + milliseconds(3), now), now + milliseconds(5));
  EXPECT_EQ(paths.reserve(2, 1, now + milliseconds(3), now), now + milliseconds(3));
  EXPECT_EQ(paths.reserve(1, 2, now + milliseconds(9), now), now + milliseconds(9));
  for (std::size_t i = 0; i < 10'000; ++i) {
    now += milliseconds(1);
    EXPECT_EQ(paths.reserve(i, i + 1, now + milliseconds(7), now), now + milliseconds(7));
  }
  EXPECT_LT(paths.used(), 100U);
  for (std::size_t i = 0; i < 10'000; ++i) paths.reserve(i, 0, now + milliseconds(9), now);
  for (std::size_t i = 0; i < 10'000; ++i) {
    ASSERT_EQ(paths.reserve(i, 0, now, now), now + milliseconds(9))
        << "grows with what is under way";
  }
}

}  // namespace
}  // namespace provlab::world
