#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/host.hpp"

/// What is wrong with an answer that a responder gives (SPEC 9): its octets, where it comes from
/// and when and how often it leaves. Data only, part of a configuration; Answering applies it where
/// all answers pass.
namespace provlab::netfakes {

/// A part of a message.
struct OctetRange {
  std::size_t offset = 0;
  std::size_t size = 0;
};

/// What is wrong with an answer that travels over a stream (HTTP). Places count the octets of the
/// whole answer, its headers included and before TLS hides them.
struct StreamFaults {
  std::optional<std::size_t> reset_at{};  ///< RST once so many octets have left
  std::optional<std::size_t> stall_at{};  ///< nothing more leaves after so many
  std::optional<std::size_t> drip{};      ///< leaves in pieces of so many, a gap apart
  std::optional<std::size_t> length{};    ///< what Content-Length says, whatever the body's size
  bool no_length = false;                 ///< the body ends with the connection
  std::optional<std::size_t> chunk{};     ///< the body comes in chunks of so many octets
  bool endless = false;                   ///< the body is repeated for ever
  bool gzip = false;                      ///< the body is compressed, asked for or not
  enum class Then {
    as_announced,
    close,          ///< closed although it was to be kept alive
    close_at_next,  ///< the same, but only when the next request comes
    reset
  };
  Then then = Then::as_announced;
};

struct Faults {
  /// The message is this instead of what the responder would say.
  std::optional<Bytes> raw;
  /// What tells the client that the answer is to its request: DHCP's xid, the DNS id, NTP's origin
  /// timestamp, SIP's Call-ID.
  enum class Transaction {
    as_it_is,
    wrong,
    right  ///< put into `raw` where it belongs; in SIP in place of the texts {call-id} and {branch}
  };
  Transaction transaction = Transaction::as_it_is;
  struct Corruption {
    std::size_t octets = 1;
    std::optional<std::size_t> from;  ///< the first of them; drawn from the seed where not given
  };
  std::optional<Corruption> corruption;
  std::optional<std::size_t> cut;   ///< to so many octets
  std::optional<std::size_t> grow;  ///< to so many octets
  /// Sent by this address in place of the responder's; port 0: by its own port.
  std::optional<Endpoint> from;
  unsigned copies = 1;
  Duration gap{};           ///< between copies, or between the pieces of a drip
  bool after_next = false;  ///< leaves right after the next answer of this responder
  StreamFaults stream;
};

/// One fault as it was done, for the trace.
struct FaultDone {
  std::string_view fault;  ///< a literal: raw, wrong-transaction, corrupt, cut, grow
  std::string detail;
};
using FaultSink = UniqueFunction<void(const FaultDone&)>;

/// The octets that leave in place of `message`, whose transaction is at `transaction`. Tells `sink`
/// each fault done. The faults are applied in the order of their members.
Bytes spoil(const Faults& faults, BytesView message, OctetRange transaction, Random& random,
            FaultSink sink);

/// `<first>..<last>` of a rule's requests, counted from 1.
struct Nth {
  unsigned first = 1;
  unsigned last = 1;
  Nth(unsigned nth) : first(nth), last(nth) {}  // NOLINT: a number is a range of one
  Nth(unsigned from, unsigned to) : first(from), last(to) {}
  bool contains(unsigned nth) const { return first <= nth && nth <= last; }
  friend bool operator==(const Nth&, const Nth&) = default;
};

}  // namespace provlab::netfakes
