#pragma once
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/record/trace.hpp"

namespace provlab::tools {

/// Looks on while a phone works: what its trace says becomes lines for people, and the state that
/// it is in.
class PhoneWatch {
 public:
  enum class Telling { runs, everything };
  struct Line {
    std::string text;
    bool wrong = false;  ///< something that its owner should see to
  };

  PhoneWatch(const Trace& trace, Telling telling) : trace_(trace), telling_(telling) {}

  /// What has been recorded since the last time.
  std::vector<Line> look();
  /// The first refusal of a setting that was to be in the store at the start; nothing where all
  /// were taken.
  std::optional<std::string> refused_setting() const;
  /// Of the last run that has ended: its result in a word, its sentence.
  const std::optional<std::string>& result() const { return result_; }
  const std::string& sentence() const { return sentence_; }
  /// The last URL that a run has chosen; empty before.
  const std::string& url() const { return url_; }
  /// What it does now, in a few words.
  const std::string& state() const { return state_; }

 private:
  void see(const TraceRecord& record, std::vector<Line>& lines);
  void follow(const TraceRecord& record);
  std::optional<Line> line_of(const TraceRecord& record);

  const Trace& trace_;
  Telling telling_;
  EventNumber seen_ = 0;
  std::string run_;  ///< `run 2 (check-sync)`
  std::string state_ = "is off";
  std::string url_;
  std::optional<std::string> result_;
  std::string sentence_;
  std::set<std::string> contested_;  ///< what was told of addresses that others have too
};

}  // namespace provlab::tools
