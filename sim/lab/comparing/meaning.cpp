#include "sim/lab/comparing/meaning.hpp"

#include <algorithm>
#include <array>

#include "core/platform/checksum.hpp"
#include "core/platform/text.hpp"
#include "sim/text/parse.hpp"

namespace provlab::lab {

namespace {

/// Behind these stands a value that is drawn anew each time.
constexpr std::array<std::string_view, 7> kDrawn{
    "branch=", "tag=", "call-id: ", "xid=", "nonce=", "cnonce=", "response="};
/// Fields that number things, or count octets of what was drawn.
constexpr std::array<std::string_view, 6> kNumbers{"xid",    "call_id", "packet",
                                                   "branch", "nth",     "checksum"};
/// How long something took: the times of the events say it.
constexpr std::array<std::string_view, 3> kTaken{"waited", "duration", "round_trip"};
/// How long something is going to take.
constexpr std::array<std::string_view, 3> kAhead{"delay", "restart_after", "by"};
/// Ports from here on are those of clients, here and on Linux.
constexpr unsigned kFirstClientPort = 32768;

bool is_one_of(std::string_view name, const auto& names) {
  return std::ranges::find(names, name) != names.end();
}

bool ends_token(char c) {
  return c == ';' || c == '|' || c == '>' || c == ' ' || c == ',' || c == '&' || c == '"';
}

/// Walks through a text once.
class ChanceFilter {
 public:
  ChanceFilter(std::string_view text, std::vector<WallTime>& moments)
      : text_(text), moments_(moments) {}

  std::string run() {
    out_.reserve(text_.size());
    while (at_ < text_.size()) {
      if (!moment() && !port() && !drawn()) out_ += text_[at_++];
    }
    return std::move(out_);
  }

 private:
  bool begins_number() const {
    return is_digit(text_[at_]) && (at_ == 0 || !is_digit(text_[at_ - 1]));
  }

  bool moment() {
    constexpr std::size_t kLeast = 20;
    if (!begins_number() || text_.size() - at_ < kLeast || text_[at_ + 4] != '-' ||
        text_[at_ + 10] != 'T') {
      return false;
    }
    const std::size_t end = text_.find('Z', at_);
    if (end == text_.npos) return false;
    const auto time = parse_wall_time(text_.substr(at_, end + 1 - at_));
    if (!time) return false;
    moments_.push_back(*time);
    out_ += '@';
    at_ = end + 1;
    return true;
  }

  /// `:49152` behind a digit.
  bool port() {
    if (text_[at_] != ':' || at_ == 0 || !is_digit(text_[at_ - 1])) return false;
    std::size_t end = at_ + 1;
    unsigned number = 0;
    while (end < text_.size() && is_digit(text_[end]) && number < 100'000) {
      number = number * 10 + static_cast<unsigned>(text_[end++] - '0');
    }
    if (number < kFirstClientPort || number > 65535) return false;
    out_ += ":*";
    at_ = end;
    return true;
  }

  bool drawn() {
    if (at_ > 0 && is_letter(text_[at_ - 1])) return false;
    for (const std::string_view key : kDrawn) {
      if (!same_ignoring_case(text_.substr(at_, key.size()), key)) continue;
      out_ += key;
      at_ += key.size();
      if (at_ < text_.size() && text_[at_] == '"') ++at_;
      while (at_ < text_.size() && !ends_token(text_[at_])) ++at_;
      return true;
    }
    return false;
  }

  std::string_view text_;
  std::vector<WallTime>& moments_;
  std::string out_;
  std::size_t at_ = 0;
};

/// What the lab prepares says nothing of what happened.
bool is_left_out(const LoggedEvent& event, std::string_view field) {
  if (is_one_of(field, kNumbers) || is_one_of(field, kTaken)) return true;
  if (field == "octets") return event.is("packet_sent") || event.is("store_saved");
  return event.is("schedule_planned") && field == "local";  // `next` says it
}

/// `03:04`, of a clock.
bool add_minute(std::string_view text, std::vector<WallTime>& moments) {
  if (text.size() != 5 || text[2] != ':') return false;
  const auto number = [&](std::size_t at) { return (text[at] - '0') * 10 + text[at + 1] - '0'; };
  moments.emplace_back(std::chrono::hours(number(0)) + std::chrono::minutes(number(3)));
  return true;
}

}  // namespace

std::string without_chance(std::string_view text, std::vector<WallTime>& moments) {
  return ChanceFilter(text, moments).run();
}

std::uint64_t meaning_of(const LoggedEvent& event, std::vector<WallTime>& moments) {
  std::uint64_t sum = checksum_of(event.name, checksum_of(event.host));
  for (const LoggedField& field : event.fields) {
    if (is_left_out(event, field.name)) continue;
    sum = checksum_of(field.name, sum);
    if (is_one_of(field.name, kAhead)) {
      if (const auto time = parse_duration(field.value)) {
        moments.emplace_back(*time);
        continue;
      }
    }
    if (event.is("schedule_minute_drawn") && add_minute(field.value, moments)) continue;
    sum = checksum_of(without_chance(field.value, moments), sum);
  }
  return sum;
}

}  // namespace provlab::lab
