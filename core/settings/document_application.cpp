#include <fmt/format.h>

#include <pugixml.hpp>

#include "core/platform/text.hpp"
#include "core/settings/device_settings.hpp"
#include "core/settings/events.hpp"
#include "core/settings/merge.hpp"
#include "core/settings/operations.hpp"
#include "core/settings/release_schema.hpp"
#include "core/settings/section.hpp"
#include "core/settings/section_version.hpp"
#include "core/settings/xml_tree.hpp"
#include "core/settings/xsd_value.hpp"

namespace provlab::settings {

/// What a document is about to do. Events are recorded when that is certain, after the store.
struct DeviceSettings::Transaction {
  struct Change {
    SectionOutcome outcome;
    Stripped stripped;
    std::optional<UpToDate> migrated;
  };
  explicit Transaction(const Configuration& current) : next(current) {}

  void reject(std::string_view section, std::string reason,
              std::optional<UpToDate> migrated = std::nullopt) {
    changes.push_back(
        {{std::string(section), SectionOutcome::What::rejected, false, std::move(reason)},
         {},
         std::move(migrated)});
  }

  Configuration next;
  std::vector<Change> changes;
  std::vector<OperationOutcome> operations;
  std::vector<OperationEffect> effects;  // of each operation; no sections where it failed
};

ApplyOutcome DeviceSettings::apply(const Document& document, const std::string& url) {
  ApplyOutcome outcome;
  Transaction transaction(configuration_);
  switch (document.type) {
    case DocumentType::patch:
      apply_patch(document, transaction);
      break;
    case DocumentType::operations:
      apply_operations(document, transaction);
      break;
    case DocumentType::reference:
      transaction.reject("referencedSettings",
                         "a document of reference type holds no settings to apply");
      break;
  }
  finish(transaction, url, outcome);
  return outcome;
}

void DeviceSettings::apply_patch(const Document& document, Transaction& transaction) {
  const pugi::xml_node root = document.xml->document_element();
  if (name_of(root) != "configuration") {
    patch_section(root, true, transaction);
    return;
  }
  const bool merging = read_switch(root.attribute("patchDefault").value()).value_or(true);
  for (pugi::xml_node section = first_element(root); section; section = next_element(section)) {
    patch_section(section, merging, transaction);
  }
}

void DeviceSettings::patch_section(pugi::xml_node given, bool patch_default,
                                   Transaction& transaction) {
  using What = SectionOutcome::What;
  const std::string_view name = given.name();
  const SectionPointer preset = factory_.section(name);
  if (!preset) {
    transaction.reject(shortened(name), fmt::format("release {} has no such section; it has {}",
                                                    provlab::to_string(device_.release),
                                                    fmt::join(factory_.section_names(), ", ")));
    return;
  }
  const std::string_view patch = given.attribute("patch").value();
  const std::optional<bool> patching = read_switch(patch);
  if (given.attribute("patch") && !patching) {
    transaction.reject(name, fmt::format("patch=\"{}\": write true or false", shortened(patch)));
    return;
  }
  const bool merging = patching.value_or(patch_default);
  auto source = bring_up_to_date(given, device_.release);
  if (!source) return transaction.reject(name, source.error().to_string());
  const pugi::xml_node section = source->section;
  std::optional<UpToDate> migrated;
  if (source->migrated()) migrated = std::move(*source);
  const SectionPointer current = configuration_.section(name);
  Stripped stripped;
  const auto candidate = combine(section, merging ? *current : *preset,
                                 merging ? MergeMode::merge : MergeMode::replace, stripped);
  if (!candidate) {
    return transaction.reject(name, candidate.error().to_string(), std::move(migrated));
  }
  SectionOutcome outcome{std::string(name), merging ? What::merged : What::replaced, false, {}};
  outcome.changed = !(*candidate)->same_as(*current);
  if (outcome.changed) {
    const Configuration next = transaction.next.with(*candidate);
    if (auto judged = judge(**candidate, next); !judged) {
      return transaction.reject(name, judged.error().to_string(), std::move(migrated));
    }
    transaction.next = next;
  }
  transaction.changes.push_back({std::move(outcome), std::move(stripped), std::move(migrated)});
}

Expected<SectionPointer> DeviceSettings::combine(pugi::xml_node given, const Section& base,
                                                 MergeMode mode, Stripped& stripped) const {
  const SectionPointer preset = factory_.section(given.name());
  Draft draft = base.draft();
  if (auto merged = merge_section(draft->document_element(), preset->element(),
                                  *ReleaseSchema::of(device_.release).model(given.name()), given,
                                  mode, stripped);
      !merged) {
    return std::unexpected(std::move(merged.error()));
  }
  return std::make_shared<const Section>(std::move(draft));
}

void DeviceSettings::apply_operations(const Document& document, Transaction& transaction) {
  pugi::xml_document all;
  for (const SectionPointer& section : configuration_.sections()) {
    all.append_copy(section->element());
  }
  std::set<std::string, std::less<>> touched;
  OperationBudget budget{.octets = configuration_.octets()};
  const pugi::xml_node root = document.xml->document_element();
  for (pugi::xml_node operation = first_element(root); operation;
       operation = next_element(operation)) {
    auto effect = carry_out(operation, all, budget);
    OperationOutcome outcome{shortened(name_of(operation)), operation.attribute("path").value(),
                             effect.has_value(), effect ? std::string() : effect.error().text};
    transaction.operations.push_back(std::move(outcome));
    if (effect) touched.insert(effect->sections.begin(), effect->sections.end());
    transaction.effects.push_back(effect ? std::move(*effect) : OperationEffect());
  }
  for (const std::string& name : touched) judge_operated(name, all, transaction);
}

/// Takes a section over from the operations' result, or discards all operations on it (SPEC 5.6).
void DeviceSettings::judge_operated(const std::string& name, const pugi::xml_document& all,
                                    Transaction& transaction) {
  auto draft = std::make_unique<pugi::xml_document>();
  draft->append_copy(child_named(all, name));
  clean(draft->document_element());
  tidy(draft->document_element(), *ReleaseSchema::of(device_.release).model(name));
  SectionPointer candidate = std::make_shared<const Section>(std::move(draft));
  SectionOutcome outcome{name, SectionOutcome::What::operated, false, {}};
  outcome.changed = !candidate->same_as(*configuration_.section(name));
  if (outcome.changed) {
    if (auto judged = judge(*candidate, transaction.next.with(candidate)); !judged) {
      return transaction.reject(name, judged.error().to_string());
    }
    // What was deleted is the factory's again, and all stands in its place (SPEC 6.5): else a
    // backup, which cannot say that a setting is not there, would restore something else.
    Stripped none;
    auto whole = combine(candidate->element(), *factory_.section(name), MergeMode::replace, none);
    if (!whole) return transaction.reject(name, whole.error().to_string());
    candidate = std::move(*whole);
    outcome.changed = !candidate->same_as(*configuration_.section(name));
    transaction.next = transaction.next.with(candidate);
  }
  transaction.changes.push_back({std::move(outcome), {}, {}});
}

namespace {

/// What operations did to a section that was rejected is discarded. One that did something to
/// another section as well stays accepted there.
void discard(std::vector<OperationOutcome>& operations, std::vector<OperationEffect>& effects,
             const SectionOutcome& section) {
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (effects[i].sections.erase(section.section) == 0) continue;
    operations[i].accepted = !effects[i].sections.empty();
    if (!operations[i].reason.empty()) operations[i].reason += "; ";
    operations[i].reason +=
        fmt::format("discarded with all operations on {}: {}", section.section, section.reason);
  }
}

}  // namespace

void DeviceSettings::finish(Transaction& transaction, const std::string& url,
                            ApplyOutcome& outcome) {
  using What = SectionOutcome::What;
  for (std::size_t i = 0; i < transaction.operations.size(); ++i) {
    const OperationOutcome& operation = transaction.operations[i];
    if (operation.accepted) {
      host_.record(OperationApplied{operation.operation, operation.path,
                                    transaction.effects[i].matches, url});
    } else {
      host_.record(OperationFailed{operation.operation, operation.path, operation.reason, url});
    }
  }
  for (const auto& change : transaction.changes) {
    outcome.changed = outcome.changed || change.outcome.changed;
  }
  if (outcome.changed) {
    if (const auto stored = commit(transaction.next, kept_); !stored) {
      outcome.changed = false;
      for (auto& change : transaction.changes) {
        if (!change.outcome.changed) continue;
        change.outcome = {change.outcome.section, What::rejected, false, stored.error().text};
        change.stripped = {};
      }
    }
  }
  for (auto& [section, stripped, migrated] : transaction.changes) {
    if (migrated) record_migrated(*migrated, url);
    record_stripped(stripped, url);
    if (section.what == What::rejected) {
      host_.record(SectionRejected{section.section, section.reason, url});
      discard(transaction.operations, transaction.effects, section);
    } else {
      host_.record(SectionApplied{section.section, to_string(section.what), section.changed, url});
      if (!section.changed) section.what = What::unchanged;
    }
    if (transaction.operations.empty())
      ++(section.what == What::rejected ? outcome.rejected : outcome.accepted);
    outcome.sections.push_back(std::move(section));
  }
  for (const OperationOutcome& operation : transaction.operations) {
    if (operation.accepted) ++outcome.accepted;
    if (!operation.reason.empty()) ++outcome.rejected;
  }
  outcome.operations = std::move(transaction.operations);
  if (outcome.changed) changed_.notify_all();
}

}  // namespace provlab::settings
