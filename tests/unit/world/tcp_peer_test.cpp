#include <gmock/gmock.h>

#include "tests/unit/world/tcp_script.hpp"

// What other systems do to a connection: handshakes, resets, ends, segments that do not belong.
namespace provlab::world {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using State = TcpConnection::State;

// Handshake

TEST_F(TcpScript, AcknowledgementOfAnOldConnectionIsAnsweredByReset) {
  connect();
  peer.forget();
  say(segment(500, 77));  // RFC 5961: what a host answers that still has a connection
  EXPECT_THAT(peer.lines, ElementsAre("RST 77"));
  EXPECT_EQ(client->state(), State::syn_sent);
  run(1s);
  say(syn_ack());
  EXPECT_EQ(client->state(), State::established) << "with the repeated SYN";
}

TEST_F(TcpScript, ResetThatAcknowledgesNothingDoesNotRefuse) {
  connect();
  say(with(segment(0, 0), {.rst = true}));
  say(with(segment(0, 2), {.ack = true, .rst = true}));
  EXPECT_EQ(client->state(), State::syn_sent);
  say(with(segment(0, 1), {.ack = true, .rst = true}));
  EXPECT_EQ(client->error(), asio::error::connection_refused);
}

TEST_F(TcpScript, BothMayAskAtOnce) {
  connect();
  peer.forget();
  say(syn());
  EXPECT_THAT(peer.lines, ElementsAre("SYN,ACK 0 acks 1"));
  say(syn_ack());
  EXPECT_EQ(client->state(), State::established);
  say(segment(1, 1, "hello"));
  EXPECT_EQ(client->received(), "hello");
}

TEST_F(TcpScript, SegmentsAreNoLargerThanThePeerTakes) {
  connected({.largest_segment = 1260}).send(std::string(2000, 'x'));
  run(1ms);
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1 acks 1 +1260", "PSH,ACK 1261 acks 1 +740"));
}

TEST_F(TcpScript, PeerThatNamesNoSegmentGets536Octets) {
  connected({}).send(std::string(600, 'x'));
  run(1ms);
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1 acks 1 +536", "PSH,ACK 537 acks 1 +64"));
}

TEST_F(TcpScript, PeerDoesNotMakeThePhoneSendCrumbs) {
  connected({.largest_segment = 1}).send(std::string(48, 'x'));
  run(1ms);
  EXPECT_THAT(peer.lines, ElementsAre("PSH,ACK 1 acks 1 +48"));
}

TEST_F(TcpScript, SynAfterTheHandshakeIsChallenged) {
  connected();
  Packet again = syn();
  again.sequence = 4711;
  say(again);
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1 acks 1"));
  EXPECT_EQ(client->state(), State::established);
}

TEST_F(TcpScript, ChallengesAreNotRepeatedWithoutEnd) {
  connected();
  for (int i = 0; i < 5; ++i) say(syn());
  EXPECT_EQ(peer.lines.size(), 1U);
  run(500ms);
  say(syn());
  EXPECT_EQ(peer.lines.size(), 2U);
}

/// The phone listens, and the peer asks.
struct TcpListening : TcpScript {
  TcpListening() {
    acceptor = std::move(*phone.listen({.port = 8080}));
    peer.phone.port = 8080;
  }
  void half_open() {
    say(syn({.largest_segment = 1460}));
    EXPECT_THAT(peer.lines, ElementsAre("SYN,ACK 0 acks 1"));
    peer.forget();
  }
  std::unique_ptr<StreamAcceptor> acceptor;
};

TEST_F(TcpListening, ResetBesideTheHandshakeDoesNotEndIt) {
  half_open();
  say(reset(100'000));
  EXPECT_EQ(phone.open_sockets(), 2U);
  say(reset(5));
  EXPECT_EQ(phone.open_sockets(), 2U);
  say(reset(1));
  EXPECT_EQ(phone.open_sockets(), 1U);
}

TEST_F(TcpListening, WrongAcknowledgementOfTheSynIsAnsweredByReset) {
  half_open();
  say(segment(1, 99));
  EXPECT_THAT(peer.lines, ElementsAre("RST 99"));
  EXPECT_EQ(phone.open_sockets(), 2U);
}

TEST_F(TcpListening, RepeatedSynIsAnsweredAgain) {
  half_open();
  say(syn());
  EXPECT_THAT(peer.lines, ElementsAre("SYN,ACK 0 acks 1"));
}

TEST_F(TcpListening, AnswersOnlyOptionsThatWereOffered) {
  half_open();
  say(reset(1));
  peer.forget();
  say(syn({.largest_segment = 1460, .timestamps = TcpOptions::Timestamps{5, 0}}));
  ASSERT_EQ(peer.packets.size(), 1U);
  const TcpOptions& options = peer.packets[0].options;
  EXPECT_EQ(options.largest_segment, 1460);
  EXPECT_FALSE(options.selective);
  EXPECT_FALSE(options.window_shift);
  ASSERT_TRUE(options.timestamps);
  EXPECT_EQ(options.timestamps->echo, 5U);
}

TEST_F(TcpListening, SynsBeyondTheBacklogAreNotAnswered) {
  for (std::size_t i = 0; i <= TcpLayer::kBacklog; ++i) {
    Packet ask = syn();
    ask.protocol = Protocol::tcp;
    ask.sequence = 1;
    ask.from = {ScriptedPeer::kWeb.address, static_cast<Port>(10'000 + i)};
    ask.to = peer.phone;
    ASSERT_TRUE(world.network().send(peer, std::move(ask)));
  }
  run(2ms);
  EXPECT_EQ(peer.lines.size(), TcpLayer::kBacklog);
  EXPECT_EQ(phone.open_sockets(), TcpLayer::kBacklog + 1);
}

// Reset

TEST_F(TcpScript, ResetThatHitsTheExpectedOctetEndsTheConnection) {
  connected();
  say(reset(1));
  EXPECT_EQ(client->error(), asio::error::connection_reset);
  EXPECT_THAT(peer.lines, IsEmpty());
}

TEST_F(TcpScript, ResetElsewhereInTheWindowIsChallenged) {
  connected();
  say(reset(1000));
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1 acks 1"));
  EXPECT_EQ(client->state(), State::established);
}

TEST_F(TcpScript, ResetOutsideTheWindowIsDropped) {
  connected();
  say(reset(0));
  say(reset(1'000'000));
  EXPECT_THAT(peer.lines, IsEmpty());
  EXPECT_EQ(client->state(), State::established);
}

TEST_F(TcpScript, ResetAfterAFinHasTheNumberBehindIt) {
  connected().shutdown_send();
  run(1ms);
  client->reset();
  run(1ms);
  EXPECT_THAT(peer.lines, ElementsAre("FIN,ACK 1 acks 1", "RST,ACK 2 acks 1"));
}

// Segments that do not belong

TEST_F(TcpScript, KeepAliveIsAnswered) {
  connected();
  say(segment(0, 1));
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1 acks 1"));
  run(1s);
  say(segment(0, 1, "x"));
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1 acks 1", "ACK 1 acks 1"));
  EXPECT_EQ(client->received(), "");
}

TEST_F(TcpScript, AcknowledgementOfWhatWasNeverSentIsChallenged) {
  connected();
  say(segment(1, 500, "evil"));
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1 acks 1"));
  EXPECT_EQ(client->received(), "") << "RFC 5961 5.2: the segment is dropped whole";
}

TEST_F(TcpScript, AcknowledgementOlderThanAnyWindowIsChallenged) {
  connected();
  Packet old = segment(1, 0, "evil");
  old.acknowledgement -= 1'000'000;
  say(old);
  EXPECT_THAT(peer.lines, ElementsAre("ACK 1 acks 1"));
  EXPECT_EQ(client->received(), "");
}

TEST_F(TcpScript, SegmentWithoutAcknowledgementIsDropped) {
  connected();
  say(with(segment(1, 1, "hello"), {}));
  EXPECT_EQ(client->received(), "");
}

// The end

TEST_F(TcpScript, OldSegmentAfterCloseIsAcknowledgedAndTheRestArrives) {
  connected();
  say(segment(1, 1, "question"));
  client->send(std::string(3000, 'x'));
  client->close();
  run(1ms);
  peer.forget();
  say(segment(1, 1, "question"));
  EXPECT_THAT(peer.lines, ElementsAre("ACK 3002 acks 9"));
  EXPECT_EQ(client->state(), State::established);
  say(segment(9, 1, "more"));
  EXPECT_EQ(client->state(), State::closed) << "nobody reads what is new";
}

TEST_F(TcpScript, BothMayEndAtOnceAndBothWait) {
  connected().close();
  run(1ms);
  peer.forget();
  say(with(segment(1, 1), {.ack = true, .fin = true}));
  EXPECT_THAT(peer.lines, ElementsAre("ACK 2 acks 2"));
  say(segment(2, 2));
  EXPECT_EQ(client->state(), State::closed);
  EXPECT_EQ(phone.open_sockets(), 0U);
  say(with(segment(1, 2), {.ack = true, .fin = true}));
  EXPECT_THAT(peer.lines, ElementsAre("ACK 2 acks 2", "ACK 2 acks 2"));
}

/// The phone has ended first, and the peer then.
struct TcpWaiting : TcpScript {
  TcpWaiting() {
    connected().close();
    run(1ms);
    say(segment(1, 2));
    say(with(segment(1, 2), {.ack = true, .fin = true}));
    EXPECT_THAT(peer.lines, ElementsAre("FIN,ACK 1 acks 1", "ACK 2 acks 2"));
    EXPECT_EQ(phone.open_sockets(), 0U);
    peer.forget();
  }
};

TEST_F(TcpWaiting, RepeatedFinIsAcknowledgedForAMinute) {
  run(59s);
  say(with(segment(1, 2), {.ack = true, .fin = true}));
  EXPECT_THAT(peer.lines, ElementsAre("ACK 2 acks 2"));
  run(59s);
  say(with(segment(1, 2), {.ack = true, .fin = true}));
  EXPECT_THAT(peer.lines, ElementsAre("ACK 2 acks 2", "ACK 2 acks 2")) << "each FIN begins anew";
  run(61s);
  say(with(segment(1, 2), {.ack = true, .fin = true}));
  EXPECT_EQ(peer.lines.back(), "RST 2");
}

TEST_F(TcpWaiting, ResetDoesNotEndIt) {
  say(reset(2));
  say(with(segment(1, 2), {.ack = true, .fin = true}));
  EXPECT_THAT(peer.lines, ElementsAre("ACK 2 acks 2"));
}

TEST_F(TcpWaiting, AcknowledgementNeedsNoAnswer) {
  say(segment(2, 2));
  EXPECT_THAT(peer.lines, IsEmpty());
}

TEST_F(TcpWaiting, NewerSynEndsIt) {
  const auto acceptor = phone.listen({.port = peer.phone.port});
  ASSERT_TRUE(acceptor);
  say(syn());
  EXPECT_THAT(peer.lines, ElementsAre("ACK 2 acks 2")) << "an old one";
  Packet newer = syn();
  newer.sequence = 1000;
  say(newer);
  EXPECT_EQ(peer.packets.back().flags_text(), "SYN,ACK");
}

TEST_F(TcpScript, ConnectionWhosePeerNeverEndsIsForgottenAfterAMinute) {
  connected().close();
  run(1ms);
  say(segment(1, 2));
  run(59s);
  EXPECT_EQ(phone.open_sockets(), 1U);
  run(2s);
  EXPECT_EQ(phone.open_sockets(), 0U);
}

TEST_F(TcpScript, SideThatTheUserStillReadsIsNotForgotten) {
  connected().shutdown_send();
  run(1ms);
  say(segment(1, 2));
  run(10min);
  say(segment(1, 2, "late"));
  EXPECT_EQ(client->received(), "late");
}

// After a power cut

TEST_F(TcpScript, PortAndFirstNumberDifferAfterAPowerCut) {
  connect();
  const Endpoint old_port = peer.phone;
  const std::uint32_t old_first = peer.phone_first;
  phone.set_power(false);
  phone.set_power(true);
  peer.forget();
  connect();
  EXPECT_NE(peer.phone, old_port);
  EXPECT_GT(peer.phone_first - old_first, 1'000'000U);
}

TEST_F(TcpScript, FirstNumbersFollowTheClock) {
  const auto first = [&](Port port) {
    const auto connection = phone.tcp().open(port, ScriptedPeer::kWeb);
    connection->connect();
    run(1ms);
    connection->vanish();
    return peer.phone_first;
  };
  const std::uint32_t early = first(50'000);
  run(999ms);
  EXPECT_EQ(first(50'000) - early, 250'000U) << "RFC 9293 3.4.1: one in 4 us";
  EXPECT_NE(first(50'001) - early, 250'250U);
}

TEST_F(TcpScript, HalfOpenConnectionIsResetByTheNewOne) {
  const auto acceptor = server.listen({.port = 80});
  ASSERT_TRUE(acceptor);
  const Endpoint web{Ipv4Address::of(192, 0, 2, 1), 80};
  const auto old_one = phone.tcp().open(50'000, web);
  old_one->connect();
  run(10ms);
  EXPECT_EQ(server.open_sockets(), 2U);
  phone.set_power(false);
  phone.set_power(true);
  const auto new_one = phone.tcp().open(50'000, web);
  const Instant start = world.now();
  new_one->connect();
  world.run_until(start + 900ms);
  EXPECT_EQ(server.open_sockets(), 1U) << "the old one went by challenge and reset";
  world.run_until(start + 1010ms);
  EXPECT_EQ(new_one->state(), State::established);
}

}  // namespace
}  // namespace provlab::world
