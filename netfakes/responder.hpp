#pragma once
#include <span>
#include <string_view>

#include "core/platform/host.hpp"

namespace provlab::netfakes {

class AnswerGate;
class PlaintextEar;
class Uses;

/// What is known of every responder of one kind.
struct ResponderKind {
  std::string_view name;  ///< in scenarios and in the trace: `dhcp`
  /// The requests that reach such a responder, as rules and expectations name them.
  std::span<const std::string_view> requests;
  /// A request in full, where those above only begin one: `A prov.server.com`.
  std::string_view example = {};

  /// What its requests are made of, by the names under which the trace tells them; `option-*` is
  /// any number. None: they have header lines.
  std::span<const std::string_view> fields = {};

  /// Whether a request that reaches such a responder could be named like this.
  bool can_be_asked(std::string_view request) const;
  /// Whether its requests have a field of that name.
  bool has_field(std::string_view field) const;
};

/// A server that answers a phone, whatever its protocol; made by make_responder().
///  1. Nothing is answered before start() and after stop(), and what is due at stop() never is.
///  2. start() after stop() goes on with what the responder has learnt: leases, and how often each
///  rule was asked.
///  3. Its configuration never changes, so many responders share one.
///  4. The host outlives it.
class Responder {
 public:
  Responder() = default;
  virtual ~Responder() = default;
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

  /// Fails where a port is taken, or the host lacks what the server needs.
  virtual Expected<void> start() = 0;
  virtual void stop() = 0;
  /// Asks `gate`, which must outlive the responder or be taken away by null, about every answer
  /// that is not silent anyway.
  virtual void set_gate(AnswerGate* gate) = 0;
  /// Notes there what of its configuration is used; `uses` outlives it or is null, and has a place
  /// for each mark of the configuration.
  virtual void set_uses(Uses* uses) = 0;
  /// Tells `ear`, which must outlive the responder, what TLS hides on connections to come.
  virtual void set_ear(PlaintextEar* /*ear*/) {}
};

}  // namespace provlab::netfakes
