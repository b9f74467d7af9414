#include <gmock/gmock.h>

#include "tests/component/resolver_fixture.hpp"

namespace provlab::net {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using ResolverStreamTest = ResolverTest;

/// One who says to every question by UDP that the answer is too long.
test::UdpScript::Answer too_long() {
  return [](UdpSocket& socket, const Datagram& query, unsigned) {
    Bytes out = Reply{.address = Ipv4Address::of(203, 0, 113, 66)}.to(query.payload);
    out[2] |= 2;
    (void)socket.send(query.from, out);
  };
}

/// A name server's TCP side: takes one connection and does with its message what it is told.
class StreamScript {
 public:
  using Answer = std::function<void(StreamSocket&, BytesView message)>;
  StreamScript(Host& host, Answer answer)
      : acceptor_(host.listen({.port = 53}).value()), answer_(std::move(answer)) {
    acceptor_->start_accept([this](error_code, std::unique_ptr<StreamSocket> socket) {
      socket_ = std::move(socket);
      read();
    });
  }
  /// Whether the other side has ended the connection.
  std::optional<error_code> ended;

 private:
  void read() {
    socket_->start_read(asio::buffer(buffer_), [this](error_code error, std::size_t size) {
      if (error) {
        ended = error;
        socket_->close();
        return;
      }
      answer_(*socket_, BytesView(buffer_).subspan(2, size - 2));
      read();
    });
  }
  std::unique_ptr<StreamAcceptor> acceptor_;
  std::unique_ptr<StreamSocket> socket_;
  Bytes buffer_ = Bytes(1024);
  Answer answer_;
};

/// Sends the first octets of a message and its length; all where `octets` says nothing.
StreamScript::Answer over_tcp(Reply reply, std::size_t octets = 1024) {
  return [reply, octets](StreamSocket& socket, BytesView query) {
    static Bytes out;
    const Bytes message = reply.to(query);
    out = {0, static_cast<std::uint8_t>(message.size())};
    out.insert(out.end(), message.begin(), message.end());
    out.resize(std::min(out.size(), octets));
    socket.start_write(asio::buffer(out), [](error_code, std::size_t) {});
  };
}

TEST_F(ResolverStreamTest, AsksOverTcpWhereADatagramIsTooSmall) {
  const test::UdpScript server(lan.first, 53, too_long());
  StreamScript stream(lan.first, over_tcp({.more = {Ipv4Address::of(198, 51, 100, 11)}}));
  EXPECT_EQ(resolve_all("prov.example").value().size(), 2U);
  EXPECT_THAT(lan.values("name_query_sent", "transport"), ElementsAre("absent", "tcp"));
  lan.world.run_until(lan.world.now() + 1s);
  EXPECT_EQ(stream.ended, asio::error::eof);
  EXPECT_EQ(lan.phone.open_sockets(), 0U);
}

TEST_F(ResolverStreamTest, GoesToTheNextServerAtOnceWhereTcpIsRefused) {
  resolver.set_servers({test::kFirstServer, test::kSecondServer});
  const test::UdpScript first(lan.first, 53, too_long());
  const test::UdpScript second(lan.second, 53, always({}));
  EXPECT_EQ(resolve("prov.example"), kResolved);
  EXPECT_EQ(took, 6ms);
  EXPECT_THAT(lan.values("name_server_failed", "reason"),
              ElementsAre(HasSubstr("the connection was refused")));
}

TEST_F(ResolverStreamTest, WaitsFourSecondsForAnAnswerOverTcp) {
  const test::UdpScript server(lan.first, 53, too_long());
  StreamScript stream(lan.first, over_tcp({}, 20));
  EXPECT_THAT(complaint("prov.example"), HasSubstr("over TCP not in time"));
  EXPECT_EQ(took, 4s + 2ms);
  EXPECT_EQ(lan.phone.open_sockets(), 0U);
}

TEST_F(ResolverStreamTest, TakesNoAnswerOverTcpThatIsNotToItsQuery) {
  const test::UdpScript server(lan.first, 53, too_long());
  StreamScript stream(lan.first, over_tcp({.id_change = 1}));
  EXPECT_THAT(complaint("prov.example"), HasSubstr("its identifier is not that of the query"));
}

TEST_F(ResolverStreamTest, LeavesNoConnectionOpenWhenCancelled) {
  const test::UdpScript server(lan.first, 53, too_long());
  StreamScript stream(lan.first, [](StreamSocket&, BytesView) {});
  for (const Duration after : {3ms, 500ms}) {  // while it connects, while it waits
    test::Running<Expected<std::vector<Ipv4Address>>> running(lan.phone,
                                                              resolver.resolve("prov.example"));
    lan.world.run_until(lan.world.now() + after);
    EXPECT_GT(lan.phone.open_sockets(), 0U);
    running.cancel();
    lan.world.run_until(lan.world.now() + 1ms);
    EXPECT_TRUE(running.cancelled);
    EXPECT_EQ(lan.phone.open_sockets(), 0U);
  }
}

}  // namespace
}  // namespace provlab::net
