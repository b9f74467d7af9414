#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "netfakes/faults.hpp"
#include "netfakes/header_lines.hpp"

/// From an HTTP reply to the octets of its answer.
namespace provlab::netfakes {

struct HttpReply {
  unsigned status = 200;
  std::string_view content_type;  ///< no such header where empty
  std::string_view location;      ///< likewise
  /// More lines, in place of those of the same names that would be written; in the end they stand
  /// as they are, whatever they say of the body. Null: none.
  const HeaderLines* headers = nullptr;
  std::string_view body;
  bool close = false;  ///< ends the connection after this answer
};

struct RenderedReply {
  std::string octets;
  std::string repeated;  ///< what follows for ever; empty where the answer ends
};

/// `version` is Beast's: 11 for HTTP/1.1. HEAD is answered without the body.
RenderedReply render(const HttpReply& reply, unsigned version, bool keep_alive, bool head_only,
                     const StreamFaults& faults);

/// As `gzip` writes it (RFC 1952), without name and time.
std::string gzip(std::string_view text);

}  // namespace provlab::netfakes
