#pragma once
#include <string>
#include <vector>

#include "sim/phone/phone.hpp"

namespace provlab::tools {

/// The page of the settings menu about provisioning (SPEC 8.1), as text at a terminal: the server
/// URL, and "Start provisioning". It is worked by keys, one at a time.
class ProvisioningPage {
 public:
  explicit ProvisioningPage(phone::Phone& phone) : phone_(phone) {}

  bool is_open() const { return place_ != Place::closed; }
  /// What it shows when it is opened.
  std::vector<std::string> open();
  /// What comes of a key, in lines.
  std::vector<std::string> press(char key);
  /// What stands on the last line meanwhile.
  std::string prompt() const;

 private:
  enum class Place { closed, page, url };

  std::vector<std::string> press_on_page(char key);
  void edit(char key);

  phone::Phone& phone_;
  Place place_ = Place::closed;
  std::string url_;  ///< as typed so far
};

}  // namespace provlab::tools
