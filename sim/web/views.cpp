#include "sim/web/views.hpp"

#include <fmt/format.h>

#include <chrono>

#include "core/platform/user_info.hpp"

namespace provlab::web {

namespace {

std::string clock_text(WallTime time) {
  std::string text = provlab::to_string(WallTime(std::chrono::floor<std::chrono::seconds>(time)));
  text[text.find('T')] = ' ';
  text.pop_back();  // the Z
  return text;
}

/// `.042`: things of a boot are told apart by them.
std::string milliseconds_of(WallTime time) {
  const auto within = time - std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format(".{:03}", std::chrono::floor<std::chrono::milliseconds>(within).count());
}

/// When something was: by the telephone's clock, or by the time since then.
std::string moment_text(Host& host, const std::optional<WallTime>& clock, Instant at) {
  const Duration ago = host.now() - at;
  if (clock) return clock_text(*clock - ago) + milliseconds_of(*clock - ago);
  const auto seconds = std::chrono::duration<double>(at.time_since_epoch()).count();
  return fmt::format("{:.3f} s", seconds);
}

}  // namespace

StatusView status_view(Host& host, Device& device, DeviceLog& log) {
  log.look();
  const DeviceIdentity identity = device.identity();
  const DeviceState state = device.state();
  const auto interface = host.configuration();
  const auto& run = log.last_run();
  StatusView view;
  const auto fact = [&view](std::string_view key, std::string_view label, std::string value) {
    view.facts.push_back({key, label, std::move(value)});
  };
  fact("type", "Type", std::string(to_string(identity.type)));
  fact("release", "Firmware", std::string(to_string(identity.release)));
  fact("serial", "Serial number", identity.serial);
  fact("mac", "MAC address", identity.mac.to_string());
  fact("network", "Network", state.network_trouble.empty() ? "connected" : state.network_trouble);
  fact("address", "Address",
       interface ? fmt::format("{}/{}", interface->address.address.to_string(),
                               interface->address.prefix_length)
                 : "none");
  fact("router", "Router",
       interface && interface->router ? interface->router->to_string() : "none");
  fact("time", "Time", state.time ? clock_text(*state.time) + " UTC" : "not known yet");
  fact("provisioning", "Now", state.running ? "running" : "idle");
  fact("last_result", "Last run", run ? run->result : "none yet");
  fact("last_run", "Ended", run ? moment_text(host, state.time, run->at) : "");
  fact("last_sentence", "In words", run ? run->sentence : "");
  return view;
}

std::string configured_url(Device& device) {
  return shown_url(device.device_settings().configuration().text("provisioning/url"));
}

LogView log_view(Host& host, Device& device, DeviceLog& log, EventNumber after) {
  log.look();
  const auto clock = device.state().time;
  LogView view;
  for (auto line = log.lines().rbegin(); line != log.lines().rend(); ++line) {
    if (line->number <= after) break;
    view.lines.push_back({line->number, moment_text(host, clock, line->at), line->text});
  }
  return view;
}

RestoreView restore_view(const Restored& restored) {
  RestoreView view{.result = restored.result,
                   .sentence = restored.reason,
                   .verdicts = {},
                   .warnings = restored.warnings};
  for (const settings::OperationOutcome& each : restored.outcome.operations) {
    view.verdicts.push_back(
        {.what = each.operation + " " + each.path,
         .verdict = each.accepted ? "done" : "rejected",
         .reason = each.reason,
         .kind = each.accepted ? Verdict::Kind::accepted : Verdict::Kind::rejected});
  }
  for (const settings::SectionOutcome& each : restored.outcome.sections) {
    view.verdicts.push_back({.what = each.section,
                             .verdict = std::string(to_string(each.what)),
                             .reason = each.reason,
                             .kind = each.what == settings::SectionOutcome::What::rejected
                                         ? Verdict::Kind::rejected
                                         : Verdict::Kind::accepted});
  }
  for (const std::string& section : restored.outcome.unknown) {
    view.verdicts.push_back({.what = section,
                             .verdict = "left out",
                             .reason = "this release has no such section",
                             .kind = Verdict::Kind::left_out});
  }
  return view;
}

}  // namespace provlab::web
