#pragma once
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/system/system_error.hpp>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/platform/stream.hpp"
#include "core/platform/task_group.hpp"
#include "sim/record/trace.hpp"
#include "sim/world/world.hpp"

/// What component tests of the net room share: a small world, a coroutine under watch, and servers
/// that do exactly as a test says.
namespace provlab::test {

using namespace std::chrono_literals;

constexpr Ipv4Address kPhone = Ipv4Address::of(192, 0, 2, 100);
constexpr Ipv4Address kFirstServer = Ipv4Address::of(192, 0, 2, 1);
constexpr Ipv4Address kSecondServer = Ipv4Address::of(192, 0, 2, 2);

/// A phone and two servers on one wire; each way takes 1 ms.
struct Lan {
  Lan() { world.network().link.latency = 1ms; }

  world::VirtualHost& add(const std::string& name, Ipv4Address address) {
    return world.add_host(
        {.name = name, .configuration = InterfaceConfiguration{{address, 24}, kFirstServer}});
  }
  /// The value of `field` in each event of that name.
  std::vector<std::string> values(std::string_view event, std::string_view field) {
    std::vector<std::string> found;
    for (const TraceRecord record : world.trace()) {
      if (record.is(event)) found.push_back(record.field(field).value_or("absent"));
    }
    return found;
  }
  std::vector<Instant> times(std::string_view event) {
    std::vector<Instant> found;
    for (const TraceRecord record : world.trace()) {
      if (record.is(event)) found.push_back(record.at());
    }
    return found;
  }

  world::World world{7};
  world::VirtualHost& phone = add("phone", kPhone);
  world::VirtualHost& first = add("first", kFirstServer);
  world::VirtualHost& second = add("second", kSecondServer);
};

/// A coroutine running in a world, with what came of it and when.
template <class T>
class Running {
 public:
  Running(Host& host, Task<T> task) : host_(host) {
    asio::co_spawn(host.executor(), keep(this, std::move(task)),
                   asio::bind_cancellation_slot(signal_.slot(), [this](std::exception_ptr error) {
                     ended_at = host_.now();
                     if (!error) return;
                     try {
                       std::rethrow_exception(error);
                     } catch (const boost::system::system_error& failure) {
                       cancelled = failure.code() == asio::error::operation_aborted;
                     }
                   }));
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void cancel() { signal_.emit(asio::cancellation_type::terminal); }
  bool done() const { return ended_at.has_value(); }
  const T& value() const {
    if (!result) throw std::runtime_error("the coroutine has no result");
    return *result;
  }

  std::optional<T> result;
  std::optional<Instant> ended_at;
  bool cancelled = false;

 private:
  static Task<> keep(Running* self, Task<T> task) {
    T value = co_await std::move(task);
    self->result.emplace(std::move(value));
  }
  Host& host_;
  asio::cancellation_signal signal_;
};

/// A UDP server that hands every datagram to a function, with the socket to answer from.
class UdpScript {
 public:
  using Answer = std::function<void(UdpSocket&, const Datagram&, unsigned nth)>;
  UdpScript(Host& host, Port port, Answer answer)
      : socket_(host.open_udp({.port = port}).value()), answer_(std::move(answer)) {
    receive();
  }
  unsigned received() const { return nth_; }

 private:
  void receive() {
    socket_->start_receive(std::nullopt, [this](error_code error, Datagram datagram) {
      if (error) return;
      answer_(*socket_, datagram, ++nth_);
      receive();
    });
  }
  std::unique_ptr<UdpSocket> socket_;
  Answer answer_;
  unsigned nth_ = 0;
};

}  // namespace provlab::test
