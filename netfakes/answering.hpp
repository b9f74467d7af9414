#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/platform/host.hpp"
#include "netfakes/answer_gate.hpp"
#include "netfakes/answer_rules.hpp"
#include "netfakes/events.hpp"

namespace provlab::netfakes {

/// What every responder does alike: names and counts requests, lets a rule delay or withhold the
/// answer, and records all of it. Every answer of every responder passes schedule(), which is where
/// answers can be put in another order. Owned by its responder; what is still to be answered when
/// it is destroyed is never answered. The destructor does not touch the host, which may have gone.
class Answering {
 public:
  /// `name` and `kind` must outlive it; `kind` is a literal.
  Answering(Host& host, std::string_view name, std::string_view kind);
  Answering(const Answering&) = delete;
  Answering& operator=(const Answering&) = delete;

  /// Records the request, which from now on is the cause of what is recorded.
  void received(const Request& request, Endpoint from);
  void ignored(Endpoint from, std::string_view reason);

  using Callback = AnswerCallback;
  /// Calls `leave` when the answer is due: before schedule() returns where there is no delay, else
  /// from a timer. `rule` is the one that was chosen, or null. `standard` says how the answer
  /// leaves where no rule says otherwise; an empty id is derived as `<name>:<request>`. Never calls
  /// it for a silent answer (which is recorded) or once forget_all() was called.
  void schedule(const AnswerRule* rule, const Answer& standard, std::string request,
                Callback leave);
  /// Drops every answer that has not left yet; the callback of one that a gate keeps does nothing.
  void forget_all();
  /// Asks `gate`, which must outlive this object or be taken away by null, about every answer that
  /// is not silent anyway.
  void set_gate(AnswerGate* gate) { gate_ = gate; }

  /// Records that the answer leaves now, and makes it the cause of what is recorded next. To be
  /// called before its bytes are handed over.
  void sent(const DueAnswer& due, Endpoint to, std::string_view summary);
  void failed(const DueAnswer& due, std::string_view reason);
  /// sent(), then the datagram with what is wrong with it; a failure to send it is recorded. The
  /// transaction is the part of the payload that ties it to its request. The socket must outlive
  /// this object or the next forget_all(), since copies of a datagram may leave later.
  void send(const DueAnswer& due, UdpSocket& socket, Endpoint to, BytesView payload,
            std::string_view summary, OctetRange transaction = {});
  void send(const DueAnswer& due, LinkSocket& socket, const LinkDatagram& datagram,
            std::string_view summary, OctetRange transaction = {});
  /// The same answer once more, for the attempt of that number.
  void repeat(const DueAnswer& due, unsigned attempt, UdpSocket& socket, Endpoint to,
              BytesView payload, OctetRange transaction = {});
  /// Records a fault that this answer leaves with.
  void spoilt(const DueAnswer& due, const FaultDone& fault);

  std::string_view name() const { return name_; }
  std::string_view kind() const { return kind_; }

 private:
  struct Waiting;
  using Transmit = UniqueFunction<Expected<void>(BytesView)>;
  void depart(const DueAnswer& due, Callback& leave);
  Bytes spoilt_octets(const DueAnswer& due, BytesView payload, OctetRange transaction);
  Expected<void> transmit(const DueAnswer& due, UdpSocket& socket, Endpoint to, BytesView payload);
  void transmit_copies(const DueAnswer& due, Endpoint to, Bytes payload, Transmit transmit);
  void repeated(const DueAnswer& due, Endpoint to, unsigned attempt);
  void withheld(const DueAnswer& due, std::string_view rule);
  void start_timer(Instant when, UniqueFunction<void()> callback);

  Host& host_;
  std::string_view name_;
  std::string_view kind_;
  std::map<std::string, unsigned, std::less<>> counts_;
  std::shared_ptr<Waiting> waiting_;
  AnswerGate* gate_ = nullptr;
};

}  // namespace provlab::netfakes
