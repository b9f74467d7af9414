#include "core/service/notify_sync.hpp"

#include <fmt/format.h>

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
  const pugi::xml_node url = child_named(element, "url");
  sync.url = value_of(url);
  if (!sync.url.empty()) sync.what = What::load;
  const std::string available = value_of(child_named(element, "dataAvailable"));
  if (available == "false" || available == "0") {
    sync.what = What::no_data;
    sync.why_no_data = "dataAvailable is false";
  } else if (url && sync.url.empty()) {
    sync.what = What::no_data;
    sync.why_no_data = "the url is empty";
  }
}

Expected<void> read_start(pugi::xml_node root, NotifySync& sync) {
  const pugi::xml_node delay = child_named(root, "startDelay");
  const pugi::xml_node date = child_named(root, "startDate");
  if (delay && date) return fail("either a startDate or a startDelay says when, not both");
  if (delay) sync.delay = read_xsd_duration(value_of(delay));
  if (date) sync.start = read_xsd_date_time(value_of(date));
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
  std::string_view asked;
  for (const auto& [name, what] : kRequests) {
    const pugi::xml_node element = child_named(root, name);
    if (!element) continue;
    if (!asked.empty()) return fail(fmt::format("{} and {} are two things to do", asked, name));
    asked = name;
    sync.what = what;
    if (name == "checkSync") read_check_sync(element, sync);
  }
  if (const auto read = read_start(root, sync); !read) return std::unexpected(read.error());
  return sync;
}

}  // namespace provlab::service
