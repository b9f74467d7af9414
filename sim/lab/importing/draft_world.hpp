#pragma once
#include <string>
#include <vector>

#include "sim/lab/importing/draft_lans.hpp"

namespace provlab::lab {

/// Who stands where, and how far away, as it follows from a conversation.
class DraftWorld {
 public:
  /// With `exact` times are those of the capture, else rounded to three digits. `phone`: null: what
  /// was done to it is not known.
  DraftWorld(const Conversation& heard, bool exact, const KnownPhone* phone = nullptr);

  const std::vector<DraftHost>& hosts() const { return hosts_; }
  const DraftHost* at(Ipv4Address address) const;
  const DraftHost* of_kind(std::string_view kind) const;
  Duration link() const { return link_; }
  /// Of a host, each way, beyond that of the link.
  Duration latency_of(const DraftHost& host) const;
  /// From a question to an answer that is given at once.
  Duration round_trip_to(const DraftHost& host) const;
  /// The id where there is such a host, else the address.
  std::string name_of(Ipv4Address address) const;
  Duration rounded(Duration time) const;
  /// Into which LAN a cable leads that is plugged in then; empty: into the one of before.
  std::string lan_at(Duration plugged) const;
  /// Whether the phone is in a LAN then from which the host can be heard.
  bool hears(const DraftHost& host, Duration at) const;

 private:
  DraftHost& place(Ipv4Address address);
  void find_other_holder(const Said& said);
  void find_hosts(const Conversation& heard);
  void find_names(const Conversation& heard);
  void measure(const Conversation& heard);
  void name_hosts();
  void widen_networks(const Conversation& heard);

  bool exact_;
  std::vector<DraftHost> hosts_;
  std::vector<LanStay> stays_;
  Duration link_{};
};

/// Which kind of responder hears this, as scenarios call it; empty: none.
std::string_view kind_of_question(const Said& said);
bool is_assignment(const HttpSaid& request);

}  // namespace provlab::lab
