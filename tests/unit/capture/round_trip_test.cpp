#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

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
  if (undecided) ++tally.undecided;
  std::cout << name << (undecided ? ": (no wire shows it) " : ": ") << trip.problem.substr(0, 300)
            << '\n';
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
}

}  // namespace
}  // namespace provlab::lab
