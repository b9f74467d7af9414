#pragma once
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tools/generated/maker/rewriting.hpp"
#include "tools/generated/manifest.hpp"

namespace provlab::mutants {

/// Why mutants are not made. They keep their ordinals, so that the ids of others stay.
enum class Left {
  uncompiled,  ///< one in that line did not compile once
  memory,      ///< they could only set memory aside otherwise
  same,        ///< another mutant makes the same program
};

/// One file of the core: its text, what becomes of it, and the mutants in it.
class Source {
 public:
  /// `path` as in the tree, `core/net/url.cpp`.
  Source(std::string path, std::string text);

  /// Takes numbers for mutants at one place and gives the first, from 1 in each file; 0 where that
  /// place is left out, since one of them did not compile once.
  std::uint32_t take(std::size_t at, const std::string& function, const std::string& kind,
                     const std::vector<std::string>& changes);

  /// Leaves out so many mutants of a kind.
  void leave(Left why, const std::string& function, const std::string& kind, std::size_t count) {
    ordinals_[function + ':' + kind] += static_cast<int>(count);
    left_[static_cast<std::size_t>(why)] += count;
  }

  const std::string& path() const { return path_; }
  std::string_view text(std::size_t begin, std::size_t end) const {
    return std::string_view(text_).substr(begin, end - begin);
  }
  Rewriting& rewriting() { return rewriting_; }
  const std::vector<Mutant>& mutants() const { return mutants_; }
  /// Numbers are those of the whole core from now on, the first one above `base`. Gives the base of
  /// the file that comes next. It leaves some free, so that a change in one file does not give all
  /// those behind it other numbers, and have them built again.
  std::uint32_t number_from(std::uint32_t base);
  /// The text with all mutants in it; compilers name places in `root`.
  std::string rewritten(const std::string& root) const;

  static void leave_out(std::set<std::string> places) { left_out_ = std::move(places); }
  /// How many were left out in all files.
  static std::size_t left(Left why) { return left_[static_cast<std::size_t>(why)]; }

 private:
  static inline std::set<std::string> left_out_;  ///< `core/net/url.cpp:12`
  static inline std::array<std::size_t, 3> left_{};

  std::string path_;
  std::string text_;
  std::vector<std::size_t> lines_;  ///< where each begins
  std::map<std::string, int> ordinals_;
  Rewriting rewriting_;
  std::vector<Mutant> mutants_;
  std::uint32_t base_ = 0;
};

}  // namespace provlab::mutants
