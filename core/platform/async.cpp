#include "core/platform/async.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/system/system_error.hpp>

namespace provlab {

namespace {

template <class Message, class Socket>
Task<std::optional<Message>> receive_message(Host& host, Socket& socket, Instant deadline) {
  auto [error, message] = co_await async_receive(host, socket, deadline, asio::as_tuple(use_task));
  if (error == asio::error::timed_out) co_return std::nullopt;
  if (error) throw boost::system::system_error(error);
  co_return std::move(message);
}

}  // namespace

Task<> throw_if_cancelled() {
  co_return;  // to wait for any task throws where the one that waits was cancelled
}

Task<> link_change_until(Host& host, Instant deadline) {
  auto [error] = co_await async_link_change(host, deadline, asio::as_tuple(use_task));
  if (error && error != asio::error::timed_out) throw boost::system::system_error(error);
}

Task<std::optional<MacAddress>> probe_until(Host& host, Ipv4Address address, Instant deadline) {
  auto [error, holder] =
      co_await async_address_probe(host, address, deadline, asio::as_tuple(use_task));
  if (error == asio::error::timed_out) co_return std::nullopt;
  if (error) throw boost::system::system_error(error);
  co_return holder;
}

Task<std::optional<Datagram>> receive_until(Host& host, UdpSocket& socket, Instant deadline) {
  return receive_message<Datagram>(host, socket, deadline);
}

Task<std::optional<LinkDatagram>> receive_until(Host& host, LinkSocket& socket, Instant deadline) {
  return receive_message<LinkDatagram>(host, socket, deadline);
}

bool LinkFilter::passes(BytesView payload) const {
  return std::ranges::all_of(octets, [&](const Octets& wanted) {
    return wanted.at + wanted.are.size() > payload.size() ||
           std::ranges::equal(payload.subspan(wanted.at, wanted.are.size()), wanted.are);
  });
}

std::uint64_t Random::below(std::uint64_t bound) {
  __extension__ using Wide = unsigned __int128;
  // Lemire's multiply-shift; the bias is below 2^-32 for every bound in use here.
  return static_cast<std::uint64_t>((static_cast<Wide>(next()) * bound) >> 64);
}

Duration Random::between(Duration low, Duration high) {
  if (high <= low) return low;
  return low + Duration(below(static_cast<std::uint64_t>((high - low).count()) + 1));
}

}  // namespace provlab
