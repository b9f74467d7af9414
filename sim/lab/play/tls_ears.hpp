#pragma once
#include <vector>

#include "netfakes/plaintext_ear.hpp"
#include "sim/world/pcapng.hpp"

namespace provlab::lab {

/// Those that hear what TLS hides: the texts for people, the keys for captures.
struct TlsEars final : netfakes::PlaintextEar {
  netfakes::PlaintextEar* reader = nullptr;  ///< may be null
  std::vector<world::PcapngWriter*> captures;

  void heard(Endpoint from, Endpoint to, std::size_t end, std::string_view text) override {
    if (reader != nullptr) reader->heard(from, to, end, text);
  }
  void keyed(std::string_view line) override {
    for (world::PcapngWriter* capture : captures) capture->secret(line);
  }
};

}  // namespace provlab::lab
