#include "sim/lab/serving/served_run.hpp"

#include <fmt/format.h>

#include <utility>

#include "netfakes/events.hpp"
#include "sim/lab/serving/person.hpp"
#include "sim/lab/trace/lab_events.hpp"
#include "sim/lab/trace/narration.hpp"
#include "sim/world/events.hpp"

namespace provlab::lab {

namespace {

constexpr Duration kSlice = std::chrono::milliseconds(100);
constexpr std::size_t kMostWhileBusy = 20'000;
constexpr std::size_t kMostEvents = 200'000;
constexpr EventNumber kEventsKept = 50'000;

/// Whether packets of this kind of event pass between the phone and our servers.
bool is_talk(const TraceRecord& record) {
  return record.is<world::PacketSent>() || record.is<world::PacketReceived>();
}

}  // namespace

ServedRun::ServedRun(BenchLink& bench, Shared<ScenarioPlan> plan, const Variant& variant,
                     Purpose purpose, ServedOptions options)
    : bench_(bench),
      plan_(std::move(plan)),
      purpose_(purpose),
      options_(std::move(options)),
      world_(options_.seed),
      servers_(world_, world_.network(), plan_, variant),
      port_(world_, bench.lend(), {.name = "device"}),
      pacer_(world_, &port_, {.realtime = true}),
      timeline_(*plan_,
                [this](const Action& action, Instant when) {
                  world_.at(std::max(when, world_.now()), [this, &action] {
                    timeline_.done();
                    perform(action);
                  });
                }),
      judge_(*plan_, variant, world_.trace(), options_.times.slack),
      guard_(options_.limits, world_),
      wall_(plan_->epoch),
      phone_(bench.booting()) {
  bench_.attach([this] { return pacer_.clock(); },
                [this](MacAddress phone) { return boots(phone); });
  record(ScenarioStarted{plan_->name, variant.name, options_.seed});
  servers_.start({port_.outside(), [this]() -> std::optional<Ipv4Address> {
                    return phone_ ? bench_.watch().address_of(*phone_) : std::nullopt;
                  }});
  if (options_.whole_trace) {
    world_.network().show_all(log_);
    servers_.set_ear(log_);
  }
  if (world::PcapngWriter* const capture = bench_.capture()) servers_.write_keys(*capture);
  if (purpose_ != Purpose::judged) return;
  if (phone_) {
    ++boots_;
    record(PhoneBooted{*phone_});
  }
  timeline_.begin();
}

BenchLink::Boot ServedRun::boots(MacAddress phone) {
  using Boot = BenchLink::Boot;
  if (phone_ && *phone_ != phone) {
    options_.tell(
        fmt::format("{} boots, too: what it asks for counts as well; --phone {} leaves "
                    "others out",
                    phone.to_string(), phone_->to_string()));
    return Boot::here;
  }
  if (!phone_ && phone != plan_->phone.identity.mac) {
    options_.tell(
        fmt::format("{} boots; the scenario is written for {}, and what names that address "
                    "is judged as it stands (--phone {} puts this one in its place)",
                    phone.to_string(), plan_->phone.identity.mac.to_string(), phone.to_string()));
  }
  phone_ = phone;
  if (purpose_ == Purpose::waiting || over_) return Boot::next_world;
  ++boots_;
  record(PhoneBooted{phone});
  return boots_ <= boots_allowed_ || options_.last ? Boot::here : Boot::next_world;
}

Expected<ServedRun::End> ServedRun::serve() {
  // A world that begins without a boot is one of a phone that was there before.
  auto end = go_on([this] { return purpose_ == Purpose::judged && over(); });
  over_ = true;
  lag_ = pacer_.lag();
  return end;
}

Expected<ServedRun::End> ServedRun::linger() {
  return go_on([] { return false; });
}

Expected<ServedRun::End> ServedRun::go_on(const std::function<bool()>& over) {
  const auto turn = [this] {
    look();
    return bench_.waiting();
  };
  for (;;) {
    const auto ran = pacer_.run(turn, pacer_.clock() + kSlice);
    if (!ran) return std::unexpected(ran.error());
    tell_decisions();
    spare_memory();
    if (*ran) return End::booted;
    if (over()) return End::over;
    const auto stop = options_.stop();
    if (!stop) return std::unexpected(stop.error());
    if (*stop) return End::stopped;
  }
}

/// At what was recorded since the last time.
void ServedRun::look() {
  const EventNumber before = seen_;
  while (seen_ < world_.trace().last()) {
    const TraceRecord record = world_.trace().event(++seen_);
    if (is_talk(record)) {
      spoke_ = record.at();
      quiet_ = false;
    }
    if (record.is<netfakes::RequestReceived>()) asked_ = true;
    // A NOTIFY may ask for a reboot.
    const bool may_reboot = record.is<netfakes::AnswerSent>() &&
                            (record.says("kind", "check-sync") || record.says("kind", "sip"));
    if (may_reboot) ++boots_allowed_;
    narrate(record);
  }
  if (seen_ != before && timeline_.watching()) timeline_.look(world_.trace());
  if (asked_ && !quiet_ && !std::exchange(waits_for_quiet_, true)) wait_for_quiet();
}

void ServedRun::wait_for_quiet() {
  world_.at(std::max(world_.now(), spoke_ + options_.times.quiet), [this] {
    waits_for_quiet_ = false;
    if (world_.now() < spoke_ + options_.times.quiet) return;  // it has spoken since
    quiet_ = true;
    record(PhoneQuiet{options_.times.quiet});
  });
}

void ServedRun::narrate(const TraceRecord& record) {
  const auto field = [&record](std::string_view key) { return record.field(key); };
  // What a person is asked for has a line of its own.
  if (told_by_others(record.event(), field) || record.is<PhoneAsked>()) return;
  const auto at = std::chrono::duration<double>(record.at().time_since_epoch()).count();
  options_.tell(fmt::format("{:10.6f} s{}  {}", at, wall_.beside(record.at()),
                            sentence_of(world_.trace(), record)));
}

void ServedRun::perform(const Action& action) {
  if (const auto asked = asked_of_person(action)) {
    if (action.is<PowerOn>()) ++boots_awaited_, ++boots_allowed_;
    if (const auto* cable = std::get_if<MoveCable>(&action.what); cable != nullptr && cable->in) {
      bench_.watch().excuse();
      if (!cable->lan.empty()) servers_.plug_into(cable->lan);
    }
    options_.tell(fmt::format(">>> now {}", *asked));
    return record(PhoneAsked{*asked});
  }
  if (const auto* cable = std::get_if<MoveCable>(&action.what)) servers_.perform(*cable);
  if (const auto* servers = std::get_if<SwitchResponders>(&action.what)) servers_.perform(*servers);
  if (const auto* sync = std::get_if<SendCheckSync>(&action.what)) servers_.perform(*sync);
  if (const auto* sent = std::get_if<SendUnprompted>(&action.what)) servers_.perform(*sent);
}

bool ServedRun::over() {
  // One that nobody judges forgets, and may serve for days.
  if (!judge_.idle() && guard_.look()) {
    guard_.stop(port_.outside().id());
    return true;
  }
  if (const auto& until = timeline_.until()) return world_.now() >= *until;
  if (judge_.idle()) return false;
  if (timeline_.quiet() && judge_.complete() && quiet_ && boots_ >= boots_awaited_) return true;
  return asked_ && world_.now() >= spoke_ + options_.patience;
}

void ServedRun::tell_decisions() {
  // A long trace is looked at when there is time for it.
  const bool busy = world_.trace().size() > kMostWhileBusy && !quiet_;
  if (purpose_ != Purpose::judged || busy) return;
  for (const LiveJudge::Decision& decision : judge_.look()) {
    const Expectation& expectation = *decision.expectation;
    if (decision.standing == Standing::held) {
      options_.tell(fmt::format("  ok    line {}: {}", expectation.line, decision.expected));
      continue;
    }
    departed_ = true;
    options_.tell(fmt::format("  FAILS line {}: expected {}; {}", expectation.line,
                              decision.expected, decision.actual));
  }
}

/// Servers that nobody judges may serve for days.
void ServedRun::spare_memory() {
  Trace& trace = world_.trace();
  if (options_.whole_trace || !judge_.idle() || trace.size() < kMostEvents) return;
  trace.forget_before(trace.last() - kEventsKept);
}

Verdict ServedRun::verdict() const {
  return judge_.verdict();
}

}  // namespace provlab::lab
