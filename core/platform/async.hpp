#pragma once
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_type.hpp>

#include "core/platform/host.hpp"

/// Awaitable forms of the Host's operations. Each takes an Asio completion token (use_task in a
/// coroutine, asio::as_tuple(use_task) to get the error as a value) and obeys the cancellation slot
/// of its handler, so `a || b` and parallel groups can end it.
namespace provlab {

namespace detail {

/// Starts an operation and ties it to the handler's cancellation slot. `start` takes the callable
/// to store and returns the OperationId.
template <class Handler, class Start>
void start_cancellable(Host& host, Handler&& handler, Start&& start) {
  auto slot = asio::get_associated_cancellation_slot(handler);
  const OperationId id =
      start([handler = std::forward<Handler>(handler), slot](auto&&... results) mutable {
        if (slot.is_connected()) slot.clear();
        std::move(handler)(std::forward<decltype(results)>(results)...);
      });
  if (slot.is_connected()) {
    slot.assign([&host, id](asio::cancellation_type) { host.cancel(id); });
  }
}

}  // namespace detail

/// Completes with `void(error_code)` at `deadline`, or at once if that has passed.
template <class Token>
auto async_wait_until(Host& host, Instant deadline, Token&& token) {
  return asio::async_initiate<Token, void(error_code)>(
      [](auto handler, Host* h, Instant when) {
        detail::start_cancellable(*h, std::move(handler), [&](auto&& completion) {
          return h->start_timer(when, std::forward<decltype(completion)>(completion));
        });
      },
      token, &host, deadline);
}

template <class Token>
auto async_wait(Host& host, Duration duration, Token&& token) {
  return async_wait_until(host, host.now() + duration, std::forward<Token>(token));
}

/// Completes with `void(error_code, Datagram)`; timed_out at the deadline, if there is one.
template <class Token>
auto async_receive(Host& host, UdpSocket& socket, std::optional<Instant> deadline, Token&& token) {
  return asio::async_initiate<Token, void(error_code, Datagram)>(
      [](auto handler, Host* h, UdpSocket* s, std::optional<Instant> until) {
        detail::start_cancellable(*h, std::move(handler), [&](auto&& completion) {
          return s->start_receive(until, std::forward<decltype(completion)>(completion));
        });
      },
      token, &host, &socket, deadline);
}

/// The same for a link socket: `void(error_code, LinkDatagram)`.
template <class Token>
auto async_receive(Host& host, LinkSocket& socket, std::optional<Instant> deadline, Token&& token) {
  return asio::async_initiate<Token, void(error_code, LinkDatagram)>(
      [](auto handler, Host* h, LinkSocket* s, std::optional<Instant> until) {
        detail::start_cancellable(*h, std::move(handler), [&](auto&& completion) {
          return s->start_receive(until, std::forward<decltype(completion)>(completion));
        });
      },
      token, &host, &socket, deadline);
}

/// Completes with `void(error_code)` when the cable has gone out or in; timed_out at the deadline,
/// if there is one.
template <class Token>
auto async_link_change(Host& host, std::optional<Instant> deadline, Token&& token) {
  return asio::async_initiate<Token, void(error_code)>(
      [](auto handler, Host* h, std::optional<Instant> until) {
        detail::start_cancellable(*h, std::move(handler), [&](auto&& completion) {
          return h->start_link_wait(until, std::forward<decltype(completion)>(completion));
        });
      },
      token, &host, deadline);
}

/// Completes with `void(error_code, MacAddress)`; timed_out at the deadline.
template <class Token>
auto async_address_probe(Host& host, Ipv4Address address, Instant deadline, Token&& token) {
  return asio::async_initiate<Token, void(error_code, MacAddress)>(
      [](auto handler, Host* h, Ipv4Address asked, Instant until) {
        detail::start_cancellable(*h, std::move(handler), [&](auto&& completion) {
          return h->start_address_probe(asked, until,
                                        std::forward<decltype(completion)>(completion));
        });
      },
      token, &host, address, deadline);
}

/// Completes with `void(error_code, std::unique_ptr<StreamSocket>)`.
template <class Token>
auto async_accept(Host& host, StreamAcceptor& acceptor, Token&& token) {
  return asio::async_initiate<Token, void(error_code, std::unique_ptr<StreamSocket>)>(
      [](auto handler, Host* h, StreamAcceptor* a) {
        detail::start_cancellable(*h, std::move(handler), [&](auto&& completion) {
          return a->start_accept(std::forward<decltype(completion)>(completion));
        });
      },
      token, &host, &acceptor);
}

/// Completes with `void(error_code, std::unique_ptr<StreamSocket>)`; timed_out at the deadline.
template <class Token>
auto async_connect(Host& host, Endpoint remote, Instant deadline, Token&& token) {
  return asio::async_initiate<Token, void(error_code, std::unique_ptr<StreamSocket>)>(
      [](auto handler, Host* h, Endpoint to, Instant until) {
        detail::start_cancellable(*h, std::move(handler), [&](auto&& completion) {
          return h->start_connect(to, until, std::forward<decltype(completion)>(completion));
        });
      },
      token, &host, remote, deadline);
}

/// Ends the coroutine by operation_aborted if it has been cancelled. An operation that had finished
/// before the cancellation still gives its result; where a decision follows without a co_await
/// between, ask.
Task<> throw_if_cancelled();

inline Task<> sleep_until(Host& host, Instant deadline) {
  co_await async_wait_until(host, deadline, use_task);
}
inline Task<> sleep_for(Host& host, Duration duration) {
  co_await async_wait_until(host, host.now() + duration, use_task);
}

/// Ends when the cable has gone out or in, or `deadline` has passed.
Task<> link_change_until(Host& host, Instant deadline);

/// Who else on the link has `address`; nothing where nobody has said so by `deadline`.
Task<std::optional<MacAddress>> probe_until(Host& host, Ipv4Address address, Instant deadline);

/// The next datagram, or nothing once `deadline` has passed. Throws system_error when cancelled.
Task<std::optional<Datagram>> receive_until(Host& host, UdpSocket& socket, Instant deadline);
Task<std::optional<LinkDatagram>> receive_until(Host& host, LinkSocket& socket, Instant deadline);

}  // namespace provlab
