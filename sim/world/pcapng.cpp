#include "sim/world/pcapng.hpp"

namespace provlab::world {

namespace {

constexpr std::size_t kIpHeader = 20;
constexpr std::size_t kLeastFrame = 60;

void put16(Bytes& out, std::uint32_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

void put32(Bytes& out, std::uint32_t value) {
  put16(out, value >> 16);
  put16(out, value & 0xffff);
}

void set16(Bytes& out, std::size_t at, std::uint32_t value) {
  out[at] = static_cast<std::uint8_t>(value >> 8);
  out[at + 1] = static_cast<std::uint8_t>(value);
}

/// The one's complement sum of RFC 1071 over [from, end), started with `sum`, folded and inverted.
std::uint32_t checksum(const Bytes& data, std::size_t from, std::size_t end, std::uint32_t sum) {
  for (std::size_t i = from; i < end; i += 2) {
    sum += static_cast<std::uint32_t>(data[i] << 8);
    if (i + 1 < end) sum += data[i + 1];
  }
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

std::uint32_t pseudo_header(const Packet& packet, std::size_t length) {
  const auto halves = [](Ipv4Address a) { return (a.value >> 16) + (a.value & 0xffff); };
  return halves(packet.from.address) + halves(packet.to.address) +
         static_cast<std::uint32_t>(packet.protocol) + static_cast<std::uint32_t>(length);
}

void put_ip_header(Bytes& out, const Packet& packet, std::size_t length, std::uint16_t id) {
  const std::size_t start = out.size();
  put16(out, 0x4500);
  put16(out, static_cast<std::uint32_t>(kIpHeader + length));
  put16(out, id);
  put16(out, 0x4000);  // do not fragment
  out.push_back(packet.ttl);
  out.push_back(static_cast<std::uint8_t>(packet.protocol));
  put16(out, 0);
  put32(out, packet.from.address.value);
  put32(out, packet.to.address.value);
  set16(out, start + 10, checksum(out, start, out.size(), 0));
}

void put_udp(Bytes& out, const Packet& packet) {
  const std::size_t start = out.size();
  const std::size_t length = 8 + packet.payload.size();
  put16(out, packet.from.port);
  put16(out, packet.to.port);
  put16(out, static_cast<std::uint32_t>(length));
  put16(out, 0);
  out.insert(out.end(), packet.payload.begin(), packet.payload.end());
  const std::uint32_t sum = checksum(out, start, out.size(), pseudo_header(packet, length));
  set16(out, start + 6, sum == 0 ? 0xffff : sum);
}

std::size_t tcp_header_length(const Packet& packet) {
  return packet.flags.syn ? 24 : 20;
}

void put_tcp(Bytes& out, const Packet& packet) {
  const std::size_t start = out.size();
  const std::size_t header = tcp_header_length(packet);
  const TcpFlags& f = packet.flags;
  put16(out, packet.from.port);
  put16(out, packet.to.port);
  put32(out, packet.sequence);
  put32(out, packet.acknowledgement);
  const unsigned flags = (f.fin ? 1U : 0U) | (f.syn ? 2U : 0U) | (f.rst ? 4U : 0U) |
                         (f.psh ? 8U : 0U) | (f.ack ? 16U : 0U);
  put16(out, static_cast<std::uint32_t>(header / 4) << 12 | flags);
  put16(out, packet.window);
  put16(out, 0);
  put16(out, 0);
  if (f.syn) put32(out, 0x02040000U | 1460U);  // maximum segment size
  out.insert(out.end(), packet.payload.begin(), packet.payload.end());
  const std::size_t length = out.size() - start;
  set16(out, start + 16, checksum(out, start, out.size(), pseudo_header(packet, length)));
}

// pcapng blocks are written in little-endian byte order, as the section header says.
void block16(std::string& out, std::uint32_t value) {
  out += static_cast<char>(value);
  out += static_cast<char>(value >> 8);
}

void block32(std::string& out, std::uint32_t value) {
  block16(out, value & 0xffff);
  block16(out, value >> 16);
}

void pad(std::string& out) {
  while (out.size() % 4 != 0) out += '\0';
}

void option(std::string& out, std::uint32_t code, std::string_view value) {
  block16(out, code);
  block16(out, static_cast<std::uint32_t>(value.size()));
  out += value;
  pad(out);
}

void block(std::string& out, std::uint32_t type, std::string_view body) {
  const auto length = static_cast<std::uint32_t>(body.size() + 12);
  block32(out, type);
  block32(out, length);
  out += body;
  block32(out, length);
}

}  // namespace

Bytes ethernet_frame(const Packet& packet, std::uint16_t ip_identification) {
  Bytes out;
  out.reserve(kLeastFrame + packet.payload.size());
  out.insert(out.end(), packet.destination.octets.begin(), packet.destination.octets.end());
  out.insert(out.end(), packet.source.octets.begin(), packet.source.octets.end());
  put16(out, 0x0800);
  const bool udp = packet.protocol == Protocol::udp;
  const std::size_t header = udp ? 8 : tcp_header_length(packet);
  put_ip_header(out, packet, header + packet.payload.size(), ip_identification);
  if (udp) {
    put_udp(out, packet);
  } else {
    put_tcp(out, packet);
  }
  if (out.size() < kLeastFrame) out.resize(kLeastFrame);
  return out;
}

PcapngWriter::PcapngWriter(std::string interface_name, WallTime epoch, std::string_view comment)
    : epoch_(epoch) {
  constexpr std::uint32_t kComment = 1;
  std::string section;
  block32(section, 0x1a2b3c4d);  // byte-order magic
  block16(section, 1);           // version 1.0
  block16(section, 0);
  section.append(8, '\xff');  // section length unknown
  if (!comment.empty()) option(section, kComment, comment);
  option(section, 4, "provlab");  // shb_userappl
  option(section, 0, {});
  block(out_, 0x0a0d0d0a, section);

  std::string interface;
  block16(interface, 1);  // LINKTYPE_ETHERNET
  block16(interface, 0);
  block32(interface, 0);                              // no snapshot limit
  option(interface, 2, interface_name);               // if_name
  option(interface, 9, std::string_view("\x09", 1));  // if_tsresol: nanoseconds
  option(interface, 0, {});
  block(out_, 1, interface);
}

void PcapngWriter::packet(Instant at, const Packet& packet) {
  const Bytes frame = ethernet_frame(packet, next_id_++);
  const auto time =
      static_cast<std::uint64_t>((epoch_.time_since_epoch() + at.time_since_epoch()).count());
  std::string body;
  body.reserve(frame.size() + 32);
  block32(body, 0);  // interface
  block32(body, static_cast<std::uint32_t>(time >> 32));
  block32(body, static_cast<std::uint32_t>(time));
  block32(body, static_cast<std::uint32_t>(frame.size()));
  block32(body, static_cast<std::uint32_t>(frame.size()));
  body.append(frame.begin(), frame.end());
  pad(body);
  block(out_, 6, body);
}

}  // namespace provlab::world
