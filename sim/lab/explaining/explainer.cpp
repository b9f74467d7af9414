#include "sim/lab/explaining/explainer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "sim/lab/explaining/candidates.hpp"
#include "sim/lab/explaining/kept_scenario.hpp"
#include "sim/lab/explaining/unknown.hpp"
#include "sim/lab/machine/output_file.hpp"

namespace provlab::lab {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostKept = 5;

/// The longer a conversation, the longer a run of it takes.
std::size_t usual_budget(const Conversation& heard) {
  constexpr std::size_t kRuns = 6000;
  constexpr std::size_t kUsualLength = 60;
  return std::max<std::size_t>(kRuns * kUsualLength / std::max(kUsualLength, heard.said.size()),
                               400);
}

class Explainer {
 public:
  Explainer(Import import, const ExplainOptions& options)
      : options_(options),
        explanation_{.import = std::move(import),
                     .hypotheses = {},
                     .decisions = {},
                     .unknown = {},
                     .farthest = {}},
        world_(explanation_.import.heard, true),
        bench_(explanation_.import.heard, explanation_.import.scenario, options.import.slack) {
    limits_ = options.limits;
    if (limits_.runs == 0) limits_.runs = usual_budget(explanation_.import.heard);
  }

  Expected<CaptureExplanation> run() {
    if (auto known = learn_phone(); !known) return std::unexpected(known.error());
    explanation_.replays =
        explanation_.import.complaints.empty() && !explanation_.import.divergence;
    if (auto written = search_all(); !written) return std::unexpected(written.error());
    const std::string& decided = best_ ? best_->text : explanation_.import.draft.text;
    if (explanation_.explains()) {
      explanation_.decisions =
          decisions_in(bench_, world_, decided, limits_.jobs, explanation_.runs);
    }
    explanation_.unknown = what_is_unknown(bench_, world_, decided, explanation_.runs);
    return std::move(explanation_);
  }

 private:
  /// What somebody knows of the phone holds for its drafts here as well.
  Expected<void> learn_phone() {
    if (options_.import.phone.empty()) return {};
    auto known = known_phone(options_.import.phone);
    if (!known) return std::unexpected(known.error());
    phone_ = std::move(*known);
    if (!options_.import.keep) anonymise(*phone_, explanation_.import.stand_ins);
    return {};
  }

  DraftOptions draft_options(bool exact, bool patient) const {
    return {.name = options_.import.name,
            .source = options_.import.keep && !options_.import.capture.empty()
                          ? fs::path(options_.import.capture).filename().string()
                          : "a capture",
            .exact = exact,
            .phone = phone_ ? &*phone_ : nullptr,
            .patient = patient};
  }

  Expected<void> write_documents(const Draft& draft) const {
    for (const auto& [name, content] : draft.documents) {
      auto written = write_file(fs::path(options_.import.folder) / name, content);
      if (!written) return written;
    }
    return {};
  }

  /// With all times as they were, unless what is read better is nearer to the capture.
  Expected<std::string> base() {
    const Draft exact = draft_scenario(explanation_.import.heard, draft_options(true, true));
    if (auto written = write_documents(exact); !written) return std::unexpected(written.error());
    const Trial of_exact = bench_.play(exact.text, {}, false);
    const Trial of_import = bench_.play(explanation_.import.draft.text, {}, false);
    explanation_.runs += 2;
    const auto same = [](const Trial& trial) {
      return !trial.valid ? 0 : trial.divergence ? trial.divergence->same + 1 : ~std::size_t{0};
    };
    const bool import_is_nearer =
        same(of_import) > same(of_exact) ||
        (same(of_import) == same(of_exact) && of_import.likeness.apart < of_exact.likeness.apart);
    return import_is_nearer ? explanation_.import.draft.text : exact.text;
  }

  Expected<void> search_all() {
    const auto text = base();
    if (!text) return std::unexpected(text.error());
    if (explanation_.replays && bench_.play(*text, {}, false).likeness.apart == 0) return {};
    SearchLimits limits = limits_;
    if (explanation_.replays) limits.assumptions = 1;
    SearchResult result = search(bench_, world_, *text, explanation_.replays, limits);
    explanation_.runs += result.runs;
    explanation_.exhausted = result.exhausted;
    if (auto kept = keep_best(result.found); !kept) return kept;
    if (explanation_.hypotheses.empty() && result.farthest) note_farthest(*result.farthest);
    return {};
  }

  /// Those that differ only in a length of time are one.
  static std::string subject_of(const Hypothesis& hypothesis) {
    std::set<std::string> subjects;
    for (const Assumption& each : hypothesis.assumptions) {
      subjects.insert(each.subject.empty() ? each.words : each.subject);
    }
    std::string text;
    for (const std::string& each : subjects) text += each + "\n";
    return text;
  }

  static KeptHypothesis kept(const Hypothesis& hypothesis) {
    KeptHypothesis result{.probability = class_of(hypothesis.assumptions),
                          .sentences = {},
                          .scenario = {},
                          .apart = hypothesis.trial.likeness.apart};
    for (const Assumption& each : hypothesis.assumptions) result.sentences.push_back(each.words);
    return result;
  }

  Expected<void> keep_best(const std::vector<Hypothesis>& found) {
    std::set<std::string> subjects;
    for (const Hypothesis& each : found) {
      if (explanation_.hypotheses.size() >= kMostKept) break;
      if (!subjects.insert(subject_of(each)).second) continue;
      const Hypothesis well = read_well(bench_, each, draft_options(false, false));
      const std::string name =
          fmt::format("{}-{}", options_.import.name, explanation_.hypotheses.size() + 1);
      KeptHypothesis one = kept(well);
      one.scenario = (fs::path(options_.import.folder) / (name + ".xml")).string();
      if (auto written = write_file(one.scenario, kept_scenario(bench_, well, name)); !written) {
        return written;
      }
      explanation_.hypotheses.push_back(std::move(one));
      if (!best_) best_ = well;
    }
    return {};
  }

  void note_farthest(const Hypothesis& hypothesis) {
    explanation_.farthest = kept(hypothesis);
    const auto says = said_by_phone(explanation_.import.heard);
    const std::size_t same = hypothesis.trial.divergence ? hypothesis.trial.divergence->same : 0;
    explanation_.explained = same < says.size() ? says[same].at : explanation_.import.heard.end;
  }

  const ExplainOptions& options_;
  CaptureExplanation explanation_;
  DraftWorld world_;
  Bench bench_;
  SearchLimits limits_;
  std::optional<KnownPhone> phone_;
  std::optional<Hypothesis> best_;
};

}  // namespace

Expected<CaptureExplanation> explain_import(Import import, const ExplainOptions& options) {
  return Explainer(std::move(import), options).run();
}

Expected<CaptureExplanation> explain_capture(const ExplainOptions& options) {
  auto import = import_capture(options.import);
  if (!import) return std::unexpected(import.error());
  return explain_import(std::move(*import), options);
}

}  // namespace provlab::lab
