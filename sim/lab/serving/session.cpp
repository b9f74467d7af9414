#include "sim/lab/serving/session.hpp"

#include <fmt/format.h>

#include <utility>

#include "sim/lab/serving/look_around.hpp"

namespace provlab::lab {

Session::Session(std::unique_ptr<wire::FrameLink> interface, const ScenarioPlan& plan,
                 SessionOptions options, SessionHands hands)
    : view_(wire_view(plan, options.times.quiet)),
      options_(std::move(options)),
      hands_(std::move(hands)),
      bench_(std::move(interface)) {
  devices_ = watch_devices(view_.plan);
  plan_ = std::make_shared<const ScenarioPlan>(view_.plan);
  if (options_.only) bench_.serve_only(*options_.only);
  bench_.on_other_server([this](Ipv4Address server, MacAddress mac) {
    hands_.tell(fmt::format("another DHCP server answers, too: {} ({})", server.to_string(),
                            mac.to_string()));
  });
  for (unsigned round = 1; round <= options_.repeat; ++round) {
    for (const Variant& variant : plan_->variants) {
      if (!options_.variant.empty() && !glob_matches(options_.variant, variant.name)) continue;
      const std::string why = lab::not_arranged(*plan_, variant);
      if (why.empty()) {
        rounds_.push_back({&variant, round});
      } else if (round == 1) {
        not_arranged_.push_back({plan_->race ? plan_->race->line : 0, variant.name, why});
      }
    }
  }
}

std::unique_ptr<ServedRun> Session::plug_in(const Round& round, ServedRun::Purpose purpose) {
  return std::make_unique<ServedRun>(
      bench_, plan_, *round.variant, purpose,
      ServedOptions{.times = options_.times,
                    .patience = options_.patience,
                    .seed = options_.seed,
                    .last = purpose == ServedRun::Purpose::judged && is_last(round),
                    .whole_trace = options_.whole_trace,
                    .limits = options_.limits,
                    .tell = hands_.tell,
                    .stop = [this] { return stop(); }});
}

Expected<bool> Session::stop() {
  for (const auto& list : devices_) {
    for (const std::string& line : list->look()) hands_.tell(line);
  }
  return hands_.stop();
}

void Session::bring_to_boot(const Round& round) {
  if (options_.boots_by_command) bench_.watch().expect();
  hands_.bring_to_boot(*round.variant, round.number);
}

void Session::hand_over(ServedRun& run, const Round& round) {
  run.conclude();
  hands_.take({.variant = *round.variant,
               .round = round.number,
               .verdict = run.verdict(),
               .complete = run.complete(),
               .departed = run.departed(),
               .time = run.trace().event(run.trace().last()).at().time_since_epoch(),
               .lag = run.lag(),
               .log = run.log()},
              run.trace());
}

Expected<Session::End> Session::run() {
  using Purpose = ServedRun::Purpose;
  if (rounds_.empty()) return End::complete;
  bool stopped = false;
  const auto looked = look_around(
      bench_, *plan_,
      {.seed = options_.seed, .beside_dhcp = options_.beside_dhcp, .stop = [&stopped, this] {
         stopped = hands_.stop().value_or(true);
         return stopped;
       }});
  if (!looked) return std::unexpected(looked.error());
  if (stopped) return End::stopped;

  // The servers are there before the phone is.
  std::unique_ptr<ServedRun> world = plug_in(rounds_.front(), Purpose::waiting);
  bring_to_boot(rounds_.front());
  auto end = world->serve();
  if (!end) return std::unexpected(end.error());
  // A phone that was up before, and others that never boot, are judged as well.
  if (*end == ServedRun::End::stopped && world->asked()) hand_over(*world, rounds_.front());
  for (std::size_t i = 0; *end == ServedRun::End::booted; ++i) {
    const Round& round = rounds_[i];
    world.reset();
    if (hands_.capture) bench_.capture(hands_.capture(*round.variant, round.number));
    world = plug_in(round, Purpose::judged);
    end = world->serve();
    if (!end) return std::unexpected(end.error());
    hand_over(*world, round);
    if (*end == ServedRun::End::stopped) return End::stopped;
    if (i + 1 == rounds_.size()) return End::complete;
    if (*end == ServedRun::End::booted) continue;
    bring_to_boot(rounds_[i + 1]);
    end = world->linger();
    if (!end) return std::unexpected(end.error());
  }
  return End::stopped;
}

}  // namespace provlab::lab
