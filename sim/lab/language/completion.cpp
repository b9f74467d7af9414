#include "sim/lab/language/completion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "sim/lab/language/profiles.hpp"
#include "sim/lab/language/standard_world.hpp"
#include "sim/lab/plan/plan.hpp"

namespace provlab::lab {

namespace {

// First come the parts that are missing. Then each responder gets its host, and the standard world
// the servers that it has anyway. Now everything is there that names hosts: a walk beside the
// grammar, which knows what an attribute names, writes the standard hosts into the world. Hosts of
// responders come first, so that a scenario looks like its written-out form. Last, one of the hosts
// gets the word that it routes.
class Completion {
 public:
  Completion(XmlDocument& document, const Grammar& grammar, Complaints& complaints)
      : document_(document), grammar_(grammar), complaints_(complaints), root_(document.root()) {}

  bool run() {
    default_to(root_, "seed", std::to_string(ScenarioPlan().seed));
    complete_device();
    world_ = part("world");
    responders_ = part("responders");
    own_host_ = first_child(world_, [](const xmlNode* each) {
      return name_of(each) != "link" && name_of(each) != "lose";
    });
    standard_ = own_host_ == nullptr || attribute(world_, kExtends);
    complete_responders();
    if (child(root_, "timeline") == nullptr) {
      default_to(document_.add_element(part("timeline"), nullptr, "boot", root_), "at", "0s");
    }
    complete_link();
    if (standard_) {
      add_host(kStandardRouter, world_);
      for (const xmlNode* each : Children(responders_)) {
        add_host(attribute(each, "host").value_or(""), each);
      }
      add_named(root_, grammar_.root());
    }
    // Written out, it has all that it extends.
    if (attribute(world_, kExtends) == "standard") {
      xmlUnsetProp(world_, reinterpret_cast<const xmlChar*>(kExtends));
    }
    complete_router();
    return standard_;
  }

 private:
  static constexpr const char* kExtends = "extends";

  /// Null where there is none.
  template <class Fits>
  static xmlNode* first_child(const xmlNode* parent, Fits&& fits) {
    for (xmlNode* each : Children(parent)) {
      if (fits(each)) return each;
    }
    return nullptr;
  }

  static xmlNode* child(const xmlNode* parent, std::string_view name) {
    return first_child(parent, [&](const xmlNode* each) { return name_of(each) == name; });
  }

  static void default_to(xmlNode* element, const char* name, const std::string& value) {
    if (!attribute(element, name)) add_attribute(element, name, value);
  }

  /// A part of the scenario; where it is missing a new one, in its place.
  xmlNode* part(const char* name) {
    if (xmlNode* there = child(root_, name); there != nullptr) return there;
    const auto& parts = grammar_.root().children;
    const auto place = std::ranges::find(parts, name, &Grammar::Child::name);
    xmlNode* later = first_child(root_, [&](const xmlNode* each) {
      return std::ranges::find(place, parts.end(), name_of(each), &Grammar::Child::name) !=
             parts.end();
    });
    return document_.add_element(root_, later, name, root_);
  }

  void complete_device() {
    const DeviceIdentity usual;
    xmlNode* device = part("device");
    default_to(device, "type", std::string(to_string(usual.type)));
    default_to(device, "mac", usual.mac.to_string());
    default_to(device, "serial", usual.serial);
    default_to(device, "release", std::string(to_string(usual.release)));
    complete_knobs(device);
  }

  /// Writes out the knobs of the device's profile; one that is given beats it.
  void complete_knobs(xmlNode* device) {
    const auto profile = attribute(device, "profile");
    xmlNode* knobs = child(device, "knobs");
    for (const ProfileKnob& each : knobs_of_profile(profile.value_or(""))) {
      if (knobs == nullptr) knobs = document_.add_element(device, nullptr, "knobs", device);
      default_to(knobs, each.knob, each.value);
    }
  }

  void complete_link() {
    xmlNode* link = child(world_, "link");
    if (link == nullptr) {
      link = document_.add_element(world_, first_element(world_), "link", world_);
    }
    default_to(link, "latency",
               standard_ ? std::string(kStandardLatency) : to_string(world::LinkOptions().latency));
  }

  /// The kinds of responders that an element of `<responders>` is, or stands for as a daemon.
  static std::vector<std::string> kinds_of(const xmlNode* element) {
    if (name_of(element) != "daemon") return {std::string(name_of(element))};
    return served_by(attribute(element, "kind").value_or(""), attribute(element, "serves"));
  }

  static bool serves(const xmlNode* element, std::string_view kind) {
    return std::ranges::count(kinds_of(element), kind) > 0;
  }

  /// Where a responder of the kind of the element stands that says no host; else the end.
  static auto place_of(const xmlNode* element) {
    const std::vector<std::string> kinds = kinds_of(element);
    return std::ranges::find(standard_places(), kinds.empty() ? "" : kinds.front(),
                             &StandardPlace::kind);
  }

  void complete_responders() {
    std::vector<xmlNode*> taken_away;
    for (xmlNode* each : Children(responders_)) {
      const auto place = place_of(each);
      const bool known = place != standard_places().end();
      const auto host = attribute(each, "host");
      if (known && place->always && host == "none" && name_of(each) != "daemon") {
        check_taken_away(each);
        taken_away.push_back(each);
      } else if (!host && standard_ && known) {
        add_attribute(each, "host", std::string(place->host), Position::first);
      } else if (const auto only = only_host(); !host && only) {
        add_attribute(each, "host", *only, Position::first);
      }
    }
    if (standard_) add_responders();
    for (xmlNode* each : taken_away) document_.remove(each);
  }

  /// The id of the host in a world of its own that has no other.
  std::optional<std::string> only_host() const {
    xmlNode* first = child(world_, "host");
    if (first == nullptr) return std::nullopt;
    for (xmlNode* next = next_element(first); next != nullptr; next = next_element(next)) {
      if (name_of(next) == "host") return std::nullopt;
    }
    return attribute(first, "id");
  }

  xmlNode* host_called(std::string_view id) const {
    return first_child(world_, [&](const xmlNode* each) {
      return name_of(each) == "host" && attribute(each, "id") == id;
    });
  }

  /// Of the hosts one routes without being told to; where there are several LANs, one in each.
  void complete_router() {
    std::set<std::string> lans;
    bool any = false;
    for (const xmlNode* each : Children(responders_)) {
      if (!serves(each, "dhcp")) continue;
      any = true;
      xmlNode* host = host_called(attribute(each, "host").value_or(""));
      if (host == nullptr || !lans.insert(attribute(host, "lan").value_or("")).second) continue;
      default_to(host, "routes", "true");
    }
    if (any) return;
    if (xmlNode* host = host_called(kStandardRouter)) default_to(host, "routes", "true");
  }

  void check_taken_away(xmlNode* none) {
    const std::string_view kind = name_of(none);
    const int line = document_.line(none);
    if (!standard_) {
      return complaints_.add(line,
                             fmt::format("<{} host=\"none\"> takes a server of the standard world "
                                         "away, and this world is the scenario's own; remove it",
                                         kind));
    }
    if (first_element(none) != nullptr || none->properties->next != nullptr) {
      complaints_.add(line, fmt::format("<{0} host=\"none\"> says that there is no {0}; remove "
                                        "what else it says",
                                        kind));
    }
    for (const xmlNode* other : Children(responders_)) {
      if (other == none || !serves(other, kind)) continue;
      complaints_.add(line, fmt::format("there is a <{}> in line {} as well; remove one of them",
                                        name_of(other), document_.line(other)));
      break;
    }
  }

  /// The servers of the standard world that the scenario does not list, before those that belong
  /// behind them.
  void add_responders() {
    const auto places = standard_places();
    for (auto place = places.begin(); place != places.end(); ++place) {
      const auto there = [&](const xmlNode* each) { return serves(each, place->kind); };
      if (!place->always || first_child(responders_, there) != nullptr) continue;
      xmlNode* later = first_child(responders_, [&](const xmlNode* each) {
        return std::ranges::find(places.begin(), place, name_of(each), &StandardPlace::kind) ==
               place;
      });
      xmlNode* added =
          document_.add_element(responders_, later, std::string(place->kind).c_str(), responders_);
      add_attribute(added, "host", std::string(place->host));
    }
  }

  /// Adds the standard hosts that the element's attributes name, and those of all in it, in this
  /// order.
  void add_named(xmlNode* element, const Grammar::ComplexType& type) {
    for (const Grammar::Attribute& known : type.attributes) {
      if (!names_hosts(known)) continue;
      std::istringstream words(attribute(element, known.name.c_str()).value_or(""));
      for (std::string word; words >> word;) add_host(word.substr(0, word.find(':')), element);
    }
    if (type.open) return;
    for (xmlNode* each : Children(element)) {
      if (const auto* known = type.child(name_of(each))) add_named(each, *known->type);
    }
  }

  /// Where `id` is that of a standard host which is not there yet. Those that the file lists itself
  /// stand behind, and one with this id in its place.
  void add_host(std::string_view id, const xmlNode* named_by) {
    const auto host = std::ranges::find(standard_hosts(), id, &StandardHost::id);
    if (host == standard_hosts().end() || host_called(id) != nullptr) return;
    xmlNode* later = own_host_ != nullptr ? own_host_ : child(world_, "lose");
    xmlNode* added = document_.add_element(world_, later, "host", named_by);
    for (const auto& [name, value] :
         {std::pair("id", host->id), std::pair("address", host->address),
          std::pair("name", host->name), std::pair("latency", host->latency)}) {
      if (!value.empty()) add_attribute(added, name, std::string(value));
    }
  }

  XmlDocument& document_;
  const Grammar& grammar_;
  Complaints& complaints_;
  xmlNode* root_;
  xmlNode* world_ = nullptr;
  xmlNode* responders_ = nullptr;
  xmlNode* own_host_ = nullptr;  ///< the first that the file lists; null where it lists none
  bool standard_ = false;
};

}  // namespace

bool names_hosts(const Grammar::Attribute& attribute) {
  const std::string& type = attribute.type->name;
  return type == "HostId" || type == "Addresses" || type == "Sender";
}

bool complete(XmlDocument& document, const Grammar& grammar, Complaints& complaints) {
  return Completion(document, grammar, complaints).run();
}

}  // namespace provlab::lab
