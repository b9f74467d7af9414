#include "sim/lab/serving/watched_devices.hpp"

#include <fmt/format.h>

#include <utility>

namespace provlab::lab {

WatchedDevices::WatchedDevices(std::shared_ptr<const netfakes::DeviceDirectory> as_loaded)
    : file_(as_loaded->source()), list_(std::move(as_loaded)), stamp_(stamp_of(file_)) {}

std::vector<std::string> WatchedDevices::look() {
  const auto stamp = stamp_of(file_);
  if (stamp == std::exchange(stamp_, stamp)) return {};
  auto list = DeviceList::load(file_);
  std::vector<std::string> lines;
  if (list) {
    lines.push_back(fmt::format("{} was read again: {} devices", file_, (*list)->size()));
    list_ = std::move(*list);
    return lines;
  }
  for (const Complaint& complaint : list.error()) lines.push_back(complaint.to_string());
  lines.push_back(fmt::format("{} stays as it was read before", file_));
  return lines;
}

std::vector<std::shared_ptr<WatchedDevices>> watch_devices(ScenarioPlan& plan) {
  std::vector<std::shared_ptr<WatchedDevices>> watched;
  for (ResponderPlan& responder : plan.responders) {
    using Own = std::shared_ptr<const netfakes::RedirectConfig>;
    const auto* const config = std::get_if<Own>(&responder.config);
    if (config == nullptr || !(*config)->directory) continue;
    watched.push_back(std::make_shared<WatchedDevices>((*config)->directory));
    auto follows = std::make_shared<netfakes::RedirectConfig>(**config);
    follows->directory = watched.back();
    responder.config = Own(std::move(follows));
  }
  return watched;
}

}  // namespace provlab::lab
