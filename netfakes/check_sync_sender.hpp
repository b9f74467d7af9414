#pragma once
#include <string>

#include "core/platform/host.hpp"
#include "netfakes/answer_rules.hpp"
#include "netfakes/answering.hpp"
#include "netfakes/datagram_listener.hpp"
#include "netfakes/notifies_in_flight.hpp"

namespace provlab::netfakes {

/// One NOTIFY that nobody subscribed to (SPEC 7).
struct CheckSync {
  Answer answer;                     ///< its id, delay and faults; the id is derived where empty
  std::string event = "check-sync";  ///< with its parameters
  std::string content_type = "application/xml";
  std::string body;
  unsigned repetitions = 4;  ///< without a final response, after 0.5, 1, 2, 4, 4 … s
};

/// A PBX that sends check-syncs from one host. The trace calls each an answer of the kind
/// `check-sync`, so that a race can hold it. The phone's response is recorded as answer_confirmed.
class CheckSyncSender {
 public:
  /// `name` must outlive it.
  CheckSyncSender(Host& host, std::string_view name);
  CheckSyncSender(const CheckSyncSender&) = delete;
  CheckSyncSender& operator=(const CheckSyncSender&) = delete;

  Expected<void> start();  ///< from a port of the host's choice
  /// `notify` must outlive this object.
  void send(const CheckSync& notify, Endpoint to);
  /// See Answering::set_gate().
  void set_gate(AnswerGate* gate) { answering_.set_gate(gate); }

 private:
  void leave(const CheckSync& notify, const DueAnswer& due, Endpoint to);
  void receive(const Datagram& datagram);

  Host& host_;
  Answering answering_;
  DatagramListener listener_;
  NotifiesInFlight in_flight_{host_, answering_};
  unsigned sent_ = 0;
};

}  // namespace provlab::netfakes
