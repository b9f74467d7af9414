#include "sim/lab/importing/importer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/platform/text.hpp"
#include "sim/lab/importing/anonymise.hpp"
#include "sim/lab/importing/beginning.hpp"
#include "sim/lab/importing/known_phone.hpp"
#include "sim/lab/importing/other_answers.hpp"
#include "sim/lab/importing/replay.hpp"
#include "sim/lab/language/load.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/machine/output_file.hpp"

namespace provlab::lab {

namespace {

namespace fs = std::filesystem;

Expected<SeenPhone> chosen_phone(const PhonesInFile& found, const ImportOptions& options) {
  if (options.mac) {
    const auto phone = std::ranges::find(found.phones, *options.mac, &SeenPhone::mac);
    if (phone != found.phones.end()) return *phone;
    return fail(fmt::format("{} says nothing in it{}", options.mac->to_string(),
                            found.phones.empty() ? "" : "; there is " + listed(found.phones)),
                options.capture);
  }
  if (!found.phones.empty() && found.phones.front().auerswald()) return found.phones.front();
  if (found.phones.empty()) {
    const std::string trouble = found.trouble.empty() ? "" : "; " + found.trouble;
    return fail(found.frames == 0 ? "there is no frame in it" + trouble
                                  : fmt::format("there is no phone in its {} {}{}", found.frames,
                                                found.frames == 1 ? "frame" : "frames", trouble),
                options.capture);
  }
  return fail(
      "there is no phone of Auerswald's in it; name another by --mac: " + listed(found.phones),
      options.capture);
}

/// Lines of the key log that is named.
Expected<std::string> keys_of(const ImportOptions& options) {
  if (options.keys.empty()) return std::string();
  constexpr std::size_t kMostKeys = std::size_t{64} << 20;
  auto log = read_file(options.keys, kMostKeys);
  if (log && KeyLog(*log).size() == 0) return fail("there is no key in it", options.keys);
  return log;
}

class Importer {
 public:
  Importer(const ImportOptions& options, const KnownPhone* phone, Import& import)
      : options_(options), phone_(phone), import_(import) {}

  Expected<void> run() {
    if (auto written = attempt({}, nullptr); !written) return written;
    Manner best;
    if (import_.divergence && phone_ == nullptr && begins_in_the_middle(import_.heard)) {
      for (const bool patient : {false, true}) {
        if (!import_.divergence) break;
        if (auto written = improve({.begun = true, .patient = patient}, best); !written) {
          return written;
        }
      }
    }
    for (Manner manner :
         {Manner{.patient = true}, Manner{.exact = true}, Manner{.exact = true, .patient = true}}) {
      if (!import_.divergence) break;
      // A time stamp that is wrong makes years of a capture.
      constexpr Duration kLongest = std::chrono::hours(24);
      if (manner.patient && import_.heard.end > kLongest) continue;
      manner.begun = best.begun;
      if (auto written = improve(manner, best); !written) return written;
    }
    if (import_.complaints.empty() && !otherwise_.empty()) {
      Manner manner = best;
      manner.octets_for = otherwise_;
      if (auto written = improve(manner, best); !written) return written;
    }
    for (const Talk talk : {Talk::dhcp, Talk::dns, Talk::ntp, Talk::http, Talk::sip, Talk::other}) {
      if (!import_.divergence) break;
      // The octets of SIP are not written anew, and have what is a customer's in them.
      if ((talk == Talk::sip || talk == Talk::other) && !options_.keep) continue;
      Manner manner = best;
      manner.raw.insert(talk);
      if (auto written = improve(manner, best); !written) return written;
    }
    return conclude(best);
  }

 private:
  /// How a draft is written.
  struct Manner {
    bool begun = false;
    bool exact = false;
    bool patient = false;
    std::set<Talk> raw{};
    std::set<std::string> octets_for{};
  };
  struct Outcome {
    Draft draft;
    std::vector<Complaint> complaints;
    std::optional<Divergence> divergence;
    DraftOutcome outcome;
    std::set<std::string> otherwise;
    bool begun = false;
  };

  /// Tries a manner, and keeps it where it brings the phones further. What is read better is tried
  /// first.
  Expected<void> improve(const Manner& manner, Manner& best) {
    const Outcome before = take();
    if (auto written = attempt(manner, nullptr); !written) return written;
    // Servers that say what those in the capture said count as well, where the phones go as far.
    const bool closer = otherwise_.size() < before.otherwise.size();
    const bool better = import_.complaints.empty() && gets_further(before, closer);
    if (better) {
      best = manner;
    } else {
      put(before);
    }
    return {};
  }

  bool gets_further(const Outcome& before, bool closer) const {
    if (!import_.divergence) return before.divergence || closer;
    if (!before.divergence) return false;
    const std::size_t same = before.divergence->same;
    return import_.divergence->same > same || (closer && import_.divergence->same == same);
  }

  Outcome take() const {
    return {import_.draft,   import_.complaints, import_.divergence,
            import_.outcome, otherwise_,         import_.heard.began_before};
  }
  void put(const Outcome& outcome) {
    import_.draft = outcome.draft;
    import_.complaints = outcome.complaints;
    import_.divergence = outcome.divergence;
    import_.outcome = outcome.outcome;
    otherwise_ = outcome.otherwise;
    import_.heard.began_before = outcome.begun;
  }

  DraftOptions draft_options(const Manner& manner, const DraftOutcome* outcome) const {
    return {.name = options_.name,
            .source = options_.keep && !options_.capture.empty()
                          ? fs::path(options_.capture).filename().string()
                          : "a capture",
            .exact = manner.exact,
            .raw = manner.raw,
            .octets_for = manner.octets_for,
            .phone = phone_,
            .begun = manner.begun,
            .patient = manner.patient,
            .outcome = outcome};
  }

  Expected<void> write() {
    for (const auto& [name, content] : import_.draft.documents) {
      if (auto written = write_file(fs::path(options_.folder) / name, content); !written) {
        return written;
      }
    }
    return write_file(import_.scenario, import_.draft.text);
  }

  /// Writes the draft, plays it, and looks where the phones part.
  Expected<void> attempt(const Manner& manner, const DraftOutcome* outcome) {
    import_.heard.began_before = manner.begun;
    import_.draft = draft_scenario(manner.begun ? with_beginning(import_.heard) : import_.heard,
                                   draft_options(manner, outcome));
    if (auto written = write(); !written) return written;
    const PlanResult plan = load_scenario(import_.scenario);
    import_.complaints.clear();
    if (!plan) {
      import_.complaints = plan.error();
      import_.divergence = Divergence{.same = 0, .text = "the scenario cannot be played"};
      return {};
    }
    const Replay played = replay(*plan, (*plan)->variants.front());
    import_.outcome = played.outcome;
    import_.divergence = first_divergence(import_.heard, played.heard, options_.slack);
    otherwise_ = answered_otherwise(import_.heard, played.heard);
    return {};
  }

  /// What our phone came to is expected, where it is the same phone for all that shows.
  Expected<void> conclude(const Manner& manner) {
    if (import_.complaints.empty() && !import_.divergence) {
      const DraftOutcome outcome = import_.outcome;
      return attempt(manner, &outcome);
    }
    return write();
  }

  const ImportOptions& options_;
  const KnownPhone* phone_;
  Import& import_;
  std::set<std::string> otherwise_;  ///< requests that the draft's servers answer otherwise
};

/// Servers speak to it, and it does not.
bool is_silent(const Conversation& heard) {
  return !heard.said.empty() && std::ranges::none_of(heard.said, &Said::by_phone);
}

}  // namespace

std::string listed(std::span<const SeenPhone> phones) {
  std::string text;
  constexpr std::size_t kMost = 5;
  for (std::size_t i = 0; i < std::min(phones.size(), kMost); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", phones[i].mac.to_string());
    if (!phones[i].vendor_class.empty()) {
      std::string vendor = phones[i].vendor_class.substr(0, 40);
      std::ranges::replace_if(
          vendor, [](char c) { return static_cast<unsigned char>(c) - 0x20U >= 0x5fU; }, '?');
      text += fmt::format(" ({})", vendor);
    }
  }
  if (phones.size() > kMost) text += fmt::format(" and {} more", phones.size() - kMost);
  return text;
}

Expected<PhonesInFile> phones_in(const std::string& file) {
  auto reader = CaptureReader::open(file);
  if (!reader) return std::unexpected(reader.error());
  return find_phones(**reader);
}

Expected<Conversation> conversation_in_file(const std::string& file, const SeenPhone& phone,
                                            std::string_view keys) {
  auto reader = CaptureReader::open(file);
  if (!reader) return std::unexpected(reader.error());
  PhoneTraffic traffic = traffic_of(**reader, phone);
  traffic.secrets.append("\n").append(keys);
  return conversation_of(phone, traffic);
}

Expected<Import> import_heard(Conversation heard, const ImportOptions& options,
                              StandIns stand_ins) {
  Import import{.phones = {},
                .seen = heard.phone.mac,
                .heard = {.phone = heard.phone, .said = {}, .connections = {}, .remarks = {}},
                .stand_ins = std::move(stand_ins),
                .draft = {.text = {}, .documents = {}},
                .scenario = (fs::path(options.folder) / (options.name + ".xml")).string(),
                .complaints = {},
                .outcome = {.results = {}, .winner = {}, .url = {}},
                .divergence = {}};
  import.heard = options.keep ? std::move(heard) : anonymised(heard, import.stand_ins);
  import.compared = said_by_phone(import.heard).size();
  std::optional<KnownPhone> phone;
  if (!options.phone.empty()) {
    auto known = known_phone(options.phone);
    if (!known) return std::unexpected(known.error());
    phone = std::move(*known);
    if (!options.keep) anonymise(*phone, import.stand_ins);
  }
  if (auto written = Importer(options, phone ? &*phone : nullptr, import).run(); !written) {
    return std::unexpected(written.error());
  }
  return import;
}

Expected<Import> import_capture(const ImportOptions& options) {
  const auto found = phones_in(options.capture);
  if (!found) return std::unexpected(found.error());
  const auto phone = chosen_phone(*found, options);
  if (!phone) return std::unexpected(phone.error());
  const auto keys = keys_of(options);
  if (!keys) return std::unexpected(keys.error());
  auto heard = conversation_in_file(options.capture, *phone, *keys);
  if (!heard) return std::unexpected(heard.error());
  if (is_silent(*heard)) {
    return fail(fmt::format("only what servers said to {} was captured, nothing of the phone "
                            "itself; a scenario needs both",
                            phone->mac.to_string()),
                options.capture);
  }
  auto import = import_heard(std::move(*heard), options);
  if (!import) return import;
  import->phones = found->phones;
  import->frames = found->frames;
  return import;
}

Expected<std::vector<SeenPhone>> import_phones(const ImportOptions& options,
                                               const std::function<void(const Import&)>& take) {
  auto first = import_capture(options);
  if (!first) return std::unexpected(first.error());
  take(*first);
  std::vector<SeenPhone> rest;
  if (options.mac) return rest;
  const auto keys = keys_of(options);
  if (!keys) return std::unexpected(keys.error());
  StandIns known = std::move(first->stand_ins);
  std::size_t number = 1;
  for (std::size_t i = 1; i < first->phones.size(); ++i) {
    const SeenPhone& phone = first->phones[i];
    if (!phone.auerswald()) break;
    if (number == kMostImported) {
      rest.push_back(phone);
      continue;
    }
    auto heard = conversation_in_file(options.capture, phone, *keys);
    if (!heard) return std::unexpected(heard.error());
    if (heard->said.empty() || is_silent(*heard)) continue;
    ImportOptions own = options;
    own.name = fmt::format("{}-{}", options.name, ++number);
    own.folder = (fs::path(options.folder) / own.name).string();
    auto import = import_heard(std::move(*heard), own, std::move(known));
    if (!import) return std::unexpected(import.error());
    import->phones = first->phones;
    import->frames = first->frames;
    take(*import);
    known = std::move(import->stand_ins);
  }
  return rest;
}

}  // namespace provlab::lab
