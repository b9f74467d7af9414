#include "core/service/notify_sync.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "core/settings/xml_tree.hpp"

namespace provlab::service {

namespace {

using settings::child_named;
using What = NotifySync::What;

constexpr std::array<std::pair<std::string_view, What>, 5> kRequests{
    {{"checkSync", What::full_run},
     {"reboot", What::reboot},
     {"updateFirmware", What::update_firmware},
     {"reregister", What::reregister},
     {"remoteAccess", What::remote_access}}};

std::string value_of(pugi::xml_node element) {
  return std::string(settings::trimmed(settings::text_of(element)));
}

Expected<void> read_check_sync(pugi::xml_node element, NotifySync& sync) {
  if (const pugi::xml_node url = child_named(element, "url")) {
    sync.url = value_of(url);
    if (!sync.url.empty()) sync.what = What::load;
  }
  if (const pugi::xml_node available = child_named(element, "dataAvailable")) {
    const std::string value = value_of(available);
    if (value == "false" || value == "0") {
      sync.what = What::no_data;
    } else if (value != "true" && value != "1") {
      return fail(fmt::format("'{}' is neither true nor false", value), "checkSync/dataAvailable");
    }
  }
  return {};
}

Expected<void> read_start(pugi::xml_node root, NotifySync& sync) {
  if (const pugi::xml_node delay = child_named(root, "startDelay")) {
    const std::string value = value_of(delay);
    unsigned seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (error != std::errc() || end != value.data() + value.size()) {
      return fail(fmt::format("'{}' is no number of seconds", value), "startDelay");
    }
    sync.delay = std::chrono::seconds(seconds);
  }
  if (const pugi::xml_node date = child_named(root, "startDate")) {
    const auto time = parse_wall_time(value_of(date));
    if (!time) return fail(time.error().text, "startDate");
    sync.start = *time;
  }
  return {};
}

}  // namespace

std::string_view to_string(NotifySync::What what) {
  switch (what) {
    case What::full_run:
      return "full-run";
    case What::load:
      return "load";
    case What::no_data:
      return "no-data";
    case What::reboot:
      return "reboot";
    case What::update_firmware:
      return "update-firmware";
    case What::reregister:
      return "reregister";
    case What::remote_access:
      return "remote-access";
  }
  return "";
}

bool is_notify_sync(const settings::Document& document) {
  return settings::name_of(document.xml->document_element()) == "notifySync";
}

Expected<NotifySync> read_notify_sync(const settings::Document& document) {
  const pugi::xml_node root = document.xml->document_element();
  NotifySync sync;
  std::string_view asked;
  for (const auto& [name, what] : kRequests) {
    const pugi::xml_node element = child_named(root, name);
    if (!element) continue;
    if (!asked.empty()) {
      return fail(fmt::format("it asks for {} and {}; one of them can be asked for", asked, name),
                  "notifySync");
    }
    asked = name;
    sync.what = what;
    if (name != "checkSync") continue;
    if (const auto read = read_check_sync(element, sync); !read) {
      return std::unexpected(read.error());
    }
  }
  if (const auto read = read_start(root, sync); !read) return std::unexpected(read.error());
  return sync;
}

}  // namespace provlab::service
