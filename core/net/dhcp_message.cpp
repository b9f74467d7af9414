#include "core/net/dhcp_message.hpp"

#include <algorithm>
#include <array>

#include "core/net/dhcp_layout.hpp"

namespace provlab::net {

namespace {

using namespace dhcp_layout;

void write16(Bytes& bytes, std::size_t at, std::uint16_t value) {
  bytes[at] = static_cast<std::uint8_t>(value >> 8);
  bytes[at + 1] = static_cast<std::uint8_t>(value);
}

void write32(Bytes& bytes, std::size_t at, std::uint32_t value) {
  write16(bytes, at, static_cast<std::uint16_t>(value >> 16));
  write16(bytes, at + 2, static_cast<std::uint16_t>(value));
}

}  // namespace

std::string_view type_name(DhcpType type) {
  switch (type) {
    case DhcpType::discover:
      return "DISCOVER";
    case DhcpType::offer:
      return "OFFER";
    case DhcpType::request:
      return "REQUEST";
    case DhcpType::decline:
      return "DECLINE";
    case DhcpType::ack:
      return "ACK";
    case DhcpType::nak:
      return "NAK";
    case DhcpType::release:
      return "RELEASE";
    case DhcpType::inform:
      return "INFORM";
  }
  return "?";
}

Bytes DhcpMessage::serialize() const {
  std::size_t size = kOptionsOffset + 3 + 1;  // option 53 and END
  for (const Entry& entry : entries_) {
    size += entry.length + 2 * (1 + entry.length / kMaximumPiece);
  }
  Bytes out;
  out.reserve(std::max(size, kMinimumSize));
  out.resize(kOptionsOffset);
  out[0] = reply ? 2 : 1;
  out[1] = 1;
  out[2] = 6;
  write32(out, 4, xid);
  write16(out, 8, secs);
  write16(out, 10, broadcast ? kBroadcastFlag : 0);
  write32(out, 12, ciaddr.value);
  write32(out, 16, yiaddr.value);
  std::ranges::copy(chaddr.octets, out.begin() + 28);
  std::copy_n(sname.begin(), std::min(sname.size(), kSnameSize), out.begin() + kSnameOffset);
  std::copy_n(file.begin(), std::min(file.size(), kFileSize), out.begin() + kFileOffset);
  write32(out, kCookieOffset, kMagicCookie);
  out.insert(out.end(), {dhcp_option::kMessageType, 1, static_cast<std::uint8_t>(type)});
  for (const Entry& entry : entries_) {
    BytesView rest = BytesView(values_).subspan(entry.offset, entry.length);
    do {
      const BytesView piece = rest.first(std::min(rest.size(), kMaximumPiece));
      out.push_back(entry.code);
      out.push_back(static_cast<std::uint8_t>(piece.size()));
      out.insert(out.end(), piece.begin(), piece.end());
      rest = rest.subspan(piece.size());
    } while (!rest.empty());
  }
  out.push_back(dhcp_option::kEnd);
  if (out.size() < kMinimumSize) out.resize(kMinimumSize);
  return out;
}

void DhcpMessage::set(std::uint8_t code, BytesView value) {
  const Entry entry{static_cast<std::uint32_t>(values_.size()),
                    static_cast<std::uint32_t>(value.size()), code};
  values_.insert(values_.end(), value.begin(), value.end());
  const auto found = std::ranges::find(entries_, code, &Entry::code);
  if (found == entries_.end()) {
    entries_.push_back(entry);
    return;
  }
  // Close the gap that the former value leaves, so that equal messages are equal in memory.
  *found = entry;
  Bytes packed;
  packed.reserve(values_.size());
  for (Entry& each : entries_) {
    const auto from = values_.begin() + each.offset;
    each.offset = static_cast<std::uint32_t>(packed.size());
    packed.insert(packed.end(), from, from + each.length);
  }
  values_ = std::move(packed);
}

void DhcpMessage::set_number(std::uint8_t code, std::uint32_t value, unsigned octets) {
  const std::array<std::uint8_t, 4> all{
      static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16),
      static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
  set(code, BytesView(all).last(std::min(octets, 4U)));
}

std::optional<BytesView> DhcpMessage::find(std::uint8_t code) const {
  const auto found = std::ranges::find(entries_, code, &Entry::code);
  if (found == entries_.end()) return std::nullopt;
  return BytesView(values_).subspan(found->offset, found->length);
}

std::optional<Bytes> DhcpMessage::option(std::uint8_t code) const {
  const auto value = find(code);
  if (!value) return std::nullopt;
  return Bytes(value->begin(), value->end());
}

std::optional<std::string> DhcpMessage::text(std::uint8_t code) const {
  const auto value = find(code);
  if (!value) return std::nullopt;
  return std::string(cut(*value));
}

std::optional<Ipv4Address> DhcpMessage::address(std::uint8_t code) const {
  const auto value = find(code);
  if (!value || value->size() < 4) return std::nullopt;
  return Ipv4Address{read32(*value, 0)};
}

std::vector<Ipv4Address> DhcpMessage::addresses(std::uint8_t code) const {
  std::vector<Ipv4Address> result;
  const auto value = find(code);
  if (!value) return result;
  result.reserve(value->size() / 4);
  for (std::size_t at = 0; at + 4 <= value->size(); at += 4) {
    result.push_back({read32(*value, at)});
  }
  return result;
}

std::optional<std::uint32_t> DhcpMessage::number(std::uint8_t code) const {
  const auto value = find(code);
  if (!value) return std::nullopt;
  switch (value->size()) {
    case 1:
      return (*value)[0];
    case 2:
      return read16(*value, 0);
    case 4:
      return read32(*value, 0);
    default:
      return std::nullopt;
  }
}

std::vector<std::uint8_t> DhcpMessage::codes() const {
  std::vector<std::uint8_t> result;
  result.reserve(entries_.size());
  for (const Entry& entry : entries_) result.push_back(entry.code);
  return result;
}

}  // namespace provlab::net
