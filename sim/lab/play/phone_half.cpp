#include "sim/lab/play/phone_half.hpp"

#include "core/settings/store.hpp"
#include "sim/lab/play/fail_rule.hpp"
#include "sim/lab/trace/lab_events.hpp"

namespace provlab::lab {

namespace {

Use use_where(bool different) {
  return different ? Use::done : Use::reached;
}

}  // namespace

PhoneHalf::PhoneHalf(world::World& world, world::Network& network, Shared<ScenarioPlan> plan,
                     const Variant& variant)
    : world_(world),
      plan_(std::move(plan)),
      release_(variant.release),
      device_(world.add_host({.name = std::string(kDeviceName),
                              .mac = plan_->phone.identity.mac,
                              .latency_to = plan_->down,
                              .latency_from = plan_->up},
                             network)) {}

PhoneHalf::~PhoneHalf() = default;

void PhoneHalf::start() {
  phone::PhoneOptions options = plan_->phone;
  if (release_) options.identity.release = *release_;
  options.web.trace = &world_.trace();
  const DeviceIdentity identity = options.identity;
  phone_ = std::make_unique<phone::Phone>(device_, std::move(options));
  settings_watch_.emplace(world_, device_, *phone_, identity);
}

void PhoneHalf::fail_calls(Uses& uses) {
  device_.set_fault(fail_rules(device_, plan_->failures, uses));
}

std::optional<Ipv4Address> PhoneHalf::address() const {
  const auto configuration = device_.configuration();
  if (!configuration) return std::nullopt;
  return configuration->address.address;
}

Use PhoneHalf::perform(const PowerOn&) {
  const Use use = use_where(!phone_->powered());
  device_.set_power(true);
  phone_->power_on();
  return use;
}

Use PhoneHalf::perform(const PowerOff&) {
  const Use use = use_where(phone_->powered());
  phone_->power_off();
  device_.set_power(false);
  return use;
}

Use PhoneHalf::perform(const MoveCable& cable) {
  const Use use = use_where(device_.link_up() != cable.in);
  device_.record(CableMoved{device_.name(), cable.in});
  device_.set_link(cable.in);
  return use;
}

Use PhoneHalf::perform(const PressStart&) {
  phone_->press_start_provisioning();
  return use_where(phone_->powered());
}

Use PhoneHalf::perform(const EnterUrl& entered) {
  phone_->enter_url(entered.url);
  return use_where(phone_->powered());
}

Use PhoneHalf::perform(const ChangeSetting& setting) {
  phone_->set(setting.path, setting.value);
  return use_where(phone_->powered());
}

Use PhoneHalf::perform(const DamageFile& damage) {
  world::MemoryDisk& disk = device_.disk();
  const std::optional<std::string> before = disk.content(damage.file);
  std::optional<std::string> after = damage.content ? damage.content : before;
  if (damage.missing) after.reset();
  if (after) {
    const Bytes spoilt = netfakes::spoil(damage.faults, bytes_of(*after), {}, device_.random(),
                                         [](const netfakes::FaultDone&) {});
    after.emplace(spoilt.begin(), spoilt.end());
  }
  if (after == before) return Use::reached;
  device_.record(FileDamaged{damage.file, after ? std::optional(after->size()) : std::nullopt});
  disk.put(damage.file, after);
  if (damage.file == settings::kStorePiece) damaged_ = after;
  return Use::done;
}

Use PhoneHalf::perform(const MakeBackup&) {
  auto made = phone_->make_backup();
  if (made) backup_ = std::move(made);
  return use_where(phone_->powered());
}

Use PhoneHalf::perform(const Upload& upload) {
  phone_->upload(upload.document);
  return use_where(phone_->powered());
}

Use PhoneHalf::perform(const RestoreBackup&) {
  phone_->upload(backup_.value_or(""));
  return use_where(phone_->powered() && backup_);
}

Use PhoneHalf::perform(const LookUp& wanted) {
  observe(wanted.path, wanted.moment);
  return Use::done;
}

void PhoneHalf::end(std::string_view reason) {
  device_.record(ScenarioEnded{reason, phone_->resources_released(), store_equals_memory()});
  for (const Expectation& expectation : plan_->expectations) {
    const auto* setting = std::get_if<ExpectSetting>(&expectation.what);
    if (setting != nullptr && !setting->at) observe(setting->path, {});
  }
}

std::optional<bool> PhoneHalf::store_equals_memory() {
  if (!phone_->powered()) return std::nullopt;  // what is in the store is all there is
  const auto content = device_.disk().content(settings::kStorePiece);
  // What was damaged under a phone that is on it cannot know of before it writes or boots.
  if (!content || content == damaged_) return std::nullopt;
  return settings::store_holds(*content, phone_->configuration());
}

void PhoneHalf::observe(std::string_view path, std::string_view moment) {
  const auto found = phone_->configuration().select(path);
  if (!found) {
    device_.record(SettingObserved{path, 0, {}, found.error().text, moment});
  } else {
    const std::string_view first = found->empty() ? std::string_view() : found->front();
    device_.record(SettingObserved{path, found->size(), first, {}, moment});
  }
}

}  // namespace provlab::lab
