#include "core/service/allowlist.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/platform/text.hpp"
#include "core/service/allowlist_entry.hpp"
#include "core/service/check_sync_events.hpp"
#include "core/settings/configuration.hpp"

namespace provlab::service {

namespace {

constexpr std::string_view kAllowlist = "provisioning/sip/allowlist/allowlistEntry";
constexpr std::string_view kWhitelist = "provisioning/sip/whitelist/whitelistEntry";  // before 2.2A
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
  const settings::Configuration& configuration = settings_.configuration();
  if (!configuration.flag("provisioning/sip/active", false)) return {};
  std::vector<std::string> entries = configuration.texts(kAllowlist);
  std::ranges::copy(configuration.texts(kWhitelist), std::back_inserter(entries));
  std::erase(entries, "");
  return entries;
}

std::optional<std::string> Allowlist::refusal(Ipv4Address sender) const {
  std::string unknown;
  std::string no_host;
  for (const std::string& text : entries()) {
    const auto entry = read_allowlist_entry(text);
    if (!entry) {
      if (no_host.empty()) no_host = "; " + entry.error().text;
      continue;
    }
    if (entry->address == sender) return std::nullopt;
    if (entry->address) continue;
    const auto name = names_.find(entry->host);
    if (name == names_.end() || name->second.addresses.empty()) {
      unknown.append(unknown.empty() ? "" : ", ").append(entry->host);
    } else if (std::ranges::find(name->second.addresses, sender) != name->second.addresses.end()) {
      return std::nullopt;
    }
  }
  std::string text = fmt::format("{} is not in provisioning/sip/allowlist", sender.to_string());
  if (!unknown.empty()) {
    text += fmt::format(" as far as it is resolved; no address is known (yet) of {}",
                        shortened(unknown, 200));
  }
  return text + no_host;
}

void Allowlist::take_names() {
  std::map<std::string, Name> names;
  std::set<std::string> told;
  for (const std::string& text : entries()) {
    const auto entry = read_allowlist_entry(text);
    const std::string& wrong = entry ? entry->warning : entry.error().text;
    if (!wrong.empty() && told.insert(wrong).second && !told_.contains(wrong)) {
      host_.record(AllowlistWarning{shortened(text), wrong});
    }
    if (!entry || entry->address) continue;
    const auto known = names_.find(entry->host);
    names.emplace(entry->host, known != names_.end() ? known->second : Name{{}, host_.now()});
  }
  told_ = std::move(told);
  names_ = std::move(names);
}

Task<> Allowlist::run() {
  bool usable = false;
  unsigned changes = resolver_.changes();
  for (;;) {
    take_names();
    const bool was_usable = std::exchange(usable, network_.available());
    const bool changed = changes != resolver_.changes();
    changes = resolver_.changes();
    // What could not be asked then can be now, and other servers may answer otherwise.
    if (usable && (!was_usable || changed)) {
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
    known->second.addresses = *answer.addresses;
  } else if (answer.definite) {
    known->second.addresses.clear();
  }
  known->second.due = answer.definite ? std::max(answer.until, host_.now() + kShortestUse)
                                      : host_.now() + kAskAgain;
}

}  // namespace provlab::service
