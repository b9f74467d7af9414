#pragma once
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/platform/host.hpp"

namespace provlab::lab {

/// Of the vendor's redirect service; no customer's.
inline constexpr std::string_view kRedirectName = "connect.redirect.auerswald.de";

/// What a value is; reports count by it.
enum class Private : std::uint8_t { address, mac, name, serial, word };
inline constexpr std::size_t kPrivateKinds = 5;
std::string_view words_for(Private kind, bool several);

/// What stands in the place of what is a customer's.
///  1. The same original always has the same stand-in, and no two have the same one.
///  2. A stand-in has the kind of its original, letters for letters and digits for digits, and its
///  length; but for addresses as text, and where those of its length are mostly given away.
///  3. Addresses become those of documentation (RFC 5737), names those of RFC 2606; MAC addresses
///  keep their vendor half.
class StandIns {
 public:
  /// The phone and its network: who is in it stays in one network. Of several phones of a capture
  /// that of the latest counts.
  void place_phone(const MacAddress& mac, Ipv4Address address, unsigned prefix);

  /// Another network in which the phone was: who is in it stays in one as well.
  void place_further(Ipv4Address address, unsigned prefix);

  Ipv4Address address(Ipv4Address original);
  /// `10.0.0.0/8`: that of the phone becomes that of its stand-in, whatever its size; no other is
  /// wider than its stand-in's.
  std::string network(InterfaceAddress original);
  MacAddress mac(const MacAddress& original);
  std::string name(std::string_view original);
  std::string serial(std::string_view original) { return same_kind(Private::serial, original); }
  /// Always replaced, whatever it is.
  std::string secret(std::string_view original) { return same_kind(Private::word, original); }
  /// Any text that is no word of the settings' own language.
  std::string word(std::string_view original);
  /// Whether a word says nothing of a customer: those of the settings and of the protocols.
  bool is_common(std::string_view word) const;

  /// How many there are of each kind.
  std::array<std::size_t, kPrivateKinds> counts() const;
  /// Everything that was replaced, for tests that search for it.
  const std::map<std::string, std::string, std::less<>>& replaced(Private kind) const {
    return maps_[static_cast<std::size_t>(kind)];
  }

 private:
  using Map = std::map<std::string, std::string, std::less<>>;

  /// By a number that is another each time, and longer by so many letters.
  using Maker = std::function<std::string(std::uint64_t salt, std::size_t longer)>;

  std::string same_kind(Private kind, std::string_view original);
  /// The first one that nothing has yet.
  std::string fresh(std::string_view original, const Maker& made) const;
  Map& map(Private kind) { return maps_[static_cast<std::size_t>(kind)]; }

  std::array<Map, kPrivateKinds> maps_;
  std::set<std::string, std::less<>> given_;
  InterfaceAddress phone_;
  std::optional<InterfaceAddress> further_{};
  unsigned next_here_ = 1;
  unsigned next_elsewhere_ = 1;
  unsigned next_further_ = 1;
  unsigned next_mac_ = 0x0f;
};

}  // namespace provlab::lab
