#include "sim/lab/neighbours/what_if_words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provlab::lab {

namespace {

std::vector<std::string> split(std::string_view list, std::string_view separator) {
  std::vector<std::string> items;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(separator), list.size());
    items.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + separator.size(), list.size()));
  }
  return items;
}

std::string source_words(std::string_view source) {
  if (source == "none") return "no source";
  if (source == "redirect") return "the redirect service";
  if (source == "configured") return "the URL of the settings";
  return source == "dhcp" ? "DHCP" : std::string(source);
}

/// Of the first run in which they differ, said by `of_item`; empty where they do not.
std::string first_change(const std::string& from, const std::string& to, std::string_view separator,
                         auto of_item) {
  const std::vector<std::string> before = split(from, separator);
  const std::vector<std::string> after = split(to, separator);
  for (std::size_t i = 0; i < std::max(before.size(), after.size()); ++i) {
    const std::string was = i < before.size() ? before[i] : std::string();
    const std::string is = i < after.size() ? after[i] : std::string();
    if (was == is) continue;
    const bool several = std::max(before.size(), after.size()) > 1;
    return of_item(was, is) + (several ? fmt::format(" in run {}", i + 1) : "");
  }
  return {};
}

std::string change_of_requests(const std::string& from, const std::string& to) {
  const std::vector<std::string> before = split(from, ", ");
  const std::vector<std::string> after = split(to, ", ");
  const auto [was, is] = std::ranges::mismatch(before, after);
  if (is != after.end()) return fmt::format("the phone would have asked for {}", *is);
  return fmt::format("the phone would not have asked for {}", *was);
}

/// What the other outcome is unlike this one in, the weightiest first.
std::string consequence(const OutcomeClass& natural, const OutcomeClass& other) {
  if (natural.winner != other.winner) {
    return first_change(natural.winner, other.winner, " ",
                        [](const std::string&, const std::string& is) {
                          return is.empty() ? std::string("there would have been no search")
                                            : source_words(is) + " would have won";
                        });
  }
  if (natural.result != other.result) {
    return first_change(natural.result, other.result, " ",
                        [](const std::string&, const std::string& is) {
                          return is.empty() ? std::string("there would have been nothing to end")
                                            : fmt::format("it would have ended {}", is);
                        });
  }
  if (natural.requests != other.requests) {
    return change_of_requests(natural.requests, other.requests);
  }
  if (natural.heard != other.heard) {
    return "its check-syncs and runs would have come in another order";
  }
  if (natural.settings != other.settings) return "the settings would have been others";
  return "what is expected would have come, with the same outcome";
}

/// `has`: `has ` where it happened, else empty.
std::string mishap_words(const Mishap& mishap, const std::string& packet, const std::string& next,
                         std::string_view has) {
  switch (mishap.kind) {
    case Mishap::Kind::later:
      return fmt::format("{} {}come {} later", packet, has, provlab::to_string(mishap.by));
    case Mishap::Kind::swapped:
      return fmt::format("{} {}come right behind {}", packet, has, next);
    case Mishap::Kind::twice:
      return fmt::format("{} {}come twice", packet, has);
    case Mishap::Kind::lost:
      break;
  }
  return fmt::format("{} {}been lost", packet, has);
}

/// Each said by what came before it, behind `had`.
std::string all_words(const BaseRun& base, const Mishaps& mishaps, std::string_view had,
                      std::string_view has) {
  Mishaps before;
  std::string words;
  for (const auto& [packet, mishap] : mishaps) {
    const std::vector<PacketWords> said = packet_words(base, before, {packet, packet + 1});
    words += words.empty() ? had : " and ";
    words += mishap_words(mishap, said[0].words, said[1].words, has);
    before[packet] = mishap;
  }
  return words;
}

}  // namespace

std::string outcome_words(const OutcomeClass& outcome) {
  const std::vector<std::string> winners = split(outcome.winner, " ");
  const std::vector<std::string> results = split(outcome.result, " ");
  const auto result_of = [&](std::size_t run) {
    return run >= results.size() || results[run] == "none" ? std::string("no result")
                                                           : results[run];
  };
  const bool searched = !winners.empty() && winners[0] != "none";
  std::string words;
  if (winners.size() < 2) {
    words = fmt::format("{} won, {}", searched ? source_words(winners[0]) : "nobody", result_of(0));
  }
  for (std::size_t i = 0; winners.size() > 1 && i < winners.size(); ++i) {
    // Most runs that no source has won have searched for none.
    const std::string won = winners[i] == "none" ? "" : source_words(winners[i]) + " won, ";
    words += fmt::format("{}run {}: {}{}", i == 0 ? "" : "; ", i + 1, won, result_of(i));
  }
  if (!outcome.requests.empty()) words += "; " + outcome.requests;
  return words;
}

std::string outcome_words(const OutcomeClass& outcome, const OutcomeClass& natural) {
  std::string words = outcome_words(outcome);
  if (outcome == natural || words != outcome_words(natural)) return words;
  return words + (outcome.heard != natural.heard ? "; check-syncs and runs in another order"
                                                 : "; other settings");
}

std::string words_of_mishaps(const BaseRun& base, const Mishaps& mishaps) {
  return all_words(base, mishaps, "", "has ");
}

Neighbour words_of_neighbour(const BaseRun& base, const OutcomeClass& natural,
                             const Mishaps& mishaps, const OutcomeClass& outcome) {
  const std::string behind = base.deviations ? to_token(*base.deviations) + "@" : std::string();
  return {.token = behind + mishap_token(mishaps),
          .words = fmt::format("{}, {}", all_words(base, mishaps, "had ", ""),
                               consequence(natural, outcome)),
          .steps = mishaps.size()};
}

Neighbour words_of_fewer_departures(const Deviations& fewer, const std::string& missing,
                                    const OutcomeClass& natural, const OutcomeClass& outcome) {
  return {.token = to_token(fewer),
          .words = fmt::format("were it not that {}, {}", missing, consequence(natural, outcome)),
          .steps = 1};
}

}  // namespace provlab::lab
