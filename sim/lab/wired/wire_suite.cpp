#include "sim/lab/wired/wire_suite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <mutex>
#include <numeric>

#include "core/platform/checksum.hpp"
#include "sim/lab/daemons/daemons.hpp"
#include "sim/lab/machine/exhaustion.hpp"
#include "sim/lab/machine/parallel.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/suite/run_detail.hpp"
#include "sim/lab/verdict/judge.hpp"
#include "sim/lab/wired/event_order.hpp"
#include "sim/lab/wired/wired_play.hpp"
#include "sim/wire/chance_and_clock.hpp"
#include "sim/wire/interface.hpp"
#include "sim/wire/namespace.hpp"

namespace provlab::lab {

namespace {

using namespace std::chrono_literals;

/// A run that does not end is given up so long after its end in virtual time.
constexpr Duration kGrace = 5s;
constexpr unsigned kMostTries = 4;
/// Answers of a race are so far apart by default, and so is much else whose order counts.
constexpr Duration kOrderTakes = 1ms;

/// What a run comes to in virtual time.
struct Reference {
  Duration lasts{};
  std::vector<OrderedEvent> order;
  std::string fault;  ///< of the lab; empty: none
};

std::string_view nth(unsigned tries) {
  constexpr std::array<std::string_view, kMostTries> kWords{"first", "second", "third", "fourth"};
  return kWords.at(tries - 1);
}

/// Cables for those who run at the same time. Each is made when it is first needed.
class Cables {
 public:
  Cables() = default;
  ~Cables() {
    for (std::size_t cable = 0; cable < made_; ++cable) {
      (void)wire::remove_interface(phone_end(cable));  // else it goes with the namespace
    }
  }
  Cables(const Cables&) = delete;
  Cables& operator=(const Cables&) = delete;
  std::size_t take() {
    const std::lock_guard lock(lock_);
    if (!free_.empty()) {
      const std::size_t cable = free_.back();
      free_.pop_back();
      return cable;
    }
    const std::size_t cable = made_++;
    const auto made = wire::make_cable(phone_end(cable), servers_end(cable));
    if (!made) throw std::runtime_error(made.error().to_string());
    return cable;
  }
  void give_back(std::size_t cable) {
    const std::lock_guard lock(lock_);
    free_.push_back(cable);
  }
  static std::string phone_end(std::size_t cable) { return fmt::format("phone{}", cable); }
  static std::string servers_end(std::size_t cable) { return fmt::format("servers{}", cable); }

 private:
  std::mutex lock_;
  std::vector<std::size_t> free_;
  std::size_t made_ = 0;
};

// Of a cable only our own frames come, none larger than it takes. What daemons send may be larger:
// the kernel joins segments.
constexpr wire::InterfaceOptions kOfACable{.buffer = 2U * 1024 * 1024, .largest = 2048};
constexpr wire::InterfaceOptions kOfASwitch{.buffer = 8U * 1024 * 1024};

std::unique_ptr<wire::FrameLink> plug_in(const std::string& end,
                                         const wire::InterfaceOptions& options) {
  auto opened = wire::Interface::open(end, options);
  if (!opened) throw std::runtime_error(opened.error().to_string());
  return std::move(*opened);
}

class WireSuite {
 public:
  WireSuite(const std::vector<std::string>& files, const RunnerOptions& options,
            const WireOptions& wire)
      : options_(options), wire_(wire), report_(begin_suite(files, options, chosen_)) {
    // Shards of it go together with each other, not with those of virtual time.
    report_.suite =
        checksum_of(fmt::format("wire {}", provlab::to_string(wire.slack)), report_.suite);
  }

  SuiteReport run() {
    references_.resize(chosen_.size());
    try {
      parallel_for(chosen_.size(), 0, [this](std::size_t i) { references_[i] = reference(i); });
    } catch (const RunAbandoned&) {  // NOLINT(bugprone-empty-catch): none will be played
    }
    // The longest first, so that none of them is what all wait for in the end.
    std::vector<std::size_t> order(chosen_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater(),
                             [this](std::size_t i) { return references_[i].lasts; });
    parallel_for(order.size(), options_.jobs, [&](std::size_t i) { run_one(order[i]); });
    conclude_suite(report_, chosen_, options_);
    return std::move(report_);
  }

 private:
  Reference reference(std::size_t i) {
    const ChosenRun& chosen = chosen_[i];
    Reference found;
    if (!chosen.plan->daemons.empty()) return found;
    try {
      Play play(chosen.plan, *chosen.variant, options_.seed.value_or(chosen.plan->seed),
                options_.limits);
      play.run();
      const Trace& trace = play.trace();
      found.lasts = trace.event(trace.last()).at().time_since_epoch();
      if (found.lasts <= wire_.limit) found.order = order_of_events(trace);
    } catch (const std::exception& error) {
      found.fault = fault_text(error);
    }
    return found;
  }

  void run_one(std::size_t i) {
    if (options_.enough()) return;
    RunReport report = begin_report(chosen_[i], options_);
    report.on_wire = true;
    const Duration start = wall_clock();
    const Reference& reference = references_[i];
    if (!reference.fault.empty()) {
      break_verdict(report, reference.fault);
    } else if (const std::string why = left_out(i); !why.empty()) {
      report.verdict = {Outcome::left_out, why, {}};
      report.virtual_time = reference.lasts;
    } else {
      try {
        play(i, report);
      } catch (const RunAbandoned&) {
        return;
      }
    }
    report.wall_time = wall_clock() - start;
    report_.runs[i] = std::move(report);
    const std::lock_guard lock(progress_lock_);
    ++done_;
    if (options_.progress) options_.progress(done_, chosen_.size());
  }

  std::string left_out(std::size_t i) const {
    const std::string& why = chosen_[i].plan->not_on_wire;
    if (!why.empty()) return "not on a wire: " + why;
    if (const std::string missing = missing_packages(*chosen_[i].plan); !missing.empty()) {
      return "not installed: " + missing;
    }
    if (patience_races(i)) {
      return fmt::format(
          "not on a wire: the phone's own patience takes part in its race, with a gap "
          "that --slack {} does not leave",
          provlab::to_string(wire_.slack));
    }
    if (references_[i].lasts <= wire_.limit) return {};
    return fmt::format("it lasts {}, longer than --wire-limit {}",
                       provlab::to_string(references_[i].lasts), provlab::to_string(wire_.limit));
  }

  /// Answers keep their order on a wire, since all leave by one port; the phone's timers know
  /// nothing of that.
  bool patience_races(std::size_t i) const {
    const std::optional<RacePlan>& race = chosen_[i].plan->race;
    const Variant& variant = *chosen_[i].variant;
    return race && race->timeout && variant.missing.empty() && !variant.order.empty() &&
           (variant.tied || race->gap <= wire_.slack);
  }

  void play(std::size_t i, RunReport& report) {
    try {
      if (!chosen_[i].plan->daemons.empty()) return play_with_daemons(i, report);
      const std::size_t cable = cables_.take();
      unsigned tries = 1;
      while (!try_once(i, plug_in(Cables::phone_end(cable), kOfACable),
                       plug_in(Cables::servers_end(cable), kOfACable), tries, report)) {
        ++tries;
      }
      cables_.give_back(cable);
    } catch (const std::exception& error) {
      break_verdict(report, fault_text(error));
    }
  }

  /// The phone on one end, on the other a switch with the daemons and the servers' half.
  void play_with_daemons(std::size_t i, RunReport& report) {
    for (unsigned tries = 1;; ++tries) {
      const unsigned number = segments_++;
      const std::string phone = fmt::format("real{}", number);
      const std::string servers = fmt::format("fake{}", number);
      auto daemons = Daemons::start(*chosen_[i].plan, wire::wall_time(), phone, servers);
      if (!daemons) throw std::runtime_error(daemons.error().to_string());
      bool done =
          try_once(i, plug_in(phone, kOfASwitch), plug_in(servers, kOfASwitch), tries, report);
      if (const std::string ended = (*daemons)->ended(); !ended.empty()) {
        break_verdict(report, ended);
        done = true;
      }
      (*daemons)->stop();
      report.logs = (*daemons)->logs();
      Secrets secrets(options_.secrets);
      secrets.learn(chosen_[i].plan->text);
      hide_secrets(report, secrets);
      if (done) return;
    }
  }

  /// False where the machine was too slow for it, and it is worth another try.
  bool try_once(std::size_t i, std::unique_ptr<wire::FrameLink> phone_end,
                std::unique_ptr<wire::FrameLink> servers_end, unsigned tries, RunReport& report) {
    const ChosenRun& chosen = chosen_[i];
    WiredPlay play(chosen.plan, *chosen.variant, report.seed, std::move(phone_end),
                   std::move(servers_end), options_.limits);
    const settings::Configuration before = play.configuration();
    std::optional<world::PcapngWriter> capture;
    if (!options_.pcap_directory.empty()) {
      capture.emplace("device", chosen.plan->epoch, capture_comment(report));
      play.capture(*capture);
    }
    std::optional<world::PcapngWriter> frames;
    if (!options_.frames_directory.empty()) {
      frames.emplace("device", chosen.plan->epoch, capture_comment(report));
      play.keep_frames(*frames);
    }
    PacketLog log;
    if (options_.details != Details::none) play.show(log, log);
    const Duration lasts =
        chosen.plan->daemons.empty() ? references_[i].lasts : Duration(wire_.limit);
    const auto ran = play.run(Instant{} + lasts + kGrace, options_.enough);
    if (!ran) throw std::runtime_error(ran.error().to_string());
    if (!*ran) {
      report.position = 0;  // it was not played
      return true;
    }
    report.verdict =
        judge(*chosen.plan, *chosen.variant, play.trace(), {.slack = wire_.slack, .on_wire = true});
    judge_order(i, play.trace(), report.verdict);
    if (report.verdict.outcome != Outcome::passed) {
      const Duration bearable = only_order_departs(report.verdict) ? kOrderTakes : wire_.slack;
      if (play.lateness() > kOrderTakes && tries < kMostTries) return false;
      if (play.lateness() > bearable) {
        report.verdict.outcome = Outcome::too_slow;
        report.verdict.reason = fmt::format(
            "the machine is too slow: at the {} try something ran {} late, where {} may be",
            nth(tries), provlab::to_string(play.lateness()), provlab::to_string(bearable));
      }
    }
    if (frames) {
      write_for(report, options_.frames_directory, chosen.files + ".pcapng", frames->bytes());
    }
    tell_played(report, chosen, options_,
                {play.trace(), before, play.configuration(), play.uses(), log,
                 capture ? &*capture : nullptr});
    return true;
  }

  /// Nothing is wrong but which of two came first.
  static bool only_order_departs(const Verdict& verdict) {
    if (verdict.outcome == Outcome::invalid) return true;
    return std::ranges::all_of(verdict.findings, [](const Finding& finding) {
      return finding.held || finding.text == kOrderOnWire;
    });
  }

  void judge_order(std::size_t i, const Trace& trace, Verdict& verdict) const {
    // Of what real servers do there is no run in virtual time.
    if (!chosen_[i].plan->daemons.empty()) return;
    if (verdict.outcome == Outcome::invalid || !chosen_[i].plan->wire_order.empty()) return;
    if (was_stopped(verdict)) return;
    verdict.findings.push_back(compare_order(references_[i].order, trace, chosen_[i].plan->epoch));
    if (verdict.failed() > 0) verdict.outcome = Outcome::failed;
  }

  const RunnerOptions& options_;
  const WireOptions& wire_;
  std::vector<ChosenRun> chosen_;
  SuiteReport report_;
  std::vector<Reference> references_;
  Cables cables_;
  std::atomic<unsigned> segments_ = 0;
  std::mutex progress_lock_;
  std::size_t done_ = 0;
};

}  // namespace

SuiteReport run_wired(const std::vector<std::string>& files, const RunnerOptions& options,
                      const WireOptions& wire) {
  const Duration start = wall_clock();
  SuiteReport report = WireSuite(files, options, wire).run();
  report.wall_time = wall_clock() - start;
  return report;
}

}  // namespace provlab::lab
