#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "sim/lab/explaining/candidates.hpp"
#include "sim/lab/explaining/oddities.hpp"
#include "sim/lab/explaining/scenario_change.hpp"
#include "sim/lab/importing/draft_device.hpp"
#include "sim/lab/markup/scenario_schema.hpp"
#include "sim/lab/markup/scenario_text.hpp"

namespace provlab::lab {

namespace {

/// A node of the search for an order in which sources can be asked.
void add_sequences(const std::string& so_far, std::vector<std::string_view> left,
                   std::vector<std::string>& all) {
  if (left.empty()) {
    all.push_back(so_far);
    return;
  }
  // Each stage is a choice of those that are left; its members keep their order.
  for (unsigned chosen = 1; chosen < 1U << left.size(); ++chosen) {
    std::string stage;
    std::vector<std::string_view> rest;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if ((chosen >> i & 1U) == 0) {
        rest.push_back(left[i]);
      } else {
        stage.append(stage.empty() ? "" : "+").append(left[i]);
      }
    }
    add_sequences(so_far.empty() ? stage : so_far + ", " + stage, rest, all);
  }
}

const std::vector<std::string>& all_sequences() {
  static const std::vector<std::string> kAll = [] {
    std::vector<std::string> all;
    add_sequences("", {"dhcp", "redirect", "multicast", "configured"}, all);
    return all;
  }();
  return kAll;
}

class DeviceCandidates {
 public:
  DeviceCandidates(const Conversation& captured, const DraftWorld& world, const Trial& trial,
                   const std::string& scenario)
      : captured_(captured), world_(world), trial_(trial), scenario_(scenario) {}

  std::vector<Assumption> all() {
    add_settings();
    add_stored();
    add_releases();
    add_readings();
    add_knobs();
    return std::move(all_);
  }

 private:
  void add(AssumptionKind kind, std::string words, std::function<bool(pugi::xml_node)> change) {
    all_.push_back({kind, std::move(words), std::move(change)});
  }

  // Settings.

  void set(const std::string& path, const std::string& value) {
    add(AssumptionKind::setting,
        value.empty() ? fmt::format("the setting {} was empty", path)
                      : fmt::format("the setting {} was {}", path, value),
        [path, value](pugi::xml_node scenario) {
          put_setting(scenario, path, value);
          return true;
        });
  }

  void add_settings() {
    for (const char* source : {"redirect", "pbx", "dhcp", "active"}) {
      for (const char* value : {"false", "true"}) {
        set(fmt::format("/provisioning/{}", source), value);
      }
    }
    std::set<std::string> urls;
    for (const Said& said : captured_.said) {
      if (is_document_request(said) && urls.size() < 8) urls.insert(url_of(said));
    }
    for (const std::string& url : urls) set("/provisioning/url", url);
    set("/provisioning/url", "");
    add_senders();
    for (const DraftHost& host : world_.hosts()) {
      set("/time/ntpServer", host.address.to_string());
      for (const std::string& name : host.names) set("/time/ntpServer", name);
    }
  }

  /// Who may make the phone provision itself.
  void add_senders() {
    set("/provisioning/sip/active", "false");
    set("/provisioning/sip/active", "true");
    for (const DraftHost& host : world_.hosts()) {
      std::vector<std::string> entries = host.names;
      entries.push_back(host.address.to_string());
      for (const std::string& entry : entries) add_sender(entry);
    }
  }

  void add_sender(const std::string& entry) {
    add(AssumptionKind::setting,
        fmt::format("the settings allowed check-syncs of {} (/provisioning/sip)", entry),
        [entry](pugi::xml_node scenario) {
          const std::string_view release =
              scenario.child("device").attribute("release").as_string("2.2A");
          put_setting(scenario, "/provisioning/sip/active", "true");
          put_setting(scenario,
                      release == "2.2A" ? "/provisioning/sip/allowlist/allowlistEntry"
                                        : "/provisioning/sip/whitelist/whitelistEntry",
                      entry);
          return true;
        });
  }

  /// What an earlier run has left: the documents that this one got.
  void add_stored() {
    std::set<std::string> told;
    for (const Said& said : captured_.said) {
      const auto* http = said.by_phone || !said.answers ? nullptr : said.as<HttpSaid>();
      if (http == nullptr || http->status != 200 || http->hidden) continue;
      const std::string& target = captured_.said[*said.answers].words;
      if (told.size() >= 8 || !told.insert(target).second) continue;
      add(AssumptionKind::stored,
          fmt::format("an earlier run had stored already what {} brings",
                      target.substr(target.find(' ') + 1)),
          [body = http->body](pugi::xml_node scenario) { return store(scenario, body); });
    }
  }

  static bool store(pugi::xml_node scenario, const std::string& body) {
    pugi::xml_document document;
    if (!document.load_buffer(body.data(), body.size())) return false;
    const pugi::xml_node root = document.document_element();
    if (std::string_view(root.name()) != "configuration") return false;
    pugi::xml_node device = part_of(scenario, "device");
    if (device.child("configuration-file")) return false;
    device.prepend_child("configuration-file").append_copy(root);
    return true;
  }

  void add_releases() {
    for (const char* release : {"2.2A", "2.0C", "1.10A"}) {
      add(AssumptionKind::release,
          fmt::format("the phone had firmware that behaves as {}", release),
          [release](pugi::xml_node scenario) {
            pugi::xml_node device = part_of(scenario, "device");
            const std::string_view now = device.attribute("release").as_string("2.2A");
            if (now == release) return false;
            put_attribute(device, "release", release);
            rename_senders(device, std::string_view(release) == "2.2A");
            return true;
          });
    }
  }

  /// The list of those who may send check-syncs is called otherwise in former releases.
  static void rename_senders(pugi::xml_node device, bool new_name) {
    for (pugi::xml_node each : device.children("set")) {
      const std::string_view path = each.attribute("path").value();
      if (!path.starts_with("/provisioning/sip/") || path.ends_with("active")) continue;
      put_attribute(each, "path",
                    new_name ? "/provisioning/sip/allowlist/allowlistEntry"
                             : "/provisioning/sip/whitelist/whitelistEntry");
    }
  }

  // Readings.

  void add_readings() {
    for (const Oddity& oddity : oddities_of(captured_, world_, scenario_)) {
      if (!oddity.said) continue;
      add(AssumptionKind::reading, fmt::format("the phone did not heed that {}", oddity.words),
          oddity.undo);
    }
    for (const Said& said : captured_.said) {
      const auto* dhcp = said.by_phone ? nullptr : said.as<DhcpSaid>();
      if (dhcp != nullptr) add_taken_in(world_.name_of(said.from.address), *dhcp);
    }
  }

  /// What is not printable gets into the URL.
  void add_taken_in(const std::string& host, const DhcpSaid& dhcp) {
    for (const std::uint8_t code : {66, 67}) {
      const std::string* const value = dhcp.option(code);
      if (value == nullptr || !is_odd(*value)) continue;
      take_in(host, fmt::format("option {}", code), percent_text(*value),
              [code = std::to_string(code), text = percent_text(*value)](pugi::xml_node server) {
                for (pugi::xml_node option : server.children("option")) {
                  if (code != option.attribute("code").value()) continue;
                  option.remove_attribute("hex");
                  put_attribute(option, "text", text);
                }
              });
    }
    for (const auto& [field, value] :
         {std::pair{"file", &dhcp.file}, std::pair{"sname", &dhcp.sname}}) {
      if (value->empty() || !is_odd(*value)) continue;
      take_in(host, fmt::format("the {} of the header", field), percent_text(*value),
              [field, text = percent_text(*value)](pugi::xml_node server) {
                put_attribute(server, field, text);
              });
    }
  }

  static bool is_odd(const std::string& value) { return percent_text(value) != value; }

  template <class Change>
  void take_in(const std::string& host, const std::string& what, const std::string& text,
               Change change) {
    const std::string words = fmt::format(
        "{} of {} has octets that do not belong there, and the phone took them into its URL: {}",
        what, host, text);
    const auto known = std::ranges::find(all_, words, &Assumption::words);
    if (known != all_.end()) return;
    add(AssumptionKind::reading, words, [host, change](pugi::xml_node scenario) {
      for (pugi::xml_node server : scenario.child("responders").children("dhcp")) {
        if (host != server.attribute("host").value()) continue;
        // The others end where they would end without their NUL.
        server.remove_attribute("nul-terminated");
        change(server);
        return true;
      }
      return false;
    });
  }

  // Knobs.

  void turn(const std::string& name, const std::string& value) {
    add(AssumptionKind::knob, fmt::format("the knob {} was at {}", name, value),
        [name, value](pugi::xml_node scenario) {
          put_knob(scenario, name, value);
          return true;
        });
  }

  void add_knobs() {
    const Grammar& grammar = ScenarioSchema::shared().grammar();
    const Grammar::ComplexType& knobs = *grammar.root().child("device")->type->child("knobs")->type;
    const std::vector<std::string> times = waits();
    for (const Grammar::Attribute& knob : knobs.attributes) {
      if (knob.name == "used") continue;
      for (const std::string& value : knob.type->values) turn(knob.name, value);
      if (knob.name == "sequence") {
        for (const std::string& value : all_sequences()) turn(knob.name, value);
      } else if (knob.type->name == "YesNo") {
        for (const char* value : {"true", "false"}) turn(knob.name, value);
      } else if (knob.type->name == "Duration") {
        for (const std::string& value : times) turn(knob.name, value);
      }
    }
    turn("redirect-base", "https://connect.redirect.auerswald.de");
    for (const Said& said : captured_.said) {
      const auto* http = said.by_phone ? said.as<HttpSaid>() : nullptr;
      if (http == nullptr || !is_assignment(*http)) continue;
      turn("redirect-base", "http://" + http->header("Host"));
      break;
    }
  }

  /// How long the phone can have waited for something before it parted from ours: from each of the
  /// last things that it had said or heard. What it does then follows within a tenth of a second.
  std::vector<std::string> waits() const {
    constexpr std::size_t kMost = 12;
    constexpr Duration kUnit = std::chrono::milliseconds(10);
    std::vector<std::string> found;
    const std::optional<Duration> parted = first_parting();
    if (!parted) return found;
    for (auto each = captured_.said.rbegin(); each != captured_.said.rend(); ++each) {
      const Duration waited = *parted - each->at;
      if (waited < std::chrono::milliseconds(200)) continue;
      const std::string text = to_string((waited + kUnit / 2) / kUnit * kUnit);
      if (std::ranges::find(found, text) == found.end()) found.push_back(text);
      if (found.size() >= kMost) break;
    }
    return found;
  }

  std::optional<Duration> first_parting() const {
    if (!trial_.divergence) return trial_.likeness.theirs;
    const std::vector<PhoneSays> says = said_by_phone(captured_);
    const std::size_t same = trial_.divergence->same;
    if (same < says.size()) return says[same].at;
    return std::nullopt;
  }

  const Conversation& captured_;
  const DraftWorld& world_;
  const Trial& trial_;
  const std::string& scenario_;
  std::vector<Assumption> all_;
};

}  // namespace

std::vector<Assumption> device_candidates(const Conversation& captured, const DraftWorld& world,
                                          const Trial& trial, const std::string& scenario) {
  return DeviceCandidates(captured, world, trial, scenario).all();
}

}  // namespace provlab::lab
