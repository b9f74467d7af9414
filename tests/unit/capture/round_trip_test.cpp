#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "sim/lab/importing/importer.hpp"
#include "sim/lab/importing/replay.hpp"
#include "sim/lab/language/load.hpp"
#include "tests/temporary_folder.hpp"

/// From a scenario of the library to its capture, from that to an imported scenario, and from that
/// to a capture again: the phone asks the same in the same order.
namespace provlab::lab {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> library() {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(PROVLAB_SOURCE_DIR) / "scenarios")) {
    if (entry.path().extension() != ".xml") continue;
    std::ifstream file(entry.path());
    std::string start(9, '\0');
    file.read(start.data(), 9);
    if (start == "<scenario") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

/// What servers say, octet for octet but for what chance and clocks make: equal wires decide
/// equally.
std::vector<std::string> said_by_servers(const Conversation& heard) {
  std::vector<std::string> all;
  for (const Said& said : heard.said) {
    if (said.by_phone) continue;
    std::string octets = said.octets;
    if (said.talk == Talk::dhcp) octets.erase(4, 4);
    if (said.talk == Talk::dns) octets.erase(0, 2);
    if (const auto* sip = said.as<SipSaid>()) {
      octets = sip->method + sip->event + sip->content_type + sip->body;
    }
    if (const auto* ntp = said.as<NtpSaid>()) {
      const auto seconds = std::chrono::round<std::chrono::seconds>(ntp->time.time_since_epoch());
      octets = fmt::format("{} {} {} {}", ntp->leap, ntp->stratum, ntp->reference, seconds.count());
    }
    if (said.talk == Talk::tls || said.talk == Talk::other) octets.clear();
    all.push_back(said.words + " " + octets);
  }
  return all;
}

/// Those that had come about by then: what comes later the capture does not show.
std::vector<std::string> results_until(const DraftOutcome& outcome, Duration time) {
  std::vector<std::string> results;
  for (std::size_t i = 0; i < outcome.results.size(); ++i) {
    if (outcome.ended[i] <= time) results.push_back(outcome.results[i]);
  }
  return results;
}

/// Why some do not come back.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kReasons{{
    {"preconditions/messages-that-are-not-awaited-are-ignored.xml",
     "chance decides when a renewal is repeated, by more than the slack"},
    {"preconditions/probe-may-be-lost.xml",
     "which probes of ARP are lost is no part of what is read"},
    {"preconditions/secs-are-those-since-the-search-began.xml",
     "chance decides when a DISCOVER is repeated, by more than the slack"},
    {"races/eight-answers.xml",
     "answers to one question leave in the same instant, in an order of the race"},
    {"races/six-answers.xml",
     "answers to one question leave in the same instant, in an order of the race"},
    {"transport/header-lines-that-say-how-a-body-is-coded.xml",
     "octets end their connection, and there it went on without an answer"},
    {"transport/power-cut-and-boot-at-once.xml",
     "a server that is slow looks like one that stops, since the phone is gone before the rest "
     "comes"},
}};

std::string_view reason_of(const std::string& name) {
  const auto found = std::ranges::find(kReasons, name, &decltype(kReasons)::value_type::first);
  return found == kReasons.end() ? "" : found->second;
}

/// How the way there and back ends.
struct Trip {
  bool same_requests = false;
  bool same_results = false;
  bool decided = true;  ///< what the servers said differs as well
  std::string problem;
};

Trip trip_of(const Shared<ScenarioPlan>& plan, const Replay& original, const std::string& folder,
             bool known) {
  const auto import = import_heard(original.heard, {.capture = {},
                                                    .folder = folder,
                                                    .name = "trip",
                                                    .keep = true,
                                                    .phone = known ? plan->file : std::string()});
  if (!import) return {.problem = import.error().to_string()};
  if (!import->complaints.empty()) {
    return {.problem = "invalid: " + import->complaints.front().to_string()};
  }
  if (import->divergence) return {.problem = import->divergence->text};
  Trip trip{.same_requests = true, .problem = {}};
  const PlanResult again = load_scenario(import->scenario);
  if (!again) return {.problem = "what was written cannot be read again"};
  const Replay ours = replay(*again, (*again)->variants.front());
  // What is measured is the scenario as it lies there, not what the import said of it.
  if (const auto parted = first_divergence(original.heard, ours.heard, std::chrono::seconds(1))) {
    return {.problem = "played once more: " + parted->text};
  }
  const std::vector<std::string> was = results_until(original.outcome, original.heard.end);
  std::vector<std::string> is = results_until(ours.outcome, Duration::max());
  if (is.size() > was.size() &&
      ours.outcome.ended[was.size()] + std::chrono::seconds(1) > original.heard.end) {
    is.resize(was.size());
  }
  trip.same_results = is == was;
  trip.decided = said_by_servers(original.heard) != said_by_servers(ours.heard);
  if (!trip.same_results) {
    trip.problem =
        fmt::format("its results are {} and were {}", fmt::join(is, " "), fmt::join(was, " "));
  }
  return trip;
}

/// Scenarios by how they come back.
struct Tally {
  std::size_t tried = 0;
  std::size_t by_wire = 0;    ///< the capture alone was enough
  std::size_t by_phone = 0;   ///< with the phone known: settings, knobs, hands
  std::size_t undecided = 0;  ///< the same wire both ways, and another result
  std::set<std::string> lost{};
  double rate() const {
    return 100.0 * static_cast<double>(by_wire + by_phone + undecided) / static_cast<double>(tried);
  }
};

void try_scenario(const fs::path& file, const std::string& folder, Tally& tally) {
  const PlanResult plan = load_scenario(file.string());
  if (!plan || !(*plan)->daemons.empty()) return;
  const Replay original = replay(*plan, (*plan)->variants.front());
  ++tally.tried;
  Trip trip;
  for (const bool known : {false, true}) {
    trip = trip_of(*plan, original, folder, known);
    if (trip.same_requests && trip.same_results) {
      ++(known ? tally.by_phone : tally.by_wire);
      return;
    }
  }
  const std::string name = fs::relative(file, fs::path(PROVLAB_SOURCE_DIR) / "scenarios").string();
  const bool undecided = trip.same_requests && !trip.decided;
  if (undecided) {
    ++tally.undecided;
  } else {
    tally.lost.insert(name);
  }
  const std::string_view reason = undecided ? "no wire shows it" : reason_of(name);
  std::cout << fmt::format("{}: ({}) {}\n", name, reason.empty() ? "why is not known" : reason,
                           trip.problem.substr(0, 300));
}

TEST(RoundTrip, LibraryComesBackFromItsCaptures) {
  prepare_language();
  const test::TemporaryFolder folder;
  Tally tally;
  // PROVLAB_ROUND_TRIP names those that are looked into: a part of their path.
  const char* const only = std::getenv("PROVLAB_ROUND_TRIP");
  for (const fs::path& file : library()) {
    if (only != nullptr && file.string().find(only) == std::string::npos) continue;
    try_scenario(file, folder.path(), tally);
  }
  std::cout << fmt::format(
      "{} of {} scenarios came back ({:.1f} %): {} by the wire alone, {} with what was known of "
      "the "
      "phone, {} with another result that no wire shows\n",
      tally.by_wire + tally.by_phone + tally.undecided, tally.tried, tally.rate(), tally.by_wire,
      tally.by_phone, tally.undecided);
  if (only != nullptr) return;
  EXPECT_GT(tally.tried, 500U);
  EXPECT_GE(tally.rate(), 98.0);
  for (const auto& [name, reason] : kReasons) {
    EXPECT_TRUE(tally.lost.contains(std::string(name))) << name << " comes back: strike it out";
  }
}

/// What depends on the equality of names, addresses and words still does. Most of those that do
/// not come back depend on octets of SIP and DNS that are not kept.
TEST(RoundTrip, StandInsComeBackAsOriginalsDo) {
  prepare_language();
  const test::TemporaryFolder folder;
  constexpr std::size_t kEach = 5;
  std::size_t number = 0;
  std::size_t originals = 0;
  std::size_t stand_ins = 0;
  for (const fs::path& file : library()) {
    if (number++ % kEach != 0) continue;
    const PlanResult plan = load_scenario(file.string());
    if (!plan || !(*plan)->daemons.empty()) continue;
    const Replay original = replay(*plan, (*plan)->variants.front());
    ImportOptions options{
        .capture = {}, .folder = folder.path(), .name = "trip", .keep = true, .phone = {}};
    const auto kept = import_heard(original.heard, options);
    options.keep = false;
    const auto replaced = import_heard(original.heard, options);
    ASSERT_TRUE(kept && replaced) << file;
    EXPECT_TRUE(replaced->complaints.empty()) << file << replaced->complaints.front().to_string();
    if (kept->divergence) continue;
    ++originals;
    if (!replaced->divergence) {
      ++stand_ins;
    } else {
      std::cout << file.filename().string() << ": " << replaced->divergence->text << "\n";
    }
  }
  std::cout << stand_ins << " of " << originals << " come back with stand-ins\n";
  EXPECT_GT(originals, 100U);
  EXPECT_GE(10 * stand_ins, 9 * originals);
}

}  // namespace
}  // namespace provlab::lab
