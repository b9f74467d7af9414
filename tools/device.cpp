#include "tools/device.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <utility>

#include "tools/command.hpp"
#include "tools/device/phone_desk.hpp"
#include "tools/device/phone_record.hpp"
#include "tools/device/phone_store.hpp"
#include "tools/device/phone_watch.hpp"
#include "tools/device/plugged_phone.hpp"
#include "tools/interrupt.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

using namespace std::chrono_literals;

constexpr Duration kBetweenLooks = 100ms;  ///< at Ctrl-C
constexpr Duration kAfterTheRun = 50ms;    ///< connections that are being closed

/// A phone from its first power-on to its end.
class DeviceSession {
 public:
  DeviceSession(const DeviceRequest& request, PhoneStore* store, PhoneRecord record,
                std::unique_ptr<wire::Interface> interface)
      : request_(request),
        record_(std::move(record)),
        phone_(request.phone,
               {.interface_name = request.interface,
                .captured = !request.pcap.empty(),
                .storage = store == nullptr ? nullptr : &store->storage()},
               std::move(interface)),
        watch_(phone_.world().trace(),
               request.verbose ? PhoneWatch::Telling::everything : PhoneWatch::Telling::runs) {}

  /// To the end that was asked for, or to an error that leaves the phone without its network.
  Expected<void> run(const Interrupt& interrupt) {
    if (const auto refused = watch_.refused_setting()) return fail(*refused, "--config");
    if (auto free = phone_.probe_static_address(); !free) return free;
    if (request_.web) {
      const auto at = phone_.serve_web(*request_.web);
      if (!at) return fail(at.error().text, "--web");
      say(stdout, "its Web UI is at http://{} too\n", at->to_string());
    }
    PhoneDesk desk(phone_, watch_);
    phone_.power_on();
    const Instant limit = request_.limit ? phone_.clock() + *request_.limit : Instant::max();
    const auto done = [&] {
      desk.attend();
      return interrupt.asked() || desk.left() || (request_.once && watch_.result());
    };
    for (;;) {
      const Instant slice = std::min(limit, phone_.clock() + kBetweenLooks);
      const auto ran = phone_.run(done, slice);
      desk.attend();
      keep_record(desk);
      if (!ran) return std::unexpected(ran.error());
      if (*ran || phone_.clock() >= limit) break;
    }
    const auto settled = phone_.run([] { return false; }, phone_.clock() + kAfterTheRun);
    if (!settled) return std::unexpected(settled.error());
    phone_.port().tell_counts();
    desk.attend();
    keep_record(desk);
    return {};
  }

  const PhoneWatch& watch() const { return watch_; }

  void say_lag() {
    const wire::LinkStatistics frames = phone_.port().link().statistics();
    if (frames.lost > 0) {
      say(stderr, "provlab: of {} frames {} were lost before the phone could take them\n",
          frames.taken, frames.lost);
    }
    const wire::Lag& lag = phone_.lag();
    if (lag.over_a_millisecond() == 0 && !request_.verbose) return;
    std::fflush(stdout);
    say(stderr,
        "provlab: of {} events {} ran over 1 ms late, the latest by {}; 99 of 100 within {}\n",
        lag.events(), lag.over_a_millisecond(), to_string(lag.worst()),
        to_string(lag.quantile(0.99)));
  }

  /// Whether all that was to be kept in files is in them.
  bool recorded() const { return recorded_; }

 private:
  void keep_record(PhoneDesk& desk) {
    const auto kept = record_.keep(phone_);
    if (kept) return;
    recorded_ = false;
    desk.warn(kept.error().to_string() + "; the phone goes on without it");
  }

  const DeviceRequest& request_;
  PhoneRecord record_;
  PluggedPhone phone_;
  PhoneWatch watch_;
  bool recorded_ = true;
};

/// The store that was asked for, read to be used; null where none was.
Expected<std::unique_ptr<PhoneStore>> open_store(const DeviceRequest& request) {
  if (!request.store) return nullptr;
  auto store = PhoneStore::open(*request.store);
  if (!store) return store;
  if (request.fresh) {
    if (auto forgotten = (*store)->forget(); !forgotten) {
      return std::unexpected(std::move(forgotten.error()));
    }
  }
  return store;
}

int said(const Error& error) {
  std::fflush(stdout);
  say(stderr, "provlab: {}\n", error.to_string());
  return kUsage;
}

}  // namespace

int run_device(const DeviceRequest& request) {
  auto interface = wire::Interface::open(request.interface);
  if (!interface) return said(interface.error());
  const auto store = open_store(request);
  if (!store) return said(store.error());
  auto record = PhoneRecord::begin(request.trace, request.pcap);
  if (!record) return said(record.error());
  const Interrupt interrupt;
  DeviceSession session(request, store->get(), std::move(*record), std::move(*interface));
  const auto ran = session.run(interrupt);
  if (!ran) said(ran.error());
  if (!ran || !session.recorded()) return kUsage;
  const auto& result = session.watch().result();
  if (!result) say(stdout, "no run has ended\n");
  session.say_lag();
  if (interrupt.asked()) return kInterrupted;
  return result == "provisioned" || result == "unchanged" ? 0 : 1;
}

}  // namespace provlab::tools
