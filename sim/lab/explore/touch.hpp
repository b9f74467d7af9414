#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/platform/trace_entry.hpp"

/// What something that happened at the phone has touched: whether two such things can be swapped.
namespace provlab::lab {

/// Parts of a telephone, as far as events tell them apart, the order of HTTP requests, and chance.
enum class Part : std::uint8_t {
  search,
  network,
  time,
  names,
  transfers,
  documents,
  service,
  requests,
  draws  ///< of the network: who sends next gets the next one
};

class Parts {
 public:
  constexpr Parts() = default;
  constexpr Parts(Part part) : bits_(1U << static_cast<unsigned>(part)) {}  // NOLINT: a set of one
  static constexpr Parts all() { return Parts(~0U); }
  constexpr Parts operator|(Parts other) const { return Parts(bits_ | other.bits_); }
  constexpr Parts& operator|=(Parts other) { return *this = *this | other; }
  constexpr bool meets(Parts other) const { return (bits_ & other.bits_) != 0; }

 private:
  constexpr explicit Parts(unsigned bits) : bits_(bits) {}
  unsigned bits_ = 0;
};

struct Touch {
  Parts looked{};                        ///< at these, to find that there is nothing to do
  Parts changed{};                       ///< something in these
  std::uint64_t hosts = 0;               ///< heard of it; a bit each
  std::uint64_t asked = 0;               ///< of these something was asked
  std::vector<std::uint64_t> streams{};  ///< TCP connections, sorted

  void add(const Touch& other);
  void add_stream(std::uint64_t stream);
  /// Whether the order of the two could matter.
  bool clashes(const Touch& other) const;
};

/// Of a host, as Touch::hosts has it.
constexpr std::uint64_t host_bit(HostId host) {
  return 1ULL << static_cast<unsigned>(host) % 64;
}

/// What an event of the phone says of its parts. One that is not known may have touched all.
Touch touch_of(std::string_view event);

}  // namespace provlab::lab
