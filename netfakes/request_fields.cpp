#include "netfakes/request_fields.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "core/platform/address.hpp"
#include "core/platform/time.hpp"
#include "netfakes/events.hpp"
#include "netfakes/ntp_wire.hpp"

namespace provlab::netfakes {

namespace {

bool is_seen(BytesView octets) {
  return std::ranges::all_of(octets, [](std::uint8_t c) { return c >= ' ' && c < 127; });
}

/// In network byte order; what is behind the end counts as 0.
std::uint64_t number_at(BytesView octets, std::size_t place, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = place; i < place + size; ++i) {
    value = value << 8 | (i < octets.size() ? octets[i] : 0U);
  }
  return value;
}

/// Lines of names and values, as an event tells them. Every datagram of every boot is told, so
/// each piece is written where it stays.
class ToldFields {
 public:
  ToldFields() { text_.reserve(kUsualLength); }

  /// Begins a line; what is added next is its value.
  ToldFields& name(std::string_view name) {
    begin(name);
    return text(kBetweenNameAndValue);
  }
  ToldFields& option(unsigned code) {
    begin("option-");
    return number(code).text(kBetweenNameAndValue);
  }

  ToldFields& text(std::string_view text) {
    text_.append(text);
    return *this;
  }
  ToldFields& number(std::int64_t value) {
    std::array<char, 20> digits;
    const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return text({digits.data(), end});
  }
  ToldFields& number_at(BytesView octets, std::size_t place, std::size_t size) {
    return number(static_cast<std::int64_t>(netfakes::number_at(octets, place, size)));
  }
  ToldFields& address(Ipv4Address address) {
    std::array<char, Ipv4Address::kTextOctets> digits;
    return text({digits.data(), address.write_to(digits.data())});
  }
  /// `0a:ff`
  ToldFields& octets(BytesView octets) {
    if (octets.empty()) return *this;
    const std::size_t begin = text_.size();
    text_.resize(begin + 3 * octets.size() - 1, ':');
    char* out = text_.data() + begin;
    for (const std::uint8_t octet : octets) {
      write_digits(out, octet);
      out += 3;
    }
    return *this;
  }
  /// Of 16 bits: `0x8000`.
  ToldFields& flags(std::uint64_t flags) {
    std::array<char, 6> digits{'0', 'x'};
    write_digits(&digits[2], flags >> 8);
    write_digits(&digits[4], flags);
    return text({digits.data(), digits.size()});
  }
  ToldFields& text_or_octets(BytesView value) {
    return is_seen(value) ? text(text_of(value)) : octets(value);
  }
  std::string take() { return std::move(text_); }

 private:
  static constexpr std::size_t kUsualLength = 320;
  static constexpr std::string_view kBetweenNameAndValue = ": ";

  void begin(std::string_view name) {
    if (!text_.empty()) text_.append(kBetweenLines);
    text_.append(name);
  }
  static void write_digits(char* out, std::uint64_t octet) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    out[0] = kDigits[octet >> 4 & 15];
    out[1] = kDigits[octet & 15];
  }

  std::string text_;
};

// DHCP

constexpr std::size_t kDhcpOptions = 240;
constexpr std::uint64_t kMagicCookie = 0x63825363;
constexpr std::uint8_t kPadOption = 0;
constexpr std::uint8_t kEndOption = 255;

void add_addresses(ToldFields& told, BytesView octets) {
  if (octets.empty() || octets.size() % 4 != 0) {
    told.octets(octets);
    return;
  }
  for (std::size_t at = 0; at < octets.size(); at += 4) {
    if (at > 0) told.text(" ");
    told.address({static_cast<std::uint32_t>(number_at(octets, at, 4))});
  }
}

/// Of a number that has so many octets, else these.
void add_number(ToldFields& told, BytesView octets, std::size_t size) {
  if (octets.size() == size) {
    told.number_at(octets, 0, size);
  } else {
    told.octets(octets);
  }
}

void add_option(ToldFields& told, std::uint8_t code, BytesView value) {
  switch (code) {
    case 12:  // host name
    case 15:  // domain name
    case 56:  // message
    case 60:  // vendor class
    case 66:
    case 67:
      told.text_or_octets(value);
      break;
    case 50:  // requested address
    case 54:  // server identifier
      add_addresses(told, value);
      break;
    case 51:  // lease time
      add_number(told, value, 4);
      break;
    case 52:  // overload
    case 53:  // message type
      add_number(told, value, 1);
      break;
    case 57:  // largest message
      add_number(told, value, 2);
      break;
    case 55:  // parameter request list
      for (std::size_t i = 0; i < value.size(); ++i) told.text(i > 0 ? "," : "").number(value[i]);
      break;
    default:
      told.octets(value);
  }
}

/// Those of the options field, with its End (RFC 2132 3.2).
void add_options(ToldFields& told, BytesView message) {
  if (number_at(message, kDhcpOptions - 4, 4) != kMagicCookie) return;
  for (std::size_t at = kDhcpOptions; at < message.size();) {
    const std::uint8_t code = message[at++];
    if (code == kPadOption) continue;
    told.option(code);
    if (code == kEndOption) return;
    const std::size_t size = number_at(message, at, 1);
    at = std::min(at + 1, message.size());
    const BytesView value = message.subspan(at, std::min(size, message.size() - at));
    add_option(told, code, value);
    at += value.size();
  }
}

/// A field of octets without the zeros that fill it; at least so many.
BytesView filled_part(BytesView message, std::size_t place, std::size_t size, std::size_t least) {
  if (place >= message.size()) return {};
  const BytesView field = message.subspan(place, std::min(size, message.size() - place));
  std::size_t length = field.size();
  while (length > least && field[length - 1] == 0) --length;
  return field.first(length);
}

}  // namespace

std::string dhcp_fields(BytesView message) {
  struct Field {
    std::string_view name;
    std::size_t place;
    std::size_t size;
  };
  constexpr std::size_t kHardwareLength = 2;
  ToldFields told;
  for (const auto& [name, place, size] : {Field{"op", 0, 1},
                                          {"htype", 1, 1},
                                          {"hlen", kHardwareLength, 1},
                                          {"hops", 3, 1},
                                          {"secs", 8, 2}}) {
    told.name(name).number_at(message, place, size);
  }
  told.name("flags").flags(number_at(message, 10, 2));
  for (const auto& [name, place, size] :
       {Field{"ciaddr", 12, 4}, {"yiaddr", 16, 4}, {"siaddr", 20, 4}, {"giaddr", 24, 4}}) {
    const Ipv4Address address{static_cast<std::uint32_t>(number_at(message, place, size))};
    if (!address.is_any()) told.name(name).address(address);
  }
  const std::size_t length = std::min<std::size_t>(16, number_at(message, kHardwareLength, 1));
  told.name("chaddr").octets(filled_part(message, 28, 16, length));
  for (const auto& [name, place, size] : {Field{"sname", 44, 64}, {"file", 108, 128}}) {
    const BytesView text = filled_part(message, place, size, 0);
    if (!text.empty()) told.name(name).text_or_octets(text);
  }
  add_options(told, message);
  told.name("size").number(static_cast<std::int64_t>(message.size()));
  return told.take();
}

std::string dns_fields(BytesView message) {
  constexpr std::size_t kHeader = 12;
  ToldFields told;
  told.name("flags").flags(number_at(message, 2, 2));
  std::size_t place = 4;
  for (const std::string_view name : {"questions", "answers", "authority", "additional"}) {
    told.name(name).number_at(message, place, 2);
    place += 2;
  }
  // Nobody compresses the first name of a message.
  told.name("name");
  std::size_t at = kHeader;
  while (at < message.size() && message[at] != 0) {
    const std::size_t size = std::min<std::size_t>(message[at], message.size() - at - 1);
    if (at > kHeader) told.text(".");
    told.text_or_octets(message.subspan(at + 1, size));
    at += 1 + size;
  }
  told.name("type").number_at(message, at + 1, 2);
  told.name("class").number_at(message, at + 3, 2);
  told.name("size").number(static_cast<std::int64_t>(message.size()));
  return told.take();
}

std::string ntp_fields(BytesView message) {
  ToldFields told;
  const unsigned first = message[0];
  told.name("leap").number(first >> 6);
  told.name("version").number(first >> 3 & 7U);
  told.name("mode").number(first & 7U);
  told.name("stratum").number(message[1]);
  told.name("poll").number(static_cast<std::int8_t>(message[2]));
  told.name("precision").number(static_cast<std::int8_t>(message[3]));
  told.name("root-delay").text(to_string(ntp_short_at(message, kNtpRootDelay)));
  told.name("root-dispersion").text(to_string(ntp_short_at(message, kNtpRootDispersion)));
  const BytesView reference = message.subspan(kNtpReferenceId, 4);
  told.name("reference");
  if (is_seen(reference)) {
    told.text(text_of(reference));
  } else {
    add_addresses(told, reference);
  }
  for (const auto& [name, place] : {std::pair{"reference-time", kNtpReferenceTime},
                                    {"originate-time", kNtpOriginTime},
                                    {"receive-time", kNtpReceiveTime}}) {
    const auto time = ntp_time_at(message, place);
    told.name(name).text(time ? to_string(*time) : "0");
  }
  told.name("size").number(static_cast<std::int64_t>(message.size()));
  return told.take();
}

}  // namespace provlab::netfakes
