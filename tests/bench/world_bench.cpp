// What the virtual world costs by itself: timers, datagrams, broadcasts. One iteration is one
// event.
#include <benchmark/benchmark.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "core/platform/async.hpp"
#include "sim/record/trace.hpp"
#include "sim/world/memory.hpp"
#include "sim/world/world.hpp"

namespace provlab::world {
namespace {

/// What each of many pending timers takes; of a few nothing can be said.
void report_octets(benchmark::State& state, std::size_t before) {
  if (state.range(0) < 100'000) return;
  state.counters["octets_each"] =
      static_cast<double>(allocated_octets() - before) / static_cast<double>(state.range(0));
}

/// Fires, and schedules itself again `period` later: the number pending stays the same.
struct Periodic {
  EventQueue& queue;
  Duration period;
  void operator()(error_code) const { queue.schedule(queue.now() + period, Rank::timer, *this); }
};

Duration scattered(std::int64_t index, std::int64_t pending) {
  // Neighbours in the heap are no neighbours in time.
  return Duration(1000 + index * 7919 % (pending * 10));
}

void raw_timers(benchmark::State& state) {
  Trace trace;
  EventQueue queue(trace);
  const std::size_t before = allocated_octets();
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    queue.schedule(Instant(scattered(i, state.range(0))), Rank::timer,
                   Periodic{queue, scattered(i, state.range(0))});
  }
  report_octets(state, before);
  for (auto _ : state) queue.step();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(raw_timers)->Arg(1)->Arg(1000)->Arg(1'000'000);

Task<> tick(Host& host, Duration period) {
  for (;;) co_await async_wait(host, period, use_task);
}

void coroutine_timers(benchmark::State& state) {
  World world;
  VirtualHost& host = world.add_host({.name = "host"});
  const std::size_t before = allocated_octets();
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    asio::co_spawn(host.executor(), tick(host, scattered(i, state.range(0))), asio::detached);
    if (i % 1000 == 0) world.run_until(Instant{});  // starts those spawned so far
  }
  world.run_until(Instant{});
  report_octets(state, before);
  std::int64_t left = 0;
  for (auto _ : state) {
    if (left == 0) {  // a batch at a time through the world's own loop
      const std::uint64_t end = world.queue().executed() + 1000;
      world.run_until([&] { return world.queue().executed() >= end; }, Instant::max());
      left = 1000;
    }
    --left;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(coroutine_timers)->Arg(1)->Arg(1000)->Arg(1'000'000);

/// Sends each datagram that it gets back to where it came from.
struct Echo {
  explicit Echo(VirtualHost& h) : host(h), socket(std::move(*h.open_udp({.port = 9}))) {
    receive();
  }
  void receive() {
    socket->start_receive(std::nullopt, [this](error_code error, Datagram datagram) {
      if (error) return;
      (void)socket->send(datagram.from, datagram.payload);
      receive();
    });
  }
  VirtualHost& host;
  std::unique_ptr<UdpSocket> socket;
};

void datagrams(benchmark::State& state) {
  std::uint64_t events = 0;
  auto world = std::unique_ptr<World>();
  std::vector<std::unique_ptr<Echo>> echoes;
  std::int64_t left = 0;
  for (auto _ : state) {
    if (left == 0) {  // a fresh world every 20,000 datagrams: its trace grows
      echoes.clear();
      world = std::make_unique<World>();
      for (unsigned i = 1; i <= 2; ++i) {
        const InterfaceConfiguration at{{Ipv4Address::of(192, 0, 2, i), 24}, std::nullopt};
        echoes.push_back(std::make_unique<Echo>(
            world->add_host({.name = i == 1 ? "a" : "b", .configuration = at})));
      }
      const Bytes payload(300, 1);
      (void)echoes[0]->socket->send({Ipv4Address::of(192, 0, 2, 2), 9}, payload);
      const std::uint64_t end = 20'000;
      world->run_until([&] { return world->queue().executed() >= end; }, Instant::max());
      events += world->queue().executed();
      left = 20'000;
    }
    --left;
  }
  state.SetItemsProcessed(state.iterations());
  echoes.clear();
}
BENCHMARK(datagrams);

/// One of many hosts asks all for a server, and is answered by unicast: a broadcast costs what
/// those cost who listen, not what all hosts of the link do.
void broadcasts(benchmark::State& state) {
  World world(1);
  const auto address = [](std::uint32_t i) {
    return InterfaceConfiguration{{{0x0a000001U + i}, 8}, std::nullopt};
  };
  VirtualHost& server = world.add_host({.name = "server", .configuration = address(0)});
  auto listener = server.open_udp({.port = 67}).value();
  const auto hosts = static_cast<std::uint32_t>(state.range(0));
  std::vector<std::unique_ptr<UdpSocket>> sockets;
  for (std::uint32_t i = 1; i < hosts; ++i) {
    VirtualHost& host = world.add_host({.name = "host", .configuration = address(i)});
    sockets.push_back(host.open_udp({.broadcast = true}).value());
  }
  const Bytes payload(300);
  std::size_t next = 0;
  for (auto _ : state) {
    bool answered = false;
    listener->start_receive(std::nullopt, [&](error_code, Datagram asked) {
      answered = listener->send(asked.from, payload).has_value();
    });
    benchmark::DoNotOptimize(sockets[next]->send({Ipv4Address::broadcast(), 67}, payload));
    next = (next + 1) % sockets.size();
    world.run_until(world.now() + std::chrono::milliseconds(2));
    if (!answered) state.SkipWithError("the server has not heard it");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(broadcasts)->Arg(10)->Arg(1000)->Arg(10'000);

}  // namespace
}  // namespace provlab::world
