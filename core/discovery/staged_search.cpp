#include "core/discovery/staged_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include "core/discovery/events.hpp"
#include "core/discovery/stage.hpp"
#include "core/platform/async.hpp"
#include "core/platform/timer.hpp"

// run() makes a Stage of each stage of the sequence and sets its sources on it. The sources
// (sources.cpp) ask and hand every answer to the Stage in the instant of its arrival; the Stage
// judges, keeps the first usable URL and calls all later ones late. So the winner is decided by
// Stage::judge(). The group of run_stage() only ends the losers: it waits for one success, or for
// the deadline, cancels the rest and returns when all coroutines have unwound.
namespace provlab::discovery {

namespace {

std::string names_of(const std::vector<SourceKind>& sources) {
  std::string names;
  for (const SourceKind source : sources) {
    if (!names.empty()) names += ',';
    names += to_string(source);
  }
  return names;
}

/// One source of a race: whether it has won. A rival may have won before this one begins, as a
/// source can that waits for nobody; then this one does not begin.
Task<bool> contend(Stage& stage, SourceKind source, Task<> search) {
  if (stage.winner()) co_return false;
  co_await std::move(search);
  stage.end(source);
  co_return stage.won_by(source);
}

/// The failure of a contender, unless it is the cancellation.
std::exception_ptr unexpected(const std::exception_ptr& failure) {
  if (!failure) return {};
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& error) {
    return error.code() == asio::error::operation_aborted ? std::exception_ptr() : failure;
  } catch (...) {
    return failure;
  }
}

/// Passes a coroutine's cancellation on to a signal, as long as this lives: the slot outlives the
/// frames, and with them the signal.
class PassedOn {
 public:
  PassedOn(asio::cancellation_slot from, asio::cancellation_signal& to) : from_(from) {
    if (from_.is_connected()) {
      from_.assign([&to](asio::cancellation_type type) { to.emit(type); });
    }
  }
  ~PassedOn() {
    if (from_.is_connected()) from_.clear();
  }
  PassedOn(const PassedOn&) = delete;
  PassedOn& operator=(const PassedOn&) = delete;

 private:
  asio::cancellation_slot from_;
};

/// A contender as an operation of a parallel group. Only the winner ends without an error: the
/// group takes an error for a source that is out, and that costs no exception (D15).
template <class Make>
auto contender(Host& host, Make make, std::exception_ptr& failure) {
  return asio::async_initiate<const asio::deferred_t, void(error_code)>(
      [&host, make, &failure](auto handler) {
        const auto slot = asio::get_associated_cancellation_slot(handler);
        asio::co_spawn(host.executor(), make(),
                       asio::bind_cancellation_slot(slot, [handler = std::move(handler), &failure](
                                                              const std::exception_ptr& thrown,
                                                              bool won) mutable {
                         if (auto other = unexpected(thrown)) failure = std::move(other);
                         std::move(handler)(won ? error_code() : asio::error::operation_aborted);
                       }));
      },
      asio::deferred);
}

}  // namespace

StagedSearch::StagedSearch(Host& host, const DeviceIdentity& device, DiscoveryOptions options,
                           net::DhcpClient* dhcp, net::HttpClient& http, net::SipEndpoint& sip)
    : host_(host),
      device_(device),
      options_(std::move(options)),
      dhcp_(dhcp),
      http_(http),
      sip_(sip) {}

Task<std::optional<FoundUrl>> StagedSearch::run(SourceSettings settings, Instant deadline) {
  asio::cancellation_signal stop;
  bool stopped = false;
  Timer limit(host_);
  limit.start(deadline, [&] {
    stopped = true;
    stop.emit(asio::cancellation_type::terminal);
  });
  unsigned number = 0;
  for (const std::vector<SourceKind>& sources : options_.sequence) {
    Stage stage(host_, device_, ++number, sources.size() > 1, failures_);
    host_.record(StageStarted{number, names_of(sources)});
    for (const SourceKind source : sources) {
      const std::string_view reason = reason_to_skip(source, settings);
      if (reason.empty()) {
        stage.add(source);
      } else {
        host_.record(SourceSkipped{to_string(source), reason});
      }
    }
    co_await run_stage(stage, settings.configured_url, stop);
    // Sources whose wait is cancelled end by a value, as if nobody had answered.
    co_await throw_if_cancelled();
    if (stopped) co_return std::nullopt;
    host_.record(StageEnded{number, stage.winner() ? "url" : "no-url"});
    if (stage.winner()) co_return stage.take_winner();
  }
  co_return std::nullopt;
}

std::string_view StagedSearch::reason_to_skip(SourceKind source,
                                              const SourceSettings& settings) const {
  constexpr std::string_view kOff = "switched off in the settings";
  if (std::ranges::find(settings.tried, source) != settings.tried.end()) {
    return "its turn in this run is over";
  }
  switch (source) {
    case SourceKind::dhcp:
      if (!settings.dhcp) return kOff;
      return dhcp_ == nullptr ? "the device has no DHCP client" : "";
    case SourceKind::redirect:
      return settings.redirect ? "" : kOff;
    case SourceKind::multicast:
      return settings.multicast ? "" : kOff;
    case SourceKind::configured:
      return settings.configured_url.empty() ? "no URL is configured" : "";
  }
  return "";
}

Task<> StagedSearch::search(Stage& stage, SourceKind source, const std::string& configured_url) {
  switch (source) {
    case SourceKind::dhcp:
      return ask_dhcp(stage, *dhcp_, options_.dhcp_url);
    case SourceKind::redirect:
      return ask_redirect(stage, http_, options_.redirect_base, options_.redirect_timeout);
    case SourceKind::multicast:
      return ask_multicast(stage, sip_, options_.multicast_timeout);
    case SourceKind::configured:
      break;
  }
  return use_configured(stage, configured_url);
}

/// Whether the stage's only source has its answer at hand, so that nothing can overtake it.
bool StagedSearch::waits_for_nobody(const Stage& stage) const {
  if (stage.running().size() != 1) return false;
  const SourceKind source = stage.running().front();
  return source == SourceKind::configured ||
         (source == SourceKind::dhcp && reads_lease(stage, *dhcp_));
}

/// A source that waits for nobody is simply asked. Others race in a group until one succeeds. The
/// group then cancels the rest in the same instant, and waits until they have ended. `stop` cancels
/// them all, and so does whoever cancels this coroutine.
Task<> StagedSearch::run_stage(Stage& stage, const std::string& configured_url,
                               asio::cancellation_signal& stop) {
  const std::vector<SourceKind> sources = stage.running();
  if (sources.empty()) co_return;
  if (waits_for_nobody(stage)) {
    co_await search(stage, sources.front(), configured_url);
    co_return;
  }
  std::exception_ptr failure;
  const auto race_of = [&](SourceKind source) {
    const auto make = [this, &stage, &configured_url, source] {
      return contend(stage, source, search(stage, source, configured_url));
    };
    return contender(host_, make, failure);
  };
  std::vector<decltype(race_of(SourceKind::dhcp))> contenders;
  contenders.reserve(sources.size());
  for (const SourceKind source : sources) contenders.push_back(race_of(source));
  auto race = asio::experimental::make_parallel_group(std::move(contenders));
  const auto cancellation = co_await asio::this_coro::cancellation_state;
  const PassedOn passed_on(cancellation.slot(), stop);
  co_await race.async_wait(asio::experimental::wait_for_one_success(),
                           asio::bind_cancellation_slot(stop.slot(), use_task));
  if (failure) std::rethrow_exception(failure);
}

}  // namespace provlab::discovery
