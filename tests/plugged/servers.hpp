#pragma once
#include <atomic>
#include <string>
#include <thread>
#include <utility>

#include "sim/lab/language/load.hpp"
#include "sim/lab/play/phone_half.hpp"
#include "sim/lab/play/servers_half.hpp"
#include "sim/record/trace.hpp"
#include "sim/wire/interface.hpp"
#include "sim/wire/pacer.hpp"

namespace provlab::lab {

/// The servers of a plan, plugged in; what stands outside is the phone.
class Servers {
 public:
  Servers(const Shared<ScenarioPlan>& plan, const Variant& variant, std::uint64_t seed,
          std::unique_ptr<wire::Interface> interface)
      : world_(seed),
        half_(world_, world_.network(), plan, variant),
        port_(world_, std::move(interface), wire::PortOptions{.name = std::string(kDeviceName)}),
        pacer_(world_, &port_) {
    half_.start({port_.outside(), [] { return std::nullopt; }});
  }

  void serve(const std::atomic<bool>& done) {
    using namespace std::chrono_literals;
    while (!done) {
      (void)pacer_.run([&] { return done.load(); }, pacer_.clock() + 10ms);
    }
  }
  /// The paths that were asked for by HTTP.
  std::string requests() {
    std::string all;
    for (const TraceRecord record : world_.trace()) {
      if (!record.is("request_received") || !record.says("kind", "http")) continue;
      all += record.field("request").value_or("") + ' ';
    }
    return all;
  }

 private:
  world::World world_;
  ServersHalf half_;
  wire::Port port_;
  wire::Pacer pacer_;
};

/// They, in a thread of their own, as long as this lives.
class RunningServers {
 public:
  RunningServers(const Shared<ScenarioPlan>& plan, std::unique_ptr<wire::Interface> interface)
      : servers_(plan, plan->variants.front(), 1, std::move(interface)),
        thread_([this] { servers_.serve(done_); }) {}
  ~RunningServers() { stop(); }

  /// What they have seen may be looked at from then on.
  Servers& stop() {
    done_ = true;
    if (thread_.joinable()) thread_.join();
    return servers_;
  }

 private:
  std::atomic<bool> done_ = false;
  Servers servers_;
  std::thread thread_;
};

}  // namespace provlab::lab
