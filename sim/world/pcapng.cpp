#include "sim/world/pcapng.hpp"

#include "sim/world/frame_writer.hpp"

namespace provlab::world {

namespace {

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
  head_ = out_.size();
}

void PcapngWriter::secret(std::string_view line) {
  constexpr std::uint32_t kDecryptionSecrets = 10;
  constexpr std::uint32_t kTlsKeyLog = 0x544c534b;
  std::string body;
  block32(body, kTlsKeyLog);
  block32(body, static_cast<std::uint32_t>(line.size() + 1));
  body.append(line) += '\n';
  pad(body);
  std::string secrets;
  block(secrets, kDecryptionSecrets, body);
  out_.insert(head_, secrets);
  head_ += secrets.size();
}

void PcapngWriter::packet(Instant at, const Packet& packet) {
  for (const Bytes& each :
       write_frames(packet.destination, packet.source, datagram_of(packet, next_id_++))) {
    frame(at, each);
  }
}

void PcapngWriter::arp(Instant at, const MacAddress& to, const ArpMessage& arp) {
  frame(at, write_frame(to, arp.sender_mac, arp));
}

void PcapngWriter::frame(Instant at, BytesView octets) {
  const auto time =
      static_cast<std::uint64_t>((epoch_.time_since_epoch() + at.time_since_epoch()).count());
  const auto size = static_cast<std::uint32_t>(octets.size());
  std::string body;
  body.reserve(octets.size() + 32);
  block32(body, 0);  // interface
  block32(body, static_cast<std::uint32_t>(time >> 32));
  block32(body, static_cast<std::uint32_t>(time));
  block32(body, size);
  block32(body, size);
  body += text_of(octets);
  pad(body);
  block(out_, 6, body);
}

}  // namespace provlab::world
