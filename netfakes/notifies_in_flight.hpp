#pragma once
#include <list>
#include <string>

#include "core/platform/timer.hpp"
#include "netfakes/answering.hpp"
#include "netfakes/sip_wire.hpp"

namespace provlab::netfakes {

/// The NOTIFYs of a server that have no final response yet (RFC 3261 17.1.2).
///  1. Each is sent again after 0.5, 1, 2, 4, 4 … s (timer E), until its response comes or its
///  repetitions are used up.
///  2. A response belongs to the NOTIFY of the same branch. A final one ends it and is recorded.
///  3. Nothing is sent after clear() or the end of this object.
class NotifiesInFlight {
 public:
  struct Notify {
    DueAnswer due;
    Endpoint to;
    std::string branch;
    std::string payload;
    unsigned repetitions = 0;
  };

  /// `answering` must outlive it.
  NotifiesInFlight(Host& host, Answering& answering) : host_(host), answering_(answering) {}

  /// A NOTIFY that has just been sent. The socket must outlive this object or the next clear().
  void add(Notify notify, UdpSocket& socket);
  /// False where no NOTIFY waits for this response.
  bool take(const SipMessage& response, Endpoint from);
  void clear() { waiting_.clear(); }

 private:
  struct Waiting {
    Waiting(Host& host, Notify sent, UdpSocket& by)
        : notify(std::move(sent)), socket(by), repetition(host) {}
    Notify notify;
    UdpSocket& socket;
    unsigned attempt = 1;
    Duration interval{};
    Timer repetition;
  };
  using Place = std::list<Waiting>::iterator;
  void wait(Place place, Duration interval);
  void repeat(Place place);

  Host& host_;
  Answering& answering_;
  std::list<Waiting> waiting_;
};

}  // namespace provlab::netfakes
