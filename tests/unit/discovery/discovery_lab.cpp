#include "tests/unit/discovery/discovery_lab.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "sim/record/trace.hpp"

namespace provlab::test {

namespace {

world::VirtualHost& add(world::World& world, std::string name, unsigned last_octet) {
  return world.add_host(
      {.name = std::move(name),
       .configuration = InterfaceConfiguration{{Ipv4Address::of(192, 0, 2, last_octet), 24}, {}},
       .mac = {}});
}

template <class T>
T need(Expected<T> value) {
  if (!value) throw std::runtime_error(value.error().to_string());
  if constexpr (!std::is_void_v<T>) return std::move(*value);
}

}  // namespace

std::string header(std::string_view message, std::string_view name) {
  const std::string start = fmt::format("\r\n{}: ", name);
  const std::size_t found = message.find(start);
  if (found == std::string_view::npos) return {};
  message.remove_prefix(found + start.size());
  return std::string(message.substr(0, message.find("\r\n")));
}

std::string NotifyText::build(std::string_view subscribe) const {
  return fmt::format(
      "NOTIFY sip:192.0.2.100:5060 SIP/2.0\r\nVia: SIP/2.0/UDP {}:5060;branch={}\r\n"
      "From: <sip:224.0.1.75>;tag=11707SIPpTag1\r\nTo:{}\r\nCall-ID: {}\r\nCSeq: 1 NOTIFY\r\n"
      "Max-Forwards: 70\r\nContact: <sip:{}:5060>\r\nEvent: {}\r\n"
      "Subscription-State: terminated;reason=timeout\r\nContent-Type: {}\r\n"
      "Content-Length: {:5}\r\n\r\n{}",
      address, branch, header(subscribe, "From"),
      call_id.empty() ? header(subscribe, "Call-ID") : call_id, address, event, content_type,
      body.size(), body);
}

std::string ok_text(std::string_view subscribe, std::string_view status) {
  return fmt::format(
      "SIP/2.0 {}\r\nVia: {}\r\nFrom: {}\r\nTo: {};tag=11707SIPpTag1\r\nCall-ID: {}\r\n"
      "CSeq: {}\r\nExpires: 0\r\nContent-Length: 0\r\n\r\n",
      status, header(subscribe, "Via"), header(subscribe, "From"), header(subscribe, "To"),
      header(subscribe, "Call-ID"), header(subscribe, "CSeq"));
}

SipPeer::SipPeer(world::VirtualHost& host) : host_(host) {
  UdpOptions udp;
  udp.port = 5060;
  udp.groups = {Ipv4Address::of(224, 0, 1, 75)};
  socket_ = need(host.open_udp(udp));
  listen();
}

void SipPeer::send(std::string_view text, Endpoint to) {
  const Expected<void> sent = socket_->send(to, bytes_of(text));
  if (!sent) throw std::runtime_error(sent.error().to_string());
}

void SipPeer::after_subscribe(Duration delay, std::function<std::string(std::string_view)> make) {
  steps_.push_back({delay, std::move(make)});
}

void SipPeer::notify_after(Duration delay, NotifyText notify) {
  after_subscribe(delay, [notify](std::string_view subscribe) { return notify.build(subscribe); });
}

void SipPeer::listen() {
  socket_->start_receive(std::nullopt, [this](error_code error, const Datagram& datagram) {
    if (error) return;
    const std::string text(text_of(datagram.payload));
    const bool first = times_of("SUBSCRIBE").empty();
    arrivals_.push_back({host_.now(), text});
    if (first && text.starts_with("SUBSCRIBE")) {
      for (const Step& step : steps_) {
        host_.start_timer(host_.now() + step.delay,
                          [this, make = step.make, text](error_code at_time) {
                            if (!at_time) send(make(text));
                          });
      }
    }
    listen();
  });
}

std::vector<Duration> SipPeer::times_of(std::string_view beginning) const {
  std::vector<Duration> times;
  for (const Arrival& arrival : arrivals_) {
    if (arrival.text.starts_with(beginning)) times.push_back(arrival.at.time_since_epoch());
  }
  return times;
}

std::vector<std::string> SipPeer::start_lines() const {
  std::vector<std::string> lines;
  for (const Arrival& arrival : arrivals_) {
    lines.push_back(arrival.text.substr(0, arrival.text.find("\r\n")));
  }
  return lines;
}

struct HttpPeer::Connection {
  std::unique_ptr<StreamSocket> socket;
  std::array<char, 2048> buffer{};
  std::string request;
};

HttpPeer::HttpPeer(world::VirtualHost& host) : host_(host) {
  acceptor_ = need(host.listen({.port = 80}));
  accept();
}

void HttpPeer::answer(Duration after, std::string raw) {
  answer_.emplace(after, std::move(raw));
}

void HttpPeer::accept() {
  acceptor_->start_accept([this](error_code error, std::unique_ptr<StreamSocket> socket) {
    if (error) return;
    auto connection = std::make_shared<Connection>();
    connection->socket = std::move(socket);
    read(connection);
    accept();
  });
}

void HttpPeer::read(std::shared_ptr<Connection> connection) {
  StreamSocket& socket = *connection->socket;
  socket.start_read(
      asio::buffer(connection->buffer), [this, connection](error_code error, std::size_t size) {
        if (error) return;
        connection->request.append(connection->buffer.data(), size);
        if (!connection->request.ends_with("\r\n\r\n")) return read(connection);
        requests_.push_back(connection->request);
        if (!answer_) return read(connection);
        host_.start_timer(host_.now() + answer_->first, [this, connection](error_code at_time) {
          if (at_time) return;
          connection->socket->start_write(asio::buffer(answer_->second),
                                          [connection](error_code, std::size_t) {});
          read(connection);
        });
      });
}

std::string redirect_text(std::string_view location, std::string_view status) {
  return fmt::format("HTTP/1.1 {}\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", status, location);
}

std::string plain_text(std::string_view body, std::string_view type) {
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n{}", type,
                     body.size(), body);
}

DiscoveryLab::DiscoveryLab(std::uint64_t seed)
    : world(seed),
      device(add(world, "device", 100)),
      pbx(add(world, "pbx", 10)),
      cloud(add(world, "cloud", 20)),
      resolver(device),
      clock(device),
      http(device, resolver, clock, identity),
      dhcp(device, identity),
      sip(device, identity),
      responder(pbx),
      redirect(cloud),
      tasks(device) {
  world.network().link.latency = 1ms;
  options.sequence = {{discovery::SourceKind::redirect, discovery::SourceKind::multicast}};
  options.redirect_base = "http://192.0.2.20";
  need(sip.open());
  tasks.spawn(sip.run());
}

Task<> DiscoveryLab::drive(DiscoveryLab& lab, discovery::SourceSettings settings) {
  lab.outcome.found = co_await lab.staged->run(std::move(settings), lab.deadline);
  lab.outcome.ended = true;
  lab.outcome.at = lab.world.now();
}

void DiscoveryLab::search(discovery::SourceSettings settings) {
  outcome = {};
  staged = std::make_unique<discovery::StagedSearch>(device, identity, options, &dhcp, http, sip);
  tasks.spawn(drive(*this, std::move(settings)));
}

std::optional<discovery::FoundUrl> DiscoveryLab::find(discovery::SourceSettings settings,
                                                      Duration limit) {
  search(std::move(settings));
  if (!world.run_until([this] { return outcome.ended; }, at(limit))) {
    throw std::runtime_error("the search has not ended");
  }
  return outcome.found;
}

std::vector<std::string> DiscoveryLab::story() {
  static constexpr std::string_view kNames[] = {
      "stage_started",       "stage_ended",    "source_skipped",         "source_started",
      "source_answered",     "source_failed",  "winner_chosen",          "source_cancelled",
      "late_answer_ignored", "marker_unknown", "unauthenticated_source", "dhcp_url_diagnosed"};
  std::vector<std::string> lines;
  for (const TraceRecord record : world.trace()) {
    if (std::find(std::begin(kNames), std::end(kNames), record.event()) == std::end(kNames))
      continue;
    std::string line(record.event());
    for (const auto& [key, value] : record.fields()) line += " " + value;
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<TraceRecord> DiscoveryLab::events(std::string_view name) {
  std::vector<TraceRecord> found;
  for (const TraceRecord record : world.trace()) {
    if (record.is(name) && record.host() == device.id()) found.push_back(record);
  }
  return found;
}

std::vector<std::string> DiscoveryLab::packets_after(Duration since) {
  std::vector<std::string> packets;
  for (const TraceRecord& record : events("packet_sent")) {
    if (record.at() <= at(since)) continue;
    if (record.field("protocol") == "tcp" && record.field("octets") == "0" &&
        record.field("flags") != "SYN") {
      continue;  // closes, refuses or acknowledges
    }
    packets.push_back(fmt::format("{} {} {}", to_string(record.at().time_since_epoch()),
                                  *record.field("protocol"), *record.field("to")));
  }
  return packets;
}

}  // namespace provlab::test
