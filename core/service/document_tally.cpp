#include "core/service/document_tally.hpp"

namespace provlab::service {

void DocumentTally::note_problem(std::string_view problem) {
  if (first_problem.empty()) first_problem = problem;
}

}  // namespace provlab::service
