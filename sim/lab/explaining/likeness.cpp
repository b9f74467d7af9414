#include "sim/lab/explaining/likeness.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provlab::lab {

namespace {

constexpr Duration kSamePace = std::chrono::milliseconds(100);
/// What a capture ends with may be missing.
constexpr Duration kEnding = std::chrono::milliseconds(500);

class Likening {
 public:
  Likening(const Conversation& captured, const Conversation& ours)
      : end_(captured.end),
        theirs_(every_word_of_phone(captured)),
        ours_(every_word_of_phone(ours)),
        used_(ours_.size()) {}

  Likeness run() {
    for (const PhoneSays& says : theirs_) {
      const auto match = best_match(says);
      if (!match) {
        note(&says, next());
        continue;
      }
      const PhoneSays& same = ours_[*match];
      if (!at_pace(says, same)) note(&says, &same);
      used_[*match] = true;
      while (first_ < used_.size() && used_[first_]) ++first_;
      last_theirs_ = says.at;
      last_ours_ = same.at;
    }
    for (std::size_t i = 0; i < ours_.size(); ++i) {
      if (!used_[i] && ours_[i].at - last_ours_ + last_theirs_ + kEnding <= end_) {
        note(nullptr, &ours_[i]);
      }
    }
    return std::move(result_);
  }

 private:
  bool at_pace(const PhoneSays& theirs, const PhoneSays& ours) const {
    return std::chrono::abs((theirs.at - last_theirs_) - (ours.at - last_ours_)) <= kSamePace;
  }

  const PhoneSays* next() const { return first_ < ours_.size() ? &ours_[first_] : nullptr; }

  /// The first of the same meaning at that pace, else the first of the same meaning that comes
  /// before anything else of ours.
  std::optional<std::size_t> best_match(const PhoneSays& theirs) const {
    std::optional<std::size_t> first;
    std::size_t skipped = 0;
    for (std::size_t i = first_; i < ours_.size(); ++i) {
      if (used_[i]) continue;
      if (ours_[i].meaning == theirs.meaning) {
        if (at_pace(theirs, ours_[i])) return i;
        if (!first && skipped == 0) first = i;
      }
      ++skipped;
      if (ours_[i].at - last_ours_ > theirs.at - last_theirs_ + kSamePace) break;
    }
    return first;
  }

  void note(const PhoneSays* theirs, const PhoneSays* ours) {
    if (result_.apart++ > 0) return;
    if (theirs != nullptr) result_.theirs = theirs->at - last_theirs_ + last_ours_;
    if (ours != nullptr) result_.ours = ours->at;
    const auto told = [](const PhoneSays* says) {
      return says == nullptr ? std::string("says nothing more")
                             : fmt::format("{} at {}", says->words, time_words(says->at));
    };
    result_.they_say = told(theirs);
    result_.we_say = told(ours);
  }

  Duration end_;
  std::vector<PhoneSays> theirs_;
  std::vector<PhoneSays> ours_;
  std::vector<bool> used_;
  std::size_t first_ = 0;  ///< of ours that is not used
  Duration last_theirs_{};
  Duration last_ours_{};
  Likeness result_;
};

}  // namespace

Likeness likeness(const Conversation& captured, const Conversation& ours) {
  return Likening(captured, ours).run();
}

}  // namespace provlab::lab
