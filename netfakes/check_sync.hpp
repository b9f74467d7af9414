#pragma once
#include <string>

#include "netfakes/answer_rules.hpp"

namespace provlab::netfakes {

/// One NOTIFY that nobody subscribed to (SPEC 7).
struct CheckSync {
  Answer answer;                     ///< its id, delay and faults; the id is derived where empty
  std::string event = "check-sync";  ///< with its parameters
  std::string content_type = "application/xml";
  std::string body;
  unsigned repetitions = 4;  ///< without a final response, after 0.5, 1, 2, 4, 4 … s
};

}  // namespace provlab::netfakes
