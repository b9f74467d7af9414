#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/machine/output_file.hpp"

namespace provlab::mutants {

/// A number of a scenario's text and of the files that it names, which lie below `folder`.
std::uint64_t identity_of_scenario(std::string_view text, const std::string& folder);

/// What scenarios were asked about mutants, and what they said, kept in a file as it comes: what
/// was interrupted goes on, and where a scenario has changed it alone is asked again. What was told
/// of another program counts no more.
class Minutes {
 public:
  /// Kept nowhere.
  Minutes() = default;
  /// Reads what is there, or begins anew.
  static Expected<Minutes> open(const std::string& file, std::uint64_t program);

  enum class Answer {
    unknown,  ///< nobody has asked
    silent,
    noticed,
    unheard,  ///< asked, but the mutant ends too many processes
  };
  Answer answer(const std::string& mutant, std::uint64_t scenario) const;

  /// From now on these scenarios, by their identities, are asked.
  void call(std::vector<std::uint64_t> scenarios);
  /// Those of the called that notice a mutant; without a value it was not heard to the end.
  Expected<void> add(const std::string& mutant,
                     const std::optional<std::set<std::uint64_t>>& noticed_by);

 private:
  /// Scenarios that were called, and where each stands.
  using Roll = std::map<std::uint64_t, std::size_t>;
  struct Entry {
    std::size_t roll;    ///< in rolls_
    std::string voices;  ///< a 0 or 1 for each of the roll; empty where it was not heard out
  };

  void read(std::string_view line);
  Expected<void> write(const std::string& line);

  std::optional<lab::GrowingFile> file_;
  std::vector<Roll> rolls_;
  bool roll_is_written_ = true;
  std::map<std::string, std::vector<Entry>, std::less<>> entries_;
};

}  // namespace provlab::mutants
