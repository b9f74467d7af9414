#pragma once
#include <list>
#include <string>

#include "core/platform/timer.hpp"
#include "netfakes/answering.hpp"
#include "netfakes/sip_wire.hpp"

namespace provlab::netfakes {

/// The requests of a server and their responses (RFC 3261 17.1.2): NOTIFYs mostly.
///  1. Each is sent again after 0.5, 1, 2, 4, 4 … s (timer E), until its response comes or its
///  repetitions are used up.
///  2. A response belongs to the request of the same branch; of several to the one of its Call-ID
///  and CSeq, and to one that has no final response yet. Each is recorded, and a final one ends the
///  repetitions.
///  3. Nothing is sent after clear() or the end of this object.
class RequestsInFlight {
 public:
  struct Sent {
    DueAnswer due;
    Endpoint to;
    std::string branch;
    std::string payload;
    unsigned repetitions = 0;
  };

  /// `answering` must outlive it.
  RequestsInFlight(Host& host, Answering& answering) : host_(host), answering_(answering) {}

  /// A request that has just been sent. The socket must outlive this object or the next clear().
  void add(Sent sent, UdpSocket& socket);
  /// `text` is all of the response. False where it belongs to no request that is known.
  bool take(const SipMessage& response, std::string_view text, Endpoint from);
  void clear() {
    waiting_.clear();
    answered_.clear();
  }

 private:
  struct Waiting {
    Waiting(Host& host, Sent request, UdpSocket& by)
        : sent(std::move(request)), socket(by), repetition(host) {}
    Sent sent;
    UdpSocket& socket;
    unsigned attempt = 1;
    Duration interval{};
    Timer repetition;
  };
  using Place = std::list<Waiting>::iterator;
  static Place find(std::list<Waiting>& among, const SipMessage& response);
  void wait(Place place, Duration interval);
  void repeat(Place place);

  Host& host_;
  Answering& answering_;
  std::list<Waiting> waiting_;
  std::list<Waiting> answered_;  ///< the last ones: what is sent again is answered again
};

}  // namespace provlab::netfakes
