#include "sim/lab/play/phone_half.hpp"

#include "core/settings/store.hpp"
#include "sim/lab/trace/lab_events.hpp"

namespace provlab::lab {

namespace {

Use use_where(bool different) {
  return different ? Use::done : Use::reached;
}

}  // namespace

PhoneHalf::PhoneHalf(world::World& world, world::Network& network, Shared<ScenarioPlan> plan)
    : world_(world),
      plan_(std::move(plan)),
      device_(world.add_host({.name = std::string(kDeviceName), .mac = plan_->phone.identity.mac},
                             network)) {}

PhoneHalf::~PhoneHalf() = default;

void PhoneHalf::start() {
  phone_ = std::make_unique<phone::Phone>(device_, plan_->phone);
  settings_watch_.emplace(world_, device_, *phone_, plan_->phone.identity);
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

void PhoneHalf::end(std::string_view reason) {
  device_.record(ScenarioEnded{reason, phone_->resources_released(), store_equals_memory()});
  observe_settings();
}

std::optional<bool> PhoneHalf::store_equals_memory() {
  if (!phone_->powered()) return std::nullopt;  // what is in the store is all there is
  const auto content = device_.storage().read(settings::kStorePiece);
  if (!content || !*content) return std::nullopt;
  return settings::store_holds(**content, phone_->configuration());
}

void PhoneHalf::observe_settings() {
  for (const Expectation& expectation : plan_->expectations) {
    const auto* setting = std::get_if<ExpectSetting>(&expectation.what);
    if (setting == nullptr) continue;
    const auto found = phone_->configuration().select(setting->path);
    if (!found) {
      device_.record(SettingObserved{setting->path, 0, {}, found.error().text});
    } else {
      device_.record(SettingObserved{
          setting->path, found->size(), found->empty() ? std::string_view() : found->front(), {}});
    }
  }
}

}  // namespace provlab::lab
