#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/error.hpp"

/// The law of the phone: core/SPECIFICATION.md as it was when the program was built. Its head says
/// how it is written; the reader takes nothing else.
namespace provlab::lab {

/// A part of a rule that the code does not follow yet, and what it does instead.
struct NotYet {
  std::string text;
  bool whole = false;  ///< the code follows no part of the rule
};

/// A part of a rule that no run can show, and why.
struct BeyondRuns {
  std::string part;
  std::string reason;
  bool whole = false;  ///< no run can show any part of the rule
};

/// A rule of the specification, or an invariant, that scenarios cite by its number. Single faults
/// of section 9 have numbers with a word: `9.dhcp-nak`.
struct SpecRule {
  std::string number;
  std::string title;   ///< one line, without a full stop
  std::string text{};  ///< as it is written, but for its quoted paragraphs
  /// The marks of its sources, each once: `S`, `R 2131 3.7`. Where the text has none, those of what
  /// stands above it.
  std::vector<std::string> sources{};
  std::vector<NotYet> not_yet{};
  std::vector<BeyondRuns> beyond_runs{};

  bool is_ignored() const;      ///< the code follows no part of it yet
  bool is_beyond_runs() const;  ///< no run can show any part of it
};

struct SpecSection {
  std::string number;  ///< `7`
  std::string name;
};

/// Sections and rules in their order.
struct Specification {
  std::vector<SpecSection> sections;
  std::vector<SpecRule> rules;

  const SpecRule* find(std::string_view number) const;  ///< null where there is no such rule
};

/// Reads a specification. Strict: what its head does not describe is an error, with its line.
Expected<Specification> read_specification(std::string_view text);

/// The text of the built-in specification, in pieces that no compiler finds too long.
std::span<const std::string_view> specification_pieces();

/// The built-in specification, read once. That it can be read is the tests' business.
const Specification& specification();

/// Whether a scenario can cite `number`.
bool is_rule(std::string_view number);

/// A sentence for a number that is none: `there is no rule '2.16' (did you mean '2.1'?); …`.
std::string no_such_rule(std::string_view number);

}  // namespace provlab::lab
