#pragma once
#include <cstddef>
#include <string_view>

#include "core/platform/address.hpp"

namespace provlab::netfakes {

/// Hears what TLS hides: what a server says before it is encrypted, what it is told once that is
/// decrypted, and the keys.
class PlaintextEar {
 public:
  /// `from` says `text` to `to`. `end` is where the record ends that holds it, in octets of that
  /// direction as they travel.
  virtual void heard(Endpoint from, Endpoint to, std::size_t end, std::string_view text) = 0;
  /// A line of a key log (draft-ietf-tls-keylogfile) for a connection that begins.
  virtual void keyed(std::string_view line) = 0;

 protected:
  ~PlaintextEar() = default;
};

}  // namespace provlab::netfakes
