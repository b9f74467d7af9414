#include "core/platform/address.hpp"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cstring>

namespace provlab {

namespace {

void put_hex(char* out, std::uint8_t octet) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  out[0] = kDigits[octet >> 4];
  out[1] = kDigits[octet & 15];
}

/// Each octet in decimal, and a point behind it.
struct OctetText {
  std::array<char, 4> text;
  std::uint8_t length;  // without the point
};
constexpr auto kOctets = [] {
  std::array<OctetText, 256> all{};
  for (unsigned value = 0; value < 256; ++value) {
    OctetText& each = all[value];
    if (value >= 100) each.text[each.length++] = static_cast<char>('0' + value / 100);
    if (value >= 10) each.text[each.length++] = static_cast<char>('0' + value / 10 % 10);
    each.text[each.length++] = static_cast<char>('0' + value % 10);
    each.text[each.length] = '.';
  }
  return all;
}();

/// A decimal number without sign or leading zeros.
std::optional<std::uint8_t> decimal_octet(std::string_view text) {
  std::uint8_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || read != end || (text.size() > 1 && text[0] == '0')) return {};
  return value;
}

}  // namespace

std::string MacAddress::to_string() const {
  std::string text(17, ':');
  for (std::size_t i = 0; i < 6; ++i) put_hex(&text[3 * i], octets[i]);
  return text;
}

std::string MacAddress::compact() const {
  std::string text(12, '0');
  for (std::size_t i = 0; i < 6; ++i) put_hex(&text[2 * i], octets[i]);
  return text;
}

Expected<Ipv4Address> Ipv4Address::parse(std::string_view text) {
  if (const auto address = read(text)) return *address;
  return fail(fmt::format("'{}' is not an IPv4 address; write it as 192.0.2.1", text));
}

std::optional<Ipv4Address> Ipv4Address::read(std::string_view text) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const std::size_t dot = text.find('.');
    if ((dot == std::string_view::npos) != (i == 3)) return std::nullopt;
    const auto octet = decimal_octet(text.substr(0, dot));
    if (!octet) return std::nullopt;
    value = value << 8 | *octet;
    if (i < 3) text.remove_prefix(dot + 1);
  }
  return Ipv4Address{value};
}

char* Ipv4Address::write_to(char* out) const {
  for (int shift = 24; shift >= 0; shift -= 8) {
    const OctetText& octet = kOctets[value >> shift & 255];
    std::memcpy(out, octet.text.data(), octet.text.size());
    out += octet.length + 1;
  }
  return out - 1;
}

std::string Ipv4Address::to_string() const {
  std::array<char, kTextOctets> text;
  return {text.data(), write_to(text.data())};
}

char* Endpoint::write_to(char* out) const {
  out = address.write_to(out);
  *out++ = ':';
  return std::to_chars(out, out + 5, port).ptr;
}

std::string Endpoint::to_string() const {
  std::array<char, kTextOctets> text;
  return {text.data(), write_to(text.data())};
}

Expected<unsigned> prefix_length_of(Ipv4Address netmask) {
  const auto ones = static_cast<unsigned>(std::countl_one(netmask.value));
  if (ones < 32 && netmask.value << ones != 0) {
    return fail(fmt::format("{} is not a contiguous netmask", netmask.to_string()));
  }
  return ones;
}

}  // namespace provlab
