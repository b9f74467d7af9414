#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Changes to a text that lie within each other.
namespace provlab::mutants {

/// Collects what is to be written into a text, then writes it. Of two that wrap around other text,
/// one lies within the other or beside it, and the outer one is told first.
class Rewriting {
 public:
  void wrap(std::size_t begin, std::size_t end, std::string before, std::string after);
  void insert(std::size_t at, std::string text) { add(at, 0, Phase::begins, std::move(text)); }
  void replace(std::size_t at, std::size_t length, std::string text) {
    add(at, length, Phase::replaces, std::move(text));
  }
  std::string apply(std::string_view text) const;

 private:
  /// In this order at one place: what ends before it, what stands instead, what begins there.
  enum class Phase { ends, replaces, begins };
  struct Change {
    std::size_t at;
    std::size_t length;
    Phase phase;
    std::size_t turn;  ///< in which it was told
    std::string text;
  };
  void add(std::size_t at, std::size_t length, Phase phase, std::string text) {
    changes_.push_back({at, length, phase, changes_.size(), std::move(text)});
  }

  std::vector<Change> changes_;
};

}  // namespace provlab::mutants
