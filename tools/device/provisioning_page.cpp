#include "tools/device/provisioning_page.hpp"

#include <fmt/format.h>

#include "core/platform/user_info.hpp"

namespace provlab::tools {

namespace {

constexpr std::string_view kUrlSetting = "provisioning/url";
constexpr char kEscape = '\x1b';
constexpr char kDelete = '\x7f';
constexpr char kBackspace = '\b';
constexpr char kClearAll = '\x15';  // Ctrl-U
constexpr std::size_t kMostUrlOctets = 8192;
constexpr std::size_t kMostShown = 36;  ///< of the URL that is typed: its end

}  // namespace

std::vector<std::string> ProvisioningPage::open() {
  place_ = Place::page;
  const std::string url = phone_.configuration().text(kUrlSetting);
  return {"Settings > Provisioning",
          fmt::format("  Server URL: {}", url.empty() ? "(none)" : shown_url(url))};
}

std::vector<std::string> ProvisioningPage::press(char key) {
  if (place_ == Place::page) return press_on_page(key);
  if (key == kEscape) {
    place_ = Place::page;
    return {};
  }
  if (key != '\n' && key != '\r') {
    edit(key);
    return {};
  }
  phone_.enter_url(url_);
  return open();
}

std::vector<std::string> ProvisioningPage::press_on_page(char key) {
  switch (key) {
    case 'u':
      url_ = phone_.configuration().text(kUrlSetting);
      if (has_user_info(url_)) url_.clear();  // a password is shown to nobody (SPEC 5.10)
      place_ = Place::url;
      return {};
    case 'p':
      place_ = Place::closed;
      phone_.press_start_provisioning();
      return {"  Start provisioning"};
    case 's':
    case kEscape:
      place_ = Place::closed;
      return {};
    default:
      return {};
  }
}

void ProvisioningPage::edit(char key) {
  if (key == kClearAll) {
    url_.clear();
  } else if (key == kDelete || key == kBackspace) {
    // All octets of the last character.
    while (!url_.empty() && (url_.back() & 0xc0) == 0x80) url_.pop_back();
    if (!url_.empty()) url_.pop_back();
  } else if (static_cast<unsigned char>(key) >= ' ' && url_.size() < kMostUrlOctets) {
    url_ += key;
  }
}

std::string ProvisioningPage::prompt() const {
  if (place_ == Place::url) {
    const bool cut = url_.size() > kMostShown;
    const std::string end = cut ? "..." + url_.substr(url_.size() - kMostShown) : url_;
    return fmt::format("URL (Enter takes it, Esc leaves it): {}_", end);
  }
  return "u enter the server URL   p Start provisioning   Esc back";
}

}  // namespace provlab::tools
