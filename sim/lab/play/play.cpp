#include "sim/lab/play/play.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "core/service/events.hpp"
#include "core/settings/store.hpp"
#include "sim/lab/play/lose_rule.hpp"
#include "sim/lab/trace/lab_events.hpp"

namespace provlab::lab {

namespace {

/// How long the world goes on when the phone has finished, to see what comes too late.
constexpr Duration kSettle = std::chrono::seconds(1);
/// How long a scenario may wait for events that never come.
constexpr Duration kPatience = std::chrono::hours(1);

}  // namespace

Play::Play(Shared<ScenarioPlan> plan, const Variant& variant, std::uint64_t seed)
    : plan_(std::move(plan)), variant_(variant), world_(seed) {
  add_hosts();
  if (plan_->race && (!variant_.order.empty() || !variant_.missing.empty())) {
    gate_ = std::make_unique<RaceGate>(world_, *device_, *plan_->race, variant_);
  }
  device_->record(ScenarioStarted{plan_->name, variant_.name, seed});
  start_responders();
  phone_ = std::make_unique<phone::Phone>(*device_, plan_->phone);
  settings_watch_.emplace(world_, *device_, *phone_, plan_->phone.identity);
}

Play::~Play() = default;

void Play::add_hosts() {
  world_.network().link = plan_->link;
  world::HostOptions device;
  device.name = "device";
  device.mac = plan_->phone.identity.mac;
  device_ = &world_.add_host(device);
  hosts_.reserve(plan_->hosts.size());
  for (const HostPlan& host : plan_->hosts) hosts_.push_back(&world_.add_host(host.options));
  for (const LosePlan& lose : plan_->losses) {
    losses_.push_back(world_.network().add_rule(lose_rule(world_, lose)));
  }
}

void Play::start_responders() {
  servers_.reserve(plan_->responders.size());
  for (const ResponderPlan& plan : plan_->responders) {
    Server& server =
        servers_.emplace_back(netfakes::make_responder(*hosts_[plan.host], plan.config));
    if (gate_) server.responder->set_gate(gate_.get());
    switch_server(server, true);
  }
}

void Play::switch_server(Server& server, bool running) {
  if (running == server.running) return;
  server.running = running;
  if (!running) return server.responder->stop();
  if (const auto started = server.responder->start(); !started) {
    throw std::runtime_error("a responder cannot start: " + started.error().to_string());
  }
}

void Play::capture(world::CaptureSink& sink) {
  world_.network().capture(*device_, sink);
}

world::VirtualHost& Play::host_of(const std::string& id) {
  if (id.empty() || id == "device") return *device_;
  return *world_.find_host(id);
}

bool Play::anchored(const Moment& moment, const TraceRecord& record) const {
  if (record.is(moment.anchor)) return true;
  return record.is<service::RunEnded>() && record.says("result", moment.anchor);
}

/// Looks at what was recorded since the last time, for the actions that wait for it.
void Play::watch() {
  while (watched_ < world_.trace().last()) {
    const TraceRecord record = world_.trace().event(++watched_);
    for (std::size_t i = 0; i < pending_.size(); ++i) {
      Pending& pending = pending_[i];
      const Moment& at = pending.action->at;
      if (pending.done || !anchored(at, record) || ++pending.seen != at.nth) continue;
      pending.done = true;
      schedule(*pending.action, record.at() + at.offset);
    }
    if (plan_->until && !until_ && anchored(*plan_->until, record) &&
        ++until_seen_ == plan_->until->nth) {
      until_ = record.at() + plan_->until->offset;
    }
  }
}

void Play::schedule(const Action& action, Instant when) {
  last_action_ = std::max(last_action_, when);
  world_.at(when, [this, &action] {
    --outstanding_;
    std::visit([this](const auto& what) { perform(what); }, action.what);
  });
}

void Play::perform(const PowerOn&) {
  device_->set_power(true);
  phone_->power_on();
}

void Play::perform(const PowerOff&) {
  phone_->power_off();
  device_->set_power(false);
}

void Play::perform(const MoveCable& cable) {
  world::VirtualHost& host = host_of(cable.host);
  device_->record(CableMoved{host.name(), cable.in});
  host.set_link(cable.in);
}

void Play::perform(const PressStart&) {
  phone_->press_start_provisioning();
}

void Play::perform(const EnterUrl& entered) {
  phone_->enter_url(entered.url);
}

void Play::perform(const ChangeSetting& setting) {
  phone_->set(setting.path, setting.value);
}

void Play::perform(const SwitchResponders& wanted) {
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    const ResponderPlan& plan = plan_->responders[i];
    const std::string_view kind = netfakes::kind_of(plan.config).name;
    if (plan_->hosts[plan.host].options.name != wanted.host) continue;
    if (!wanted.kind.empty() && kind != wanted.kind) continue;
    device_->record(ServerSwitched{wanted.host, kind, wanted.running});
    switch_server(servers_[i], wanted.running);
  }
}

void Play::perform(const SendCheckSync& sent) {
  const auto phone = device_->configuration();
  if (!phone) {
    device_->record(CheckSyncNotSent{sent.host});
    return;
  }
  auto& sender = senders_[sent.host];
  if (!sender) {
    sender = std::make_unique<netfakes::CheckSyncSender>(host_of(sent.host), "check-sync");
    if (gate_) sender->set_gate(gate_.get());
    if (const auto started = sender->start(); !started) {
      throw std::runtime_error("check-syncs cannot be sent: " + started.error().to_string());
    }
  }
  sender->send(*sent.check_sync, {phone->address.address, 5060});
}

void Play::perform(const MakeBackup&) {
  backup_ = phone_->make_backup().value_or(backup_);
}

void Play::perform(const Upload& upload) {
  phone_->upload(upload.document);
}

void Play::perform(const RestoreBackup&) {
  phone_->upload(backup_);
}

void Play::fail_power(Duration time) {
  ++outstanding_;
  last_action_ = std::max(last_action_, world_.now() + time);
  // As an event of the world: what it cancels unwinds before anything else happens.
  world_.at(world_.now(), [this, time] {
    device_->record(PowerFailed{time});
    perform(PowerOff{});
  });
  world_.at(world_.now() + time, [this] {
    --outstanding_;
    end_losses();
    perform(PowerOn{});
  });
}

void Play::end_losses() {
  losses_.clear();
  world_.network().link.loss = 0;
  for (world::VirtualHost* host : hosts_) host->set_loss(0);
}

bool Play::quiet() const {
  return outstanding_ == 0 && !phone_->run_in_progress();
}

void Play::run() {
  const auto start = Instant{};
  for (const Action& action : plan_->timeline) {
    ++outstanding_;
    if (action.at.anchor.empty()) {
      schedule(action, start + action.at.offset);
    } else {
      pending_.push_back({&action});
    }
  }
  if (plan_->until && plan_->until->anchor.empty()) until_ = start + plan_->until->offset;
  play_timeline();
  observe_settings();
}

void Play::play_timeline() {
  const bool watching = !pending_.empty() || (plan_->until && !until_);
  const auto impatient = [&] {
    return world_.now() > std::max(last_action_, until_.value_or(Instant{})) + kPatience;
  };
  const auto look = [&] {
    settings_watch_->look();
    if (between_steps_) between_steps_();
  };
  const auto reached = [&] {
    look();
    if (watching) watch();
    if (until_) return outstanding_ == 0 || world_.now() >= *until_ || impatient();
    return impatient() || (!plan_->until && quiet());
  };
  std::string_view reason = "settled";
  for (;;) {
    const bool there = reached() || world_.run_until(reached, until_.value_or(Instant::max()));
    if (until_) {
      reason = "until";
      world_.run_until(std::max(world_.now(), *until_), look);
      break;
    }
    if (!there || impatient()) {
      reason = "limit";
      break;
    }
    world_.run_until(std::max(world_.now(), last_action_) + kSettle, look);
    if (watching) watch();
    if (quiet()) break;
  }
  device_->record(ScenarioEnded{reason, phone_->resources_released(), store_equals_memory()});
}

std::optional<bool> Play::store_equals_memory() {
  if (!phone_->powered()) return std::nullopt;  // what is in the store is all there is
  const auto content = device_->storage().read(settings::kStorePiece);
  if (!content || !*content) return std::nullopt;
  return settings::store_holds(**content, phone_->configuration());
}

void Play::observe_settings() {
  for (const Expectation& expectation : plan_->expectations) {
    const auto* setting = std::get_if<ExpectSetting>(&expectation.what);
    if (setting == nullptr) continue;
    const auto found = phone_->configuration().select(setting->path);
    if (!found) {
      device_->record(SettingObserved{setting->path, 0, {}, found.error().text});
    } else {
      device_->record(SettingObserved{
          setting->path, found->size(), found->empty() ? std::string_view() : found->front(), {}});
    }
  }
}

}  // namespace provlab::lab
