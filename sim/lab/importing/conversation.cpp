#include "sim/lab/importing/conversation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ranges>

#include "core/platform/text.hpp"
#include "sim/lab/capture/octet_source.hpp"
#include "sim/lab/contents/http_text.hpp"
#include "sim/lab/contents/octet_reader.hpp"
#include "sim/lab/importing/datagram_reader.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "sim/text/visible.hpp"

namespace provlab::lab {

namespace {

/// Far more than a scenario can tell readably; what they come to is compared pair by pair.
constexpr std::size_t kMostConnections = 1000;

/// Puts a conversation together.
class Listener {
 public:
  Listener(const SeenPhone& phone, const PhoneTraffic& traffic)
      : traffic_(traffic), keys_(traffic.secrets) {
    heard_.phone = phone;
    if (traffic.packets.empty()) return;
    heard_.begin = traffic.packets.front().time;
    heard_.end = since_begin(traffic.packets.back().time);
  }

  Conversation listen() {
    for (const SeenPacket& packet : traffic_.packets) {
      if (packet.protocol == world::Protocol::udp) hear_datagram(packet);
    }
    const std::vector<SeenConnection> connections = connections_of(traffic_.packets);
    for (const SeenConnection& each : connections | std::views::take(kMostConnections)) {
      hear_connection(each);
    }
    if (connections.size() > kMostConnections) {
      heard_.remarks.push_back(fmt::format("of {} TCP connections the first {} are told",
                                           connections.size(), kMostConnections));
    }
    std::ranges::stable_sort(heard_.said, {}, &Said::at);
    find_questions();
    remark();
    return std::move(heard_);
  }

 private:
  Duration since_begin(std::int64_t time) const { return Duration(time - heard_.begin); }

  void hear_datagram(const SeenPacket& packet) {
    Said said{.at = since_begin(packet.time),
              .frame = packet.frame,
              .by_phone = packet.by_phone,
              .from = packet.from,
              .to = packet.to,
              .words = {},
              .text = {},
              .octets = packet.payload};
    read_datagram(packet.payload, said);
    heard_.said.push_back(std::move(said));
  }

  void hear_connection(const SeenConnection& connection) {
    const std::size_t number = heard_.connections.size();
    OpenedConnection opened{
        .at = since_begin(connection.begins),
        .client = connection.client,
        .server = connection.server,
        .by_phone = connection.by_phone,
        .syns = connection.syns.size(),
        .reset_by_client = connection.reset_by_client,
        .finished_by_server =
            connection.to_client.finished &&
            (!connection.reset || *connection.to_client.finished <= *connection.reset),
        .finished_first_by_server = connection.finished_first_by_server,
        .spoken = !connection.to_server.octets.empty() || !connection.to_client.octets.empty(),
        .gap = connection.to_client.gap};
    if (!connection.syns.empty()) opened.last_syn = since_begin(connection.syns.back());
    if (connection.accepted) opened.accepted = since_begin(*connection.accepted);
    if (connection.reset) opened.reset = since_begin(*connection.reset);
    opened.lost_by_client = lost_in(connection.to_server);
    opened.lost_by_server = lost_in(connection.to_client);
    heard_.connections.push_back(opened);
    if (auto tls = tls_in(connection, keys_)) {
      hear_tls(connection, number, std::move(*tls));
      return;
    }
    constexpr Port kDomain = 53;
    for (const bool to_server : {true, false}) {
      if (connection.server.port == kDomain) {
        hear_names(connection, number, to_server);
      } else {
        hear_messages(connection, number, to_server);
      }
    }
  }

  std::vector<LostPiece> lost_in(const SeenStream& stream) const {
    std::vector<LostPiece> lost;
    for (const LostSegment& each : stream.lost) {
      lost.push_back({since_begin(each.time), since_begin(each.again), since_begin(each.since),
                      each.number, each.first});
    }
    return lost;
  }

  /// DNS over TCP: each message behind its length (RFC 1035 4.2.2).
  void hear_names(const SeenConnection& connection, std::size_t number, bool to_server) {
    const SeenStream& stream = to_server ? connection.to_server : connection.to_client;
    OctetReader reader(stream.octets);
    while (!reader.at_end()) {
      const std::string_view message = reader.take(reader.number(2));
      if (reader.failed() || message.empty()) return;
      Said said = said_on(connection, number, to_server, reader.place() - 1);
      said.octets = message;
      read_datagram(message, said);
      if (said.talk == Talk::dns) said.words += " tcp";
      heard_.said.push_back(std::move(said));
    }
  }

  void hear_tls(const SeenConnection& connection, std::size_t number, SeenTls tls) {
    constexpr std::uint8_t kProtocolVersion = 70;
    Said said = said_on(connection, number, true, 0);
    said.talk = Talk::tls;
    said.words = "TLS " + tls.server_name;
    said.text = TlsSaid{.server_name = tls.server_name,
                        .version = tls.version,
                        .refused = tls.refused,
                        .complaint = tls.complaint,
                        .certificate = tls.certificate,
                        .opened = tls.opened,
                        .silent = connection.to_client.octets.empty() &&
                                  !heard_.connections[number].finished_first_by_server &&
                                  (!connection.reset || connection.reset_by_client),
                        .other_version = tls.server_complaint == kProtocolVersion,
                        .plain = tls.plain};
    heard_.said.push_back(std::move(said));
    if (!tls.opened) return;
    SeenConnection inside = connection;
    inside.to_server = std::move(tls.to_server);
    inside.to_client = std::move(tls.to_client);
    const std::size_t first = heard_.said.size();
    hear_messages(inside, number, true);
    hear_messages(inside, number, false);
    for (std::size_t i = first; i < heard_.said.size(); ++i) heard_.said[i].within_tls = true;
  }

  Said said_on(const SeenConnection& connection, std::size_t number, bool to_server,
               std::size_t place) const {
    const SeenStream& stream = to_server ? connection.to_server : connection.to_client;
    return {.at = since_begin(stream.time_of(place)),
            .by_phone = connection.by_phone == to_server,
            .tcp = true,
            .from = to_server ? connection.client : connection.server,
            .to = to_server ? connection.server : connection.client,
            .words = {},
            .text = {},
            .octets = {},
            .connection = number};
  }

  void hear_messages(const SeenConnection& connection, std::size_t number, bool to_server) {
    const SeenStream& stream = to_server ? connection.to_server : connection.to_client;
    const std::vector<HttpText> messages = http_messages(stream.octets);
    std::optional<std::size_t> earlier;
    for (std::size_t i = 0; i < messages.size(); ++i) {
      const HttpText& message = messages[i];
      // 1xx says that the answer is still to come (RFC 9110 15.2).
      const bool interim = i + 1 < messages.size() && is_interim(message);
      if (interim) {
        if (!earlier) earlier = message.begin;
        continue;
      }
      const std::size_t begin = std::exchange(earlier, std::nullopt).value_or(message.begin);
      const std::size_t end =
          i + 1 < messages.size() ? messages[i + 1].begin : stream.octets.size();
      Said said = said_on(connection, number, to_server, begin);
      said.octets = stream.octets.substr(begin, end - begin);
      HttpSaid http = read_head(message);
      take_body(message, http);
      http.interim = begin < message.begin;
      http.octets = said.octets.size();
      if (http.left_out > 0) said.octets.resize(message.head.size());
      http.ended = since_begin(stream.time_of(end == 0 ? 0 : end - 1));
      http.pieces = static_cast<std::size_t>(
          std::ranges::count_if(
              stream.arrivals,
              [&](const auto& each) { return each.first > message.begin && each.first < end; }) +
          1);
      http.whole = message.note.find("octets announced were sent") == std::string::npos &&
                   message.note != "The head has no end.";
      // A request is there when its last octet is.
      if (http.request) said.at = http.ended;
      said.talk = Talk::http;
      said.words = http.request ? http.method + " " + http.target : std::to_string(http.status);
      said.text = std::move(http);
      heard_.said.push_back(std::move(said));
    }
    if (messages.empty() && !stream.octets.empty() && !to_server) hear_nonsense(connection, number);
  }

  /// What a server says that is no HTTP.
  void hear_nonsense(const SeenConnection& connection, std::size_t number) {
    Said said = said_on(connection, number, false, 0);
    said.octets = connection.to_client.octets;
    said.talk = Talk::http;
    said.words = "0";
    HttpSaid http;
    http.octets = said.octets.size();
    http.whole = false;
    http.ended = since_begin(connection.to_client.time_of(said.octets.size() - 1));
    said.text = std::move(http);
    heard_.said.push_back(std::move(said));
  }

  static bool is_interim(const HttpText& message) {
    return message.head.starts_with("HTTP/1.1 1") && !message.head.starts_with("HTTP/1.1 101");
  }

  /// Without gzip, and without what no scenario can hold.
  void take_body(const HttpText& message, HttpSaid& http) {
    constexpr std::size_t kMostToldOf = std::size_t{16} << 20;
    http.body = message.body;
    const bool packed = message.compressed && http.header("Content-Encoding") == "gzip";
    http.hidden = message.compressed && (!packed || room_ == 0);
    if (packed && room_ > 0) {
      const auto source = OctetSource::of_octets(std::exchange(http.body, {}));
      http.body = source->take(std::min(room_, kMostToldOf));
      room_ -= http.body.size();
    }
    if (http.body.size() <= kMostScenarioOctets) return;
    http.left_out = http.body.size();
    http.body = {};
    heard_.remarks.push_back(fmt::format(
        "a body of {}{} octets is left out: the scenario has its length alone, and other octets",
        packed && http.left_out == kMostToldOf ? "at least " : "", http.left_out));
  }

  static HttpSaid read_head(const HttpText& message) {
    HttpSaid http{
        .method = {}, .target = {}, .head = message.head, .body = {}, .note = message.note};
    const std::string_view line =
        std::string_view(message.head).substr(0, message.head.find_first_of("\r\n"));
    http.request = !line.starts_with("HTTP/");
    const std::size_t first = line.find(' ');
    if (first == line.npos) return http;
    const std::string_view rest = line.substr(first + 1);
    if (http.request) {
      http.method = line.substr(0, first);
      http.target = rest.substr(0, rest.rfind(' '));
    } else if (rest.size() >= 3 && std::ranges::all_of(rest.substr(0, 3), is_digit)) {
      http.status = std::stoi(std::string(rest.substr(0, 3)));
    }
    return http;
  }

  /// How many messages lie between a question and its answer, at most.
  static constexpr std::size_t kLookBack = 2000;

  void find_questions() {
    for (std::size_t i = 0; i < heard_.said.size(); ++i) {
      Said& said = heard_.said[i];
      const std::size_t first = i - std::min(i, kLookBack);
      for (std::size_t before = i; before-- > first && !said.answers;) {
        const Said& question = heard_.said[before];
        if (question.by_phone != said.by_phone && answers(said, question)) said.answers = before;
      }
      if (said.talk == Talk::dhcp && !said.by_phone && !said.answers) {
        said.answers = question_of_odd(said, first, i);
      }
      for (std::size_t before = first; before < i && !said.again; ++before) {
        said.again = repeats(said, heard_.said[before]);
      }
    }
    order_http();
    for (std::size_t i = 0; i < heard_.said.size(); ++i) {
      if (const auto& asked = heard_.said[i].answers) heard_.said[*asked].answered_by.push_back(i);
    }
  }

  /// What a server should not say to it, and says.
  std::optional<std::size_t> question_of_odd(const Said& said, std::size_t first,
                                             std::size_t place) const {
    for (std::size_t before = place; before-- > first;) {
      const Said& question = heard_.said[before];
      const auto* asked = question.by_phone ? question.as<DhcpSaid>() : nullptr;
      if (asked != nullptr && asked->transaction == said.as<DhcpSaid>()->transaction) return before;
    }
    return std::nullopt;
  }

  /// Answers on one connection come in the order of their requests.
  void order_http() {
    std::map<std::size_t, std::vector<std::size_t>> requests;
    std::map<std::size_t, std::size_t> answered;
    for (std::size_t i = 0; i < heard_.said.size(); ++i) {
      Said& said = heard_.said[i];
      const auto* http = said.as<HttpSaid>();
      if (http == nullptr) continue;
      if (http->request) {
        requests[said.connection].push_back(i);
        continue;
      }
      const auto& asked = requests[said.connection];
      const std::size_t number = answered[said.connection]++;
      said.answers = number < asked.size() ? std::optional(asked[number]) : std::nullopt;
    }
  }

  static bool answers(const Said& said, const Said& question) {
    if (said.talk != question.talk || said.tcp != question.tcp) return false;
    if (said.tcp && said.connection != question.connection) return false;
    if (const auto* dhcp = said.as<DhcpSaid>()) {
      const auto& asked = *question.as<DhcpSaid>();
      const bool fits =
          dhcp->type == dhcp_type::kOffer
              ? asked.type == dhcp_type::kDiscover
              : (dhcp->type == dhcp_type::kAck || dhcp->type == dhcp_type::kNak) &&
                    (asked.type == dhcp_type::kRequest || asked.type == dhcp_type::kInform);
      return fits && dhcp->transaction == asked.transaction;
    }
    if (const auto* dns = said.as<DnsSaid>()) {
      if (said.tcp) return dns->reply;
      const bool same_name = dns->name.empty() || dns->name == question.as<DnsSaid>()->name;
      return dns->reply && dns->id == question.as<DnsSaid>()->id && same_name;
    }
    if (const auto* ntp = said.as<NtpSaid>()) {
      return ntp->mode == 4 && ntp->origin == question.as<NtpSaid>()->transmit;
    }
    if (const auto* sip = said.as<SipSaid>()) {
      const auto& asked = *question.as<SipSaid>();
      if (!asked.request || sip->call_id != asked.call_id) return false;
      if (sip->request) return sip->method == "NOTIFY" && asked.method == "SUBSCRIBE";
      return sip->branch == asked.branch;
    }
    if (const auto* http = said.as<HttpSaid>()) {
      return !http->request;
    }
    return false;
  }

  static bool repeats(const Said& said, const Said& before) {
    if (said.by_phone != before.by_phone || said.talk != before.talk) return false;
    if (said.words != before.words || said.tcp || said.to != before.to) return false;
    if (const auto* dhcp = said.as<DhcpSaid>()) {
      return dhcp->transaction == before.as<DhcpSaid>()->transaction;
    }
    if (const auto* dns = said.as<DnsSaid>()) return dns->id == before.as<DnsSaid>()->id;
    return said.octets == before.octets;
  }

  void remark() {
    const auto say = [&](std::size_t count, std::string_view one, std::string_view many) {
      if (count > 0) heard_.remarks.push_back(fmt::format("{} {}", count, count == 1 ? one : many));
    };
    say(traffic_.duplicates, "frame was captured twice, as mirror ports do; it counts once",
        "frames were captured twice, as mirror ports do; they count once");
    say(traffic_.disordered, "frame stood out of order", "frames stood out of order");
    say(traffic_.cut, "frame was not captured whole", "frames were not captured whole");
    say(traffic_.left_out, "packet is left out: there is no room for more",
        "packets are left out: there is no room for more");
    remark_on_direction();
    if (!traffic_.trouble.empty())
      heard_.remarks.push_back("the file breaks off: " + traffic_.trouble);
  }

  void remark_on_direction() {
    constexpr std::size_t kMostByChance = 3;
    if (heard_.said.size() <= kMostByChance) return;
    if (std::ranges::all_of(traffic_.packets, &SeenPacket::by_phone)) {
      heard_.remarks.emplace_back("only what the phone said was captured, and no answer to it");
    }
  }

  /// Of what gzip holds, whatever it would come to.
  static constexpr std::size_t kMostUnpacked = std::size_t{64} << 20;

  const PhoneTraffic& traffic_;
  KeyLog keys_;
  std::size_t room_ = kMostUnpacked;
  Conversation heard_;
};

}  // namespace

std::string SipSaid::method_words() const {
  return method.empty() ? "message" : visible(method);
}

std::string HttpSaid::header(std::string_view name) const {
  for (std::size_t line = head.find('\n'); line != head.npos; line = head.find('\n', line + 1)) {
    const std::string_view rest = std::string_view(head).substr(line + 1);
    const std::string_view whole = rest.substr(0, rest.find_first_of("\r\n"));
    const std::size_t colon = whole.find(':');
    if (colon != whole.npos && same_ignoring_case(whole.substr(0, colon), name)) {
      return std::string(trimmed(whole.substr(colon + 1)));
    }
  }
  return {};
}

std::vector<const Said*> Conversation::answers_to(std::size_t place) const {
  std::vector<const Said*> found;
  for (const std::size_t each : said[place].answered_by) found.push_back(&said[each]);
  return found;
}

Conversation conversation_of(const SeenPhone& phone, const PhoneTraffic& traffic) {
  return Listener(phone, traffic).listen();
}

}  // namespace provlab::lab
