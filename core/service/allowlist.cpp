#include "core/service/allowlist.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/platform/text.hpp"
#include "core/settings/configuration.hpp"

namespace provlab::service {

namespace {

constexpr std::string_view kAllowlist = "/provisioning/sip/allowlist/allowlistEntry";
/// After no answer; also how often a cable is looked for, which tells nobody when it is put in.
constexpr Duration kAskAgain = std::chrono::seconds(10);
/// Answers are used at least so long, however short their TTL is. The resolver keeps none for more
/// than an hour.
constexpr Duration kShortestUse = std::chrono::seconds(60);

}  // namespace

Allowlist::Allowlist(Host& host, settings::DeviceSettings& settings, net::Resolver& resolver,
                     const NetworkManager& network)
    : host_(host), settings_(settings), resolver_(resolver), network_(network), wake_(host) {}

std::vector<std::string> Allowlist::entries() const {
  if (!settings_.configuration().flag("provisioning/sip/active", false)) return {};
  auto entries = settings_.configuration().select(kAllowlist).value_or(std::vector<std::string>());
  for (std::string& entry : entries) entry = std::string(trimmed(entry));
  std::erase(entries, "");
  return entries;
}

std::optional<std::string> Allowlist::refusal(Ipv4Address sender) const {
  std::string unknown;
  for (const std::string& entry : entries()) {
    std::optional<Ipv4Address> address = Ipv4Address::read(entry);
    if (const auto name = names_.find(entry); !address && name != names_.end()) {
      address = name->second.address;
    }
    if (address == sender) return std::nullopt;
    if (!address) unknown.append(unknown.empty() ? "" : ", ").append(entry);
  }
  std::string text = fmt::format("{} is not in provisioning/sip/allowlist", sender.to_string());
  if (unknown.empty()) return text;
  return text + fmt::format(" as far as it is resolved; no address is known (yet) of {}",
                            shortened(unknown, 200));
}

void Allowlist::take_names() {
  std::map<std::string, Name> names;
  for (const std::string& entry : entries()) {
    if (Ipv4Address::read(entry)) continue;
    const auto known = names_.find(entry);
    names.emplace(entry, known != names_.end() ? known->second : Name{std::nullopt, host_.now()});
  }
  names_ = std::move(names);
}

Task<> Allowlist::run() {
  bool usable = false;
  for (;;) {
    take_names();
    const bool was_usable = std::exchange(usable, network_.available());
    if (usable && !was_usable) {  // what could not be asked then can be now
      for (auto& [name, known] : names_) known.due = host_.now();
    }
    const auto next =
        std::ranges::min_element(names_, {}, [](const auto& each) { return each.second.due; });
    if (next == names_.end()) {
      co_await wake_.wait_until(kNever);
    } else if (next->second.due > host_.now()) {
      co_await wake_.wait_until(next->second.due);
    } else if (!usable) {
      co_await wake_.wait_until(host_.now() + kAskAgain);
    } else {
      co_await ask_for(next->first);
    }
  }
}

Task<> Allowlist::ask_for(std::string name) {
  const net::NameAnswer answer = co_await resolver_.look_up(name);
  const auto known = names_.find(name);
  if (answer.addresses) {
    known->second.address = answer.addresses->front();
  } else if (answer.definite) {
    known->second.address.reset();
  }
  known->second.due = answer.definite ? std::max(answer.until, host_.now() + kShortestUse)
                                      : host_.now() + kAskAgain;
}

}  // namespace provlab::service
