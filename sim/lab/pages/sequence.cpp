#include "sim/lab/pages/sequence.hpp"

#include <algorithm>

namespace provlab::lab {

std::vector<const Message*> SequenceDiagram::answers_in_order() const {
  std::vector<const Message*> answers;
  for (const Message& message : messages) {
    if (message.part != Message::Part::plain && !message.transport) answers.push_back(&message);
  }
  // Those of one instant in their turn.
  std::ranges::stable_sort(answers, {}, [](const Message* message) {
    return std::pair(message->ended, message->received_event);
  });
  return answers;
}

}  // namespace provlab::lab
