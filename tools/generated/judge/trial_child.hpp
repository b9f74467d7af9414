#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/generated/judge/library.hpp"

namespace provlab::mutants {

enum class End { survived, scenario, exploration, limit, crash, test };
std::string_view to_string(End end);
std::optional<End> end_of(std::string_view name);

struct Ending {
  End end = End::survived;
  std::string by;  ///< the run, exploration or test that ended it; empty where it survived
  const Trial* trial = nullptr;  ///< which said so
  std::uint32_t runs = 0;
};

/// How many of the trials are heard.
enum class Hearing {
  first,  ///< until one does not pass
  all,
};

/// A process of its own in which one mutant is on. It plays trials in their order. A trial that
/// takes a hundred times its processor time, and a second at least, ends it, as does memory beyond
/// a limit. Where all are heard, all together may take ten times theirs.
class TrialChild {
 public:
  /// Begins at once.
  TrialChild(std::uint32_t number, std::vector<const Trial*> trials,
             Hearing hearing = Hearing::first);
  TrialChild(TrialChild&& other) noexcept;
  TrialChild& operator=(TrialChild&&) = delete;
  ~TrialChild();

  pid_t process() const { return process_; }
  /// What it came to, by what waitpid() gave.
  Ending ending(int status) const;
  /// Those that did not pass, the one that ended the process among them.
  std::vector<const Trial*> objectors(int status) const;
  /// Those that came after the one that ended the process.
  std::vector<const Trial*> unheard(int status) const;
  static bool ran_out_of_time(int status);

 private:
  static bool ended_well(int status);
  void play(std::uint32_t number, Hearing hearing);
  std::size_t octets() const;

  struct Told;  ///< in memory that both processes see

  pid_t process_ = -1;
  Told* told_ = nullptr;
  std::vector<const Trial*> trials_;
};

}  // namespace provlab::mutants
