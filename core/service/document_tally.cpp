#include "core/service/document_tally.hpp"

#include <algorithm>

namespace provlab::service {

void DocumentTally::note_problem(std::string_view problem) {
  if (first_problem.empty()) first_problem = problem;
}

void DocumentTally::note_unknown(std::string_view section) {
  if (std::ranges::find(unknown, section) == unknown.end()) unknown.emplace_back(section);
}

}  // namespace provlab::service
