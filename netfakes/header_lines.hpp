#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netfakes/events.hpp"

/// Header lines of HTTP and SIP, which are written alike: what a scenario gives an answer or a
/// request of a server, and what the trace tells of those of a phone.
namespace provlab::netfakes {

/// One that a scenario gives; it stands in place of all of its name that the server would write.
struct HeaderLine {
  std::string name;
  std::optional<std::string> value;  ///< nothing: there is to be no such line
};
using HeaderLines = std::vector<HeaderLine>;

/// RFC 9110 5.1, RFC 3261 7.3.1: names are the same in whatever case.
bool same_header(std::string_view a, std::string_view b);
bool any_of_name(const HeaderLines& lines, std::string_view name);

/// Adds a line to those that an event tells. What proves who somebody is does not get into a trace
/// (SPEC 5.10): of Authorization and Proxy-Authorization the scheme is told, of Cookie that it is
/// there.
void tell_line(std::string& told, std::string_view name, std::string_view value);
/// The lines before a SIP message's body, the first one included.
std::string told_lines(std::string_view message);

}  // namespace provlab::netfakes
