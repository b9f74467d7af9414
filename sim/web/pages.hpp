#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "sim/web/views.hpp"

/// The pages as HTML. They work without the script; with it they are live.
namespace provlab::web {

/// What is told on the login page.
struct LoginNotice {
  std::string text;
  bool bad = false;
};
std::string login_page(const DeviceIdentity& identity, const std::optional<LoginNotice>& notice);
std::string status_page(const Surroundings& around, const StatusView& view);
std::string provisioning_page(const Surroundings& around, const ProvisioningView& view);
std::string backup_page(const Surroundings& around);
/// Asks for a document; with a verdict on the one that came, and with what was wrong with it.
std::string restore_page(const Surroundings& around, const std::optional<RestoreView>& view,
                         std::string_view complaint);
std::string log_page(const Surroundings& around, const LogView& view);
std::string password_page(const Surroundings& around, std::string_view complaint);
/// Something that cannot be shown or done.
std::string trouble_page(const Surroundings& around, std::string_view title,
                         std::string_view sentence);

/// What a browser may load for these pages: nothing from elsewhere (Content-Security-Policy).
const std::string& content_policy();

// Files of sim/web/assets/, embedded when the program is built.
std::string_view page_style();
std::string_view page_script();

}  // namespace provlab::web
