#include "sim/lab/importing/stand_ins.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/platform/device_identity.hpp"
#include "core/platform/text.hpp"
#include "core/settings/embedded_files.hpp"

namespace provlab::lab {

namespace {

constexpr std::uint32_t kHere = 0xc0000200U;       // 192.0.2.0
constexpr std::uint32_t kElsewhere = 0xc6336400U;  // 198.51.100.0
constexpr std::uint32_t kFurther = 0xcb007100U;    // 203.0.113.0

bool is_documentation(Ipv4Address address) {
  const std::uint32_t network = address.value & 0xffffff00U;
  return network == kHere || network == kElsewhere || network == kFurther;
}

using Words = std::set<std::string, std::less<>>;

/// What stands in quotation marks behind `mark`, each time.
void learn_quoted(std::string_view text, std::string_view mark, Words& words) {
  for (std::size_t at = text.find(mark); at != text.npos; at = text.find(mark, at)) {
    at += mark.size();
    words.emplace(lower(text.substr(at, text.find('"', at) - at)));
  }
}

/// Texts between tags, and the names of elements.
void learn_document(std::string_view text, Words& words) {
  for (std::size_t at = text.find('>'); at != text.npos; at = text.find('>', at)) {
    const std::size_t end = text.find('<', ++at);
    if (end == text.npos) break;
    const std::string_view value = trimmed(text.substr(at, end - at));
    if (!value.empty()) words.emplace(lower(value));
  }
}

/// A number that is the same in every run, and looks like chance.
std::uint64_t mixed(std::string_view text, std::uint64_t salt) {
  std::uint64_t hash = 0xcbf29ce484222325U ^ salt * 0x9e3779b97f4a7c15U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash ^ hash >> 29;
}

std::string like(std::string_view original, std::uint64_t salt) {
  std::uint64_t state = mixed(original, salt);
  std::string text;
  for (const char c : original) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const auto draw = static_cast<unsigned>(state >> 33);
    if (c >= 'a' && c <= 'z') {
      text += static_cast<char>('a' + draw % 26);
    } else if (c >= 'A' && c <= 'Z') {
      text += static_cast<char>('A' + draw % 26);
    } else if (is_digit(c)) {
      text += static_cast<char>('0' + draw % 10);
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      text += static_cast<char>('a' + draw % 26);
    } else {
      text += c;
    }
  }
  return text;
}

bool has_private_letters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
  });
}

/// Words that say nothing of a customer: those of the settings and of the protocols, in lower case.
Words common_words() {
  Words common;
  for (const settings::EmbeddedFile& file : settings::embedded_files()) {
    const std::string_view folder = file.name.substr(0, file.name.find('/'));
    if (folder == "defaults") {
      learn_document(file.content, common);
    } else if (parse_release(folder)) {
      learn_quoted(file.content, "value=\"", common);
      learn_quoted(file.content, "name=\"", common);
    }
  }
  common.emplace(lower(DeviceIdentity{}.serial));
  for (const char* word : {"prov",          "provisioning", "settings",   "config",
                           "configuration", "php",          "py",         "pl",
                           "cgi",           "asp",          "xml",        "cfg",
                           "conf",          "txt",          "html",       "htm",
                           "index",         "d100",         "d200",       "mac",
                           "hwtyp",         "macadr",       "type",       "serial",
                           "api",           "v1",           "v2",         "device",
                           "devices",       "phone",        "phones",     "firmware",
                           "update",        "http",         "https",      "get",
                           "default",       "template",     "templates",  "document",
                           "documents",     "file",         "files",      "data",
                           "all",           "common",       "references", "first",
                           "second",        "third",        "fourth",     "redirect",
                           "auerswald",     "com",          "www",        "referencedsettings"}) {
    common.emplace(word);
  }
  return common;
}

}  // namespace

std::string_view words_for(Private kind, bool several) {
  switch (kind) {
    case Private::address:
      return several ? "addresses" : "address";
    case Private::mac:
      return several ? "MAC addresses" : "MAC address";
    case Private::name:
      return several ? "names" : "name";
    case Private::serial:
      return several ? "serial numbers" : "serial number";
    case Private::word:
      return several ? "words of documents and URLs" : "word of documents and URLs";
  }
  return "";
}

void StandIns::place_phone(const MacAddress& mac, Ipv4Address address, unsigned prefix) {
  phone_ = {address, std::min(prefix, 32U)};
  MacAddress own = DeviceIdentity{}.mac;
  if (mac != own) {
    std::copy_n(mac.octets.begin(), 3, own.octets.begin());
    while (given_.contains(own.compact())) ++own.octets[5];
    map(Private::mac).emplace(mac.compact(), own.compact());
  }
  given_.insert(own.compact());
  if (address.is_any() || is_documentation(address)) return;
  unsigned last = prefix <= 25 ? 100 : 1 + (100 & ~(phone_.mask() & 0xff));
  while (last < 254 && given_.contains(Ipv4Address{kHere + last}.to_string())) ++last;
  map(Private::address).emplace(address.to_string(), Ipv4Address{kHere + last}.to_string());
  given_.insert(Ipv4Address{kHere + last}.to_string());
}

void StandIns::place_further(Ipv4Address address, unsigned prefix) {
  if (!further_ && !is_documentation(address)) further_ = {address, std::min(prefix, 32U)};
}

std::string StandIns::network(InterfaceAddress original) {
  constexpr unsigned kDocumentation = 24;
  if (is_documentation(original.address) || !original.address.is_unicast()) {
    return fmt::format("{}/{}", original.address.to_string(), original.prefix_length);
  }
  const Ipv4Address network{original.address.value & original.mask()};
  const bool bare = network == original.address && original.prefix_length < 31;
  if (!bare) {
    return fmt::format("{}/{}", address(original.address).to_string(),
                       std::max(original.prefix_length, kDocumentation));
  }
  const bool here = !phone_.address.is_any() && original.on_link(phone_.address);
  const std::uint32_t stand_in = here ? kHere : kElsewhere;
  map(Private::address)
      .try_emplace(fmt::format("{}/{}", network.to_string(), original.prefix_length),
                   Ipv4Address{stand_in}.to_string());
  return fmt::format("{}/{}", Ipv4Address{stand_in}.to_string(),
                     std::max(original.prefix_length, kDocumentation));
}

Ipv4Address StandIns::address(Ipv4Address original) {
  if (!original.is_unicast() || is_documentation(original)) return original;
  auto& known = map(Private::address);
  const std::string text = original.to_string();
  if (const auto found = known.find(text); found != known.end()) {
    return Ipv4Address::read(found->second).value_or(original);
  }
  const bool here = !phone_.address.is_any() && phone_.on_link(original);
  Ipv4Address stand_in;
  do {
    if (here && next_here_ < 255) {
      stand_in = {kHere + next_here_++};
    } else if (!here && further_ && further_->on_link(original) && next_further_ < 255) {
      stand_in = {kFurther + next_further_++};
    } else if (next_elsewhere_ < 255) {
      stand_in = {kElsewhere + next_elsewhere_++};
    } else {
      stand_in = {kFurther + (next_elsewhere_++ - 254) % 255};
    }
  } while (given_.contains(stand_in.to_string()) && next_elsewhere_ < 500);
  given_.insert(stand_in.to_string());
  known.emplace(text, stand_in.to_string());
  return stand_in;
}

MacAddress StandIns::mac(const MacAddress& original) {
  if (original == DeviceIdentity{}.mac || original.is_group()) return original;
  auto& known = map(Private::mac);
  const std::string text = original.compact();
  auto found = known.find(text);
  if (found == known.end()) {
    MacAddress stand_in = original;
    const unsigned number = next_mac_++;
    stand_in.octets[3] = static_cast<std::uint8_t>(number >> 16);
    stand_in.octets[4] = static_cast<std::uint8_t>(number >> 8);
    stand_in.octets[5] = static_cast<std::uint8_t>(number);
    found = known.emplace(text, stand_in.compact()).first;
  }
  MacAddress stand_in;
  for (std::size_t i = 0; i < 6; ++i) {
    stand_in.octets[i] =
        static_cast<std::uint8_t>(std::stoi(found->second.substr(2 * i, 2), nullptr, 16));
  }
  return stand_in;
}

std::string StandIns::name(std::string_view original) {
  if (original.empty() || original == kRedirectName) return std::string(original);
  if (Ipv4Address::read(original)) return address(*Ipv4Address::read(original)).to_string();
  auto& known = map(Private::name);
  const std::string key = lower(original);
  if (const auto found = known.find(key); found != known.end()) return found->second;
  std::string_view domain;
  for (const std::string_view each : {".example.com", ".example", ".test"}) {
    if (domain.empty() && original.size() > each.size()) domain = each;
  }
  std::string stand_in = fresh(key, [&](std::uint64_t salt, std::size_t longer) {
    const std::size_t letters = original.size() - domain.size() + longer;
    return like(std::string(letters, 'a') + key, salt).substr(0, letters) + std::string(domain);
  });
  // Labels have at most 63 octets.
  for (std::size_t at = 60; at + domain.size() + 1 < stand_in.size(); at += 60) stand_in[at] = '.';
  given_.insert(stand_in);
  known.emplace(key, stand_in);
  return stand_in;
}

bool StandIns::is_common(std::string_view word) const {
  static const Words common = common_words();
  return common.contains(lower(word));
}

std::string StandIns::word(std::string_view original) {
  if (is_common(original)) return std::string(original);
  return same_kind(Private::word, original);
}

std::string StandIns::fresh(std::string_view original, const Maker& made) const {
  constexpr std::uint64_t kAttempts = 20;
  for (std::uint64_t salt = 1;; ++salt) {
    std::string stand_in = made(salt, salt / kAttempts);
    if (stand_in != original && !given_.contains(stand_in)) return stand_in;
  }
}

std::string StandIns::same_kind(Private kind, std::string_view original) {
  if (!has_private_letters(original)) return std::string(original);
  auto& known = map(kind);
  if (const auto found = known.find(original); found != known.end()) return found->second;
  const std::string stand_in = fresh(original, [&](std::uint64_t salt, std::size_t longer) {
    return like(std::string(original).append(longer, original.back()), salt);
  });
  given_.insert(stand_in);
  known.emplace(original, stand_in);
  return stand_in;
}

std::array<std::size_t, kPrivateKinds> StandIns::counts() const {
  std::array<std::size_t, kPrivateKinds> counts{};
  for (std::size_t i = 0; i < kPrivateKinds; ++i) counts[i] = maps_[i].size();
  return counts;
}

}  // namespace provlab::lab
