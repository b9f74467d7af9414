#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/platform/text.hpp"
#include "core/platform/user_info.hpp"
#include "sim/lab/contents/datagram_text.hpp"
#include "sim/lab/contents/octet_reader.hpp"
#include "sim/text/visible.hpp"

namespace provlab::lab {

namespace {

constexpr std::string_view kCookie = "\x63\x82\x53\x63";

enum class Meaning { octets, text, addresses, seconds, number, message, codes, client, nested };

struct OptionName {
  unsigned code;
  std::string_view name;
  Meaning meaning;
};

/// Those that provisioning and its servers use; RFC 2132 unless the name is of another.
constexpr auto kOptions =
    std::to_array<OptionName>({{1, "subnet mask", Meaning::addresses},
                               {2, "time offset", Meaning::number},
                               {3, "routers", Meaning::addresses},
                               {4, "time servers (RFC 868)", Meaning::addresses},
                               {6, "name servers", Meaning::addresses},
                               {12, "host name", Meaning::text},
                               {15, "domain name", Meaning::text},
                               {17, "root path", Meaning::text},
                               {26, "MTU", Meaning::number},
                               {28, "broadcast address", Meaning::addresses},
                               {33, "static routes", Meaning::addresses},
                               {42, "NTP servers", Meaning::addresses},
                               {43, "vendor's own", Meaning::nested},
                               {44, "NetBIOS name servers", Meaning::addresses},
                               {50, "requested address", Meaning::addresses},
                               {51, "lease time", Meaning::seconds},
                               {52, "overload", Meaning::number},
                               {53, "message type", Meaning::message},
                               {54, "server identifier", Meaning::addresses},
                               {55, "requested options", Meaning::codes},
                               {56, "message", Meaning::text},
                               {57, "largest message", Meaning::number},
                               {58, "renewal time (T1)", Meaning::seconds},
                               {59, "rebinding time (T2)", Meaning::seconds},
                               {60, "vendor class", Meaning::text},
                               {61, "client identifier", Meaning::client},
                               {66, "TFTP server name", Meaning::text},
                               {67, "boot file name", Meaning::text},
                               {77, "user class", Meaning::octets},
                               {80, "rapid commit", Meaning::octets},
                               {81, "client's domain name", Meaning::octets},
                               {82, "relay agent", Meaning::nested},
                               {100, "time zone (POSIX)", Meaning::text},
                               {101, "time zone (tz)", Meaning::text},
                               {114, "captive portal", Meaning::text},
                               {119, "domain search", Meaning::octets},
                               {120, "SIP servers", Meaning::octets},
                               {121, "classless routes", Meaning::octets},
                               {124, "vendor class (RFC 3925)", Meaning::octets},
                               {125, "vendor's own (RFC 3925)", Meaning::octets},
                               {145, "FORCERENEW nonce", Meaning::octets},
                               {150, "TFTP servers", Meaning::addresses},
                               {160, "provisioning URL", Meaning::text}});

constexpr auto kMessages =
    std::to_array<std::string_view>({"", "DISCOVER", "OFFER", "REQUEST", "DECLINE", "ACK", "NAK",
                                     "RELEASE", "INFORM", "FORCERENEW"});

std::string hex_of(std::string_view octets) {
  std::string out;
  for (const char c : octets) {
    fmt::format_to(std::back_inserter(out), "{}{:02x}", out.empty() ? "" : " ",
                   static_cast<unsigned char>(c));
  }
  return out;
}

/// Text in quotation marks, where it is some; the user and password of a URL are told nowhere.
std::string text_value(std::string_view octets) {
  const bool ends_with_nul = octets.ends_with('\0');
  const std::string_view text = ends_with_nul ? octets.substr(0, octets.size() - 1) : octets;
  if (!is_readable(text)) return hex_of(octets);
  return fmt::format("\"{}\"{}", visible(shown_url(text)), ends_with_nul ? " and a NUL" : "");
}

std::string address_list(std::string_view octets) {
  if (octets.empty() || octets.size() % 4 != 0) return hex_of(octets);
  std::string out;
  for (OctetReader reader(octets); !reader.at_end();) {
    out += (out.empty() ? "" : " ") + reader.address().to_string();
  }
  return out;
}

std::string seconds_value(std::string_view octets) {
  if (octets.size() != 4) return hex_of(octets);
  const std::uint64_t seconds = OctetReader(octets).number(4);
  if (seconds == 0xffffffffU) return "for ever";
  if (seconds < 60) return fmt::format("{} s", seconds);
  return fmt::format("{} s = {} h {} min {} s", seconds, seconds / 3600, seconds / 60 % 60,
                     seconds % 60);
}

std::string code_list(std::string_view octets) {
  std::string out;
  for (const char c : octets) {
    fmt::format_to(std::back_inserter(out), "{}{}", out.empty() ? "" : " ",
                   static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  return out;
}

/// Options within an option, where it is that; the vendor may put anything there.
std::string nested_value(std::string_view octets) {
  std::string out;
  for (OctetReader reader(octets); !reader.at_end();) {
    const auto code = reader.number(1);
    if (code == 0) continue;
    if (code == 255) break;
    const std::string_view value = reader.take(reader.number(1));
    if (reader.failed()) return text_value(octets);
    fmt::format_to(std::back_inserter(out), "{}[{}] {}", out.empty() ? "" : "  ", code,
                   text_value(value));
  }
  return out.empty() ? text_value(octets) : out;
}

std::string client_value(std::string_view octets) {
  if (octets.size() == 7 && octets[0] == 1) return "Ethernet " + hex_of(octets.substr(1));
  return text_value(octets);
}

std::string option_value(Meaning meaning, std::string_view octets) {
  switch (meaning) {
    case Meaning::text:
      return text_value(octets);
    case Meaning::addresses:
      return address_list(octets);
    case Meaning::seconds:
      return seconds_value(octets);
    case Meaning::number:
      if (octets.size() > 4) return hex_of(octets);
      return std::to_string(OctetReader(octets).number(octets.size()));
    case Meaning::message: {
      const std::size_t type = octets.size() == 1 ? static_cast<unsigned char>(octets[0]) : 0;
      const std::string_view name = type < kMessages.size() ? kMessages[type] : "";
      return name.empty() ? hex_of(octets) : std::string(name);
    }
    case Meaning::codes:
      return code_list(octets);
    case Meaning::client:
      return client_value(octets);
    case Meaning::nested:
      return nested_value(octets);
    case Meaning::octets:
      break;
  }
  return is_readable(octets) && octets.size() > 3 ? text_value(octets) : hex_of(octets);
}

/// The options of one field, in their order. The value of option 52 where there is one.
unsigned list_options(std::string_view octets, std::string_view where, Rows& rows) {
  unsigned overload = 0;
  bool ended = false;
  for (OctetReader reader(octets); !reader.at_end();) {
    const auto code = static_cast<unsigned>(reader.number(1));
    if (code == 0) continue;
    if (code == 255) {
      ended = true;
      break;
    }
    const auto size = static_cast<std::size_t>(reader.number(1));
    const std::string_view rest = reader.rest();
    const std::string_view value = reader.take(size);
    const auto* const known = std::ranges::find(kOptions, code, &OptionName::code);
    const bool is_known = known != kOptions.end();
    const std::string name =
        fmt::format("{:>3} {}{}", code, is_known ? known->name : "option", where);
    if (reader.failed()) {
      rows.add(name, fmt::format("cut off: {} octets announced, {} there", size, rest.size()));
      return overload;
    }
    if (code == 52 && value.size() == 1) overload = static_cast<unsigned char>(value[0]);
    rows.add(name, option_value(is_known ? known->meaning : Meaning::octets, value));
  }
  if (!ended) rows.line(fmt::format("    (no END option closes them{})", where));
  return overload;
}

std::string field_text(std::string_view field) {
  const std::string_view text = field.substr(0, field.find('\0'));
  return text_value(text);
}

}  // namespace

std::vector<ContentPart> dhcp_parts(std::string_view octets) {
  OctetReader reader(octets);
  Rows fields;
  const auto op = reader.number(1);
  fields.add("op", op == 1 ? "1, to a server" : op == 2 ? "2, to a client" : std::to_string(op));
  const auto hardware = reader.number(1);
  const auto length = static_cast<std::size_t>(reader.number(1));
  fields.add("htype, hlen, hops", fmt::format("{}, {}, {}", hardware, length, reader.number(1)));
  fields.add("xid", fmt::format("0x{:08x}", reader.number(4)));
  fields.add("secs", std::to_string(reader.number(2)));
  const auto flags = reader.number(2);
  fields.add("flags",
             fmt::format("0x{:04x}{}", flags, (flags & 0x8000U) != 0 ? ", broadcast" : ""));
  // What is nothing is not told, but for the address that a server gives.
  for (const std::string_view name :
       {"ciaddr (client)", "yiaddr (yours)", "siaddr (next server)", "giaddr (relay)"}) {
    const Ipv4Address address = reader.address();
    if (!address.is_any() || name[0] == 'y') fields.add(name, address.to_string());
  }
  fields.add("chaddr", hex_of(reader.take(16).substr(0, std::min<std::size_t>(length, 16))));
  const std::string_view sname = reader.take(64);
  const std::string_view file = reader.take(128);
  const std::string_view cookie = reader.take(4);
  if (reader.failed()) {
    fields.line(fmt::format("(cut off after {} octets)", octets.size()));
    return {{"Fields", fields.take()}};
  }
  Rows options;
  const unsigned overload = cookie == kCookie ? list_options(reader.rest(), "", options) : 0;
  if (cookie != kCookie) options.line("(no magic cookie in front of options)");
  if ((overload & 1U) != 0) list_options(file, " (in file)", options);
  if ((overload & 2U) != 0) list_options(sname, " (in sname)", options);
  if ((overload & 2U) != 0 || sname[0] != '\0') {
    fields.add("sname", (overload & 2U) != 0 ? "holds options" : field_text(sname));
  }
  if ((overload & 1U) != 0 || file[0] != '\0') {
    fields.add("file", (overload & 1U) != 0 ? "holds options" : field_text(file));
  }
  return {{"Options", options.take()}, {"Fields", fields.take()}};
}

}  // namespace provlab::lab
