#include "sim/lab/importing/other_answers.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "core/platform/text.hpp"

namespace provlab::lab {

namespace {

using Answers = std::map<std::string, std::vector<const Said*>>;

/// To each request, in their order.
Answers answers_by_request(const Conversation& heard) {
  Answers found;
  for (const Said& said : heard.said) {
    if (said.by_phone || said.as<HttpSaid>() == nullptr || !said.answers) continue;
    found[heard.said[*said.answers].words].push_back(&said);
  }
  return found;
}

/// Lines that a reader may take one way or the other: folded ones, lengths in doubt, none at all.
bool has_odd_head(const HttpSaid& http) {
  constexpr std::size_t kMostHead = 4096;
  std::size_t lengths = 0;
  const std::string& head = http.head;
  for (std::size_t line = head.find('\n'); line != head.npos; line = head.find('\n', line + 1)) {
    const std::string_view rest = std::string_view(head).substr(line + 1);
    const std::string_view whole = rest.substr(0, rest.find_first_of("\r\n"));
    const std::size_t colon = whole.find(':');
    if (whole.starts_with(' ') || whole.starts_with('\t') || colon == whole.npos) return true;
    const std::string name = lower(trimmed(whole.substr(0, colon)));
    if (name != whole.substr(0, colon) && name.size() != colon) return true;
    if (name == "content-length" || name == "transfer-encoding") ++lengths;
  }
  return lengths > 1 || head.size() > kMostHead || http.interim || !http.note.empty();
}

/// A document within a scenario has its elements below each other.
std::string without_layout(std::string_view body) {
  std::string out;
  for (std::size_t at = 0; at < body.size(); ++at) {
    out += body[at];
    if (body[at] != '>') continue;
    const std::size_t next = std::min(body.find_first_not_of(" \t\r\n", at + 1), body.size());
    if (next == body.size() || body[next] == '<') at = next - 1;
  }
  return out;
}

bool says_otherwise(const Said& captured, const Said& ours) {
  if (captured.octets == ours.octets) return false;
  const auto& theirs = *captured.as<HttpSaid>();
  const auto& own = *ours.as<HttpSaid>();
  if (theirs.status != own.status || theirs.whole != own.whole) return true;
  if (has_odd_head(theirs)) return true;
  static constexpr std::array<std::string_view, 3> kRead{"Content-Encoding", "Location",
                                                         "Content-Type"};
  const bool same_lines = std::ranges::all_of(
      kRead, [&](std::string_view name) { return theirs.header(name) == own.header(name); });
  if (!same_lines) return true;
  // What is compressed once more comes to other octets.
  return theirs.header("Content-Encoding").empty() &&
         (without_layout(theirs.body) != without_layout(own.body) ||
          theirs.header("Transfer-Encoding") != own.header("Transfer-Encoding") ||
          theirs.header("Content-Length").empty() != own.header("Content-Length").empty());
}

}  // namespace

std::set<std::string> answered_otherwise(const Conversation& captured, const Conversation& ours) {
  std::set<std::string> found;
  const Answers own = answers_by_request(ours);
  for (const auto& [words, answers] : answers_by_request(captured)) {
    const auto also = own.find(words);
    if (also == own.end()) continue;
    const std::size_t both = std::min(answers.size(), also->second.size());
    for (std::size_t i = 0; i < both; ++i) {
      if (says_otherwise(*answers[i], *also->second[i])) found.insert(words);
    }
  }
  return found;
}

}  // namespace provlab::lab
