#include "sim/lab/play/delay_gate.hpp"

#include <iterator>
#include <utility>

namespace provlab::lab {

netfakes::AnswerGate::Admission DelayGate::admit(Host& host, const netfakes::DueAnswer& due,
                                                 Duration, netfakes::AnswerCallback& leave) {
  const auto delay = delays_.find(due.id);
  if (delay == delays_.end()) return Admission::pass;
  held_.emplace_back(host, due, std::move(leave));
  const auto held = std::prev(held_.end());
  held->departure.start(host.now() + delay->second, [this, held] {
    netfakes::DueAnswer leaving = std::move(held->due);
    netfakes::AnswerCallback callback = std::move(held->leave);
    held_.erase(held);
    callback(leaving);
  });
  return Admission::keep;
}

}  // namespace provlab::lab
