#pragma once
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "sim/lab/trace/trace_log.hpp"

namespace provlab::lab {

/// What a packet is called, from the events of the protocol that speak of it.
struct MessageLabel {
  std::string text;
  std::string protocol;
  std::string answer;      ///< the answer's id; empty for what is no answer
  bool source = false;     ///< an answer of a source that can win a race
  bool again = false;      ///< by its own words not the first attempt
  bool transport = false;  ///< TCP's own, or a further segment
};

/// Names the packets of a trace, asked for in their order.
class MessageLabels {
 public:
  explicit MessageLabels(const TraceLog& log) : log_(log) {}

  /// To be called for every event, in order, before label() of a later one.
  void see(const LoggedEvent& event);
  /// Of a `packet_sent`.
  MessageLabel label(const LoggedEvent& packet);

 private:
  const LoggedEvent* neighbour(const LoggedEvent& packet, std::string_view name,
                               std::string_view to_field) const;
  std::optional<MessageLabel> said_by_phone(const LoggedEvent& packet) const;
  MessageLabel of_stream(const LoggedEvent& packet);
  const LoggedEvent* answer_behind(const LoggedEvent& packet) const;
  std::optional<MessageLabel> repetition(const LoggedEvent& packet) const;

  const TraceLog& log_;
  /// Answers that are about to leave on a stream: by host and peer.
  std::map<std::pair<std::string, std::string>, const LoggedEvent*> due_;
};

}  // namespace provlab::lab
