#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "sim/lab/capture/byte_streams.hpp"
#include "sim/lab/capture/key_log.hpp"

namespace provlab::lab {

/// A server's own certificate, as a client looks at it.
struct SeenCertificate {
  bool self_signed = false;
  bool has_names = false;       ///< subject alternative names (RFC 9525 2)
  bool fits = false;            ///< one of them is that of the server
  std::size_t with_others = 0;  ///< how many came with it
};

/// What a connection shows of TLS, and what is in it where its secrets are known.
struct SeenTls {
  std::string server_name;    ///< that the client names (RFC 6066 3); empty: none
  std::uint16_t version = 0;  ///< agreed, 0x0304 is TLS 1.3; 0: the server said nothing
  /// The client's fatal alert (RFC 8446 6.2), where it shows; `refused` also where only its length
  /// does.
  std::optional<std::uint8_t> complaint;
  bool refused = false;
  std::optional<std::uint8_t> server_complaint;  ///< the same of the server
  bool plain = false;                            ///< the server answers, but not in TLS
  std::optional<SeenCertificate> certificate;    ///< where it shows
  bool opened = false;                           ///< the streams are what was said
  SeenStream to_server;
  SeenStream to_client;
};

/// Nothing where the connection does not begin with a ClientHello. Of TLS 1.2 and 1.3 with any
/// suite of TlsSuite what is said is opened; sessions that are resumed, as well.
std::optional<SeenTls> tls_in(const SeenConnection& connection, const KeyLog& keys);

}  // namespace provlab::lab
