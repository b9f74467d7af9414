#include "sim/lab/importing/divergence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "sim/lab/importing/draft_device.hpp"

namespace provlab::lab {

namespace {

constexpr Duration kTogether = std::chrono::milliseconds(10);
/// What a capture ends with may be missing.
constexpr Duration kLastMoment = std::chrono::milliseconds(500);

std::string host_of(const HttpSaid& http, Endpoint to) {
  std::string host = http.header("Host");
  return host.empty() ? to.to_string() : host;
}

/// Meaning and words of what the phone says; empty: nothing that counts.
std::pair<std::string, std::string> read_out(const Said& said) {
  const std::string to = said.to.address.to_string();
  if (const auto* dhcp = said.as<DhcpSaid>()) {
    const auto wanted = dhcp->addresses(50);
    const std::string address = wanted.empty() ? "" : " " + wanted[0].to_string();
    return {"dhcp " + said.words + address, fmt::format("sends DHCP {}{}", said.words, address)};
  }
  if (said.talk == Talk::dns) {
    return {said.words + " to " + to, fmt::format("asks {} for {}", to, said.words)};
  }
  if (said.talk == Talk::ntp) return {"time of " + to, fmt::format("asks {} for the time", to)};
  if (said.talk == Talk::tls) return {said.words, fmt::format("begins {} with {}", said.words, to)};
  if (const auto* sip = said.as<SipSaid>()) {
    if (sip->request)
      return {said.words, fmt::format("sends SIP {} to {}", sip->method_words(), to)};
    return {fmt::format("{} to {}", said.words, sip->method),
            fmt::format("responds {} to SIP {} of {}", said.words, sip->method_words(), to)};
  }
  if (const auto* http = said.as<HttpSaid>()) {
    if (!http->request) return {};
    const std::string host = host_of(*http, said.to);
    return {said.words + " of " + host, fmt::format("asks {} for {}", host, http->target)};
  }
  return {};
}

/// What a server said last before that, in words; empty: nothing.
std::string heard_before(const Conversation& heard, const PhoneSays& says) {
  for (std::size_t i = says.place; i-- > 0;) {
    const Said& said = heard.said[i];
    if (said.by_phone || said.at > says.at) continue;
    const Said* const question = said.answers ? &heard.said[*said.answers] : nullptr;
    const std::string what = question == nullptr
                                 ? "SIP " + said.words
                                 : fmt::format("the answer {} of {} to {}", said.words,
                                               said.from.address.to_string(), question->words);
    return fmt::format("{} {} before", what, to_string(says.at - said.at));
  }
  return {};
}

std::string_view or_nothing(std::string_view heard) {
  return heard.empty() ? "nothing before" : heard;
}

std::string said_at(const PhoneSays& says) {
  return fmt::format("{} at {}", says.words, time_words(says.at));
}

class Comparison {
 public:
  Comparison(const Conversation& captured, const Conversation& ours, Duration slack)
      : captured_(captured),
        ours_(ours),
        slack_(slack),
        theirs_said_(said_by_phone(captured)),
        ours_said_(said_by_phone(ours)),
        used_(ours_said_.size()) {}

  std::optional<Divergence> run() {
    if (captured_.began_before) leave_out_beginning();
    for (std::size_t i = 0; i < theirs_said_.size(); ++i) {
      const PhoneSays& theirs = theirs_said_[i];
      const auto match = find(theirs);
      if (!match) return parted(i);
      used_[*match] = true;
      if (auto late = pace(i, ours_said_[*match])) return late;
      last_theirs_ = theirs.at;
      last_ours_ = ours_said_[*match].at;
    }
    return more_of_ours();
  }

 private:
  /// What ours says before the capture begins: all that stands before the first thing of it, but
  /// for what may have been said beside that.
  void leave_out_beginning() {
    if (theirs_said_.empty()) return;
    const PhoneSays& first = theirs_said_.front();
    const auto begin = std::ranges::find(ours_said_, first.meaning, &PhoneSays::meaning);
    if (begin == ours_said_.end()) return;
    for (auto ours = ours_said_.begin(); ours != begin; ++ours) {
      const bool beside =
          begin->at - ours->at <= kTogether &&
          std::ranges::find(theirs_said_, ours->meaning, &PhoneSays::meaning) != theirs_said_.end();
      used_[static_cast<std::size_t>(ours - ours_said_.begin())] = !beside;
    }
    last_theirs_ = first.at;
    last_ours_ = begin->at;
  }

  std::optional<std::size_t> next_of_ours() const {
    const auto next = std::ranges::find(used_, false);
    if (next == used_.end()) return std::nullopt;
    return static_cast<std::size_t>(next - used_.begin());
  }

  /// Ours that means the same, among those that stand beside the next one in time.
  std::optional<std::size_t> find(const PhoneSays& theirs) const {
    const auto first = next_of_ours();
    if (!first) return std::nullopt;
    for (std::size_t i = *first; i < ours_said_.size(); ++i) {
      if (ours_said_[i].at > ours_said_[*first].at + kTogether) break;
      if (!used_[i] && ours_said_[i].meaning == theirs.meaning) return i;
    }
    return std::nullopt;
  }

  std::optional<Divergence> pace(std::size_t same, const PhoneSays& ours) const {
    const PhoneSays& theirs = theirs_said_[same];
    const Duration theirs_waited = theirs.at - last_theirs_;
    const Duration ours_waited = ours.at - last_ours_;
    if (std::chrono::abs(theirs_waited - ours_waited) <= slack_) return std::nullopt;
    return Divergence{
        same, fmt::format("the phone in the capture {}, {} after what it said before; ours {}, {} "
                          "after that",
                          said_at(theirs), to_string(theirs_waited), said_at(ours),
                          to_string(ours_waited))};
  }

  std::optional<Divergence> parted(std::size_t same) const {
    const PhoneSays& theirs = theirs_said_[same];
    const auto next = next_of_ours();
    const std::string first = fmt::format("the phone in the capture {}", said_at(theirs));
    if (!next) {
      return Divergence{same, first + (same == 0 ? "; ours says nothing of the kind"
                                                 : "; ours says nothing more")};
    }
    const PhoneSays& ours = ours_said_[*next];
    const std::string heard = heard_before(captured_, theirs);
    const std::string ours_heard = heard_before(ours_, ours);
    if (heard.empty() && ours_heard.empty()) {
      return Divergence{
          same, fmt::format("{}; ours {}: neither had heard anything", first, said_at(ours))};
    }
    return Divergence{
        same, fmt::format("{}; ours {}: the one in the capture had heard {}, ours {}", first,
                          said_at(ours), or_nothing(heard), or_nothing(ours_heard))};
  }

  std::optional<Divergence> more_of_ours() const {
    const auto next = next_of_ours();
    if (!next || theirs_said_.empty()) return std::nullopt;
    const PhoneSays& ours = ours_said_[*next];
    const Duration due = last_theirs_ + (ours.at - last_ours_);
    if (due + kLastMoment > captured_.end) return std::nullopt;
    return Divergence{theirs_said_.size(),
                      fmt::format("the phone in the capture says nothing more; ours {}: it had "
                                  "heard {}",
                                  said_at(ours), or_nothing(heard_before(ours_, ours)))};
  }

  const Conversation& captured_;
  const Conversation& ours_;
  Duration slack_;
  std::vector<PhoneSays> theirs_said_;
  std::vector<PhoneSays> ours_said_;
  std::vector<bool> used_;
  Duration last_theirs_{};
  Duration last_ours_{};
};

/// As far back as repetitions are looked for.
std::span<const PhoneSays> latest_of(const std::vector<PhoneSays>& all) {
  constexpr std::size_t kMost = 2000;
  return std::span(all).last(std::min(all.size(), kMost));
}

}  // namespace

std::vector<PhoneSays> said_by_phone(const Conversation& heard) {
  std::vector<PhoneSays> all;
  for (PhoneSays& says : every_word_of_phone(heard)) {
    const Said& said = heard.said[says.place];
    if (said.again) continue;
    // The same question in other words of the transport: nobody had answered it.
    const bool repeated = !all.empty() && said.talk != Talk::http && !said.answers &&
                          std::ranges::any_of(latest_of(all), [&](const PhoneSays& before) {
                            const Said& asked = heard.said[before.place];
                            return before.meaning == says.meaning && asked.talk == said.talk &&
                                   asked.answered_by.empty() &&
                                   said.at - before.at < std::chrono::minutes(2);
                          });
    if (!repeated) all.push_back(std::move(says));
  }
  return all;
}

std::vector<PhoneSays> every_word_of_phone(const Conversation& heard) {
  std::vector<PhoneSays> all;
  for (std::size_t i = 0; i < heard.said.size(); ++i) {
    const Said& said = heard.said[i];
    if (!said.by_phone) continue;
    auto [meaning, words] = read_out(said);
    if (!meaning.empty()) all.push_back({said.at, i, std::move(meaning), std::move(words)});
  }
  return all;
}

std::optional<Divergence> first_divergence(const Conversation& captured, const Conversation& ours,
                                           Duration slack) {
  return Comparison(captured, ours, slack).run();
}

std::string time_words(Duration at) {
  return fmt::format("{:.6f} s", std::chrono::duration<double>(at).count());
}

}  // namespace provlab::lab
