#include "sim/lab/pages/sequence.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/lab/pages/seconds_text.hpp"

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

std::vector<AnswersOfRun> SequenceDiagram::answers_by_run() const {
  std::vector<AnswersOfRun> all(1);
  for (const PhoneRun& each : runs) all.push_back({each.number, each.trigger, each.at, {}});
  for (const Message* message : answers_in_order()) {
    const EventNumber seen =
        message->received_event != 0 ? message->received_event : message->sent_event;
    const auto later = std::ranges::upper_bound(runs, seen, {}, &PhoneRun::started);
    all[static_cast<std::size_t>(later - runs.begin())].answers.push_back(message);
  }
  std::erase_if(all, [](const AnswersOfRun& each) { return each.answers.empty(); });
  return all;
}

std::string AnswersOfRun::title() const {
  if (run.empty()) return "Before the first run";
  return fmt::format("Run {} ({}), from {} on", run, trigger, seconds_text(from));
}

}  // namespace provlab::lab
