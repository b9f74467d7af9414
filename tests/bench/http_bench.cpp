// GETs by the phone's own download over the virtual network, against bare libcurl in the same run.
#include <benchmark/benchmark.h>

#include "core/net/http_client.hpp"
#include "core/platform/task_group.hpp"
#include "sim/world/world.hpp"
#include "tests/bench/floor_client.hpp"

namespace provlab::bench {
namespace {

using world::VirtualHost;
using world::World;

constexpr Endpoint kServer{Ipv4Address::of(192, 0, 2, 10), 80};

/// Gives the same 2 KB answer to whatever arrives.
class CannedServer {
 public:
  explicit CannedServer(VirtualHost& host) : acceptor_(std::move(*host.listen({.port = 80}))) {
    accept();
  }

 private:
  struct Connection {
    std::unique_ptr<StreamSocket> socket;
    std::array<char, 4096> buffer;
  };
  void accept() {
    acceptor_->start_accept([this](error_code error, std::unique_ptr<StreamSocket> socket) {
      if (error) return;
      connections_.push_back(std::make_unique<Connection>());
      connections_.back()->socket = std::move(socket);
      read(*connections_.back());
      accept();
    });
  }
  void read(Connection& connection) {
    connection.socket->start_read(asio::buffer(connection.buffer),
                                  [this, &connection](error_code error, std::size_t) {
                                    if (error) return;
                                    write(connection);
                                    read(connection);
                                  });
  }
  static void write(Connection& connection) {
    static const std::string answer =
        "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 2048\r\n\r\n" +
        std::string(2048, 'x');
    connection.socket->start_write(asio::buffer(answer), [](error_code, std::size_t) {});
  }

  std::unique_ptr<StreamAcceptor> acceptor_;
  std::vector<std::unique_ptr<Connection>> connections_;
};

/// One world with a server and a client that does GETs one after another.
class Download {
 public:
  Download()
      : phone_(world_.add_host({.name = "phone", .configuration = at(9)})),
        server_(world_.add_host({.name = "server", .configuration = at(10)})),
        canned_(server_),
        clock_(phone_),
        resolver_(phone_),
        client_(std::make_unique<net::HttpClient>(phone_, resolver_, clock_, device_)),
        tasks_(phone_) {}
  ~Download() {
    tasks_.cancel();
    world_.run_until([this] { return tasks_.empty(); }, Instant::max());
  }

  /// How many of `count` GETs succeeded.
  int run(int count) {
    good_ = 0;
    tasks_.spawn(get_all(count));
    world_.run_until([this] { return tasks_.empty(); }, Instant::max());
    return good_;
  }

 private:
  static InterfaceConfiguration at(unsigned last) {
    return {{Ipv4Address::of(192, 0, 2, last), 24}, std::nullopt};
  }
  Task<> get_all(int count) {
    const net::Url url = *net::Url::parse("http://192.0.2.10/a.xml");
    for (int i = 0; i < count; ++i) {
      const net::HttpResult result =
          co_await client_->get(url, {}, net::Redirects::follow, net::Purpose::document);
      if (result && result->body.size() == 2048) ++good_;
    }
  }

  World world_;
  VirtualHost& phone_;
  VirtualHost& server_;
  CannedServer canned_;
  net::DeviceClock clock_;
  net::Resolver resolver_;
  DeviceIdentity device_;
  std::unique_ptr<net::HttpClient> client_;
  TaskGroup tasks_;
  int good_ = 0;
};

void compare(benchmark::State& state, const char* mode) {
  const double floor = floor_rate(mode, "0", 0.5);
  state.counters["floor_per_s"] = floor;
  state.counters["of_floor"] = benchmark::Counter(static_cast<double>(state.iterations()) / floor,
                                                  benchmark::Counter::kIsRate);
}

void get_keep_alive(benchmark::State& state) {
  constexpr int kBatch = 1000;
  int left = 0;
  for (auto _ : state) {
    if (left == 0) {
      Download download;
      if (download.run(kBatch) != kBatch) state.SkipWithError("a GET failed");
      left = kBatch;
    }
    --left;
  }
  state.SetItemsProcessed(state.iterations());
  compare(state, "keepalive");
}
BENCHMARK(get_keep_alive);

void get_fresh_world(benchmark::State& state) {
  for (auto _ : state) {
    Download download;
    if (download.run(1) != 1) state.SkipWithError("the GET failed");
  }
  state.SetItemsProcessed(state.iterations());
  compare(state, "fresh");
}
BENCHMARK(get_fresh_world);

}  // namespace
}  // namespace provlab::bench
