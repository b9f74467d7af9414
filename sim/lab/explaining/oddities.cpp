#include "sim/lab/explaining/oddities.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "core/platform/hexadecimal.hpp"
#include "sim/lab/explaining/scenario_change.hpp"
#include "sim/lab/importing/draft_device.hpp"
#include "sim/lab/markup/scenario_text.hpp"

namespace provlab::lab {

namespace {

constexpr unsigned kSeldom = 0;
constexpr unsigned kUnusual = 1;
constexpr unsigned kMishap = 2;
constexpr unsigned kOrdinary = 3;

bool is_printable(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet >= 0x21 && octet <= 0x7e;
}

/// The place of an element among all elements of its scenario; what is changed later has them at
/// the same places.
std::size_t place_of(pugi::xml_node scenario, pugi::xml_node wanted) {
  struct Search : pugi::xml_tree_walker {
    pugi::xml_node wanted;
    std::size_t place = 0;
    bool for_each(pugi::xml_node& node) override {
      if (node == wanted) return false;
      ++place;
      return true;
    }
  } search;
  search.wanted = wanted;
  scenario.traverse(search);
  return search.place;
}

pugi::xml_node node_at(pugi::xml_node scenario, std::size_t place) {
  struct Walk : pugi::xml_tree_walker {
    std::size_t left = 0;
    pugi::xml_node found;
    bool for_each(pugi::xml_node& node) override {
      if (left-- > 0) return true;
      found = node;
      return false;
    }
  } walk;
  walk.left = place;
  scenario.traverse(walk);
  return walk.found;
}

/// An attribute that a server's element or answer has only where something is not as usual.
struct OddAttribute {
  std::string_view name;
  unsigned rank;
  std::string_view words;  ///< after "SERVER ", with {} for its value
};
constexpr std::array<OddAttribute, 41> kOddAttributes{{
    {"nul-terminated", kSeldom, "ends options 66 and 67 with a NUL"},
    {"kiss", kSeldom, "answers with a kiss-o'-death ({}): do not ask me"},
    {"stratum", kSeldom, "says stratum {}: it is not synchronised, or far from a clock"},
    {"leap", kSeldom, "says by its leap indicator ({}) that it is not synchronised"},
    {"version", kUnusual, "answers in NTP version {}"},
    {"clock", kUnusual, "tells another time: {}"},
    {"from", kSeldom, "answers from another address or port: {}"},
    {"server", kSeldom, "calls itself {} (option 54)"},
    {"reply-to", kUnusual, "sends its replies to {}"},
    {"result", kUnusual, "answers {}"},
    {"status", kUnusual, "answers with the status {}"},
    {"length", kSeldom, "announces a wrong length, or none: {}"},
    {"then", kSeldom, "ends the connection: {}"},
    {"cut", kSeldom, "sends only {} and ends the connection"},
    {"reset-at", kSeldom, "resets the connection after {}"},
    {"stall-at", kSeldom, "says nothing more after {}"},
    {"drip", kUnusual, "sends its answer drop by drop: {}"},
    {"type", kUnusual, "calls its answer {}"},
    {"gzip", kUnusual, "sends its answer compressed"},
    {"chunked", kOrdinary, "sends its answer in chunks"},
    {"accept", kUnusual, "takes connections as follows: {}"},
    {"tls", kOrdinary, "speaks TLS"},
    {"ok", kUnusual, "sends its 200 to the SUBSCRIBE: {}"},
    {"ok-after", kMishap, "sends its 200 to the SUBSCRIBE {} late"},
    {"after", kMishap, "answers {} late"},
    {"copies", kMishap, "answers {} times"},
    {"ttl", kUnusual, "lets its answers be kept for {} only"},
    {"lease", kUnusual, "grants addresses for {} only"},
    {"renew", kUnusual, "wants leases to be renewed after {}"},
    {"rebind", kUnusual, "wants leases to be rebound after {}"},
    {"prefix", kUnusual, "says that the network has the prefix {}"},
    {"router", kUnusual, "names as routers: {}"},
    {"dns", kUnusual, "names as name servers: {}"},
    {"ntp", kUnusual, "names as time servers: {}"},
    {"in-file", kSeldom, "has options in the field for the file name: {}"},
    {"in-sname", kSeldom, "has options in the field for the server's name: {}"},
    {"only-requested", kOrdinary, "sends options that nobody asked for"},
    {"file", kUnusual, "has the file name {} in its header"},
    {"sname", kUnusual, "has the server name {} in its header"},
    {"address", kUnusual, "gives another address: {}"},
    {"gap", kOrdinary, "leaves time between what it sends: {}"},
}};

class OddityHunt {
 public:
  OddityHunt(const Conversation& captured, const DraftWorld& world, const std::string& scenario)
      : captured_(captured),
        world_(world),
        document_(scenario_tree(scenario)),
        scenario_(document_.document_element()) {}

  std::vector<Oddity> run() {
    look_at_responders();
    look_at_header_names();
    look_at_missing_documents();
    look_at_rest();
    std::ranges::stable_sort(found_, {}, &Oddity::rank);
    return std::move(found_);
  }

 private:
  void add(unsigned rank, std::string words, bool said, std::function<bool(pugi::xml_node)> undo) {
    found_.push_back({rank, std::move(words), said, std::move(undo)});
  }

  /// Without the element.
  std::function<bool(pugi::xml_node)> without(pugi::xml_node node) const {
    return [place = place_of(scenario_, node)](pugi::xml_node scenario) {
      pugi::xml_node gone = node_at(scenario, place);
      return gone && gone.parent().remove_child(gone);
    };
  }

  /// Without the attribute, and without the rule that is for nothing else.
  std::function<bool(pugi::xml_node)> without(pugi::xml_node node, std::string_view name) const {
    const auto bare = node.first_attribute();
    const bool alone = std::string_view(node.parent().name()) == "on" && !node.first_child() &&
                       bare == node.last_attribute();
    if (alone) return without(node.parent());
    return [place = place_of(scenario_, node), name](pugi::xml_node scenario) {
      pugi::xml_node changed = node_at(scenario, place);
      if (name == "copies") changed.remove_attribute("gap");
      if (name == "drip") changed.remove_attribute("gap");
      return changed.remove_attribute(std::string(name).c_str());
    };
  }

  /// The name has the address of a host that is there, and has a web server.
  std::function<bool(pugi::xml_node)> somewhere(pugi::xml_node node) const {
    return [place = place_of(scenario_, node)](pugi::xml_node scenario) {
      constexpr const char* kSomewhere = "203.0.113.250";
      pugi::xml_node answer = node_at(scenario, place);
      answer.remove_attribute("result");
      put_attribute(answer, "address", kSomewhere);
      pugi::xml_node last = scenario.child("world").last_child();
      while (last && std::string_view(last.name()) != "host") last = last.previous_sibling();
      if (!last) return false;
      pugi::xml_node host = scenario.child("world").insert_child_after("host", last);
      put_attribute(host, "id", "somewhere");
      put_attribute(host, "address", kSomewhere);
      put_attribute(part_of(scenario, "responders").append_child("http"), "host", "somewhere");
      return true;
    };
  }

  static std::string server_name(pugi::xml_node responder) {
    static const std::map<std::string_view, std::string_view> kNames{
        {"dhcp", "DHCP server"},          {"dns", "name server"},
        {"ntp", "time server"},           {"http", "web server"},
        {"redirect", "redirect service"}, {"multicast", "multicast responder"}};
    const auto known = kNames.find(responder.name());
    return fmt::format("the {} {}", known == kNames.end() ? responder.name() : known->second,
                       responder.attribute("host").value());
  }

  void look_at_responders() {
    std::map<std::string, unsigned> kinds;
    for (const pugi::xml_node each : scenario_.child("responders").children()) {
      ++kinds[each.name()];
    }
    for (const pugi::xml_node each : scenario_.child("responders").children()) {
      const std::string kind = each.name();
      const std::string name = server_name(each);
      if (kind == "dhcp" && kinds[kind] > 1) {
        add(kSeldom, fmt::format("{} is one of {} that answer", name, kinds[kind]), true,
            without(each));
      }
      look_at_attributes(each, name, "");
      for (const pugi::xml_node child : each.children()) look_inside(name, child);
    }
  }

  void look_at_attributes(pugi::xml_node node, const std::string& server,
                          const std::string& request) {
    for (const OddAttribute& odd : kOddAttributes) {
      const pugi::xml_attribute attribute = node.attribute(std::string(odd.name).c_str());
      if (!attribute || !is_odd(node, odd.name)) continue;
      const std::string told = fmt::format(fmt::runtime(odd.words), attribute.value());
      const std::string words = fmt::format("{} {}{}", server, told, request);
      const bool no_address = odd.name == "result";
      add(odd.rank, words, odd.rank != kMishap && !no_address,
          no_address ? somewhere(node) : without(node, odd.name));
    }
  }

  /// What elements must have, or have as usual.
  bool is_odd(pugi::xml_node node, std::string_view attribute) const {
    const std::string_view name = node.name();
    if (name == "ntp" && attribute == "clock") return false;
    if (name == "dhcp" && attribute == "ntp") return true;
    if (name == "option" || name == "name") return false;
    if (name == "moved" && attribute == "status") return false;
    return true;
  }

  void look_inside(const std::string& server, pugi::xml_node child) {
    const std::string_view name = child.name();
    if (name == "on") return look_at_rule(server, child);
    if (name == "option") return look_at_option(server, child);
    const std::string_view path = child.attribute("path").value();
    look_at_attributes(child, server, path.empty() ? "" : fmt::format(" ({})", path));
  }

  static std::string request_words(pugi::xml_node on) {
    const std::string_view nth = on.attribute("nth").value();
    const std::string_view request = on.attribute("request").value();
    return nth.empty() ? fmt::format(" ({})", request)
                       : fmt::format(" ({}, number {})", request, nth);
  }

  void look_at_rule(const std::string& server, pugi::xml_node on) {
    const std::string request = request_words(on);
    const pugi::xml_node inside = on.first_child();
    const std::string_view name = inside.name();
    if (name == "nothing") {
      add(kMishap, fmt::format("{} does not answer, or its answer was lost{}", server, request),
          false, without(on));
    } else if (name == "nak") {
      add(kSeldom, fmt::format("{} refuses the address{}", server, request), true, without(on));
    } else if (name == "raw") {
      add(kSeldom, fmt::format("{} answers what is not usual{}", server, request), true,
          without(on));
    } else {
      look_at_attributes(inside, server, request);
      const auto attributes = inside.attributes();
      const auto several = std::distance(attributes.begin(), attributes.end());
      if (several > 1 || inside.first_child()) {
        add(kUnusual, fmt::format("{} answers otherwise than usual{}", server, request), true,
            without(on));
      }
    }
  }

  void look_at_option(const std::string& server, pugi::xml_node option) {
    const std::string code = option.attribute("code").value();
    const std::string_view hex = option.attribute("hex").value();
    if (!hex.empty() && code != "43") {
      const std::string octets = octets_of_hex(hex);
      const std::size_t nul = octets.find('\0');
      const bool at_end = nul == octets.size() - 1;
      const std::string what = nul == octets.npos ? "has octets in it that are not printable"
                               : at_end           ? "ends with a NUL"
                                                  : "has a NUL in it";
      add(kSeldom, fmt::format("option {} of {} {}: {}", code, server, what, percent_text(octets)),
          true,
          [place = place_of(scenario_, option),
           text = printable_text(octets)](pugi::xml_node scenario) {
            pugi::xml_node changed = node_at(scenario, place);
            put_attribute(changed, "text", text);
            return changed.remove_attribute("hex");
          });
    }
    const bool joined = option.attribute("continues");
    if (code == "43" || joined) {
      add(kUnusual,
          fmt::format("option {} of {} {}", code, server, joined ? "comes in pieces" : "is there"),
          true, without(option));
    } else {
      add(kOrdinary, fmt::format("option {} of {} is there", code, server), true, without(option));
    }
  }

  /// What a scenario cannot say, and a draft leaves out.
  void look_at_header_names() {
    std::map<std::string, bool> told;
    for (const Said& said : captured_.said) {
      const auto* dhcp = said.by_phone ? nullptr : said.as<DhcpSaid>();
      if (dhcp == nullptr) continue;
      const std::string host = world_.name_of(said.from.address);
      look_at_header_name(host, "file", dhcp->file, told);
      look_at_header_name(host, "sname", dhcp->sname, told);
    }
  }

  void look_at_header_name(const std::string& host, const std::string& field,
                           const std::string& value, std::map<std::string, bool>& told) {
    if (value.empty() || std::ranges::all_of(value, is_printable)) return;
    if (std::exchange(told[host + field], true)) return;
    const std::string which = field == "file" ? "file name" : "server name";
    add(kSeldom,
        fmt::format("the {} in the header of the DHCP server {} has octets that are not printable: "
                    "{}",
                    which, host, percent_text(value)),
        true, [host, field, text = printable_text(value)](pugi::xml_node scenario) {
          for (pugi::xml_node dhcp : scenario.child("responders").children("dhcp")) {
            if (host != dhcp.attribute("host").value()) continue;
            put_attribute(dhcp, field.c_str(), text);
            return true;
          }
          return false;
        });
  }

  void look_at_missing_documents() {
    std::map<std::string, bool> told;
    for (const Said& said : captured_.said) {
      const auto* http = said.by_phone || !said.answers ? nullptr : said.as<HttpSaid>();
      if (http == nullptr || http->status < 400) continue;
      const Said& question = captured_.said[*said.answers];
      if (!is_document_request(question) || std::exchange(told[question.words], true)) continue;
      const std::string host = world_.name_of(said.from.address);
      const std::string target = question.as<HttpSaid>()->target;
      add(kUnusual, fmt::format("the web server {} answers {} to {}", host, http->status, target),
          false, [host, target, words = question.words](pugi::xml_node scenario) {
            return serve(scenario, host, target, words);
          });
    }
  }

  /// The server has the document, and no rule says otherwise.
  static bool serve(pugi::xml_node scenario, const std::string& host, const std::string& target,
                    const std::string& words) {
    for (pugi::xml_node http : scenario.child("responders").children("http")) {
      if (host != http.attribute("host").value()) continue;
      for (pugi::xml_node on = http.child("on"); on;) {
        const pugi::xml_node next = on.next_sibling("on");
        if (words == on.attribute("request").value()) http.remove_child(on);
        on = next;
      }
      pugi::xml_node file = http.prepend_child("file");
      put_attribute(file, "path", target);
      file.append_child("configuration");
      return true;
    }
    return false;
  }

  void look_at_loss(pugi::xml_node lose) {
    const std::string from = lose.attribute("from").value();
    const std::string to = lose.attribute("to").value();
    // The import tells when a segment was sent in vain, or until when connections were.
    const bool opening = !lose.attribute("since") || lose.attribute("until");
    const std::string words =
        from != "device"
            ? fmt::format(
                  "{} had to send a part of what it said again: it was lost behind the tap, "
                  "or late",
                  from)
        : opening ? fmt::format(
                        "the phone had to ask {} again for a connection: its SYN was lost, "
                        "or the answer to it was, behind the tap",
                        to)
                  : fmt::format(
                        "the phone had to send a part of what it said to {} again: it was "
                        "lost, or the word that it had come was",
                        to);
    add(kMishap, words, false, without(lose));
  }

  void look_at_rest() {
    for (const pugi::xml_node lose : scenario_.child("world").children("lose")) {
      // Others are what a hypothesis supposes.
      if (std::string_view(lose.attribute("protocol").value()) == "tcp") look_at_loss(lose);
    }
    for (const pugi::xml_node set : scenario_.child("device").children("set")) {
      add(kOrdinary,
          fmt::format("the phone has the setting {} = {}", set.attribute("path").value(),
                      set.attribute("value").value()),
          false, without(set));
    }
    if (const pugi::xml_node race = scenario_.child("race")) {
      const std::string first = race.child("answer").attribute("ref").value();
      add(kUnusual,
          fmt::format("of the answers that were under way together the one of {} came first",
                      first.starts_with("redirect") ? "the redirect service" : "multicast"),
          false, [](pugi::xml_node scenario) {
            pugi::xml_node changed = scenario.child("race");
            const pugi::xml_node moved = changed.child("answer");
            return moved && changed.append_move(moved);
          });
    }
    for (const pugi::xml_node action : scenario_.child("timeline").children()) {
      const std::string_view name = action.name();
      if (name != "check-sync" && name != "send-sip" && name != "send-datagram") continue;
      add(kOrdinary,
          fmt::format("{} sends the phone SIP without being asked, at {}",
                      action.attribute("host").value(), action.attribute("at").value()),
          true, without(action));
    }
  }

  const Conversation& captured_;
  const DraftWorld& world_;
  pugi::xml_document document_;
  pugi::xml_node scenario_;
  std::vector<Oddity> found_;
};

}  // namespace

std::string percent_text(std::string_view octets) {
  std::string text;
  for (const char c : octets) {
    if (is_printable(c)) {
      text += c;
    } else {
      text += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return text;
}

std::string printable_text(std::string_view octets) {
  std::string text(octets);
  std::erase_if(text, [](char c) { return !is_printable(c); });
  return text;
}

std::string octets_of_hex(std::string_view hex) {
  std::string octets;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    octets += static_cast<char>(hexadecimal_digit(hex[i]).value_or(0) * 16 +
                                hexadecimal_digit(hex[i + 1]).value_or(0));
  }
  return octets;
}

std::vector<Oddity> oddities_of(const Conversation& captured, const DraftWorld& world,
                                const std::string& scenario) {
  return OddityHunt(captured, world, scenario).run();
}

}  // namespace provlab::lab
