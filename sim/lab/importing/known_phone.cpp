#include "sim/lab/importing/known_phone.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <pugixml.hpp>
#include <sstream>

#include "sim/lab/importing/anonymise.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "sim/text/parse.hpp"

namespace provlab::lab {

namespace {

namespace fs = std::filesystem;

/// Hosts of the standard world, for those that a scenario does not list.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kStandard{
    {{"router", "192.0.2.1"},
     {"pbx", "192.0.2.10"},
     {"cloud", "198.51.100.7"},
     {"prov", "198.51.100.10"}}};

class PhoneReader {
 public:
  PhoneReader(pugi::xml_node scenario, fs::path folder)
      : scenario_(scenario), folder_(std::move(folder)) {}

  Expected<KnownPhone> read() {
    KnownPhone phone{.device = {.name = "device"}, .hands = {}, .until = {}, .documents = {}};
    const pugi::xml_node device = scenario_.child("device");
    if (device) {
      auto node = node_of(device, phone);
      if (!node) return std::unexpected(node.error());
      phone.device = std::move(*node);
    }
    const pugi::xml_node timeline = scenario_.child("timeline");
    phone.until = timeline.attribute("until").value();
    for (const pugi::xml_node action : timeline.children()) {
      if (!is_of_hands(action)) continue;
      auto node = node_of(action, phone);
      if (!node) return std::unexpected(node.error());
      phone.hands.push_back(std::move(*node));
      note_cable(action, phone);
    }
    phone.lan = device.attribute("lan").value();
    return phone;
  }

 private:
  static bool is_of_hands(pugi::xml_node action) {
    static constexpr std::array<std::string_view, 12> kActions{
        "boot",      "power-off", "power-on", "unplug", "plug",   "press",
        "enter-url", "set",       "backup",   "damage", "upload", "restore"};
    return std::ranges::find(kActions, std::string_view(action.name())) != kActions.end() &&
           action.attribute("host").empty();
  }

  /// Times that count from an event show no moment of the conversation.
  static void note_cable(pugi::xml_node action, KnownPhone& phone) {
    const std::string_view name = action.name();
    const auto at = parse_duration(action.attribute("at").value());
    if (!at) return;
    const bool first = phone.hands.size() == 1 || phone.begin == Duration::zero();
    if (name == "boot" && first) phone.begin = *at;
    if (name == "unplug") phone.without_cable.emplace_back(*at, Duration::max());
    if (name != "plug") return;
    if (!phone.without_cable.empty()) phone.without_cable.back().second = *at;
    const pugi::xml_attribute lan = action.attribute("lan");
    if (lan) phone.moves.push_back({*at, lan.value()});
  }

  Expected<MarkupNode> node_of(pugi::xml_node element, KnownPhone& phone) {
    MarkupNode node{.name = element.name()};
    for (const pugi::xml_attribute attribute : element.attributes()) {
      const std::string_view name = attribute.name();
      std::string value = attribute.value();
      if (name == "lan") continue;
      const bool names_hosts = node.name == "device" && (name == "router" || name == "dns");
      if (names_hosts || (node.name == "fail" && name == "to")) value = addresses_of(value);
      if (name == "src") {
        auto content = read_file((folder_ / value).string(), kMostScenarioOctets);
        if (!content) return std::unexpected(content.error());
        value = "documents/" + fs::path(value).filename().string();
        phone.documents.insert_or_assign(value, std::move(*content));
      }
      node.set(name, std::move(value));
    }
    if (node.name == "device") {
      for (const pugi::xml_node child : element.children()) {
        if (child.type() != pugi::node_element) continue;
        auto inner = node_of(child, phone);
        if (!inner) return inner;
        node.add(std::move(*inner));
      }
    } else {
      std::ostringstream inside;
      for (const pugi::xml_node child : element.children()) {
        child.print(inside, "", pugi::format_raw);
      }
      node.inside = inside.str();
    }
    return node;
  }

  /// Ids become addresses: the hosts that a capture shows have other ids.
  std::string addresses_of(const std::string& text) const {
    std::string out;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
      for (const auto& [id, address] : kStandard) {
        if (word == id) word = address;
      }
      for (const pugi::xml_node host : scenario_.child("world").children("host")) {
        if (host.attribute("id").value() != word) continue;
        word = host.attribute("address").value();
        word = word.substr(0, word.find('/'));
      }
      out.append(out.empty() ? "" : " ").append(word);
    }
    return out;
  }

  pugi::xml_node scenario_;
  fs::path folder_;
};

void anonymise_node(MarkupNode& node, StandIns& stand_ins) {
  for (auto& [name, value] : node.attributes) {
    if (name == "value" || name == "url" || name == "redirect-base") {
      value = anonymised_url(value, stand_ins);
    } else if (name == "serial") {
      value = stand_ins.serial(value);
    } else if (name == "mac") {
      if (const auto mac = parse_mac(value)) value = stand_ins.mac(*mac).to_string();
    } else if (name == "address" || name == "router" || name == "dns") {
      std::string replaced;
      std::istringstream words(value);
      for (std::string word; words >> word;) {
        const std::size_t slash = std::min(word.find('/'), word.size());
        if (const auto address = Ipv4Address::read(word.substr(0, slash))) {
          word = stand_ins.address(*address).to_string() + word.substr(slash);
        }
        replaced.append(replaced.empty() ? "" : " ").append(word);
      }
      value = std::move(replaced);
    }
  }
  if (!node.inside.empty()) node.inside = anonymised_document(node.inside, stand_ins);
  for (MarkupNode& child : node.children) anonymise_node(child, stand_ins);
}

}  // namespace

Expected<KnownPhone> known_phone(const std::string& scenario) {
  pugi::xml_document document;
  const auto text = read_file(scenario, kMostScenarioOctets);
  if (!text) return std::unexpected(text.error());
  if (!document.load_buffer(text->data(), text->size())) {
    return fail("it is no XML; give a scenario", scenario);
  }
  const pugi::xml_node root = document.child("scenario");
  if (!root) return fail("it is no scenario", scenario);
  return PhoneReader(root, fs::path(scenario).parent_path()).read();
}

bool KnownPhone::has_cable(Duration since_begin) const {
  const Duration at = begin + since_begin;
  return std::ranges::none_of(
      without_cable, [&](const auto& each) { return each.first <= at && at < each.second; });
}

void anonymise(KnownPhone& phone, StandIns& stand_ins) {
  anonymise_node(phone.device, stand_ins);
  for (MarkupNode& action : phone.hands) anonymise_node(action, stand_ins);
  for (auto& [name, content] : phone.documents) content = anonymised_document(content, stand_ins);
}

}  // namespace provlab::lab
