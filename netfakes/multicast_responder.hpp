#pragma once
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netfakes/answer_rules.hpp"
#include "netfakes/responder.hpp"

namespace provlab::netfakes {

/// One NOTIFY in answer to a SUBSCRIBE.
struct Notify {
  std::string id;    ///< derived as `<name>:notify` where empty
  std::string url;   ///< its body; may hold markers
  Duration after{};  ///< from the SUBSCRIBE's arrival
  std::string content_type = "application/url";
  std::shared_ptr<const Faults> faults{};  ///< what is wrong with this one; null: nothing
  UseMark use = 0;
};

struct MulticastRule : AnswerRule {
  std::optional<std::vector<Notify>> notifies;  ///< in place of the responder's own
};

/// Requests: `subscribe`. Answers: `<name>:ok` and the notifies.
struct MulticastConfig {
  static constexpr std::array<std::string_view, 1> requests{"subscribe"};
  static constexpr ResponderKind kind{"multicast", requests};

  std::string name = "multicast";
  std::vector<Notify> notifies;
  bool ok_first = true;  ///< false: the 200 leaves after the first NOTIFY
  bool send_ok = true;
  Duration ok_after{};  ///< from the SUBSCRIBE's arrival, or from the NOTIFY that goes first
  /// From and To of the NOTIFY as in the SUBSCRIBE, as published responders send them, instead of
  /// exchanged, as RFC 6665 wants them.
  bool unswapped = false;
  unsigned repetitions = 4;  ///< of a NOTIFY without a final response, after 0.5, 1, 2, 4, 4 … s
  std::vector<MulticastRule> rules;
};

/// A PnP server: member of 224.0.1.75, port 5060; answers a ua-profile SUBSCRIBE with 200 and one
/// or more NOTIFY with a URL (SPEC 4.2, RFC 6665, RFC 6080).
std::unique_ptr<Responder> make_responder(Host& host,
                                          std::shared_ptr<const MulticastConfig> config);

}  // namespace provlab::netfakes
