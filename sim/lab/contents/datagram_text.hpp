#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/contents/content_part.hpp"

/// Messages of protocols that are no text, read for people. Neither the core's codecs nor those of
/// the fakes are asked: what these think of a message is what a reader wants to check (D4).
namespace provlab::lab {

/// RFC 2131, RFC 2132: the fields, then the options in their order.
std::vector<ContentPart> dhcp_parts(std::string_view octets);
/// RFC 1035.
std::vector<ContentPart> dns_parts(std::string_view octets);
/// RFC 5905.
std::vector<ContentPart> ntp_parts(std::string_view octets);

/// Whether people can read it as it is: UTF-8, or another encoding that shares ASCII.
bool is_readable(std::string_view octets);
/// The first octets in hexadecimal with what of them is ASCII, sixteen a line.
std::string hex_text(std::string_view octets);

}  // namespace provlab::lab
