#include "core/settings/document_application.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "core/platform/text.hpp"
#include "core/platform/user_info.hpp"
#include "core/settings/events.hpp"
#include "core/settings/section_records.hpp"
#include "core/settings/xml_tree.hpp"
#include "core/settings/xsd_value.hpp"

namespace provlab::settings {

namespace {

constexpr std::string_view kHttp = "http://";

/// Sections whose child `url` says where the device itself loads from.
constexpr std::array<std::string_view, 2> kLoadingSections = {"provisioning", "update"};

}  // namespace

DocumentApplication::DocumentApplication(const SectionBuilder& builder,
                                         const Configuration& current, const Document& document,
                                         HttpUrls http_urls)
    : builder_(builder), current_(current), http_urls_(http_urls), next_(current) {
  const pugi::xml_node root = document.xml->document_element();
  switch (document.type) {
    case DocumentType::patch:
      patch(root);
      break;
    case DocumentType::operations:
      operate(root);
      break;
    case DocumentType::reference:
      reject("referencedSettings", "a document of reference type holds no settings to apply");
      break;
  }
}

bool DocumentApplication::changes() const {
  return std::ranges::any_of(changes_, [](const Change& each) { return each.outcome.changed; });
}

void DocumentApplication::reject(std::string_view section, std::string reason,
                                 std::optional<UpToDate> migrated) {
  changes_.push_back(
      {{std::string(section), What::rejected, false, std::move(reason)}, {}, std::move(migrated)});
}

void DocumentApplication::patch(pugi::xml_node root) {
  if (name_of(root) != "configuration") return patch_section(root, true);
  const bool merging = read_switch(root.attribute("patchDefault").value()).value_or(true);
  for (pugi::xml_node section = first_element(root); section; section = next_element(section)) {
    if (builder_.factory().section(section.name())) {
      patch_section(section, merging);
    } else {
      unknown_.add(section);  // real backups have more sections than we know (SPEC 6.6)
    }
  }
}

void DocumentApplication::patch_section(pugi::xml_node given, bool patch_default) {
  const std::string_view name = given.name();
  const Configuration& factory = builder_.factory();
  const SectionPointer preset = factory.section(name);
  if (!preset) {
    return reject(shortened(name), fmt::format("release {} has no such section; it has {}",
                                               provlab::to_string(builder_.release()),
                                               fmt::join(factory.section_names(), ", ")));
  }
  const std::string_view patch = given.attribute("patch").value();
  const std::optional<bool> patching = read_switch(patch);
  if (given.attribute("patch") && !patching) {
    return reject(name, fmt::format("patch=\"{}\": write true or false", shortened(patch)));
  }
  const bool merging = patching.value_or(patch_default);
  auto source = bring_up_to_date(given, builder_.release());
  if (!source) return reject(name, source.error().to_string());
  const pugi::xml_node section = source->section;
  std::optional<UpToDate> migrated;
  if (source->migrated()) migrated = std::move(*source);
  if (auto reason = note_http_url(name, section)) {
    return reject(name, std::move(*reason), std::move(migrated));
  }
  const SectionPointer current = current_.section(name);
  Stripped stripped;
  const auto candidate =
      builder_.put_over(merging ? *current : *preset, section,
                        merging ? MergeMode::merge : MergeMode::replace, stripped);
  if (!candidate) return reject(name, candidate.error().to_string(), std::move(migrated));
  SectionOutcome outcome{std::string(name), merging ? What::merged : What::replaced, false, {}};
  outcome.changed = !(*candidate)->same_as(*current);
  if (outcome.changed) {
    Configuration next = next_.with(*candidate);
    if (auto judged = builder_.judge(**candidate, next); !judged) {
      return reject(name, judged.error().to_string(), std::move(migrated));
    }
    next_ = next;
  }
  changes_.push_back({std::move(outcome), std::move(stripped), std::move(migrated)});
}

void DocumentApplication::operate(pugi::xml_node root) {
  pugi::xml_document all;
  for (const SectionPointer& section : current_.sections()) all.append_copy(section->element());
  std::set<std::string, std::less<>> touched;
  OperationBudget budget;
  for (pugi::xml_node operation = first_element(root); operation;
       operation = next_element(operation)) {
    const double visits = budget.visits;
    auto effect = carry_out(operation, all, budget);
    OperationOutcome outcome{shortened(name_of(operation)), operation.attribute("path").value(),
                             effect.has_value(), effect ? std::string() : effect.error().text};
    operations_.push_back(std::move(outcome));
    if (effect) {
      touched.insert(effect->sections.begin(), effect->sections.end());
      const pugi::xml_node written = first_element(operation);
      for (const std::string& section : effect->sections) {
        if (auto reason = note_http_url(section, written)) objections_[section] = *reason;
      }
    }
    effects_.push_back(effect ? std::move(*effect) : OperationEffect());
    effects_.back().cost = static_cast<std::uint64_t>(std::ceil(visits - budget.visits));
  }
  for (const std::string& name : touched) take_operated(name, all);
}

/// Takes a section over from the operations' result, or discards all operations on it (SPEC 5.6).
void DocumentApplication::take_operated(const std::string& name, const pugi::xml_document& all) {
  auto draft = std::make_unique<pugi::xml_document>();
  draft->append_copy(child_named(all, name));
  clean(draft->document_element());
  tidy(draft->document_element(), builder_.model(name));
  SectionPointer candidate = std::make_shared<const Section>(std::move(draft));
  const SectionPointer current = current_.section(name);
  SectionOutcome outcome{name, What::operated, false, {}};
  if (const auto found = objections_.find(name); found != objections_.end()) {
    return reject(name, found->second);
  }
  outcome.changed = !candidate->same_as(*current);
  if (outcome.changed) {
    if (auto judged = builder_.judge(*candidate, next_.with(candidate)); !judged) {
      return reject(name, judged.error().to_string());
    }
    // What was deleted is the factory's again, and all stands in its place (SPEC 6.5): else a
    // backup, which cannot say that a setting is not there, would restore something else.
    Stripped none;
    auto whole = builder_.put_over(*builder_.factory().section(name), candidate->element(),
                                   MergeMode::replace, none);
    if (!whole) return reject(name, whole.error().to_string());
    candidate = std::move(*whole);
    outcome.changed = !candidate->same_as(*current);
    next_ = next_.with(candidate);
  }
  changes_.push_back({std::move(outcome), {}, {}});
}

std::optional<std::string> DocumentApplication::note_http_url(std::string_view section,
                                                              pugi::xml_node given) {
  if (std::ranges::find(kLoadingSections, section) == kLoadingSections.end()) return std::nullopt;
  const pugi::xml_node setting = name_of(given) == "url" ? given : child_named(given, "url");
  const std::string text = text_of(setting);
  const std::string_view url = trimmed(text);
  if (lower(url.substr(0, kHttp.size())) != kHttp) return std::nullopt;
  found_.push_back({std::string(section).append("/url"), shown_url(url)});
  if (http_urls_ == HttpUrls::taken) return std::nullopt;
  return fmt::format("{} is '{}', but the document that says so came by https; give it by https",
                     found_.back().path, shortened(found_.back().url));
}

void DocumentApplication::record_operations(Host& host, const std::string& url) const {
  for (std::size_t i = 0; i < operations_.size(); ++i) {
    const OperationOutcome& operation = operations_[i];
    if (operation.accepted) {
      host.record(OperationApplied{operation.operation, operation.path, effects_[i].matches,
                                   effects_[i].cost, url});
    } else {
      host.record(OperationFailed{operation.operation, operation.path, operation.reason,
                                  effects_[i].cost, url});
    }
  }
}

void DocumentApplication::withdraw(const std::string& reason) {
  for (Change& change : changes_) {
    if (!change.outcome.changed) continue;
    change.outcome = {change.outcome.section, What::rejected, false, reason};
    change.stripped = {};
  }
}

/// What operations did to a section that was rejected is discarded. One that did something to
/// another section as well stays accepted there.
void DocumentApplication::discard_operations(const SectionOutcome& section) {
  for (std::size_t i = 0; i < operations_.size(); ++i) {
    if (effects_[i].sections.erase(section.section) == 0) continue;
    operations_[i].accepted = !effects_[i].sections.empty();
    if (!operations_[i].reason.empty()) operations_[i].reason += "; ";
    operations_[i].reason +=
        fmt::format("discarded with all operations on {}: {}", section.section, section.reason);
  }
}

ApplyOutcome DocumentApplication::finish(Host& host, const std::string& url) {
  ApplyOutcome outcome;
  outcome.changed = changes();
  for (auto& [section, stripped, migrated] : changes_) {
    if (migrated) record_migrated(host, *migrated, builder_.release(), url);
    record_stripped(host, stripped, url);
    if (section.what == What::rejected) {
      host.record(SectionRejected{section.section, section.reason, url});
      discard_operations(section);
    } else {
      host.record(SectionApplied{section.section, to_string(section.what), section.changed, url});
      if (!section.changed) section.what = What::unchanged;
    }
    if (operations_.empty()) {
      ++(section.what == What::rejected ? outcome.rejected : outcome.accepted);
    }
    outcome.sections.push_back(std::move(section));
  }
  record_stripped(host, unknown_, url);
  for (const std::string& name : unknown_.paths) outcome.unknown.push_back(shortened(name));
  for (const OperationOutcome& operation : operations_) {
    if (operation.accepted) ++outcome.accepted;
    if (!operation.reason.empty()) ++outcome.rejected;
  }
  outcome.operations = std::move(operations_);
  outcome.http_urls = std::move(found_);
  return outcome;
}

}  // namespace provlab::settings
