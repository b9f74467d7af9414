#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "sim/world/frame.hpp"
#include "tests/unit/world/lan.hpp"

namespace provlab::world {
namespace {

/// What came of a probe, and when.
struct Outcome {
  Instant at;
  error_code error;
  MacAddress holder;
};

struct AddressProbe : Lan {
  std::optional<Outcome> outcome;

  OperationId probe(std::string_view address, Duration patience = 1s) {
    return phone.start_address_probe(*Ipv4Address::parse(address), phone.now() + patience,
                                     [this](error_code error, MacAddress holder) {
                                       outcome = Outcome{phone.now(), error, holder};
                                     });
  }
  Outcome run(std::string_view address, Duration patience = 1s) {
    probe(address, patience);
    world.run_until_idle();
    return *outcome;
  }
};

TEST_F(AddressProbe, IsAnsweredByWhoHasTheAddressAfterBothWays) {
  world.network().link.latency = 3ms;
  const Outcome found = run("192.0.2.1");
  EXPECT_FALSE(found.error);
  EXPECT_EQ(found.holder, server.mac());
  EXPECT_EQ(found.at, Instant(6ms));
}

/// The ARP that a capture shows, and when.
struct ArpSeen final : CaptureSink {
  void packet(Instant, const Packet&) override {}
  void arp(Instant at, const MacAddress& to, const ArpMessage& message) override {
    seen.push_back({at, to, message});
  }
  struct Sight {
    Instant at;
    MacAddress to;
    ArpMessage message;
  };
  std::vector<Sight> seen;
};

TEST_F(AddressProbe, IsShownByCapturesWithItsAnswer) {
  ArpSeen capture;
  world.network().capture(phone, capture);
  world.network().link.latency = 3ms;
  run("192.0.2.1");
  run("192.0.2.200");
  ASSERT_EQ(capture.seen.size(), 3U) << "the second is not answered";
  const auto& [asked_at, all, question] = capture.seen[0];
  EXPECT_EQ(asked_at, Instant{});
  EXPECT_EQ(all, MacAddress::broadcast());
  EXPECT_FALSE(question.reply);
  EXPECT_TRUE(question.sender.is_any());
  EXPECT_EQ(question.target, *Ipv4Address::parse("192.0.2.1"));
  const auto& [heard_at, asker, answer] = capture.seen[1];
  EXPECT_EQ(heard_at, Instant(6ms));
  EXPECT_EQ(asker, phone.mac());
  EXPECT_TRUE(answer.reply);
  EXPECT_EQ(answer.sender_mac, server.mac());
  EXPECT_EQ(answer.sender, question.target);
}

TEST_F(AddressProbe, TimesOutWhereNobodyHasTheAddress) {
  const Outcome found = run("192.0.2.200");
  EXPECT_EQ(found.error, asio::error::timed_out);
  EXPECT_EQ(found.at, Instant(1s));
}

TEST_F(AddressProbe, IsNotAnsweredByTheOwnInterface) {
  EXPECT_EQ(run("192.0.2.100").error, asio::error::timed_out);
}

TEST_F(AddressProbe, ReachesTheLinkAndNothingBehindTheRouter) {
  EXPECT_EQ(run("198.51.100.7").error, asio::error::timed_out);
}

TEST_F(AddressProbe, IsNotAnsweredWithoutPowerOrCable) {
  server.set_link(false);
  EXPECT_EQ(run("192.0.2.1").error, asio::error::timed_out);
  server.set_link(true);
  server.set_power(false);
  EXPECT_EQ(run("192.0.2.1").error, asio::error::timed_out);
}

TEST_F(AddressProbe, AsksNobodyWhileTheOwnCableIsOut) {
  phone.set_link(false);
  EXPECT_EQ(run("192.0.2.1").error, asio::error::timed_out);
}

TEST_F(AddressProbe, AnswerAfterTheDeadlineIsNone) {
  world.network().link.latency = 3ms;
  EXPECT_EQ(run("192.0.2.1", 5ms).error, asio::error::timed_out);
}

TEST_F(AddressProbe, GetsLostAsPacketsDo) {
  server.set_loss(1);
  EXPECT_EQ(run("192.0.2.1").error, asio::error::timed_out);
}

TEST_F(AddressProbe, EndsWhenItIsCancelled) {
  const OperationId operation = probe("192.0.2.200");
  EXPECT_FALSE(outcome);
  phone.cancel(operation);
  world.run_until_idle();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->error, asio::error::operation_aborted);
  EXPECT_EQ(outcome->at, Instant());
}

}  // namespace
}  // namespace provlab::world
