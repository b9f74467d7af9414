#pragma once
#include <string>

#include "core/platform/host.hpp"
#include "netfakes/faults.hpp"

namespace provlab::netfakes {

/// An answer on its way: which request it is for, what it is called and what is wrong with it.
struct DueAnswer {
  std::string request;
  std::string id;
  const Faults* faults = nullptr;  ///< of the responder's configuration; null: nothing
};

using AnswerCallback = UniqueFunction<void(const DueAnswer&), 128>;

/// Stands where the answers of all responders leave, for instance to make several arrive in a
/// certain order.
class AnswerGate {
 public:
  enum class Admission {
    pass,  ///< nothing special about it
    drop,  ///< it is never given
    keep   ///< the gate has moved `leave` away and calls it when it likes
  };
  /// Asked about each answer that is about to be scheduled. `after` is the delay that rules and
  /// standard ask for.
  virtual Admission admit(Host& host, const DueAnswer& due, Duration after,
                          AnswerCallback& leave) = 0;

 protected:
  ~AnswerGate() = default;
};

}  // namespace provlab::netfakes
