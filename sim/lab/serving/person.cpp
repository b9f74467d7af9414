#include "sim/lab/serving/person.hpp"

#include <fmt/format.h>

#include "core/platform/user_info.hpp"
#include "sim/lab/trace/lab_events.hpp"

namespace provlab::lab {

namespace {

using Asked = std::optional<std::string>;

Asked words(const PowerOn&) {
  return std::string(PhoneAsked::kPowerOn);
}
Asked words(const PowerOff&) {
  return "switch it off: pull its power plug";
}
Asked words(const MoveCable& cable) {
  if (!cable.host.empty() && cable.host != "device") return std::nullopt;
  if (!cable.in) return "pull its network cable out";
  return cable.lan.empty()
             ? "put its network cable in"
             : fmt::format("put its network cable in: there the LAN '{}' is now", cable.lan);
}
Asked words(const PressStart&) {
  return "press Start provisioning";
}
Asked words(const EnterUrl& entered) {
  return fmt::format("enter {} as its provisioning URL", hide_user_info(entered.url));
}
Asked words(const ChangeSetting& setting) {
  return fmt::format("set {} to '{}'", setting.path, hide_user_info(setting.value));
}
Asked words(const DamageFile&) {
  return "leave its disk as it is: what the scenario does to it no hand can";
}
Asked words(const MakeBackup&) {
  return "make a backup and keep the file";
}
Asked words(const Upload&) {
  return "upload the document that stands here in the scenario";
}
Asked words(const RestoreBackup&) {
  return "restore the backup that was made last";
}
Asked words(const SwitchResponders&) {
  return std::nullopt;
}
Asked words(const LookUp&) {
  return std::nullopt;
}
Asked words(const SendCheckSync&) {
  return std::nullopt;
}
Asked words(const SendUnprompted&) {
  return std::nullopt;
}

}  // namespace

Asked asked_of_person(const Action& action) {
  Asked asked = std::visit([](const auto& what) { return words(what); }, action.what);
  const bool here =
      asked && (action.is<Upload>() || action.is<ChangeSetting>() || action.is<DamageFile>());
  if (here) *asked += fmt::format(" (line {})", action.line);
  return asked;
}

}  // namespace provlab::lab
