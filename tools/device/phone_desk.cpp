#include "tools/device/phone_desk.hpp"

#include <fmt/format.h>

#include <chrono>

namespace provlab::tools {

void PhoneDesk::attend() {
  tell();
  tell_losses();
  const std::string keys = console_.keys();
  for (const char key : keys) press(key);
  if (!keys.empty()) tell();
  console_.show(page_.is_open() ? page_.prompt() : status());
}

void PhoneDesk::tell() {
  for (const PhoneWatch::Line& line : watch_.look()) {
    if (line.wrong) {
      warn(line.text);
    } else {
      console_.print(line.text);
    }
  }
}

/// Once: how many there were is told at the end.
void PhoneDesk::tell_losses() {
  if (losses_told_ || phone_.clock() < next_look_) return;
  next_look_ = phone_.clock() + std::chrono::seconds(1);
  losses_told_ = phone_.port().link().statistics().lost > 0;
  if (!losses_told_) return;
  warn(
      "this machine is too slow for the wire: frames were lost before the phone could "
      "take "
      "them");
}

void PhoneDesk::press(char key) {
  if (page_.is_open()) {
    for (const std::string& line : page_.press(key)) console_.print(line);
    return;
  }
  switch (key) {
    case 's':
      for (const std::string& line : page_.open()) console_.print(line);
      return;
    case 'r':
      return phone_.reboot();
    case 'c':
      return phone_.pull_cable(!phone_.cable_pulled());
    case 'q':
      left_ = true;
      return;
    case '?':
    case 'h':
      return console_.print(
          "s settings menu: provisioning   r reboot   c cable out or in   q quit   ? keys");
    default:
      return;
  }
}

std::string PhoneDesk::status() const {
  std::string text = watch_.state();
  const auto& configuration = phone_.host().configuration();
  if (!phone_.host().link_up()) {
    text += " | cable out";
  } else if (configuration) {
    text += " | " + configuration->address.address.to_string();
  } else {
    text += " | no address";
  }
  text += fmt::format(" | lag {}", to_string(phone_.lag().quantile(0.99)));
  if (!watch_.url().empty()) text += " | " + watch_.url();
  if (!watch_.sentence().empty()) text += " | " + watch_.sentence();
  return text + " | ? keys";
}

}  // namespace provlab::tools
