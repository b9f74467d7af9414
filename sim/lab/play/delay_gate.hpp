#pragma once
#include <list>
#include <map>
#include <string>

#include "core/platform/timer.hpp"
#include "netfakes/answer_gate.hpp"

namespace provlab::lab {

/// Lets answers leave at other times than the scenario says, whatever the protocol (D59).
///  1. Every answer with an id of `delays` leaves so long after its request, also each later one.
///  2. All others pass.
class DelayGate final : public netfakes::AnswerGate {
 public:
  using Delays = std::map<std::string, Duration, std::less<>>;

  /// `delays`, and the hosts of the answers, must outlive it.
  explicit DelayGate(const Delays& delays) : delays_(delays) {}

  Admission admit(Host& host, const netfakes::DueAnswer& due, Duration after,
                  netfakes::AnswerCallback& leave) override;
  /// Whether an answer is still to leave.
  bool holds() const { return !held_.empty(); }

 private:
  struct Held {
    Held(Host& sender, netfakes::DueAnswer answer, netfakes::AnswerCallback callback)
        : due(std::move(answer)), leave(std::move(callback)), departure(sender) {}
    netfakes::DueAnswer due;
    netfakes::AnswerCallback leave;
    Timer departure;
  };

  const Delays& delays_;
  std::list<Held> held_;
};

}  // namespace provlab::lab
