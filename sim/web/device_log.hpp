#pragma once
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "core/platform/host.hpp"
#include "sim/record/trace.hpp"

namespace provlab::web {

/// What an event says, as a sentence without its subject; nothing for one that is of no interest.
using Narrator = std::function<std::optional<std::string>(const TraceRecord&)>;

/// The telephone's own events, as people may read them: the last kMost of them. It reads the trace
/// when it is asked, and keeps what it has read.
class DeviceLog {
 public:
  static constexpr std::size_t kMost = 500;

  struct Line {
    EventNumber number = 0;
    Instant at{};
    std::string text;
  };
  /// How the last provisioning run ended.
  struct Run {
    Instant at{};
    std::string result;
    std::string sentence;
  };

  /// Without a narrator an event is told by its name and fields, without a trace nothing is.
  DeviceLog(Host& host, const Trace* trace, Narrator narrate);

  void look();
  const std::deque<Line>& lines() const { return lines_; }  ///< oldest first
  const std::optional<Run>& last_run() const { return last_run_; }

 private:
  Host& host_;
  const Trace* trace_;
  Narrator narrate_;
  EventNumber seen_ = 0;
  std::deque<Line> lines_;
  std::optional<Run> last_run_;
};

}  // namespace provlab::web
