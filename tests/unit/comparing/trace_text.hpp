#pragma once
#include <fmt/format.h>

#include <stdexcept>
#include <string>

#include "sim/lab/comparing/compare_runs.hpp"

namespace provlab::lab {

/// A trace that is written by hand, event by event.
class TraceText {
 public:
  /// At `milliseconds`; gives its number. `fields` as JSON has them: `"url":"http://a/"`.
  EventNumber event(int milliseconds, const std::string& host, const std::string& name,
                    EventNumber cause = 0, const std::string& fields = "") {
    ++number_;
    text_ += fmt::format(R"({{"n":{},"time_ns":{},"host":"{}",)", number_,
                         std::int64_t{milliseconds} * 1'000'000, host);
    if (cause != 0) text_ += fmt::format(R"("cause":{},)", cause);
    text_ += fmt::format(R"("event":"{}"{}{}}})", name, fields.empty() ? "" : ",", fields) + "\n";
    return number_;
  }
  /// A packet from host to host, which takes a millisecond; the number of its arrival.
  EventNumber packet(int milliseconds, const std::string& from, const std::string& to,
                     EventNumber cause = 0, int takes = 1) {
    const EventNumber sent = event(
        milliseconds, from, "packet_sent", cause,
        fmt::format(R"("packet":{},"protocol":"udp","from":"{}:53","to":"{}:5353","octets":1)",
                    ++packet_, from, to));
    return event(milliseconds + takes, to, "packet_received", sent,
                 fmt::format(R"("packet":{},"from":"{}:53")", packet_, from));
  }
  ComparedRun run(const std::string& title = "run") const {
    auto log = TraceLog::parse(text_);
    if (!log) throw std::logic_error(log.error().to_string());
    return compared_run(title, std::move(*log));
  }

 private:
  std::string text_;
  EventNumber number_ = 0;
  int packet_ = 0;
};

inline Comparison compared(const ComparedRun& a, const ComparedRun& b, Duration slack = {}) {
  return compare_runs(a, b, Matching(a, b), slack);
}

}  // namespace provlab::lab
