#pragma once
#include <list>
#include <map>
#include <string>
#include <string_view>

#include "core/platform/timer.hpp"
#include "netfakes/answer_gate.hpp"
#include "netfakes/answer_rules.hpp"
#include "netfakes/events.hpp"
#include "netfakes/uses.hpp"

namespace provlab::netfakes {

/// What every responder does alike: counts requests, lets a rule delay or withhold the answer, and
/// records all of it. The responder owns it.
///  1. received() records a request and makes it the cause of what follows.
///  2. Every answer of every responder passes schedule(), once: there rules, the gate and faults
///  decide whether and when it leaves.
///  3. An answer leaves by a call of its callback, which says so by sent(), send() or failed().
///  4. After forget_all(), and after the end of this object, no callback is called that waited,
///  here or at the gate.
///  5. A callback may call forget_all(), but not destroy this object.
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
  /// See Responder::set_uses().
  void set_uses(Uses* uses) { uses_ = uses; }
  void used(UseMark part) {
    if (uses_ != nullptr) uses_->note(part);
  }

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
  struct Overtaken {
    DueAnswer due;
    Callback leave;
  };
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
  std::list<Timer> timers_;         ///< of answers and copies that leave later
  std::list<Tether> gated_;         ///< answers that the gate was asked about and may keep
  std::list<Overtaken> overtaken_;  ///< wait for the next answer to overtake them
  std::list<Overtaken> leaving_;    ///< have been overtaken, and leave now
  AnswerGate* gate_ = nullptr;
  Uses* uses_ = nullptr;
};

}  // namespace provlab::netfakes
