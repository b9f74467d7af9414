#pragma once
#include <functional>
#include <string>
#include <vector>

#include "sim/lab/suite/suite_report.hpp"

/// What went wrong, as marks beside the sources where those are looked at: annotations of GitHub,
/// Code Quality of GitLab, SARIF.
namespace provlab::lab {

struct Annotation {
  /// In the order of their rank, worst first.
  enum class Kind { invariant, lab_fault, expectation, complaint, race, too_slow, note };

  Kind kind{};
  bool is_error = true;  ///< false: a note, which changes no verdict
  std::string file;
  int line = 0;  ///< 0: the whole file
  int column = 0;
  std::string check;    ///< `I4`, `expectation`, `invalid-scenario`: what kind of thing is wrong
  std::string subject;  ///< which one of that kind, in words that stay however it fails
  std::string title;    ///< whom it concerns, `sample [r-then-m] and 5 more`
  std::string text;     ///< a sentence, and what belongs to it on lines of its own
  std::size_t runs{};   ///< that show it
};

/// Worst first; of one rank those that most runs show, then in the order of the suite. What several
/// runs show at one place is one.
std::vector<Annotation> annotations_of(const SuiteReport& suite);

/// So many are shown; where there are more the last one counts them. GitHub shows no more than ten
/// of a step either.
inline constexpr std::size_t kMostAnnotations = 10;

/// A file as it is called in the repository, from its root.
using PathInRepository = std::function<std::string(const std::string& file)>;

/// Workflow commands, a line each: `::error file=…,line=…,title=…::…`.
std::string github_annotations(const SuiteReport& suite, const PathInRepository& path);
/// A JSON array, as `artifacts:reports:codequality` takes it.
std::string gitlab_code_quality(const SuiteReport& suite, const PathInRepository& path);
/// SARIF 2.1.0: complaints about files, invariants that broke, and notes.
std::string sarif_report(const SuiteReport& suite, const PathInRepository& path);

}  // namespace provlab::lab
