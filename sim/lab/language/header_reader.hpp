#pragma once
#include <vector>

#include "netfakes/http_server.hpp"
#include "sim/lab/language/names.hpp"

/// `<header>`: a line that a server gives an answer, or that is expected of a phone.
namespace provlab::lab {

netfakes::HeaderLine read_header_line(const Element& header);
/// Those of the element.
netfakes::HeaderLines read_header_lines(const Element& element);
/// Those of a web server, each with the requests whose answers have it.
std::vector<netfakes::HeaderRule> read_header_rules(const Element& server,
                                                    const netfakes::ResponderKind& kind);
/// What is expected of the lines of a message (`<header>`), or of its fields (`<field>`).
std::vector<HeaderPattern> read_line_patterns(const Element& element);

}  // namespace provlab::lab
