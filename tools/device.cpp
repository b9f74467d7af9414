#include "tools/device.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <random>

#include "core/service/events.hpp"
#include "sim/lab/machine/output_file.hpp"
#include "sim/lab/trace/narration.hpp"
#include "sim/phone/phone.hpp"
#include "sim/wire/interface.hpp"
#include "sim/wire/pacer.hpp"
#include "sim/world/pcapng.hpp"
#include "tools/command.hpp"
#include "tools/interrupt.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

using namespace std::chrono_literals;

constexpr Duration kBetweenLooks = 100ms;  ///< at Ctrl-C
constexpr Duration kAfterTheRun = 50ms;    ///< connections that are being closed

/// Another one with each start, as ports and sequence numbers of a phone must be (RFC 9293 3.4.1).
std::uint64_t fresh_seed() {
  std::random_device source;
  return static_cast<std::uint64_t>(source()) << 32 | source();
}

WallTime wall_time() {
  return std::chrono::time_point_cast<WallTime::duration>(std::chrono::system_clock::now());
}

/// A phone, its world and its plug.
class PluggedPhone {
 public:
  PluggedPhone(const DeviceRequest& request, std::unique_ptr<wire::Interface> interface)
      : request_(request), world_(fresh_seed()) {
    world_.network().link.latency = {};  // the wire has its own
    host_ = &world_.add_host({.name = "device", .mac = request.identity.mac});
    if (!request.pcap.empty()) {
      capture_.emplace(request.interface, wall_time(), "provlab device");
      world_.network().capture(*host_, *capture_);
    }
    phone::PhoneOptions options;
    options.identity = request.identity;
    phone_.emplace(*host_, options);
    port_.emplace(world_, std::move(interface));
    pacer_.emplace(world_, &*port_, wire::PacerOptions{.realtime = true});
    world_.at(world_.now(), [this] { phone_->power_on(); });
  }

  /// To the end that was asked for: nothing, or why the interface cannot be used any more.
  Expected<void> run(const Interrupt& interrupt) {
    const Instant limit = request_.limit ? world_.now() + *request_.limit : Instant::max();
    const auto finished = [this] {
      look();
      return request_.once && result_.has_value();
    };
    for (;;) {
      const Instant slice = std::min(limit, pacer_->clock() + kBetweenLooks);
      const auto ran = pacer_->run(finished, slice);
      if (!ran) return std::unexpected(ran.error());
      if (*ran || interrupt.asked() || pacer_->clock() >= limit) break;
    }
    const auto settled = pacer_->run([] { return false; }, pacer_->clock() + kAfterTheRun);
    if (!settled) return std::unexpected(settled.error());
    port_->tell_counts();
    look();
    return {};
  }

  const std::optional<std::string>& result() const { return result_; }
  const std::string& sentence() const { return sentence_; }

  void say_lag() const {
    const wire::Lag& lag = pacer_->lag();
    if (lag.over_a_millisecond() == 0 && !request_.verbose) return;
    std::fflush(stdout);
    say(stderr,
        "provlab: of {} events {} ran over 1 ms late, the latest by {}; 99 of 100 within {}\n",
        lag.events(), lag.over_a_millisecond(), to_string(lag.worst()),
        to_string(lag.quantile(0.99)));
  }

  bool write_files() {
    bool all = true;
    const auto keep = [&all](const std::string& file, std::string_view content) {
      if (file.empty()) return;
      if (const auto written = lab::write_file(file, content); !written) {
        say(stderr, "provlab: {}\n", written.error().to_string());
        all = false;
      }
    };
    keep(request_.trace, world_.trace().json_lines());
    if (capture_) keep(request_.pcap, capture_->bytes());
    return all;
  }

 private:
  /// At what was recorded since the last time.
  void look() {
    while (seen_ < world_.trace().last()) {
      const TraceRecord record = world_.trace().event(++seen_);
      if (record.is<service::RunEnded>()) {
        result_ = record.field("result");
        sentence_ = record.field("sentence").value_or("");
      }
      const auto field = [&record](std::string_view key) { return record.field(key); };
      if (!request_.verbose || lab::told_by_others(record.event(), field)) continue;
      const auto at = std::chrono::duration<double>(record.at().time_since_epoch()).count();
      say(stdout, "{:10.6f} s  {}\n", at, lab::sentence_of(world_.trace(), record));
    }
  }

  const DeviceRequest& request_;
  world::World world_;
  world::VirtualHost* host_ = nullptr;
  std::optional<world::PcapngWriter> capture_;
  std::optional<phone::Phone> phone_;
  std::optional<wire::Port> port_;
  std::optional<wire::Pacer> pacer_;
  EventNumber seen_ = 0;
  std::optional<std::string> result_;
  std::string sentence_;
};

}  // namespace

int run_device(const DeviceRequest& request) {
  auto interface = wire::Interface::open(request.interface);
  if (!interface) {
    say(stderr, "provlab: {}\n", interface.error().to_string());
    return kUsage;
  }
  const Interrupt interrupt;
  PluggedPhone phone(request, std::move(*interface));
  const auto ran = phone.run(interrupt);
  if (!ran) say(stderr, "provlab: {}\n", ran.error().to_string());
  const bool written = phone.write_files();
  if (!ran || !written) return kUsage;
  if (!phone.result()) {
    say(stdout, "no run has ended\n");
    phone.say_lag();
    return interrupt.asked() ? kInterrupted : 1;
  }
  say(stdout, "{}\n", phone.sentence());
  phone.say_lag();
  if (interrupt.asked()) return kInterrupted;
  return *phone.result() == "provisioned" || *phone.result() == "unchanged" ? 0 : 1;
}

}  // namespace provlab::tools
