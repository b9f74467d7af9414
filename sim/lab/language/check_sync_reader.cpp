#include "sim/lab/language/check_sync_reader.hpp"

#include <fmt/format.h>

#include <array>

#include "sim/lab/language/faults_reader.hpp"

namespace provlab::lab {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kSyncRequests{
    {{"reboot", "reboot"},
     {"update-firmware", "updateFirmware"},
     {"reregister", "reregister"},
     {"remote-access", "remoteAccess"}}};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else {
      out += c;
    }
  }
  return out;
}

/// The `notifySync` document that the attributes stand for; empty where they say nothing.
std::string sync_body(const Element& element) {
  std::string inside;
  const auto put = [](std::string& out, std::string_view name, std::string_view value) {
    fmt::format_to(std::back_inserter(out), "<{0}>{1}</{0}>", name, escaped(value));
  };
  if (const auto date = element.get("start-date")) put(inside, "startDate", *date);
  if (const auto delay = element.duration("start-delay")) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*delay).count();
    put(inside, "startDelay", std::to_string(seconds));
  }
  std::string check;
  if (const auto url = element.get("url")) put(check, "url", *url);
  if (const auto data = element.get("data-available")) put(check, "dataAvailable", *data);
  if (!check.empty())
    fmt::format_to(std::back_inserter(inside), "<checkSync>{}</checkSync>", check);
  const std::string wanted = element.text("do");
  for (const auto& [word, name] : kSyncRequests) {
    if (word == wanted) fmt::format_to(std::back_inserter(inside), "<{}/>", name);
  }
  return inside.empty() ? std::string() : fmt::format("<notifySync>{}</notifySync>", inside);
}

}  // namespace

std::shared_ptr<const netfakes::CheckSync> read_check_sync(const Element& element, Names& names) {
  netfakes::CheckSync sync;
  sync.answer.id = element.text("id");
  sync.answer.faults = read_faults(element, names);
  sync.event = element.text("event", sync.event);
  if (element.flag("reboot").value_or(false)) sync.event += ";reboot=true";
  sync.content_type = element.text("type", sync.content_type);
  sync.body = sync_body(element);
  sync.repetitions = element.number("repetitions").value_or(sync.repetitions);
  if (auto body = element.body()) {
    if (!sync.body.empty()) {
      element.complain(
          "this check-sync has a body of its own; leave out what would make another: "
          "url, data-available, start-delay, start-date and do");
    }
    sync.body = std::move(*body);
  }
  if (element.has("do") && (element.has("url") || element.has("data-available"))) {
    element.complain("do", "a check-sync asks for one thing: keep do, or url and data-available");
  }
  names.add_answer(element, "check-sync");
  return std::make_shared<const netfakes::CheckSync>(std::move(sync));
}

}  // namespace provlab::lab
