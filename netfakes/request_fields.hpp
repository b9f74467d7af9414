#pragma once
#include <array>
#include <string>
#include <string_view>

#include "core/platform/host.hpp"

/// What the datagram of a client says, field by field, for the trace: `op: 1 | … | secs: 0`.
///  1. The octets are read, not what a codec made of them: who wants to know what a phone sends is
///     told of reserved bits too.
///  2. A field whose value is chance, such as a transaction, is left out.
///  3. The names below are all there are. `option-*` is any option's, by its number, in the order
///  of
///     the message.
///  4. Numbers are decimal, flags `0x8000`, times as everywhere in a trace. Texts that hold what
///     cannot be seen are written as octets.
namespace provlab::netfakes {

/// RFC 2131 2, RFC 2132. Addresses, `sname` and `file` are there where they are not empty.
inline constexpr std::array<std::string_view, 15> kDhcpFields{
    "op",     "htype",  "hlen",   "hops",  "secs", "flags", "ciaddr",  "yiaddr",
    "siaddr", "giaddr", "chaddr", "sname", "file", "size",  "option-*"};
std::string dhcp_fields(BytesView message);

/// RFC 1035 4.1. Name, type and class are those of the first question, the name as it is spelt.
inline constexpr std::array<std::string_view, 9> kDnsFields{
    "flags", "questions", "answers", "authority", "additional", "name", "type", "class", "size"};
std::string dns_fields(BytesView message);

/// RFC 5905 7.3.
inline constexpr std::array<std::string_view, 13> kNtpFields{
    "leap",      "version",        "mode",           "stratum",
    "poll",      "precision",      "root-delay",     "root-dispersion",
    "reference", "reference-time", "originate-time", "receive-time",
    "size"};
/// Precondition: a whole header.
std::string ntp_fields(BytesView message);

}  // namespace provlab::netfakes
