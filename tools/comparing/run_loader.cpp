#include "tools/comparing/run_loader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/platform/checksum.hpp"
#include "core/platform/text.hpp"
#include "sim/lab/importing/importer.hpp"
#include "sim/lab/importing/replay.hpp"
#include "sim/lab/language/load.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/report/json_reader.hpp"
#include "sim/lab/suite/scenario_files.hpp"
#include "sim/lab/suite/selection.hpp"
#include "sim/lab/trace/trace_log.hpp"
#include "sim/lab/verdict/invariants.hpp"
#include "sim/lab/verdict/judge.hpp"
#include "sim/world/pcapng.hpp"

namespace provlab::tools {

namespace {

namespace fs = std::filesystem;

enum class FileKind { scenario, scenarios, report, trace, traces, capture };

std::vector<std::string> traces_in(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  return files;
}

Expected<FileKind> kind_of(const std::string& file) {
  std::error_code error;
  if (fs::is_directory(file, error)) {
    return traces_in(file).empty() ? FileKind::scenarios : FileKind::traces;
  }
  const auto start = lab::read_start(file, 512);
  if (!start) return std::unexpected(start.error());
  std::string_view text = *start;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  text = trimmed(text);
  if (text.starts_with('<')) return FileKind::scenario;
  if (!text.starts_with('{')) return FileKind::capture;
  return text.find("\"time_ns\"") < text.find('\n') ? FileKind::trace : FileKind::report;
}

std::string complaints_in_line(const std::vector<lab::Complaint>& complaints) {
  constexpr std::size_t kMost = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(complaints.size(), kMost); ++i) {
    text += (i == 0 ? "" : "; ") + complaints[i].to_string();
  }
  if (complaints.size() > kMost) text += fmt::format("; and {} more", complaints.size() - kMost);
  return text;
}

/// The variants of an operand's scenario.
std::string variants_of(const lab::ScenarioPlan& plan) {
  std::string text;
  for (const lab::Variant& variant : plan.variants) {
    text += fmt::format("{}'{}'", text.empty() ? "" : ", ", variant.name);
  }
  return text;
}

/// Plays what an operand names in one scenario, one run at a time.
class OperandPlay {
 public:
  OperandPlay(const Operand& operand, const LoadOptions& options)
      : operand_(operand), options_(options) {}

  Expected<void> load() {
    const lab::PlanResult plan = lab::load_scenario(operand_.file, options_.root);
    if (!plan) return fail(complaints_in_line(plan.error()));
    plan_ = *plan;
    if (!plan_->daemons.empty()) {
      return fail(fmt::format("it needs {}, real servers that no virtual world has",
                              lab::daemon_names(plan_->daemons)),
                  operand_.file);
    }
    if (options_.racers_only) {
      if (!plan_->race) return fail("--answers: it has no <race>", operand_.file);
      delivery_.answers = {plan_->race->answers.begin(), plan_->race->answers.end()};
    }
    lab::RunnerOptions choice;
    if (!operand_.variant.empty()) choice.variants = {operand_.variant};
    choice.seed = operand_.seed;
    chosen_ = lab::chosen_runs({plan_}, choice);
    if (operand_.token) {
      no_race_.name = "exploration " + lab::to_token(*operand_.token);
      if (!operand_.mishaps.empty()) no_race_.name += "@" + lab::mishap_token(operand_.mishaps);
      chosen_ = {{plan_, &no_race_, 1, {}, true}};
    }
    if (!chosen_.empty()) return {};
    return fail(
        fmt::format("it has no variant '{}'; there are {}", operand_.variant, variants_of(*plan_)),
        operand_.file);
  }

  /// The run of a token, with its trace.
  Expected<lab::RunReport> play_token() {
    lab::RunnerOptions options;
    options.details = lab::Details::all;
    options.seed = operand_.seed;
    options.sources_root = options_.root;
    lab::RunReport report = lab::begin_report(chosen_.front(), options);
    lab::PacketLog log;
    Expected<void> came = {};
    play([&](lab::Play& play) { play.show(log, log); },
         [&](lab::Play& play, const settings::Configuration& before) {
           judge_exploration(play.trace(), report);
           lab::tell_played(report, chosen_.front(), options,
                            {play.trace(), before, play.configuration(), play.uses(), log});
         },
         came);
    if (!came) return std::unexpected(came.error());
    return report;
  }

  /// What is said on the wire in the one run that is named.
  Expected<lab::Conversation> hear() {
    if (chosen_.size() > 1) {
      return fail(fmt::format("name one of its variants behind an '@': {}", variants_of(*plan_)),
                  operand_.file);
    }
    world::PcapngWriter capture("eth0", plan_->epoch, {});
    Expected<void> came = {};
    play([&](lab::Play& play) { play.capture(capture); }, [](auto&&...) {}, came);
    if (!came) return std::unexpected(came.error());
    return lab::conversation_in_octets(capture.bytes(), plan_->phone.identity.mac);
  }

 private:
  void play(auto&& prepare, auto&& conclude, Expected<void>& came) {
    const lab::ChosenRun& chosen = chosen_.front();
    lab::Play play(plan_, *chosen.variant, operand_.seed.value_or(plan_->seed), options_.limits);
    const settings::Configuration before = play.configuration();
    prepare(play);
    if (!operand_.mishaps.empty()) play.suffer(operand_.mishaps);
    if (!operand_.token) {
      play.run();
      return conclude(play, before);
    }
    lab::DeliveryOptions delivery = options_.delivery;
    delivery.answers = delivery_.answers;
    const lab::Course course{.fixed = *operand_.token};
    lab::CoursePilot pilot(course, delivery.doubles);
    const lab::DeliveryOrder order(play.world(), play.device(), delivery, pilot);
    play.run();
    const bool suffered =
        play.mishaps() == nullptr || play.mishaps()->came() == operand_.mishaps.size();
    if (!suffered || pilot.deviated() < operand_.token->size()) {
      came = fail(
          "this is another run: not every departure of the token came about; was it made with "
          "another --window, --faults, --losses, --answers or seed?",
          operand_.text);
    }
    conclude(play, before);
  }

  /// Expectations are written for the natural order, so that invariants alone count.
  void judge_exploration(const Trace& trace, lab::RunReport& report) const {
    for (const lab::BrokenInvariant& broken : lab::broken_invariants(*plan_, trace)) {
      report.verdict.outcome = lab::Outcome::failed;
      report.verdict.findings.push_back({.text = broken.heading(),
                                         .held = false,
                                         .expected = broken.promise(),
                                         .actual = broken.actual,
                                         .why = {},
                                         .slice = {},
                                         .event = broken.event});
    }
  }

  const Operand& operand_;
  const LoadOptions& options_;
  lab::Shared<lab::ScenarioPlan> plan_;
  lab::Variant no_race_;
  lab::DeliveryOptions delivery_;
  std::vector<lab::ChosenRun> chosen_;
};

Expected<LoadedRuns> play_scenarios(const Operand& operand, const LoadOptions& options) {
  OperandPlay play(operand, options);
  std::error_code error;
  const bool folder = fs::is_directory(operand.file, error);
  if (folder && operand.token) return fail("a token is of one scenario", operand.text);
  if (!folder) {
    if (auto loaded = play.load(); !loaded) return std::unexpected(loaded.error());
  }
  if (operand.token) {
    auto report = play.play_token();
    if (!report) return std::unexpected(report.error());
    return LoadedRuns{.runs = {std::move(*report)}};
  }
  const auto files = lab::find_scenarios({operand.file});
  if (!files) return std::unexpected(files.error());
  lab::RunnerOptions suite_options;
  if (!operand.variant.empty()) suite_options.variants = {operand.variant};
  suite_options.seed = operand.seed;
  suite_options.sources_root = options.root;
  suite_options.details = lab::Details::all;
  suite_options.jobs = options.jobs;
  suite_options.limits = options.limits;
  suite_options.mishaps = operand.mishaps;
  lab::SuiteReport suite = lab::run_suite(*files, suite_options);
  if (!suite.complaints.empty()) return fail(complaints_in_line(suite.complaints));
  if (suite.runs.empty()) return fail("there is nothing to play in it", operand.text);
  if (!operand.mishaps.empty()) {
    if (suite.runs.size() > 1) {
      return fail("a token is of one run; name its variant in front of it: FILE@VARIANT@TOKEN",
                  operand.text);
    }
    const lab::Verdict& verdict = suite.runs.front().verdict;
    if (verdict.outcome == lab::Outcome::broken) return fail(verdict.reason, operand.text);
  }
  return LoadedRuns{.runs = std::move(suite.runs)};
}

Expected<lab::RunReport> read_trace(const std::string& file) {
  auto text = lab::read_file(file, lab::kMostReportOctets, lab::Pipes::taken);
  if (!text) return std::unexpected(text.error());
  const auto log = lab::TraceLog::parse(*text);
  if (!log) return fail(log.error().to_string(), file);
  lab::RunReport report;
  report.file = file;
  report.scenario = fs::path(file).stem().string();
  for (const lab::LoggedEvent& event : log->events()) {
    if (!event.is("scenario_started")) continue;
    report.scenario = event.field("scenario");
    report.variant = event.field("variant");
    break;
  }
  report.events = log->events().size();
  report.checksum = checksum_of(*text);
  report.detail =
      lab::RunDetail{.trace = std::move(*text), .settings = {}, .source = {}, .contents = {}};
  return report;
}

Expected<LoadedRuns> read_traces(const std::string& folder) {
  LoadedRuns loaded{.runs = {}, .judged = false};
  for (const std::string& file : traces_in(folder)) {
    auto report = read_trace(file);
    if (!report) return std::unexpected(report.error());
    // Where they lie is what two folders have in common.
    report->scenario = fs::path(file).lexically_relative(folder).replace_extension().string();
    report->variant.clear();
    loaded.runs.push_back(std::move(*report));
  }
  return loaded;
}

Expected<LoadedRuns> read_suite(const Operand& operand) {
  const auto text = lab::read_file(operand.file, lab::kMostReportOctets, lab::Pipes::taken);
  if (!text) return std::unexpected(text.error());
  auto suite = lab::read_json_report(*text, operand.file);
  if (!suite) return std::unexpected(suite.error());
  if (!operand.variant.empty()) {
    std::erase_if(suite->runs, [&](const lab::RunReport& run) {
      return run.variant != operand.variant && run.scenario != operand.variant &&
             run.title() != operand.variant;
    });
  }
  if (suite->runs.empty()) return fail("no run of this name is in it", operand.text);
  return LoadedRuns{.runs = std::move(suite->runs)};
}

}  // namespace

bool is_capture(const Operand& operand) {
  const auto kind = kind_of(operand.file);
  return kind && *kind == FileKind::capture;
}

bool is_trace(const Operand& operand) {
  const auto kind = kind_of(operand.file);
  return kind && *kind == FileKind::trace;
}

Expected<LoadedRuns> load_runs(const Operand& operand, const LoadOptions& options) {
  const auto kind = kind_of(operand.file);
  if (!kind) return std::unexpected(kind.error());
  if (operand.chooses() && (*kind == FileKind::trace || *kind == FileKind::traces)) {
    return fail("a trace is one run; there is nothing to choose behind an '@'", operand.text);
  }
  switch (*kind) {
    case FileKind::scenario:
    case FileKind::scenarios:
      return play_scenarios(operand, options);
    case FileKind::report:
      return read_suite(operand);
    case FileKind::traces:
      return read_traces(operand.file);
    case FileKind::trace: {
      auto report = read_trace(operand.file);
      if (!report) return std::unexpected(report.error());
      return LoadedRuns{.runs = {std::move(*report)}, .judged = false};
    }
    case FileKind::capture:
      break;
  }
  return fail("it is neither scenario, trace nor report", operand.file);
}

Expected<lab::Conversation> load_conversation(const Operand& operand, const LoadOptions& options) {
  const auto kind = kind_of(operand.file);
  if (!kind) return std::unexpected(kind.error());
  if (*kind == FileKind::scenario) {
    OperandPlay play(operand, options);
    if (auto loaded = play.load(); !loaded) return std::unexpected(loaded.error());
    return play.hear();
  }
  if (*kind != FileKind::capture) {
    return fail(
        "a capture shows packets, of which a trace has no octets: compare it with a scenario, or "
        "with what run --pcap has written",
        operand.file);
  }
  const auto found = lab::phones_in(operand.file);
  if (!found) return std::unexpected(found.error());
  for (const lab::SeenPhone& phone : found->phones) {
    if (options.mac ? phone.mac == *options.mac : phone.auerswald()) {
      return lab::conversation_in_file(operand.file, phone);
    }
  }
  return fail(options.mac ? options.mac->to_string() + " says nothing in it"
                          : "there is no phone of Auerswald's in it; name another by --mac",
              operand.file);
}

}  // namespace provlab::tools
