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

/// A process of its own in which one mutant is on. It plays trials in their order until one does
/// not pass. A trial that takes a hundred times its processor time, and a second at least, ends it,
/// as does memory beyond a limit.
class TrialChild {
 public:
  /// Begins at once.
  TrialChild(std::uint32_t number, std::vector<const Trial*> trials);
  TrialChild(TrialChild&& other) noexcept;
  TrialChild& operator=(TrialChild&&) = delete;
  ~TrialChild();

  pid_t process() const { return process_; }
  /// What it came to, by what waitpid() gave.
  Ending ending(int status) const;

 private:
  struct Told;  ///< in memory that both processes see

  pid_t process_ = -1;
  Told* told_ = nullptr;
  std::vector<const Trial*> trials_;
};

}  // namespace provlab::mutants
