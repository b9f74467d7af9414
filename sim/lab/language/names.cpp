#include "sim/lab/language/names.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/lab/language/standard_world.hpp"

namespace provlab::lab {

std::optional<std::size_t> Names::host(const Element& element, const char* attribute) const {
  const auto id = element.get(attribute);
  if (!id) return std::nullopt;
  if (const auto found = host_called(*id)) return found;
  if (is_lost(*id)) return std::nullopt;
  element.complain(attribute, fmt::format("there is no host '{}'{}", *id, hosts_instead_of(*id)));
  return std::nullopt;
}

std::optional<std::size_t> Names::host_called(std::string_view id) const {
  for (; indexed_hosts_ < plan_.hosts.size(); ++indexed_hosts_) {
    hosts_.emplace(id_of(indexed_hosts_), indexed_hosts_);
  }
  const auto found = hosts_.find(id);
  return found == hosts_.end() ? std::nullopt : std::optional(found->second);
}

std::string Names::host_or_phone(const Element& element, const char* attribute) const {
  std::string id = element.text(attribute);
  if (id != "device") host(element, attribute);
  return id;
}

std::optional<Ipv4Address> Names::address_of(std::size_t host) const {
  const auto& configuration = plan_.hosts[host].options.configuration;
  return configuration ? std::optional(configuration->address.address) : std::nullopt;
}

std::optional<Ipv4Address> Names::address(const Element& element, const char* attribute,
                                          const std::string& word) const {
  if (const auto found = host_called(word)) return address_of(*found);
  if (const auto address = Ipv4Address::read(word)) return *address;
  if (is_lost(word)) return std::nullopt;
  element.complain(attribute,
                   fmt::format("{}: '{}' is neither an address nor a host of this scenario{}",
                               attribute, word, hosts_instead_of(word)));
  return std::nullopt;
}

std::optional<std::vector<Ipv4Address>> Names::addresses(const Element& element,
                                                         const char* attribute) const {
  if (!element.has(attribute)) return std::nullopt;
  std::vector<Ipv4Address> result;
  for (const std::string& word : element.words(attribute)) {
    if (word == "none") continue;
    if (const auto found = address(element, attribute, word)) result.push_back(*found);
  }
  return result;
}

std::vector<std::string> Names::host_ids() const {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < plan_.hosts.size(); ++i) ids.push_back(id_of(i));
  return ids;
}

std::vector<std::string> Names::lans() const {
  std::vector<std::string> lans;
  for (const HostPlan& host : plan_.hosts) {
    if (!host.lan.empty() && std::ranges::find(lans, host.lan) == lans.end()) {
      lans.push_back(host.lan);
    }
  }
  return lans;
}

std::string Names::hosts_instead_of(std::string_view id) const {
  if (context_.complaints.full()) return {};
  std::vector<std::string> ids = host_ids();
  if (plan_.standard_world) {
    const std::vector<std::string> standard = standard_host_ids();
    std::erase_if(ids, [&](const std::string& own) {
      return std::ranges::find(standard, own) != standard.end();
    });
    ids.insert(ids.begin(), standard.begin(), standard.end());
  }
  return fmt::format("{}; the {} has {}{}", did_you_mean(id, ids),
                     plan_.standard_world ? "standard world" : "world", any_of(ids),
                     plan_.standard_world ? "; a <world> of its own has the hosts it lists, with "
                                            "extends=\"standard\" beside these"
                                          : "");
}

void Names::add_responder(std::string_view kind, std::size_t host) {
  kinds_[std::string(kind)].push_back(host);
}

const std::vector<std::size_t>& Names::hosts_with(std::string_view kind) const {
  static const std::vector<std::size_t> kNowhere;
  const auto found = kinds_.find(kind);
  return found == kinds_.end() ? kNowhere : found->second;
}

std::vector<std::string> Names::kinds_on(std::size_t host) const {
  std::vector<std::string> kinds;
  for (const auto& [kind, hosts] : kinds_) {
    if (std::ranges::find(hosts, host) != hosts.end()) kinds.push_back(kind);
  }
  return kinds;
}

void Names::add_answer(const Element& element, std::string_view kind, std::string url) {
  const std::string id = element.text("id");
  if (id.empty()) return;
  const auto [place, is_new] = answers_.emplace(id, plan_.answers.size());
  if (!is_new) {
    element.complain("id", fmt::format("there is already an answer '{}' in line {}; choose another "
                                       "id",
                                       id, plan_.answers[place->second].line));
    return;
  }
  plan_.answers.push_back({id, std::string(kind), std::move(url), element.line("id")});
}

const NamedAnswer* Names::answer(const Element& element, const char* attribute) const {
  const std::string id = element.text(attribute);
  const auto known = answers_.find(id);
  if (known != answers_.end()) return &plan_.answers[known->second];
  if (is_lost(id)) return nullptr;
  std::vector<std::string> ids;
  for (const NamedAnswer& each : plan_.answers) ids.push_back(each.id);
  element.complain(attribute, fmt::format("no answer has the id '{}'{}; give the id to an answer "
                                          "in <responders> or to what is sent in the <timeline>",
                                          id, did_you_mean(id, ids)));
  return nullptr;
}

UseMark Names::watch(const Element& element, std::string_view missed, std::string_view vain) const {
  const UseMark mark = watch_part(element, element.line(), element.start_tag(), missed);
  if (mark != 0) plan_.purposes.back().vain = vain;
  return mark;
}

UseMark Names::watch_part(const Element& element, int line, std::string what,
                          std::string_view missed) const {
  if (element.has("used")) return 0;
  plan_.purposes.push_back({line, std::move(what), std::string(missed), {}});
  return static_cast<UseMark>(plan_.purposes.size());
}

/// Whether something with this id was not read because of something else. Hosts are always read.
bool Names::is_lost(const std::string& id) const {
  if (context_.complaints.empty()) return false;
  if (context_.complaints.full()) return false;
  const auto holds = [&id](const auto& self, const xmlNode* element) -> bool {
    if (attribute(element, "id") == id) return true;
    for (const xmlNode* child = first_element(element); child != nullptr;
         child = next_element(child)) {
      if (self(self, child)) return true;
    }
    return false;
  };
  for (const xmlNode* part = first_element(context_.document.root()); part != nullptr;
       part = next_element(part)) {
    if (name_of(part) != "world" && holds(holds, part)) return true;
  }
  return false;
}

}  // namespace provlab::lab
