#include "sim/lab/importing/importer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/platform/text.hpp"
#include "sim/lab/importing/anonymise.hpp"
#include "sim/lab/importing/replay.hpp"
#include "sim/lab/language/load.hpp"
#include "sim/lab/machine/output_file.hpp"

namespace provlab::lab {

namespace {

namespace fs = std::filesystem;

std::string listed(const std::vector<SeenPhone>& phones) {
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
    return fail(fmt::format("there is no phone in its {} frames{}", found.frames, trouble),
                options.capture);
  }
  return fail(
      "there is no phone of Auerswald's in it; name another by --mac: " + listed(found.phones),
      options.capture);
}

class Importer {
 public:
  Importer(const ImportOptions& options, Import& import) : options_(options), import_(import) {}

  Expected<void> run() {
    if (auto written = attempt({}, nullptr); !written) return written;
    Manner best;
    for (const Manner& manner :
         {Manner{.patient = true}, Manner{.exact = true}, Manner{.exact = true, .patient = true}}) {
      if (!import_.divergence) break;
      if (auto written = improve(manner, best); !written) return written;
    }
    // Octets have what is a customer's in them.
    for (const Talk talk : {Talk::dhcp, Talk::dns, Talk::http}) {
      if (!options_.keep || !import_.divergence) break;
      Manner manner = best;
      manner.raw.insert(talk);
      if (auto written = improve(manner, best); !written) return written;
    }
    return conclude(best);
  }

 private:
  /// How a draft is written.
  struct Manner {
    bool exact = false;
    bool patient = false;
    std::set<Talk> raw{};
  };
  struct Outcome {
    Draft draft;
    std::vector<Complaint> complaints;
    std::optional<Divergence> divergence;
    DraftOutcome outcome;
  };

  /// Tries a manner, and keeps it where it brings the phones further. What is read better is tried
  /// first.
  Expected<void> improve(const Manner& manner, Manner& best) {
    const Outcome before = take();
    if (auto written = attempt(manner, nullptr); !written) return written;
    const bool better = import_.complaints.empty() &&
                        (!import_.divergence || import_.divergence->same > before.divergence->same);
    if (better) {
      best = manner;
    } else {
      put(before);
    }
    return {};
  }

  Outcome take() const {
    return {import_.draft, import_.complaints, import_.divergence, import_.outcome};
  }
  void put(const Outcome& outcome) {
    import_.draft = outcome.draft;
    import_.complaints = outcome.complaints;
    import_.divergence = outcome.divergence;
    import_.outcome = outcome.outcome;
  }

  DraftOptions draft_options(const Manner& manner, const DraftOutcome* outcome) const {
    return {.name = options_.name,
            .source = options_.keep && !options_.capture.empty()
                          ? fs::path(options_.capture).filename().string()
                          : "a capture",
            .exact = manner.exact,
            .raw = manner.raw,
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
    import_.draft = draft_scenario(import_.heard, draft_options(manner, outcome));
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
  Import& import_;
};

}  // namespace

Expected<PhonesInFile> phones_in(const std::string& file) {
  auto reader = CaptureReader::open(file);
  if (!reader) return std::unexpected(reader.error());
  return find_phones(**reader);
}

Expected<Conversation> conversation_in_file(const std::string& file, const SeenPhone& phone) {
  auto reader = CaptureReader::open(file);
  if (!reader) return std::unexpected(reader.error());
  return conversation_of(phone, traffic_of(**reader, phone));
}

Expected<Import> import_heard(Conversation heard, const ImportOptions& options) {
  Import import{.phones = {},
                .heard = {.phone = heard.phone, .said = {}, .connections = {}, .remarks = {}},
                .stand_ins = {},
                .draft = {.text = {}, .documents = {}},
                .scenario = (fs::path(options.folder) / (options.name + ".xml")).string(),
                .complaints = {},
                .outcome = {.results = {}, .winner = {}, .url = {}},
                .divergence = {}};
  import.heard = options.keep ? std::move(heard) : anonymised(heard, import.stand_ins);
  import.compared = said_by_phone(import.heard).size();
  if (auto written = Importer(options, import).run(); !written) {
    return std::unexpected(written.error());
  }
  return import;
}

Expected<Import> import_capture(const ImportOptions& options) {
  const auto found = phones_in(options.capture);
  if (!found) return std::unexpected(found.error());
  const auto phone = chosen_phone(*found, options);
  if (!phone) return std::unexpected(phone.error());
  auto heard = conversation_in_file(options.capture, *phone);
  if (!heard) return std::unexpected(heard.error());
  auto import = import_heard(std::move(*heard), options);
  if (!import) return import;
  import->phones = found->phones;
  import->frames = found->frames;
  return import;
}

}  // namespace provlab::lab
