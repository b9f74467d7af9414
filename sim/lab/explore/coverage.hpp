#pragma once
#include <array>
#include <bitset>
#include <map>
#include <set>
#include <vector>

#include "sim/lab/explore/explored_run.hpp"

/// Which orders of two packets, and of three, an exploration has seen (D56).
namespace provlab::lab {

/// Ordered pairs or triples of packets (D56); the parts add up to all.
struct CoverageFigures {
  std::size_t played = 0;  ///< came about in a run
  std::size_t same = 0;    ///< only in an order that comes to the same as a run
  std::size_t unseen = 0;  ///< within reach of the window, and not seen
  std::size_t never = 0;   ///< one leads to the other, which cannot come before it
  std::size_t beyond = 0;  ///< too far apart for the window, behind each other in one connection,
                           ///< or never in one run

  std::size_t reachable() const { return played + same + unseen; }
  std::size_t seen() const { return played + same; }
};

class Coverage {
 public:
  /// Packets of which all orders are counted: the first ones known. Bounds memory and time.
  static constexpr std::size_t kMost = 128;

  void add(const ExploredRun& run);
  /// What another part of the same search has seen.
  void add(const Coverage& part);

  /// As text that parse() undoes: packets, then sets of them, a row each.
  std::vector<std::string> to_rows() const;
  static Expected<Coverage> parse(const std::vector<std::string>& rows);

  std::size_t packets() const { return ids_.size(); }
  std::size_t uncounted() const { return uncounted_.size(); }  ///< packets beyond kMost
  CoverageFigures pairs() const;
  CoverageFigures triples() const;

 private:
  using Set = std::bitset<kMost>;
  using Sets = std::array<Set, kMost>;
  struct Place {
    std::size_t number;  ///< among the packets
    const Delivery* delivery;
    std::size_t step;  ///< kNone where steps were not read
  };

  std::vector<Place> places(const ExploredRun& run);
  void note_causes(const std::vector<Place>& places);
  void note_same(const std::vector<Place>& places, const Relation& before);
  Set after(std::size_t first, std::size_t second) const;
  /// The number of a packet; kNone where too many are known.
  std::size_t number_of(DeliveryId id);
  /// All sets in the order of the rows, for `count` packets, as pointers.
  static auto sets(auto& coverage, std::size_t count);

  std::map<DeliveryId, std::size_t> ids_;
  std::set<DeliveryId> uncounted_;
  // By the packet that comes first, those that come second …
  Sets played_{};
  Sets same_{};
  Sets reach_{};
  Sets causes_{};  ///< … and cannot, because they lead to it.
  // By the first and the second of three, those that come third.
  std::vector<Set> played_thirds_ = std::vector<Set>(kMost * kMost);
  std::vector<Set> same_thirds_ = std::vector<Set>(kMost * kMost);
};

}  // namespace provlab::lab
