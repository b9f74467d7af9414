#include "netfakes/request_fields.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <span>

#include "core/platform/address.hpp"
#include "core/platform/time.hpp"
#include "netfakes/events.hpp"
#include "netfakes/ntp_wire.hpp"

namespace provlab::netfakes {

namespace {

/// Lines of names and values, as an event tells them.
class ToldFields {
 public:
  ToldFields() { text_.reserve(kUsualLength); }

  void add(std::string_view name, std::string_view value) {
    begin(name);
    text_.append(value);
  }
  void add(std::string_view name, std::int64_t value) {
    begin(name);
    fmt::format_to(std::back_inserter(text_), FMT_COMPILE("{}"), value);
  }
  void add_option(unsigned code, std::string_view value) {
    begin("option-");
    text_.resize(text_.size() - kBetweenNameAndValue.size());
    fmt::format_to(std::back_inserter(text_), FMT_COMPILE("{}{}{}"), code, kBetweenNameAndValue,
                   value);
  }
  std::string take() { return std::move(text_); }

 private:
  static constexpr std::size_t kUsualLength = 320;
  static constexpr std::string_view kBetweenNameAndValue = ": ";

  void begin(std::string_view name) {
    if (!text_.empty()) text_.append(kBetweenLines);
    text_.append(name).append(kBetweenNameAndValue);
  }

  std::string text_;
};

/// In network byte order; what is behind the end counts as 0.
std::uint64_t number_at(BytesView octets, std::size_t place, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = place; i < place + size; ++i) {
    value = value << 8 | (i < octets.size() ? octets[i] : 0U);
  }
  return value;
}

std::string hexadecimal(BytesView octets) {
  return fmt::format(FMT_COMPILE("{:02x}"), fmt::join(octets, ":"));
}

std::string flags_text(std::uint64_t flags) {
  return fmt::format(FMT_COMPILE("0x{:04x}"), flags);
}

bool is_seen(BytesView octets) {
  return std::ranges::all_of(octets, [](std::uint8_t c) { return c >= ' ' && c < 127; });
}

std::string text_or_octets(BytesView octets) {
  return is_seen(octets) ? std::string(text_of(octets)) : hexadecimal(octets);
}

// DHCP

constexpr std::size_t kDhcpOptions = 240;
constexpr std::uint64_t kMagicCookie = 0x63825363;
constexpr std::uint8_t kPadOption = 0;
constexpr std::uint8_t kEndOption = 255;

std::string addresses_text(BytesView octets) {
  if (octets.empty() || octets.size() % 4 != 0) return hexadecimal(octets);
  std::string text;
  for (std::size_t at = 0; at < octets.size(); at += 4) {
    if (at > 0) text += ' ';
    text += Ipv4Address{static_cast<std::uint32_t>(number_at(octets, at, 4))}.to_string();
  }
  return text;
}

/// Of a number that has so many octets, else these.
std::string number_text(BytesView octets, std::size_t size) {
  return octets.size() == size ? std::to_string(number_at(octets, 0, size)) : hexadecimal(octets);
}

std::string option_text(std::uint8_t code, BytesView value) {
  switch (code) {
    case 12:  // host name
    case 15:  // domain name
    case 56:  // message
    case 60:  // vendor class
    case 66:
    case 67:
      return text_or_octets(value);
    case 50:  // requested address
    case 54:  // server identifier
      return addresses_text(value);
    case 51:  // lease time
      return number_text(value, 4);
    case 52:  // overload
    case 53:  // message type
      return number_text(value, 1);
    case 57:  // largest message
      return number_text(value, 2);
    case 55:  // parameter request list
      return fmt::format(FMT_COMPILE("{}"), fmt::join(value, ","));
    default:
      break;
  }
  return hexadecimal(value);
}

/// Those of the options field, with its End (RFC 2132 3.2).
void add_options(ToldFields& told, BytesView message) {
  if (number_at(message, kDhcpOptions - 4, 4) != kMagicCookie) return;
  for (std::size_t at = kDhcpOptions; at < message.size();) {
    const std::uint8_t code = message[at++];
    if (code == kPadOption) continue;
    if (code == kEndOption) return told.add_option(code, {});
    const std::size_t size = number_at(message, at, 1);
    at = std::min(at + 1, message.size());
    const BytesView value = message.subspan(at, std::min(size, message.size() - at));
    told.add_option(code, option_text(code, value));
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
    told.add(name, static_cast<std::int64_t>(number_at(message, place, size)));
  }
  told.add("flags", flags_text(number_at(message, 10, 2)));
  for (const auto& [name, place, size] :
       {Field{"ciaddr", 12, 4}, {"yiaddr", 16, 4}, {"siaddr", 20, 4}, {"giaddr", 24, 4}}) {
    const Ipv4Address address{static_cast<std::uint32_t>(number_at(message, place, size))};
    if (!address.is_any()) told.add(name, address.to_string());
  }
  const std::size_t length = std::min<std::size_t>(16, number_at(message, kHardwareLength, 1));
  told.add("chaddr", hexadecimal(filled_part(message, 28, 16, length)));
  for (const auto& [name, place, size] : {Field{"sname", 44, 64}, {"file", 108, 128}}) {
    const BytesView text = filled_part(message, place, size, 0);
    if (!text.empty()) told.add(name, text_or_octets(text));
  }
  add_options(told, message);
  told.add("size", static_cast<std::int64_t>(message.size()));
  return told.take();
}

std::string dns_fields(BytesView message) {
  constexpr std::size_t kHeader = 12;
  ToldFields told;
  told.add("flags", flags_text(number_at(message, 2, 2)));
  std::size_t place = 4;
  for (const std::string_view name : {"questions", "answers", "authority", "additional"}) {
    told.add(name, static_cast<std::int64_t>(number_at(message, place, 2)));
    place += 2;
  }
  // Nobody compresses the first name of a message.
  std::string name;
  std::size_t at = kHeader;
  while (at < message.size() && message[at] != 0) {
    const std::size_t size = std::min<std::size_t>(message[at], message.size() - at - 1);
    if (!name.empty()) name += '.';
    name += text_or_octets(message.subspan(at + 1, size));
    at += 1 + size;
  }
  told.add("name", name);
  told.add("type", static_cast<std::int64_t>(number_at(message, at + 1, 2)));
  told.add("class", static_cast<std::int64_t>(number_at(message, at + 3, 2)));
  told.add("size", static_cast<std::int64_t>(message.size()));
  return told.take();
}

std::string ntp_fields(BytesView message) {
  ToldFields told;
  const unsigned first = message[0];
  told.add("leap", first >> 6);
  told.add("version", first >> 3 & 7U);
  told.add("mode", first & 7U);
  told.add("stratum", message[1]);
  told.add("poll", static_cast<std::int8_t>(message[2]));
  told.add("precision", static_cast<std::int8_t>(message[3]));
  told.add("root-delay", to_string(ntp_short_at(message, kNtpRootDelay)));
  told.add("root-dispersion", to_string(ntp_short_at(message, kNtpRootDispersion)));
  const BytesView reference = message.subspan(kNtpReferenceId, 4);
  told.add("reference",
           is_seen(reference) ? std::string(text_of(reference)) : addresses_text(reference));
  for (const auto& [name, place] : {std::pair{"reference-time", kNtpReferenceTime},
                                    {"originate-time", kNtpOriginTime},
                                    {"receive-time", kNtpReceiveTime}}) {
    const auto time = ntp_time_at(message, place);
    told.add(name, time ? to_string(*time) : "0");
  }
  told.add("size", static_cast<std::int64_t>(message.size()));
  return told.take();
}

}  // namespace provlab::netfakes
