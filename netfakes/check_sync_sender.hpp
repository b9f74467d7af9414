#pragma once
#include <string_view>

#include "core/platform/host.hpp"
#include "netfakes/answering.hpp"
#include "netfakes/check_sync.hpp"
#include "netfakes/datagram_listener.hpp"
#include "netfakes/requests_in_flight.hpp"

namespace provlab::netfakes {

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
  RequestsInFlight in_flight_{host_, answering_};
  unsigned sent_ = 0;
};

}  // namespace provlab::netfakes
