#pragma once
#include <map>
#include <string>
#include <vector>

#include "sim/lab/machine/output_file.hpp"
#include "tools/generated/judge/court.hpp"

namespace provlab::mutants {

/// Verdicts by the mutants' ids.
using Verdicts = std::map<std::string, Verdict>;

/// The file in which verdicts are kept, a line as soon as there is one, so that what was
/// interrupted goes on. What another program or library has said counts no more.
class Record {
 public:
  /// Reads what is there, or begins anew. `identity` is that of program and library.
  static Expected<Record> open(const std::string& file, std::uint64_t identity);

  const Verdicts& verdicts() const { return verdicts_; }
  Expected<void> add(const Mutant& mutant, const Verdict& verdict);

 private:
  explicit Record(lab::GrowingFile file) : file_(std::move(file)) {}

  lab::GrowingFile file_;
  Verdicts verdicts_;
};

/// What somebody has said of a mutant.
struct Remark {
  std::string id;
  std::string text;  ///< the source line when that was said
  std::string why;
  std::string place;  ///< `tests/mutants/equivalent.txt:12`

  /// What such a mutant does is chance (D71).
  bool is_undefined() const { return why.starts_with("undefined: "); }
};
/// Lines `ID<tab>SOURCE LINE<tab>WHY`; empty ones and those that begin with # are passed over.
Expected<std::vector<Remark>> parse_remarks(std::string_view text, const std::string& file);

struct Remarks {
  std::vector<Remark> equivalents;  ///< why nothing can notice them
  std::vector<Remark> survivors;    ///< why no scenario notices them
};

}  // namespace provlab::mutants
