#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/lab/importing/divergence.hpp"
#include "sim/lab/importing/draft_scenario.hpp"
#include "sim/lab/importing/stand_ins.hpp"
#include "sim/lab/markup/complaint.hpp"

namespace provlab::lab {

struct ImportOptions {
  std::string capture;              ///< the file
  std::optional<MacAddress> mac{};  ///< of the phone; not given: the first one of Auerswald's
  std::string folder;               ///< where scenario and documents go
  std::string name;                 ///< of the scenario
  bool keep = false;                ///< what is a customer's stays
  std::string keys{};   ///< file of a key log that opens TLS; empty: only what the capture carries
  std::string phone{};  ///< scenario whose phone it is (KnownPhone); empty: as it shows (D57)
  Duration slack = std::chrono::seconds(1);
};

struct Import {
  std::vector<SeenPhone> phones;  ///< all that are in it
  std::size_t frames = 0;
  MacAddress seen;     ///< of the one that was chosen, as the capture has it
  Conversation heard;  ///< of the one that was chosen, without what is a customer's
  StandIns stand_ins;
  Draft draft;
  std::string scenario;                  ///< its file
  std::vector<Complaint> complaints;     ///< of the scenario; none, unless there is a fault of ours
  std::size_t compared = 0;              ///< how much the phone said
  DraftOutcome outcome;                  ///< what our phone came to
  std::optional<Divergence> divergence;  ///< nothing: our phone says the same
};

/// The first of them with their vendor classes, and how many more there are.
std::string listed(std::span<const SeenPhone> phones);

/// Which phones a file shows.
Expected<PhonesInFile> phones_in(const std::string& file);
/// Everything that the phone of that MAC address and its servers said. `keys`: lines of a key log,
/// beside those that the file carries.
Expected<Conversation> conversation_in_file(const std::string& file, const SeenPhone& phone,
                                            std::string_view keys = {});

/// From what was heard to a scenario that lies in its folder and was played at once: first written
/// as it is read best; where our phone parts from the capture then, with every delay as it was,
/// unless that helps nothing (D51).
/// `stand_ins`: what stood for what in other conversations of the same capture.
Expected<Import> import_heard(Conversation heard, const ImportOptions& options,
                              StandIns stand_ins = {});
/// The same of a capture; its phone is chosen first.
Expected<Import> import_capture(const ImportOptions& options);

/// So many phones of one capture are imported at most.
inline constexpr std::size_t kMostImported = 16;

/// The same of every phone of Auerswald's that says something, one after the other, unless options
/// name one; `take` gets each. The first is that of import_capture; each further one has a folder
/// and a name of its own within that of the first (`NAME-2/NAME-2.xml`). Returned are those beyond
/// kMostImported.
Expected<std::vector<SeenPhone>> import_phones(const ImportOptions& options,
                                               const std::function<void(const Import&)>& take);

}  // namespace provlab::lab
