#include <gmock/gmock.h>

#include "tests/unit/world/tcp_script.hpp"

// What gets lost, overtaken or doubled on the way, and what windows allow.
namespace provlab::world {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using State = TcpConnection::State;

const TcpOptions kSelective{.largest_segment = 1000, .selective = true};

struct TcpLoss : TcpScript {
  /// An acknowledgement of `number` that tells what came beyond it.
  void acknowledge(std::uint32_t number, std::vector<TcpOptions::Range> told = {}) {
    Packet packet = segment(1, number);
    for (TcpOptions::Range& range : told) {
      range.first += peer.phone_first;
      range.end += peer.phone_first;
    }
    packet.options.ranges = std::move(told);
    say(std::move(packet));
  }
  /// What the phone's last segment tells of `kFirst`-based numbers.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> told() const {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> numbers;
    for (const auto& range : peer.packets.back().options.ranges) {
      numbers.emplace_back(range.first - ScriptedPeer::kFirst, range.end - ScriptedPeer::kFirst);
    }
    return numbers;
  }
  using Pair = std::pair<std::uint32_t, std::uint32_t>;
};

// Sending

TEST_F(TcpLoss, OnlyWhatIsMissingIsRepeated) {
  connected(kSelective).send(std::string(6000, 'x'));
  run(1ms);
  peer.forget();
  acknowledge(1, {{1001, 2001}, {3001, 5001}});
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1 acks 1 +1000", "ACK 2001 acks 1 +1000"));
}

TEST_F(TcpLoss, OvertakenSegmentIsLostAfterAQuarterOfARoundTrip) {
  world.network().link.latency = 10ms;
  client.emplace(phone, ScriptedPeer::kWeb);
  run(10ms);
  peer.send(syn_ack(kSelective));
  run(20ms);
  client->send(std::string(2000, 'x'));
  run(10ms);
  peer.forget();
  Packet packet = segment(1, 1);
  packet.options.ranges = {{peer.phone_first + 1001, peer.phone_first + 2001}};
  peer.send(packet);
  run(24ms);
  EXPECT_THAT(peer.lines, IsEmpty());
  run(2ms);
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1 acks 1 +1000"));
}

TEST_F(TcpLoss, LostRepetitionIsRepeatedWithoutATimeout) {
  connected(kSelective).send(std::string(5000, 'x'));
  run(1ms);
  peer.forget();
  acknowledge(1, {{1001, 4001}});
  ASSERT_THAT(peer.lines, ElementsAre("ACK 1 acks 1 +1000"));
  client->send("y");
  run(1ms);
  acknowledge(1, {{1001, 5002}});
  EXPECT_THAT(peer.lines,
              ElementsAre("ACK 1 acks 1 +1000", "PSH,ACK 5001 acks 1 +1", "ACK 1 acks 1 +1000"));
}

TEST_F(TcpLoss, TailIsProbedAfterTwoRoundTrips) {
  connected(kSelective).send(std::string(3000, 'x'));
  run(1ms);
  peer.forget();
  run(6ms);
  EXPECT_THAT(peer.lines, ElementsAre("PSH,ACK 2001 acks 1 +1000"));
  acknowledge(1, {{2001, 3001}});
  run(2ms);
  EXPECT_THAT(peer.lines, ElementsAre("PSH,ACK 2001 acks 1 +1000", "ACK 1 acks 1 +1000",
                                      "ACK 1001 acks 1 +1000"));
}

TEST_F(TcpLoss, FlightThatIsLostWholeStartsSlowlyAgain) {
  connected(kSelective).send(std::string(8000, 'x'));
  run(1ms);
  peer.forget();
  run(210ms);
  EXPECT_THAT(peer.lines, ElementsAre("PSH,ACK 7001 acks 1 +1000", "ACK 1 acks 1 +1000"))
      << "the tail's probe, and one segment at the timeout";
  peer.forget();
  acknowledge(1001);
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1001 acks 1 +1000", "ACK 2001 acks 1 +1000"));
}

TEST_F(TcpLoss, RangesThatThePeerTakesBackAreForgotten) {
  connected(kSelective).send(std::string(3000, 'x'));
  run(1ms);
  acknowledge(1, {{1001, 3001}});
  acknowledge(1001);
  peer.forget();
  run(500ms);
  EXPECT_EQ(peer.lines.front(), "ACK 1001 acks 1 +1000");
}

TEST_F(TcpLoss, WithoutRangesThreeDuplicatesShowTheFirstHoleAndItsRepairTheNext) {
  connected({.largest_segment = 1000}).send(std::string(6000, 'x'));
  run(1ms);
  peer.forget();
  acknowledge(1);
  acknowledge(1);
  EXPECT_THAT(peer.lines, IsEmpty());
  acknowledge(1);
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1 acks 1 +1000"));
  acknowledge(3001);
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1 acks 1 +1000", "ACK 3001 acks 1 +1000"));
}

TEST_F(TcpLoss, WindowUpdateIsNoDuplicate) {
  connected({.largest_segment = 1000}).send(std::string(2000, 'x'));
  run(1ms);
  peer.forget();
  for (const std::uint16_t window : {50'000, 50'001, 50'002, 50'003}) {
    Packet update = segment(1, 1);
    update.window = window;
    say(update);
  }
  EXPECT_THAT(peer.lines, IsEmpty());
}

TEST_F(TcpLoss, RoundTripIsMeasuredAfterARepeatedSyn) {
  connect();
  run(1100ms);
  say(syn_ack({.largest_segment = 1000}));
  client->send("a");
  run(1ms);
  acknowledge(2);
  peer.forget();
  client->send("b");
  run(1ms);
  run(210ms);
  EXPECT_THAT(peer.lines, ElementsAre("PSH,ACK 2 acks 1 +1", "PSH,ACK 2 acks 1 +1"));
}

TEST_F(TcpLoss, TimestampTellsTheRoundTripOfARepetition) {
  connected({.largest_segment = 1000, .timestamps = TcpOptions::Timestamps{1, 0}}).send("a");
  run(300ms);
  ASSERT_EQ(peer.lines.size(), 2U);
  Packet packet = segment(1, 2);
  packet.options.timestamps = {2, peer.packets.back().options.timestamps->value};
  say(packet);
  client->send("b");
  run(1ms);
  peer.forget();
  run(300ms);
  EXPECT_EQ(peer.lines.size(), 1U) << "once, after some 200 ms: the timeout is not doubled";
}

// Receiving

TEST_F(TcpLoss, EachSegmentOutOfOrderIsAcknowledgedAtOnce) {
  connected();
  peer.send(segment(11, 1, "b"));
  peer.send(segment(12, 1, "c"));
  peer.send(segment(13, 1, "d"));
  run(2ms);
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1 acks 1", "ACK 1 acks 1", "ACK 1 acks 1"));
}

TEST_F(TcpLoss, WhatIsInOrderIsAcknowledgedOnceForAnInstant) {
  connected();
  peer.send(segment(1, 1, "a"));
  peer.send(segment(2, 1, "b"));
  run(2ms);
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1 acks 3"));
}

TEST_F(TcpLoss, RangesAreToldTheNewestFirst) {
  connected(kSelective);
  say(segment(11, 1, "aa"));
  EXPECT_THAT(told(), ElementsAre(Pair(11, 13)));
  say(segment(21, 1, "bb"));
  EXPECT_THAT(told(), ElementsAre(Pair(21, 23), Pair(11, 13)));
  say(segment(13, 1, "cc"));
  EXPECT_THAT(told(), ElementsAre(Pair(11, 15), Pair(21, 23)));
  say(segment(1, 1, "0123456789"));
  EXPECT_THAT(told(), ElementsAre(Pair(21, 23)));
  EXPECT_EQ(client->received(), "0123456789aacc");
}

TEST_F(TcpLoss, WhatCameTwiceIsTold) {
  connected(kSelective);
  say(segment(1, 1, "aaaa"));
  say(segment(1, 1, "aaaa"));
  EXPECT_THAT(told(), ElementsAre(Pair(1, 5)));
  say(segment(11, 1, "cc"));
  EXPECT_THAT(told(), ElementsAre(Pair(11, 13))) << "once only";
  say(segment(11, 1, "c"));
  EXPECT_THAT(told(), ElementsAre(Pair(11, 12), Pair(11, 13)));
  EXPECT_EQ(client->received(), "aaaa");
}

TEST_F(TcpLoss, OverlappingSegmentsAreReadOnce) {
  connected();
  say(segment(5, 1, "efgh"));
  say(segment(3, 1, "cdef"));
  say(segment(7, 1, "ghij"));
  say(segment(1, 1, "abcd"));
  EXPECT_EQ(client->received(), "abcdefghij");
}

TEST_F(TcpLoss, FinWaitsForWhatIsMissingBeforeIt) {
  connected();
  say(with(segment(3, 1, "c"), {.ack = true, .fin = true}));
  EXPECT_FALSE(client->ended());
  say(segment(1, 1, "ab"));
  EXPECT_EQ(client->received(), "abc");
  EXPECT_TRUE(client->ended());
  EXPECT_EQ(peer.lines.back(), "ACK 1 acks 5");
}

TEST_F(TcpLoss, NothingIsTakenBehindAFin) {
  connected();
  say(with(segment(3, 1, "c"), {.ack = true, .fin = true}));
  say(segment(1, 1, "abcdefg"));
  EXPECT_EQ(client->received(), "abc");
  EXPECT_TRUE(client->ended());
}

TEST_F(TcpLoss, GapsAreNotKeptWithoutEnd) {
  connected(kSelective);
  for (std::uint32_t i = 1; i <= 1000; ++i) peer.send(segment(1 + 2 * i, 1, "x"));
  run(2ms);
  say(segment(1, 1, std::string(2 * TcpReceiver::kMostRanges, 'y')));
  EXPECT_EQ(client->received().size(), 2 * TcpReceiver::kMostRanges + 1);
}

// Windows

/// The phone's window is closed; it does not read.
struct TcpClosed : TcpLoss {
  TcpClosed() {
    acceptor = std::move(*phone.listen({.port = 8080}));
    acceptor->start_accept([this](error_code, std::unique_ptr<StreamSocket> accepted) {
      socket = std::move(accepted);
    });
    peer.phone.port = 8080;
    say(syn({.largest_segment = 1460}));
    say(segment(1, 1));
    for (std::uint32_t at = 0; at < 65535; at += 1285) {
      peer.send(segment(1 + at, 1, std::string(1285, 'x')));
    }
    run(2ms);
    EXPECT_EQ(peer.lines.back(), "ACK 1 acks 65536");
    EXPECT_EQ(peer.packets.back().window, 0);
    peer.forget();
  }
  std::size_t read(std::size_t most) {
    Bytes octets(most);
    std::size_t count = 0;
    socket->start_read(asio::buffer(octets), [&](error_code, std::size_t n) { count = n; });
    run(2ms);
    return count;
  }
  std::unique_ptr<StreamAcceptor> acceptor;
  std::unique_ptr<StreamSocket> socket;
};

TEST_F(TcpClosed, OctetBeyondTheWindowIsNotTakenButAnswered) {
  say(segment(65536, 1, "y"));
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1 acks 65536"));
  EXPECT_EQ(read(100'000), 65535U);
}

TEST_F(TcpClosed, AcknowledgementIsTakenAllTheSame) {
  socket->start_write(asio::buffer("hello", 5), [](error_code, std::size_t) {});
  run(2ms);
  peer.forget();
  say(segment(65536, 6, "y"));
  run(1s);
  EXPECT_THAT(peer.lines, ElementsAre("ACK 6 acks 65536")) << "nothing is sent again";
}

TEST_F(TcpClosed, WindowOpensByASegmentAtLeast) {
  EXPECT_EQ(read(1000), 1000U);
  EXPECT_THAT(peer.lines, IsEmpty());
  EXPECT_EQ(read(500), 500U);
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1 acks 65536"));
  EXPECT_EQ(peer.packets.back().window, 1500);
}

TEST_F(TcpClosed, LostUpdateIsMadeUpForByTheAnswerToAProbe) {
  {
    const RuleGuard loss = world.network().add_rule(
        [](const Packet&, const Station&, const Station&) -> PacketFate { return Lose{}; });
    read(65535);
  }
  EXPECT_THAT(peer.lines, IsEmpty());
  say(segment(65535, 1));
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1 acks 65536"));
  EXPECT_EQ(peer.packets.back().window, 65535);
}

TEST_F(TcpLoss, ClosedWindowIsProbedMoreAndMoreRarelyForAsLongAsThePeerAnswers) {
  connected({.largest_segment = 1000});
  Packet closed = segment(1, 1);
  closed.window = 0;
  say(closed);
  client->send("hello");
  const Instant start = world.now();
  std::vector<Duration> gaps;
  Instant last = start;
  while (world.now() < start + 4h) {
    run(100ms);
    if (peer.lines.empty()) continue;
    EXPECT_THAT(peer.lines, ElementsAre("ACK 0 acks 1"));
    peer.forget();
    gaps.push_back(world.now() - last);
    last = world.now();
    peer.send(closed);
  }
  EXPECT_EQ(client->state(), State::established);
  ASSERT_GT(gaps.size(), 100U);
  EXPECT_LE(gaps[0], 400ms);
  EXPECT_GE(gaps[5], 6s);
  EXPECT_GE(gaps[50], 119s);
  say(segment(1, 1));
  EXPECT_EQ(peer.lines.back(), "PSH,ACK 1 acks 1 +5");
}

TEST_F(TcpLoss, PeerThatAnswersNoProbeIsGivenUp) {
  connected({.largest_segment = 1000});
  Packet closed = segment(1, 1);
  closed.window = 0;
  say(closed);
  client->send("hello");
  world.run_until_idle();
  EXPECT_EQ(client->error(), asio::error::timed_out);
  EXPECT_EQ(peer.lines.size(), 14U);
}

TEST_F(TcpLoss, OldSegmentDoesNotBringAnOldWindowBack) {
  connected({.largest_segment = 1000});
  Packet closed = segment(2, 1, "b");
  closed.window = 0;
  say(closed);
  say(segment(1, 1, "a"));
  peer.forget();
  client->send("hello");
  run(1ms);
  EXPECT_THAT(peer.lines, IsEmpty());
}

TEST_F(TcpLoss, BitOfAWindowIsNotFilledWhileOthersAreOnTheWay) {
  connected({.largest_segment = 1000});
  Packet small = segment(1, 1);
  small.window = 1300;
  say(small);
  client->send(std::string(3000, 'x'));
  run(1ms);
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1 acks 1 +1000"));
}

TEST_F(TcpLoss, WindowIsScaledWhereBothSaySo) {
  connected({.largest_segment = 1000, .window_shift = 7});
  Packet wide = segment(1, 1);
  wide.window = 1000;
  say(wide);
  client->send(std::string(200'000, 'x'));
  run(1ms);
  EXPECT_EQ(peer.lines.size(), 128U);
  EXPECT_EQ(peer.packets.back().window, TcpReceiver::kBuffer >> TcpReceiver::kShift);
}

// Timestamps

TEST_F(TcpLoss, TimestampOfThePeerIsEchoed) {
  connected({.largest_segment = 1000, .timestamps = TcpOptions::Timestamps{100, 0}});
  Packet packet = segment(1, 1, "a");
  packet.options.timestamps = {107, 0};
  say(packet);
  ASSERT_TRUE(peer.packets.back().options.timestamps);
  EXPECT_EQ(peer.packets.back().options.timestamps->echo, 107U);
}

TEST_F(TcpLoss, SegmentFromBeforeTheNumbersWrappedIsNotTaken) {
  connected({.largest_segment = 1000, .timestamps = TcpOptions::Timestamps{100, 0}});
  Packet packet = segment(1, 1, "old");
  packet.options.timestamps = {99, 0};
  say(packet);
  EXPECT_EQ(client->received(), "");
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1 acks 1"));
}

TEST_F(TcpLoss, SegmentWithoutTheAgreedTimestampIsTaken) {
  connected({.largest_segment = 1000, .timestamps = TcpOptions::Timestamps{100, 0}});
  say(segment(1, 1, "hello"));
  EXPECT_EQ(client->received(), "hello") << "as Linux";
}

}  // namespace
}  // namespace provlab::world
