#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/lab/importing/conversation.hpp"
#include "sim/lab/importing/known_phone.hpp"

namespace provlab::lab {

/// What our phone made of a draft, for its expectations.
struct DraftOutcome {
  std::vector<std::string> results{};  ///< of its runs
  std::vector<Duration> ended{};       ///< when each of them came about
  std::string winner{};                ///< source of the first run's URL; empty: there was none
  std::string url{};
};

struct DraftOptions {
  std::string name;                       ///< of the scenario
  std::string source;                     ///< of the capture, for `about`
  bool exact = false;                     ///< times as they are, and each small delay
  std::set<Talk> raw{};                   ///< whose answers are the octets of the capture
  std::set<std::string> octets_for{};     ///< the same of single requests, as rules name them
  const KnownPhone* phone = nullptr;      ///< null: what it is follows from the capture
  bool begun = false;                     ///< its beginning does not show, and is supposed
  bool patient = false;                   ///< the scenario goes on for as long as the capture does
  const DraftOutcome* outcome = nullptr;  ///< null: not known (yet)
};

/// A scenario and the documents beside it.
struct Draft {
  std::string text;
  std::map<std::string, std::string> documents;  ///< name below its folder, to content
};

/// The scenario that a person would have written after having looked at the capture: the hosts
/// with their names, what each server does otherwise than usual, and what the phone did as
/// expectations.
Draft draft_scenario(const Conversation& heard, const DraftOptions& options);

}  // namespace provlab::lab
