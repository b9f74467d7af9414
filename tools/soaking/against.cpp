// A batch of scenarios is written to files. The other build plays them as a program of its own, and
// this one at the same time; what has another checksum is looked at. telling_expectations() says
// what could tell the two runs apart, and the first that passes here and fails there is taken. Then
// the scenario is shrunk: each candidate is played here, and where it passes there.
#include "tools/soaking/against.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>

#include "sim/lab/language/load.hpp"
#include "sim/lab/machine/command_line.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/machine/output_file.hpp"
#include "sim/lab/markup/scenario_text.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/report/json_reader.hpp"
#include "sim/lab/soak/shrink.hpp"
#include "sim/lab/soak/swarm.hpp"
#include "sim/lab/suite/runner.hpp"
#include "sim/lab/verdict/judge.hpp"
#include "tools/command.hpp"
#include "tools/comparing/other_program.hpp"
#include "tools/interrupt.hpp"
#include "tools/progress.hpp"
#include "tools/revision.hpp"
#include "tools/scenario_files.hpp"
#include "tools/scratch_folder.hpp"
#include "tools/soaking/against_report.hpp"
#include "tools/soaking/telling.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

using Clock = std::chrono::steady_clock;  // house-rules: a soak lasts by the user's clock

constexpr std::size_t kBatch = 128;
/// Runs that differ and are looked at in one batch.
constexpr std::size_t kMostLookedAt = 8;
/// Candidates that are shrunk to, at most: each costs a start of the other program.
constexpr std::size_t kShrinking = 1'500;

class AgainstSoak {
 public:
  explicit AgainstSoak(AgainstRequest request) : request_(std::move(request)) {
    SoakRequest& soak = request_.soak;
    soak.options.shard = soak.shard.index - 1;
    soak.options.shards = soak.shard.count;
    limits_ = soak.options.limits;
    limits_.enough = [this] { return interrupt_.asked(); };
  }

  int run() {
    lab::prepare_language();
    if (!folder_.made()) return complain("there is no folder for temporary files");
    while (!over() && !found_) {
      if (const auto done = batch(); !done) return complain(done.error().to_string());
    }
    progress_.clear();
    if (found_ && !write_found()) return kUsage;
    const AgainstReport found = report();
    const std::string& json = request_.soak.json;
    const std::string& junit = request_.soak.junit;
    if (json != "-" && junit != "-") print_against(found);
    return write_against(found, json, junit) ? found.exit_code() : kUsage;
  }

 private:
  static int complain(const std::string& what) {
    say(stderr, "provlab: {}\n", what);
    return kUsage;
  }

  std::chrono::duration<double> spent() const { return Clock::now() - start_; }
  bool over() const {
    const SoakRequest& soak = request_.soak;
    if (interrupt_.asked()) return true;
    return soak.options.runs != 0 ? left() == 0 : spent() >= soak.limit;
  }
  /// Of a number of scenarios, of this shard.
  std::size_t left() const { return lab::runs_of_shard(request_.soak.options) - played_; }
  /// Of the ith of a batch.
  std::uint64_t seed_of(std::size_t i) const {
    const lab::SoakOptions& options = request_.soak.options;
    return options.seed + options.shard + (played_ + i) * options.shards;
  }

  static std::string name_of(std::uint64_t seed) { return fmt::format("differs-{}", seed); }

  Expected<void> batch() {
    const lab::SoakOptions& options = request_.soak.options;
    const std::size_t count = options.runs == 0 ? kBatch : std::min(kBatch, left());
    std::vector<std::string> files;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t seed = seed_of(i);
      files.push_back(folder_.file(name_of(seed) + ".xml"));
      if (auto written = lab::write_file(files.back(), lab::swarm_scenario(seed, name_of(seed)));
          !written) {
        return written;
      }
    }
    lab::RunnerOptions ours;
    ours.jobs = options.jobs;
    ours.limits = limits_;
    auto both = play(files, ours);
    for (const std::string& file : files) std::filesystem::remove(file, ignored_);
    if (!both) return std::unexpected(both.error());
    std::size_t looked_at = 0;
    for (std::size_t i = 0; i < count && !found_ && !interrupt_.asked(); ++i) {
      const std::uint64_t seed = seed_of(i);
      if (!both->differs(name_of(seed)) || ++looked_at > kMostLookedAt) continue;
      if (auto looked = look_at(seed); !looked) return looked;
    }
    played_ += count;
    progress_.show(fmt::format("{} scenarios, {:.0f}/s, {} with another trace", played_,
                               static_cast<double>(played_) / spent().count(), undecided_));
    return {};
  }

  /// The runs of both builds, by scenario.
  struct BothRuns {
    std::map<std::string, lab::RunReport> ours;
    std::map<std::string, lab::RunReport> theirs;
    bool differs(const std::string& name) const {
      const auto here = ours.find(name);
      const auto there = theirs.find(name);
      if (here == ours.end() || there == theirs.end()) return false;
      return here->second.checksum != there->second.checksum;
    }
  };

  /// `options` for this build; the other one keeps as much.
  Expected<BothRuns> play(const std::vector<std::string>& files,
                          const lab::RunnerOptions& options) {
    const std::string report = folder_.file("report.json");
    const std::string said = folder_.file("said");
    std::filesystem::remove(report, ignored_);
    std::vector<std::string> words{"run",
                                   "--json",
                                   report,
                                   "--details",
                                   options.details == lab::Details::all ? "all" : "none",
                                   "--quiet",
                                   "--shard",
                                   "1/1"};
    words.insert(words.end(), files.begin(), files.end());
    OtherProgram other(request_.program, words, "/dev/null", said);
    if (!other.started()) return fail(other.why_not(), request_.program);
    BothRuns both;
    for (lab::RunReport& run : lab::run_suite(files, options).runs) {
      std::string name = run.scenario;
      both.ours.emplace(std::move(name), std::move(run));
    }
    other.wait();
    if (interrupt_.asked()) return BothRuns{};
    const auto text = lab::read_file(report, lab::kMostReportOctets);
    if (!text) return fail("it wrote no report: " + first_line(said), request_.program);
    auto theirs = lab::read_json_report(*text, request_.program);
    if (!theirs) return std::unexpected(theirs.error());
    for (lab::RunReport& run : theirs->runs) {
      std::string name = run.scenario;
      both.theirs.emplace(std::move(name), std::move(run));
    }
    return both;
  }

  /// Whether anything tells the two runs of that seed apart; then that is what was found.
  Expected<void> look_at(std::uint64_t seed) {
    const std::string name = name_of(seed);
    const std::string whole = lab::swarm_scenario(seed, name);
    const std::string file = folder_.file(name + ".xml");
    if (auto written = lab::write_file(file, whole); !written) return written;
    lab::RunnerOptions ours;
    ours.details = lab::Details::all;
    ours.limits = limits_;
    const auto both = play({file}, ours);
    if (!both) return std::unexpected(both.error());
    ++undecided_;
    if (!both->ours.contains(name) || !both->theirs.contains(name)) return {};
    for (const std::string& each :
         telling_expectations(both->ours.at(name), both->theirs.at(name))) {
      if (interrupt_.asked()) return {};
      const std::string text = expecting(whole, each);
      if (!tells_apart(text)) continue;
      --undecided_;
      found_ = FoundDifference{seed, each, {}};
      smallest_ = shrunk(text);
      return {};
    }
    return {};
  }

  /// The scenario with this expectation in place of its own.
  static std::string expecting(const std::string& scenario, const std::string& expectation) {
    pugi::xml_document document = lab::scenario_tree(scenario);
    pugi::xml_node root = document.document_element();
    root.remove_child("expect");
    root.append_child("expect").append_buffer(expectation.data(), expectation.size(),
                                              pugi::parse_default | pugi::parse_ws_pcdata_single);
    return lab::scenario_text(document);
  }

  bool passes_here(const std::string& text) const {
    const lab::PlanResult plan = lab::compile_scenario(text, "differs.xml");
    if (!plan) return false;
    const lab::Variant& variant = (*plan)->variants.front();
    lab::Play play(*plan, variant, (*plan)->seed, limits_);
    play.run();
    return lab::judge(**plan, variant, play.trace()).outcome == lab::Outcome::passed;
  }

  /// Exit code 1 is that of a scenario that fails; an invalid one has another.
  bool fails_there(const std::string& text) {
    const std::string file = folder_.file("candidate.xml");
    if (!lab::write_file(file, text)) return false;
    OtherProgram other(request_.program, {"run", file, "--quiet", "--shard", "1/1"}, "/dev/null",
                       "/dev/null");
    return other.started() && other.wait() == 1;
  }

  bool tells_apart(const std::string& text) { return passes_here(text) && fails_there(text); }

  std::string shrunk(const std::string& text) {
    std::size_t tried = 0;
    const auto still = [&](const std::string& candidate) {
      progress_.show(fmt::format("a difference is found; {} smaller scenarios tried", ++tried));
      return !interrupt_.asked() && tells_apart(candidate);
    };
    const auto keep = [](pugi::xml_node node) { return std::string_view(node.name()) == "expect"; };
    try {
      return lab::shrink(text, still, {.budget = kShrinking, .keep = keep});
    } catch (const lab::RunAbandoned&) {
      return text;
    }
  }

  bool write_found() {
    pugi::xml_document document = lab::scenario_tree(smallest_);
    pugi::xml_node scenario = document.document_element();
    const std::string name = name_of(found_->seed);
    scenario.attribute("name") = name.c_str();
    scenario.child("about").text().set(
        fmt::format("Found by soak --against with seed {} in revision {}: another build does it "
                    "otherwise.",
                    found_->seed, kRevision)
            .c_str());
    found_->file = (std::filesystem::path(request_.soak.out) / (name + ".xml")).string();
    return write_report(found_->file, lab::scenario_text(document));
  }

  AgainstReport report() const {
    const SoakRequest& soak = request_.soak;
    return {.program = request_.program,
            .revision = kRevision,
            .seed = soak.options.seed,
            .wanted = soak.options.runs,
            .limit = soak.options.runs == 0 ? soak.limit : Duration::zero(),
            .shard = soak.shard,
            .scenarios = played_,
            .undecided = undecided_,
            .difference = found_,
            .ended_early = interrupt_.asked() && !found_,
            .wall_time = std::chrono::duration_cast<Duration>(Clock::now() - start_)};
  }

  AgainstRequest request_;
  const Interrupt interrupt_;
  lab::RunLimits limits_;
  ScratchFolder folder_;
  ProgressLine progress_;
  const Clock::time_point start_ = Clock::now();
  std::size_t played_ = 0;
  std::size_t undecided_ = 0;  ///< other traces, and nothing that an expectation tells apart
  std::optional<FoundDifference> found_;
  std::string smallest_;  ///< the shrunk scenario of it
  mutable std::error_code ignored_;
};

}  // namespace

int soak_against(AgainstRequest request) {
  return AgainstSoak(std::move(request)).run();
}

}  // namespace provlab::tools
