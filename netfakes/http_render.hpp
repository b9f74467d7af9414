#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "netfakes/faults.hpp"

/// From an HTTP reply to the octets of its answer.
namespace provlab::netfakes {

struct HttpReply {
  unsigned status = 200;
  std::string_view content_type;  ///< no such header where empty
  std::string_view location;      ///< likewise
  const std::vector<std::pair<std::string, std::string>>* headers = nullptr;
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
