#pragma once
#include <string>

#include "tools/device/console.hpp"
#include "tools/device/phone_watch.hpp"
#include "tools/device/plugged_phone.hpp"
#include "tools/device/provisioning_page.hpp"

namespace provlab::tools {

/// What a person sees of a phone that is plugged in, and can do to it by keys.
class PhoneDesk {
 public:
  PhoneDesk(PluggedPhone& phone, PhoneWatch& watch)
      : phone_(phone), watch_(watch), console_(phone.world().context()), page_(phone.phone()) {}

  /// Tells what has happened, does what was typed, and draws the status line.
  void attend();
  void warn(std::string_view text) { console_.warn(std::string("provlab: ").append(text)); }
  /// Whether `q` was pressed.
  bool left() const { return left_; }

 private:
  void tell();
  void press(char key);
  void tell_losses();
  std::string status() const;

  PluggedPhone& phone_;
  PhoneWatch& watch_;
  Console console_;
  ProvisioningPage page_;
  bool left_ = false;
  Instant next_look_{};  ///< at what the kernel has lost
  bool losses_told_ = false;
};

}  // namespace provlab::tools
