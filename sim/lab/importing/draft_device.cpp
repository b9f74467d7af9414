#include "sim/lab/importing/draft_device.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/platform/text.hpp"
#include "sim/lab/importing/stand_ins.hpp"

namespace provlab::lab {

namespace {

/// What stands behind `mark` up to one of `ends`.
std::string behind(std::string_view text, std::string_view mark, std::string_view ends) {
  const std::size_t at = text.find(mark);
  if (at == text.npos) return {};
  const std::string_view rest = text.substr(at + mark.size());
  return std::string(rest.substr(0, rest.find_first_of(ends)));
}

void learn_type(DraftDevice& device, const std::string& type) {
  if (device.type_known || (type != "D100" && type != "D200")) return;
  device.type = type;
  device.type_known = true;
}

void learn_release(DraftDevice& device, const std::string& release) {
  if (device.release_known) return;
  if (release != "1.10A" && release != "2.0C" && release != "2.2A") return;
  device.release = release;
  device.release_known = true;
}

/// `D200/2.2A`.
void learn_agent(DraftDevice& device, std::string_view agent) {
  const std::size_t slash = agent.find('/');
  if (slash == agent.npos) return;
  const std::string_view type = agent.substr(0, slash);
  learn_type(device, std::string(type.substr(type.rfind(' ') + 1)));
  learn_release(device, std::string(agent.substr(slash + 1)));
}

void learn(DraftDevice& device, const Said& said) {
  if (const auto* dhcp = said.as<DhcpSaid>()) {
    if (const std::string* vendor = dhcp->option(60)) learn_type(device, *vendor);
  } else if (const auto* sip = said.as<SipSaid>()) {
    learn_type(device, behind(sip->event, "model=\"", "\""));
    learn_release(device, behind(sip->event, "version=\"", "\""));
    learn_agent(device, sip->user_agent);
  } else if (const auto* http = said.as<HttpSaid>()) {
    learn_agent(device, http->header("User-Agent"));
    if (!is_assignment(*http)) return;
    learn_type(device, behind(http->target, "&type=", "& "));
    device.serial = behind(http->target, "&serial=", "& ");
  }
}

/// Whether a text of a server leads to the URL: names it, or the host and path of it.
bool tells(std::string_view text, const std::string& url) {
  const std::string_view bare = std::string_view(url).substr(url.find("//") + 2);
  const std::string_view host = bare.substr(0, bare.find_first_of("/:"));
  if (text.find(url) != text.npos || text.find(bare) != text.npos) return true;
  const std::size_t slash = bare.find('/');
  const std::string_view path = slash == bare.npos ? "/" : bare.substr(slash + 1);
  // Markers stand for parts of it.
  const std::string_view start = path.substr(0, path.find_first_of("?&="));
  return text.find(host) != text.npos ||
         (start.size() > 3 && text.find(start.substr(start.rfind('/') + 1)) != text.npos);
}

bool was_told(const Conversation& heard, std::size_t place, const std::string& url) {
  for (std::size_t i = 0; i < place; ++i) {
    const Said& said = heard.said[i];
    if (said.by_phone || said.talk == Talk::dns || said.talk == Talk::ntp) continue;
    if (const auto* dhcp = said.as<DhcpSaid>()) {
      if (!dhcp->file.empty() || !dhcp->sname.empty()) return true;
      for (const std::uint8_t code : {43, 66, 67}) {
        if (dhcp->option(code) != nullptr) return true;
      }
      continue;
    }
    if (tells(said.octets, url)) return true;
  }
  return false;
}

/// SIP that nobody of ours has asked for.
bool is_unasked(const Said& said) {
  const auto* sip = said.as<SipSaid>();
  return sip != nullptr && !said.by_phone && sip->request && !said.answers;
}

/// Who is not allowed is refused (403); what comes before that (405, 481) says nothing.
void learn_sync(DraftDevice& device, const Conversation& heard, const Said& said) {
  if (!said.by_phone || !said.answers || !is_unasked(heard.said[*said.answers])) return;
  const auto* sip = said.as<SipSaid>();
  if (sip == nullptr || sip->status == 403 || sip->status == 405 || sip->status == 481) return;
  const std::string name = said.to.address.to_string();
  if (std::ranges::find(device.allowed, name) == device.allowed.end()) {
    device.allowed.push_back(name);
  }
}

/// A name that the phone asks for without having been told it, and not for a URL: that of a time
/// server, or of somebody who may make it provision itself. `lowered`: what was said, in lower
/// case.
void learn_name(DraftDevice& device, const Conversation& heard,
                const std::vector<std::string>& lowered, std::size_t place) {
  const Said& said = heard.said[place];
  const auto* dns = said.as<DnsSaid>();
  if (dns == nullptr || !said.by_phone || said.again || dns->name == kRedirectName) return;
  if (Ipv4Address::read(dns->name) || dns->name == device.time_server) return;
  std::set<std::string> addresses;
  for (std::size_t i = 0; i < heard.said.size(); ++i) {
    const Said& other = heard.said[i];
    const auto* http = other.as<HttpSaid>();
    if (http != nullptr && other.by_phone && lower(http->header("Host")).starts_with(dns->name))
      return;
    if (other.talk == Talk::tls && lower(other.words).find(dns->name) != std::string::npos) return;
    const bool text = !other.by_phone && other.talk != Talk::dns;
    if (text && i < place && lowered[i].find(dns->name) != std::string::npos) return;
    const auto* reply = other.by_phone ? nullptr : other.as<DnsSaid>();
    if (reply == nullptr || reply->name != dns->name) continue;
    for (const DnsSaid::Record& record : reply->records) addresses.insert(record.data);
  }
  const bool time = std::ranges::any_of(heard.said, [&](const Said& other) {
    return other.by_phone && other.talk == Talk::ntp &&
           addresses.contains(other.to.address.to_string());
  });
  if (time) {
    device.time_server = dns->name;
  } else if (std::ranges::find(device.allowed, dns->name) == device.allowed.end()) {
    device.allowed.insert(device.allowed.begin(), dns->name);
  }
}

}  // namespace

std::string url_of(const Said& request) {
  const auto& http = *request.as<HttpSaid>();
  std::string host = http.header("Host");
  if (host.empty()) host = request.to.address.to_string();
  const Port usual = request.within_tls ? 443 : 80;
  if (request.to.port != usual && host.find(':') == host.npos) {
    host += fmt::format(":{}", request.to.port);
  }
  return (request.within_tls ? "https://" : "http://") + host + http.target;
}

bool is_document_request(const Said& said) {
  const auto* http = said.as<HttpSaid>();
  return http != nullptr && said.by_phone && http->request && !is_assignment(*http);
}

DraftDevice draft_device(const Conversation& heard) {
  DraftDevice device{.serial = {}, .url = {}, .time_server = {}};
  std::vector<std::string> lowered;
  for (const Said& said : heard.said) lowered.push_back(lower(said.octets));
  bool by_dhcp = false;
  bool inform = false;
  bool redirect = false;
  bool multicast = false;
  const std::string asks_redirect = fmt::format("A {}", kRedirectName);
  for (std::size_t i = 0; i < heard.said.size(); ++i) {
    const Said& said = heard.said[i];
    if (said.by_phone) learn(device, said);
    by_dhcp = by_dhcp || said.words == "discover" || said.words == "request";
    inform = inform || said.words == "inform";
    const std::string_view kind = said.by_phone ? kind_of_question(said) : "";
    redirect = redirect || kind == "redirect" || said.words == asks_redirect;
    multicast = multicast || kind == "multicast";
    if (is_document_request(said) && device.url.empty()) {
      const std::string url = url_of(said);
      if (!was_told(heard, i, url)) device.url = url;
    }
    learn_sync(device, heard, said);
    learn_name(device, heard, lowered, i);
  }
  const bool documents = std::ranges::any_of(heard.said, is_document_request);
  if (redirect != multicast || (documents && !redirect && !device.url.empty())) {
    device.asks_redirect = redirect;
    device.asks_multicast = multicast;
  }
  if (!by_dhcp && !heard.phone.addresses.empty()) {
    device.fixed_address = *heard.phone.addresses.begin();
    device.asks_dhcp = inform;
  }
  return device;
}

namespace {

/// Finds what has begun runs of provisioning.
class TriggerSearch {
 public:
  explicit TriggerSearch(const Conversation& heard) : heard_(heard) {
    multicast_ = std::ranges::any_of(heard.said, begins_multicast);
  }

  std::vector<DraftTrigger> run() {
    triggers_.emplace_back();
    triggers_.front().idle = true;
    for (std::size_t i = 0; i < heard_.said.size(); ++i) {
      const Said& said = heard_.said[i];
      if (is_unasked(said) && !said.again) add_sync(i, said);
      if (const auto* dhcp = said.as<DhcpSaid>()) look_at(i, said, *dhcp);
      if (begins_run(said)) explain_run(i);
    }
    // A run that came to no request shows by its names and connections.
    const bool looked = std::ranges::any_of(heard_.said, [](const Said& said) {
      return said.by_phone && (said.talk == Talk::dns || said.talk == Talk::tls);
    });
    const bool connected = std::ranges::any_of(
        heard_.connections, [](const OpenedConnection& each) { return each.by_phone; });
    if (triggers_.size() == 1 && (looked || connected)) triggers_.front().idle = false;
    if (triggers_.size() > 1 && connected_before(triggers_[1].at)) triggers_.front().idle = false;
    return std::move(triggers_);
  }

 private:
  static bool begins_multicast(const Said& said) {
    return said.by_phone && said.words == "subscribe" && !said.again;
  }

  void add(DraftTrigger::Kind kind, std::size_t place) {
    triggers_.push_back({kind, heard_.said[place].at, place});
    pending_ = true;
  }

  void add_sync(std::size_t place, const Said& said) {
    add(DraftTrigger::Kind::check_sync, place);
    const auto& sip = *said.as<SipSaid>();
    reboot_asked_ =
        sip.event.find("reboot") != sip.event.npos || sip.body.find("reboot") != sip.body.npos;
  }

  /// A phone that has a lease and asks for a new one has begun anew.
  void look_at(std::size_t place, const Said& said, const DhcpSaid& dhcp) {
    if (!said.by_phone) {
      leased_ = dhcp.type == dhcp_type::kAck;
      return;
    }
    if (dhcp.type == dhcp_type::kDiscover && leased_ && !said.again) {
      if (!reboot_asked_) add(DraftTrigger::Kind::boot, place);
      reboot_asked_ = false;
      pending_ = true;
    }
    // Asked for again without an address (RFC 2131 4.4.2): the cable was out.
    const bool anew = dhcp.type == dhcp_type::kRequest && dhcp.client_address.is_any() &&
                      dhcp.option(54) == nullptr && dhcp.option(50) != nullptr;
    if (anew && leased_ && !said.again) {
      add(DraftTrigger::Kind::cable, place);
      pending_ = false;
    }
    // Whoever asks to keep a lease may not be granted it.
    if (dhcp.type == dhcp_type::kDiscover || dhcp.type == dhcp_type::kRequest ||
        dhcp.type == dhcp_type::kDecline)
      leased_ = false;
  }

  bool connected_before(Duration time) const {
    constexpr Duration kPause = std::chrono::seconds(1);
    return std::ranges::any_of(heard_.connections, [&](const OpenedConnection& each) {
      return each.by_phone && each.at + kPause < time;
    });
  }

  /// Each run asks by multicast once; where that is switched off it asks for its first document.
  bool begins_run(const Said& said) {
    if (multicast_) return begins_multicast(said);
    if (!is_document_request(said)) return false;
    if (first_document_.empty()) first_document_ = said.words;
    return said.words == first_document_;
  }

  /// A run that nothing on the wire has begun was begun at the phone.
  void explain_run(std::size_t place) {
    constexpr Duration kPause = std::chrono::seconds(1);
    std::size_t first = place;
    while (first > 0 && heard_.said[first].at - heard_.said[first - 1].at < kPause) --first;
    // A boot goes on at once, when there are an address and the time.
    constexpr Duration kLater = std::chrono::seconds(3);
    const bool at_boot = triggers_.size() == 1 && triggers_.front().idle;
    const bool later = at_boot && first > 0 && !heard_.said[first].again &&
                       heard_.said[first].at - heard_.said[first - 1].at > kLater &&
                       heard_.said[first].talk != Talk::ntp &&
                       heard_.said[first].talk != Talk::dhcp;
    if (pending_ && !later) {
      if (at_boot) triggers_.front().idle = false;
      pending_ = false;
      return;
    }
    add(DraftTrigger::Kind::press, first);
    // The connection comes before what is asked on it.
    const Said& said = heard_.said[first];
    if (said.tcp) triggers_.back().at = std::min(said.at, heard_.connections[said.connection].at);
    pending_ = false;
  }

  const Conversation& heard_;
  std::vector<DraftTrigger> triggers_;
  bool multicast_ = false;
  bool pending_ = true;
  bool leased_ = false;
  bool reboot_asked_ = false;
  std::string first_document_;
};

}  // namespace

std::vector<DraftTrigger> draft_triggers(const Conversation& heard) {
  return TriggerSearch(heard).run();
}

}  // namespace provlab::lab
