#pragma once
#include <array>
#include <map>
#include <memory>
#include <string_view>

#include "core/platform/host.hpp"
#include "netfakes/answering.hpp"
#include "netfakes/datagram_listener.hpp"
#include "netfakes/requests_in_flight.hpp"
#include "netfakes/unprompted.hpp"

namespace provlab::netfakes {

/// Sends from one host what nobody asked for. The trace calls each an answer to `nobody`, so that a
/// race can hold it.
///  1. It receives on a port of the host's choice. A SIP request is sent from there, and its
///  responses are recorded as answer_confirmed.
///  2. A message of DHCP or NTP leaves by the server's port, whoever listens there.
class UnpromptedSender {
 public:
  explicit UnpromptedSender(Host& host);
  UnpromptedSender(const UnpromptedSender&) = delete;
  UnpromptedSender& operator=(const UnpromptedSender&) = delete;

  Expected<void> start();
  /// `what` must outlive this object.
  void send(const Unprompted& what, Endpoint to);
  /// See Answering::set_gate().
  void set_gate(AnswerGate* gate);

 private:
  Answering& answering_for(const Unprompted& what);
  void leave(const Unprompted& what, const DueAnswer& due, Endpoint to);
  void leave_by(const DueAnswer& due, Endpoint to, const Bytes& octets);
  void leave_by(const DueAnswer& due, Endpoint to, const SipRequest& request);
  void leave_by(const DueAnswer& due, Endpoint to, const NtpPush& push);
  void leave_by(const DueAnswer& due, Endpoint to, const DhcpPush& push);
  void receive(const Datagram& datagram);
  UdpSocket& port(Port number);

  Host& host_;
  Answering plain_;
  Answering sip_;
  Answering ntp_;
  Answering dhcp_;
  DatagramListener listener_;
  std::map<Port, std::unique_ptr<UdpSocket>> ports_;  ///< those that it sends by
  RequestsInFlight in_flight_{host_, sip_};
  unsigned sent_ = 0;
};

}  // namespace provlab::netfakes
