#pragma once
#include <string>
#include <vector>

#include "sim/lab/comparing/comparison.hpp"
#include "sim/lab/pages/sequence.hpp"

namespace provlab::tools {

/// Two runs that were compared.
struct ComparedPair {
  std::string title;
  lab::ComparedRun a;
  lab::ComparedRun b;
  lab::Comparison found;
  /// Of captures, how each side is drawn; traces say it themselves.
  std::optional<lab::BothSides<lab::SequenceDiagram>> diagrams{};
};

/// All that was compared; what is the same in both is counted only.
struct CompareReport {
  std::string a;  ///< what was given
  std::string b;
  std::vector<ComparedPair> pairs;    ///< of several runs those that differ
  std::size_t same = 0;               ///< pairs of which nothing is to be told
  std::vector<std::string> only_a{};  ///< runs that the other side does not have
  std::vector<std::string> only_b{};

  bool all_same() const;
};

/// The first of them, and how many more there are.
std::string listed_titles(const std::vector<std::string>& titles);

/// One pair in full; several by what has changed in them.
std::string compare_text(const CompareReport& report);
std::string compare_json(const CompareReport& report);
std::string compare_page(const ComparedPair& pair);

}  // namespace provlab::tools
