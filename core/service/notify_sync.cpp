#include "core/service/notify_sync.hpp"

#include <array>

#include "core/platform/text.hpp"
#include "core/settings/embedded_files.hpp"
#include "core/settings/xml_tree.hpp"
#include "core/settings/xsd.hpp"

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
  return std::string(trimmed(settings::text_of(element)));
}

void read_check_sync(pugi::xml_node element, NotifySync& sync) {
  sync.url = value_of(child_named(element, "url"));
  if (!sync.url.empty()) sync.what = What::load;
  const std::string available = value_of(child_named(element, "dataAvailable"));
  if (available == "false" || available == "0") sync.what = What::no_data;
}

/// A moment as the schema allows it: with `Z` or an offset such as `+01:00` at its end.
Expected<WallTime> read_moment(std::string_view text) {
  if (text.ends_with('Z')) return parse_wall_time(text);
  constexpr std::size_t kOffset = 6;
  const std::string_view offset = text.substr(text.size() - kOffset);
  const auto two_digits = [&](std::size_t at) {
    return (offset[at] - '0') * 10 + offset[at + 1] - '0';
  };
  const Duration ahead = std::chrono::hours(two_digits(1)) + std::chrono::minutes(two_digits(4));
  const auto local = parse_wall_time(std::string(text.substr(0, text.size() - kOffset)) + 'Z');
  if (!local) return local;
  return offset.starts_with('-') ? *local + ahead : *local - ahead;
}

Expected<void> read_start(pugi::xml_node root, NotifySync& sync) {
  if (const pugi::xml_node delay = child_named(root, "startDelay")) {
    sync.delay = std::chrono::seconds(std::stoul(value_of(delay)));
  }
  if (const pugi::xml_node date = child_named(root, "startDate")) {
    const auto time = read_moment(value_of(date));
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
  static const settings::Xsd xsd(settings::embedded_file("notify_sync.xsd"));
  const pugi::xml_node root = document.xml->document_element();
  if (const auto violation = xsd.validate(root)) return std::unexpected(violation->error());
  NotifySync sync;
  for (const auto& [name, what] : kRequests) {
    const pugi::xml_node element = child_named(root, name);
    if (!element) continue;
    sync.what = what;
    if (name == "checkSync") read_check_sync(element, sync);
  }
  if (const auto read = read_start(root, sync); !read) return std::unexpected(read.error());
  return sync;
}

}  // namespace provlab::service
