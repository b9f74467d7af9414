#include "sim/world/tcp.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/unit/world/lan.hpp"
#include "tests/unit/world/tcp_client.hpp"

namespace provlab::world {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;
using State = TcpConnection::State;

constexpr Endpoint kWeb{Ipv4Address::of(192, 0, 2, 1), 80};

/// One accepted connection, read as long as it is told to.
class ServerEnd {
 public:
  explicit ServerEnd(std::unique_ptr<StreamSocket> socket) : socket_(std::move(socket)) {}

  void read() {
    socket_->start_read(asio::buffer(chunk_), [this](error_code error, std::size_t size) {
      if (error) {
        ended = error;
        return;
      }
      received.append(chunk_.data(), size);
      read();
    });
  }
  void write(std::string text) {
    leaving_ = std::move(text);
    write_rest();
  }
  StreamSocket& socket() { return *socket_; }

  std::string received;
  error_code ended;

 private:
  void write_rest() {
    socket_->start_write(asio::buffer(leaving_), [this](error_code error, std::size_t size) {
      if (error) return;
      leaving_.erase(0, size);
      if (!leaving_.empty()) write_rest();
    });
  }
  std::unique_ptr<StreamSocket> socket_;
  std::array<char, 1000> chunk_{};
  std::string leaving_;
};

/// Writes down what passes the phone's interface: `10ms phone ACK,PSH +5`.
class Sniffer final : public CaptureSink {
 public:
  void packet(Instant at, const Packet& packet) override {
    const bool ours = packet.from.address != kWeb.address;
    std::string line = fmt::format("{} {} {}", to_string(at.time_since_epoch()),
                                   ours ? "phone" : "server", packet.flags_text());
    if (!packet.payload.empty())
      fmt::format_to(std::back_inserter(line), " +{}", packet.payload.size());
    if (ours) sent += packet.payload.size();
    lines.push_back(std::move(line));
  }
  std::vector<std::string> lines;
  std::size_t sent = 0;  ///< octets, those sent again included
};

/// A web server beside the phone; each packet takes 10 ms.
struct Tcp : Lan {
  Tcp() {
    world.network().link.latency = 10ms;
    world.network().capture(phone, sniffer);
  }
  void listen(ListenOptions options = {.port = 80}) {
    auto opened = server.listen(options);
    ASSERT_TRUE(opened) << opened.error().text;
    acceptor = std::move(*opened);
    accept();
  }
  void accept() {
    acceptor->start_accept([this](error_code error, std::unique_ptr<StreamSocket> socket) {
      if (error) return;
      accepted_at.push_back(world.now());
      ends.push_back(std::make_unique<ServerEnd>(std::move(socket)));
      if (reads) ends.back()->read();
      accept();
    });
  }
  TcpClient& connect() {
    clients.push_back(std::make_unique<TcpClient>(phone, kWeb));
    return *clients.back();
  }
  /// A connection that stands, and nothing of it on the way.
  TcpClient& connected() {
    listen();
    TcpClient& client = connect();
    world.run_until_idle();
    EXPECT_EQ(client.state(), State::established);
    EXPECT_EQ(ends.size(), 1U);
    sniffer.lines.clear();
    return client;
  }
  /// Loses the packets from the phone for which `loses` holds.
  RuleGuard lose(UniqueFunction<bool(const Packet&)> loses) {
    return world.network().add_rule(
        [loses = std::move(loses)](const Packet& packet, const Station&,
                                   const Station&) mutable -> PacketFate {
          if (loses(packet)) return Lose{};
          return Pass{};
        });
  }
  ServerEnd& end() { return *ends.at(0); }

  Sniffer sniffer;
  std::unique_ptr<StreamAcceptor> acceptor;
  std::vector<std::unique_ptr<ServerEnd>> ends;
  std::vector<std::unique_ptr<TcpClient>> clients;
  std::vector<Instant> accepted_at;
  bool reads = true;
};

// Handshake

TEST_F(Tcp, HandshakeTakesThreeSegments) {
  listen();
  const TcpClient& client = connect();
  world.run_until(Instant(20ms));
  EXPECT_EQ(client.state(), State::established);
  world.run_until_idle();
  EXPECT_THAT(sniffer.lines, ElementsAre("0s phone SYN", "20ms server SYN,ACK", "20ms phone ACK"));
  EXPECT_THAT(accepted_at, ElementsAre(Instant(30ms)));
}

TEST_F(Tcp, SynToAPortWhereNobodyListensIsRefused) {
  const TcpClient& client = connect();
  world.run_until_idle();
  EXPECT_EQ(client.error(), asio::error::connection_refused);
  EXPECT_EQ(world.now(), Instant(20ms));
  EXPECT_EQ(phone.open_sockets(), 0U);
}

TEST_F(Tcp, SilentListenerLetsTheSynTimeOutAfterItsRepetitions) {
  listen({.port = 80, .silent = true});
  const TcpClient& client = connect();
  world.run_until_idle();
  EXPECT_EQ(client.error(), asio::error::timed_out);
  EXPECT_EQ(world.now(), Instant(127s));
  EXPECT_THAT(sniffer.lines,
              ElementsAre("0s phone SYN", "1s phone SYN", "3s phone SYN", "7s phone SYN",
                          "15s phone SYN", "31s phone SYN", "63s phone SYN"));
}

TEST_F(Tcp, DelayedSynAckIsNotHurriedByARepeatedSyn) {
  listen({.port = 80, .syn_ack_delay = 1500ms});
  connect();
  world.run_until_idle();
  EXPECT_THAT(sniffer.lines, ElementsAre("0s phone SYN", "1s phone SYN", "1.52s server SYN,ACK",
                                         "1.52s phone ACK"));
}

TEST_F(Tcp, LostSynAckIsSentAgain) {
  listen();
  unsigned seen = 0;
  const auto loss =
      lose([&](const Packet& p) { return p.flags.syn && p.flags.ack && ++seen == 1; });
  const TcpClient& client = connect();
  world.run_until(Instant(1100ms));
  EXPECT_EQ(client.state(), State::established);
  EXPECT_EQ(ends.size(), 1U);
}

TEST_F(Tcp, LostLastAcknowledgementOfTheHandshakeIsMadeUpForByData) {
  listen();
  unsigned seen = 0;
  const auto loss = lose([&](const Packet& p) { return p.bare_ack() && ++seen == 1; });
  connect().send("hello");
  world.run_until(Instant(100ms));
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(end().received, "hello");
}

TEST_F(Tcp, PortIsListenedOnOnce) {
  listen();
  const auto second = server.listen({.port = 80});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().text, "TCP port 80 is already in use");
}

TEST_F(Tcp, ConnectionsThatNobodyAcceptsAreResetWithTheirListener) {
  auto opened = server.listen({.port = 80});
  ASSERT_TRUE(opened);
  const TcpClient& client = connect();
  world.run_until_idle();
  EXPECT_EQ(client.state(), State::established);
  opened->reset();
  world.run_until_idle();
  EXPECT_EQ(client.error(), asio::error::connection_reset);
  EXPECT_EQ(server.open_sockets(), 0U);
}

// Data

TEST_F(Tcp, AnswerCarriesTheAcknowledgement) {
  TcpClient& client = connected();
  client.send("hello");
  world.run_until(world.now() + 10ms);
  end().write("world");
  world.run_until_idle();
  EXPECT_EQ(end().received, "hello");
  EXPECT_EQ(client.received(), "world");
  EXPECT_THAT(sniffer.lines, ElementsAre(EndsWith("phone PSH,ACK +5"), EndsWith("server ACK"),
                                         EndsWith("server PSH,ACK +5"), EndsWith("phone ACK")));
}

TEST_F(Tcp, LongTextTravelsInSegmentsWithRoomForTimestamps) {
  TcpClient& client = connected();
  client.send(std::string(3000, 'x'));
  world.run_until_idle();
  EXPECT_EQ(end().received, std::string(3000, 'x'));
  EXPECT_THAT(sniffer.lines,
              testing::IsSupersetOf({EndsWith("phone ACK +1448"), EndsWith("phone PSH,ACK +104")}));
}

TEST_F(Tcp, SegmentsThatComeOutOfOrderAreReadInOrder) {
  TcpClient& client = connected();
  unsigned seen = 0;
  const RuleGuard delay = world.network().add_rule(
      [&](const Packet& packet, const Station&, const Station&) -> PacketFate {
        if (!packet.payload.empty() && ++seen == 1) return Deliver{.later = 5ms};
        return Pass{};
      });
  client.send(std::string(1448, 'a') + std::string(1448, 'b'));
  const Instant start = world.now();
  world.run_until(start + 10ms);
  EXPECT_THAT(end().received, IsEmpty());
  world.run_until(start + 15ms);
  EXPECT_EQ(end().received, std::string(1448, 'a') + std::string(1448, 'b'));
}

// Retransmission

TEST_F(Tcp, LostSegmentIsSentAgainAfterItsTimeoutWhichDoubles) {
  TcpClient& client = connected();
  unsigned seen = 0;
  const auto loss = lose([&](const Packet& p) { return !p.payload.empty() && ++seen <= 2; });
  const Instant start = world.now();
  client.send("hello");
  world.run_until(start + 669ms);
  EXPECT_THAT(end().received, IsEmpty());
  world.run_until(start + 670ms);
  EXPECT_EQ(end().received, "hello") << "20 + 200 ms, then twice that, then the way";
}

TEST_F(Tcp, ThirdDuplicateAcknowledgementSendsTheLostSegmentAtOnce) {
  TcpClient& client = connected();
  unsigned seen = 0;
  const auto loss = lose([&](const Packet& p) { return !p.payload.empty() && ++seen == 1; });
  const RuleGuard apart = world.network().add_rule(
      [n = 0](const Packet& packet, const Station&, const Station&) mutable -> PacketFate {
        if (packet.payload.empty()) return Pass{};
        return Deliver{.later = ++n * 1ms};  // else one acknowledgement is enough for all
      });
  const Instant start = world.now();
  client.send(std::string(4 * 1448, 'x'));
  world.run_until(start + 60ms);
  EXPECT_EQ(end().received.size(), 4U * 1448);
}

TEST_F(Tcp, ConnectionEndsWhereNothingIsEverAcknowledged) {
  TcpClient& client = connected();
  const auto loss = lose([](const Packet& p) { return !p.payload.empty(); });
  client.send("hello");
  world.run_until_idle();
  EXPECT_EQ(client.error(), asio::error::timed_out);
  EXPECT_EQ(phone.open_sockets(), 0U);
}

// Window

TEST_F(Tcp, SenderStopsWhereTheWindowIsFullAndGoesOnWhenThereIsRoom) {
  reads = false;
  TcpClient& client = connected();
  client.send(std::string(600'000, 'x'));
  world.run_until(world.now() + 150ms);
  EXPECT_EQ(sniffer.sent / 16, 512U * 1024 / 16 - 1) << "windows are told in units of 16 octets";
  end().read();
  world.run_until(world.now() + 100ms);
  EXPECT_EQ(end().received.size(), 600'000U);
}

TEST_F(Tcp, ClosedWindowIsProbedWithoutAnOctet) {
  reads = false;
  TcpClient& client = connected();
  client.send(std::string(600'000, 'x'));
  world.run_until(world.now() + 5s);
  EXPECT_EQ(sniffer.sent / 16, 512U * 1024 / 16 - 1) << "windows are told in units of 16 octets";
  EXPECT_EQ(client.state(), State::established);
}

// The end

TEST_F(Tcp, SideThatHasEndedStillReceives) {
  TcpClient& client = connected();
  client.send("question");
  client.shutdown_send();
  world.run_until_idle();
  EXPECT_EQ(end().received, "question");
  EXPECT_EQ(end().ended, asio::error::eof);
  end().write("answer");
  world.run_until_idle();
  end().socket().close();
  world.run_until_idle();
  EXPECT_EQ(client.received(), "answer");
  EXPECT_TRUE(client.ended());
  EXPECT_FALSE(client.error());
}

TEST_F(Tcp, OrderlyEndLeavesNoConnection) {
  TcpClient& client = connected();
  client.close();
  world.run_until(world.now() + 1s);
  end().socket().close();
  world.run_until_idle();
  EXPECT_THAT(sniffer.lines, ElementsAre(EndsWith("phone FIN,ACK"), EndsWith("server ACK"),
                                         EndsWith("server FIN,ACK"), EndsWith("phone ACK")));
  EXPECT_EQ(phone.open_sockets(), 0U);
  EXPECT_EQ(server.open_sockets(), 1U) << "the listener";
}

TEST_F(Tcp, LostFinIsSentAgain) {
  TcpClient& client = connected();
  unsigned seen = 0;
  const auto loss = lose([&](const Packet& p) { return p.flags.fin && ++seen == 1; });
  client.close();
  const Instant start = world.now();
  world.run_until(start + 230ms);
  EXPECT_EQ(end().ended, asio::error::eof);
}

TEST_F(Tcp, ResetEndsTheOtherSideAtOnce) {
  TcpClient& client = connected();
  end().socket().reset();
  world.run_until_idle();
  EXPECT_EQ(client.error(), asio::error::connection_reset);
  EXPECT_THAT(sniffer.lines, ElementsAre(EndsWith("server RST,ACK")));
}

TEST_F(Tcp, ToCloseWithUnreadDataIsToReset) {
  reads = false;
  TcpClient& client = connected();
  client.send("hello");
  world.run_until_idle();
  end().socket().close();
  world.run_until_idle();
  EXPECT_EQ(client.error(), asio::error::connection_reset);
}

TEST_F(Tcp, DataToASideThatHasClosedIsAnsweredByReset) {
  TcpClient& client = connected();
  end().socket().close();
  world.run_until_idle();
  EXPECT_TRUE(client.ended());
  client.send("more");
  world.run_until_idle();
  EXPECT_EQ(client.error(), asio::error::connection_reset);
}

TEST_F(Tcp, ConnectionThatAPowerCutForgotIsResetByTheNextSegment) {
  TcpClient& client = connected();
  server.set_power(false);
  server.set_power(true);
  world.run_until_idle();
  EXPECT_THAT(sniffer.lines, IsEmpty());
  client.send("hello");
  world.run_until_idle();
  EXPECT_EQ(client.error(), asio::error::connection_reset);
}

/// What became of a start_connect() of the phone.
struct Opened {
  Opened(World& world, Host& of, Instant deadline) : world_(world) {
    operation = of.start_connect(kWeb, deadline,
                                 [this](error_code error, std::unique_ptr<StreamSocket> socket) {
                                   at = world_.now();
                                   ended = error;
                                   stream = std::move(socket);
                                 });
  }
  OperationId operation;
  std::optional<Instant> at;
  error_code ended;
  std::unique_ptr<StreamSocket> stream;

 private:
  World& world_;
};

TEST_F(Tcp, OutgoingStreamIsThereOnceTheHandshakeIsDone) {
  listen();
  Opened opened(world, phone, Instant(10s));
  EXPECT_FALSE(opened.at) << "never before the call returns";
  world.run_until(Instant(1s));
  EXPECT_EQ(opened.at, Instant(20ms));
  ASSERT_TRUE(opened.stream);
  EXPECT_EQ(opened.stream->remote(), kWeb);
}

TEST_F(Tcp, OutgoingStreamSaysThatItWasRefused) {
  Opened opened(world, phone, Instant(10s));
  world.run_until(Instant(1s));
  EXPECT_EQ(opened.at, Instant(20ms));
  EXPECT_EQ(opened.ended, asio::error::connection_refused);
  EXPECT_FALSE(opened.stream);
  EXPECT_EQ(phone.open_sockets(), 0U);
}

TEST_F(Tcp, OutgoingStreamGivesUpAtItsDeadline) {
  listen({.port = 80, .silent = true});
  Opened opened(world, phone, Instant(4s));
  world.run_until(Instant(1min));
  EXPECT_EQ(opened.at, Instant(4s));
  EXPECT_EQ(opened.ended, asio::error::timed_out);
  EXPECT_EQ(phone.open_sockets(), 0U);
}

TEST_F(Tcp, OutgoingStreamLeavesNothingWhenCancelled) {
  listen();
  Opened opened(world, phone, Instant(4s));
  phone.cancel(opened.operation);
  world.run_until(Instant(1min));
  EXPECT_EQ(opened.ended, asio::error::operation_aborted);
  EXPECT_FALSE(opened.stream);
  EXPECT_EQ(phone.open_sockets(), 0U);
}

}  // namespace
}  // namespace provlab::world
