#pragma once
#include <climits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/platform/device_identity.hpp"
#include "core/platform/time.hpp"

/// What a scenario expects, as data, and how reports call it. Judged over the trace alone, see
/// sim/lab/verdict/judge.hpp.
namespace provlab::lab {

/// A moment of a run: so long after the start, or after the nth event of a name.
struct Moment {
  std::string anchor;  ///< an event's name or a result; empty: the start
  unsigned nth = 1;
  Duration offset{};
  std::string time_of_day{};  ///< as written, where it was; the offset is what it comes to

  std::string to_string() const;
};

/// When something must have happened; without any member at any time.
struct When {
  std::optional<Moment> at;                             ///< exactly then
  std::optional<std::pair<Duration, Duration>> within;  ///< not before, not after …
  std::optional<Moment> of;                             ///< … counted from here, else the start

  /// ` within 5s of run_started`, with a leading space; empty without any time.
  std::string to_string() const;
};

/// "once", "3 times".
std::string times_text(std::size_t count);

struct Times {
  unsigned least = 1;
  unsigned most = UINT_MAX;
  bool operator()(std::size_t count) const { return count >= least && count <= most; }
  /// Of counts that are not sure: there may be as many as `possible`, there are at least `certain`.
  bool operator()(std::size_t possible, std::size_t certain) const {
    return possible >= least && certain <= most;
  }
  std::string to_string() const;  ///< `exactly 2 times`, `at least once`
};

/// A header line of a message, or a field of a datagram.
struct HeaderPattern {
  std::string name;
  std::optional<std::string> is;
  std::string contains;
  bool absent = false;  ///< there is none of that name
  std::string to_string() const;
};

/// A request as a responder received it.
struct RequestPattern {
  std::string to;    ///< host; empty: any
  std::string kind;  ///< protocol; empty: any
  std::string is;    ///< its text, in the way of rules; empty: any
  std::string path;  ///< of an HTTP request; `winner` and `loser` of a race; empty: any
  std::vector<HeaderPattern> headers;
  When when;
  std::string to_string() const;
};

/// A response of the phone to a SIP request of ours.
struct ResponsePattern {
  std::string to;      ///< host; empty: any
  std::string answer;  ///< the id of the request; empty: any
  std::string status;  ///< `405`, or `4xx` for all of a class; empty: any
  std::vector<HeaderPattern> headers;
  When when;
  std::string to_string() const;
};

struct FieldPattern {
  std::string field;
  std::optional<std::string> is;
  std::string contains;
};

struct EventPattern {
  std::string name;
  std::string host;  ///< empty: any
  std::vector<FieldPattern> fields;
  When when;
  std::string to_string() const;
};

/// An end of a run.
struct ResultPattern {
  std::vector<std::string> is;  ///< any of them
  std::string says;             ///< part of the sentence
  When when;
  std::string to_string() const;
};

/// Which run of a trace.
struct RunNumber {
  unsigned number = 0;  ///< counted over the whole trace; 0: the only one
  bool last = false;
};

struct ExpectResult {
  ResultPattern result;
  RunNumber run;
};
struct ExpectWinner {
  std::string is;  ///< a source, `first-answer` or `none`
  RunNumber run;
  std::string url;
};
struct ExpectRequests {
  std::string to;
  std::string kind;
  bool in_order = true;
  bool others = false;
  std::vector<RequestPattern> requests;
};
struct ExpectRequest {
  RequestPattern request;
  Times times;
};
struct ExpectEvent {
  EventPattern event;
  Times times;
};
struct ExpectResponse {
  ResponsePattern response;
  Times times;
};
struct ExpectSetting {
  std::string path;  ///< XPath from the section
  std::optional<std::string> equals;
  std::string contains;
  bool absent = false;
  std::optional<Times> times;
  std::optional<Moment> at;  ///< when it is looked up; at the end where not given
};
struct ExpectNever {
  std::vector<std::variant<RequestPattern, ResponsePattern, EventPattern, ResultPattern>> patterns;
};

struct Expectation {
  int line = 0;
  std::string text;  ///< as written, in one line: `<result is="provisioned"/>`
  std::string why;
  std::string not_on_wire;            ///< why it cannot hold there; empty: it can
  std::vector<std::string> variants;  ///< globs; empty: every variant
  std::vector<Release> releases;      ///< of the device; empty: every release
  bool idle_silenced = false;         ///< used="maybe": it may be in vain
  std::variant<ExpectResult, ExpectWinner, ExpectRequests, ExpectRequest, ExpectResponse,
               ExpectEvent, ExpectSetting, ExpectNever>
      what;
};

/// Whether `text` fits a pattern in which `*` stands for any characters.
bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace provlab::lab
