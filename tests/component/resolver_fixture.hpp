#pragma once
#include <gtest/gtest.h>

#include "core/net/resolver.hpp"
#include "tests/component/net_fixture.hpp"

/// What tests of the resolver share: a reply to make, and a resolver that asks.
namespace provlab::net {

using namespace std::chrono_literals;

inline constexpr Ipv4Address kResolved = Ipv4Address::of(198, 51, 100, 10);

/// The response to a captured query: its question repeated, then what the case says.
struct Reply {
  unsigned code = 0;
  std::uint32_t ttl = 60;
  std::optional<Ipv4Address> address = kResolved;
  unsigned id_change = 0;
  std::vector<Ipv4Address> more{};  ///< after `address`

  Bytes to(BytesView query) const {
    Bytes out(query.begin(), query.end());
    out[1] = static_cast<std::uint8_t>(out[1] ^ id_change);
    out[2] = 0x81;
    out[3] = static_cast<std::uint8_t>(0x80 | code);
    if (!address) return out;
    out[7] = static_cast<std::uint8_t>(1 + more.size());
    const auto u16 = [&](unsigned value) {
      out.push_back(static_cast<std::uint8_t>(value >> 8));
      out.push_back(static_cast<std::uint8_t>(value));
    };
    const auto record = [&](Ipv4Address value) {
      for (const unsigned part : {0xc00cU, 1U, 1U, ttl >> 16, ttl & 0xffff, 4U, value.value >> 16,
                                  value.value & 0xffff}) {
        u16(part);
      }
    };
    record(*address);
    for (const Ipv4Address value : more) record(value);
    return out;
  }
};

inline test::UdpScript::Answer always(Reply reply) {
  return [reply](UdpSocket& socket, const Datagram& query, unsigned) {
    (void)socket.send(query.from, reply.to(query.payload));
  };
}
inline void silent(UdpSocket&, const Datagram&, unsigned) {}

class ResolverTest : public ::testing::Test {
 protected:
  ResolverTest() { resolver.set_servers({test::kFirstServer}); }

  Expected<Ipv4Address> resolve(std::string name, Instant deadline = kNever) {
    const auto addresses = resolve_all(std::move(name), deadline);
    if (!addresses) return std::unexpected(addresses.error());
    return addresses->front();
  }
  Expected<std::vector<Ipv4Address>> resolve_all(std::string name, Instant deadline = kNever) {
    return result_of(resolver.resolve(std::move(name), deadline));
  }
  NameAnswer look_up(std::string name) { return result_of(resolver.look_up(std::move(name))); }
  std::string complaint(std::string name) {
    const auto result = resolve(std::move(name));
    return result ? "resolved" : result.error().text;
  }

  test::Lan lan;
  Resolver resolver{lan.phone};
  Duration took{};

 private:
  template <class T>
  T result_of(Task<T> task) {
    test::Running<T> running(lan.phone, std::move(task));
    lan.world.run_until([&] { return running.done(); }, lan.world.now() + 10min);
    took = running.ended_at.value() - started_;
    started_ = lan.world.now();
    return running.value();
  }
  Instant started_{};
};

}  // namespace provlab::net
