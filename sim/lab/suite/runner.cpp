#include "sim/lab/suite/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <numeric>

#include "core/platform/checksum.hpp"
#include "sim/lab/language/load.hpp"
#include "sim/lab/machine/output_file.hpp"
#include "sim/lab/machine/parallel.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/trace/narration.hpp"
#include "sim/lab/verdict/judge.hpp"
#include "sim/world/pcapng.hpp"

namespace provlab::lab {

namespace {

namespace fs = std::filesystem;

/// Reports tell how long a run took; nothing inside a world sees this clock.
Duration wall_clock() {
  return std::chrono::steady_clock::now().time_since_epoch();  // house-rules: wall time for people
}

/// Whether the file's first element is <scenario>. One that cannot be read may be one: loading it
/// says so.
bool is_scenario(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return true;
  std::string head(4096, '\0');
  const auto read_on = [&stream, &head](std::size_t from) {
    stream.read(head.data() + from, static_cast<std::streamsize>(head.size() - from));
    head.resize(from + static_cast<std::size_t>(stream.gcount()));
  };
  read_on(0);
  for (std::size_t at = head.find('<'); at != std::string::npos; at = head.find('<', at + 1)) {
    if (head.compare(at, 4, "<!--") == 0) {
      std::size_t end = head.find("-->", at);
      while (end == std::string::npos && stream) {
        const std::size_t known = head.size();
        head.resize(2 * known);
        read_on(known);
        end = head.find("-->", at);
      }
      if (end == std::string::npos) return false;
      at = end;
    } else if (head.compare(at, 2, "<?") != 0) {
      return head.compare(at, 9, "<scenario") == 0 ||
             head.compare(at, 18, "<!DOCTYPE scenario") == 0;
    }
  }
  return false;
}

bool chosen(const ScenarioPlan& plan, const Variant& variant, const RunnerOptions& options) {
  if (!options.variant.empty() && variant.name != options.variant) return false;
  if (options.filter.empty()) return true;
  const std::string& filter = options.filter;
  if (filter.find('*') != std::string::npos) {
    return glob_matches(filter, plan.name) || glob_matches(filter, variant.name) ||
           glob_matches(filter, plan.file);
  }
  return plan.name.find(filter) != std::string::npos ||
         variant.name.find(filter) != std::string::npos ||
         plan.file.find(filter) != std::string::npos;
}

/// Where two traces that should be equal part.
std::string first_difference(std::string_view a, std::string_view b) {
  const auto [in_a, in_b] = std::ranges::mismatch(a, b);
  static_cast<void>(in_b);
  const auto offset = static_cast<std::size_t>(in_a - a.begin());
  const auto line = std::ranges::count(a.substr(0, offset), '\n') + 1;
  return fmt::format("two runs with the same seed differ, first in line {} of the trace", line);
}

void break_verdict(RunReport& report, std::string reason) {
  report.verdict.outcome = Outcome::broken;
  report.verdict.reason = std::move(reason);
}

/// A run that was chosen.
struct Work {
  Shared<ScenarioPlan> plan;
  const Variant* variant;
  std::size_t position;  ///< from 1
  std::string files;     ///< the name of what is written for it, where anything is
};

/// Gives the path of what it has written; nothing where it cannot be, which the report then says.
std::string write_for(RunReport& report, const std::string& folder, const std::string& name,
                      std::string_view content) {
  std::string path = (fs::path(folder) / name).string();
  if (const auto written = write_file(path, content); !written) {
    report.unwritten.push_back(written.error());
    return {};
  }
  return path;
}

void run_world(const Work& work, const RunnerOptions& options, RunReport& report) {
  const Shared<ScenarioPlan>& plan = work.plan;
  const Variant& variant = *work.variant;
  std::optional<world::PcapngWriter> capture;
  Play play(plan, variant, report.seed);
  const settings::Configuration before = play.configuration();
  if (!options.pcap_directory.empty()) {
    capture.emplace("device", plan->epoch,
                    fmt::format("{} seed {}: {}", report.title(), report.seed, plan->about));
    play.capture(*capture);
  }
  play.run();
  const Trace& trace = play.trace();
  report.verdict = judge(*plan, variant, trace);
  report.checksum = trace.checksum();
  report.events = trace.size();
  if (trace.size() > 0) report.virtual_time = trace[trace.size() - 1].at().time_since_epoch();
  if (options.narrated) report.narration = narrate(trace);
  if (keeps(options.details, report.verdict.outcome)) {
    report.detail = RunDetail{std::string(trace.json_lines()),
                              settings::differences(before, play.configuration())};
  }
  if (!options.trace_directory.empty()) {
    report.trace_file =
        write_for(report, options.trace_directory, work.files + ".jsonl", trace.json_lines());
  }
  if (capture) {
    report.capture_file =
        write_for(report, options.pcap_directory, work.files + ".pcapng", capture->bytes());
  }
  if (options.twice) {
    Play again(plan, variant, report.seed);
    again.run();
    if (again.trace().json_lines() != trace.json_lines()) {
      break_verdict(report, first_difference(trace.json_lines(), again.trace().json_lines()));
    }
  }
}

RunReport run_one(const Work& work, const RunnerOptions& options) {
  RunReport report;
  report.position = work.position;
  report.scenario = work.plan->name;
  report.variant = work.variant->name;
  report.file = work.plan->file;
  report.about = work.plan->about;
  report.seed = options.seed.value_or(work.plan->seed);
  const Duration start = wall_clock();
  try {
    run_world(work, options, report);
  } catch (const std::exception& error) {
    break_verdict(report, error.what());
  }
  report.wall_time = wall_clock() - start;
  return report;
}

std::vector<Work> chosen_of(const std::vector<Shared<ScenarioPlan>>& plans,
                            const RunnerOptions& options) {
  const bool writes = !options.trace_directory.empty() || !options.pcap_directory.empty();
  RunFileNames names(options.root);
  std::vector<Work> work;
  for (const Shared<ScenarioPlan>& plan : plans) {
    if (!plan) continue;
    for (const Variant& variant : plan->variants) {
      // Those that are not chosen have their names too: the others' do not depend on the choice.
      std::string files = writes ? names.name(plan->file, variant.name) : std::string();
      if (!chosen(*plan, variant, options)) continue;
      work.push_back({plan, &variant, work.size() + 1, std::move(files)});
    }
  }
  return work;
}

/// Differs where other runs, or the same of other scenarios or seeds, are to be done.
std::uint64_t identity_of(const std::vector<Work>& work, const SuiteReport& report,
                          const RunnerOptions& options) {
  std::uint64_t identity = checksum_of(fmt::format("{} {}", report.files, options.twice));
  for (const Complaint& complaint : report.complaints) {
    identity = checksum_of(complaint.to_string(), identity);
  }
  for (const Work& each : work) {
    identity = checksum_of(fmt::format("{}\n{}\n{:016x}\n{}\n", each.plan->file, each.variant->name,
                                       each.plan->checksum, options.seed.value_or(each.plan->seed)),
                           identity);
  }
  return identity;
}

/// Leaves the runs of one shard. They are dealt out by name, so that the order in which files were
/// given does not matter.
void keep_shard(std::vector<Work>& work, const Shard& shard) {
  if (shard.count == 1) return;
  std::vector<std::size_t> by_name(work.size());
  std::iota(by_name.begin(), by_name.end(), std::size_t{0});
  std::ranges::stable_sort(by_name, {}, [&](std::size_t i) { return work[i].plan->file; });
  std::vector<bool> kept(work.size());
  for (std::size_t rank = 0; rank < by_name.size(); ++rank) {
    kept[by_name[rank]] = shard.holds(rank);
  }
  std::erase_if(work, [&](const Work& each) { return !kept[each.position - 1]; });
}

}  // namespace

Expected<std::vector<std::string>> find_scenarios(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::exists(path, error)) {
      return fail("there is no such file or folder; name scenario files or folders with them",
                  path);
    }
    if (!fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> found;
    fs::recursive_directory_iterator entry(path, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      std::error_code none;
      if (entry->path().extension() == ".xml" && entry->is_regular_file(none) &&
          is_scenario(entry->path())) {
        found.push_back(entry->path().string());
      }
    }
    if (error) return fail("the folder cannot be searched: " + error.message(), path);
    std::ranges::sort(found);
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

LoadedSuite load_all(const std::vector<std::string>& files, unsigned jobs) {
  prepare_language();
  std::vector<PlanResult> results(files.size());
  parallel_for(files.size(), jobs, [&](std::size_t i) { results[i] = load_scenario(files[i]); });
  LoadedSuite suite;
  for (PlanResult& result : results) {
    suite.plans.push_back(result ? *result : nullptr);
    if (result) continue;
    if (result.error().front().line == 0) ++suite.unreadable;
    suite.complaints.insert(suite.complaints.end(), result.error().begin(), result.error().end());
  }
  return suite;
}

SuiteReport run_suite(const std::vector<std::string>& files, const RunnerOptions& options) {
  const Duration start = wall_clock();
  SuiteReport report;
  report.files = files.size();
  report.jobs = thread_count(options.jobs);
  report.shard = options.shard;
  LoadedSuite suite = load_all(files, options.jobs);
  report.complaints = std::move(suite.complaints);
  report.unreadable = suite.unreadable;

  std::vector<Work> work = chosen_of(suite.plans, options);
  report.total = work.size();
  report.suite = identity_of(work, report, options);
  keep_shard(work, options.shard);
  report.runs.resize(work.size());
  std::mutex progress_lock;
  std::size_t done = 0;
  parallel_for(work.size(), options.jobs, [&](std::size_t i) {
    report.runs[i] = run_one(work[i], options);
    const std::lock_guard lock(progress_lock);
    ++done;
    if (options.progress) options.progress(done, work.size());
  });
  report.wall_time = wall_clock() - start;
  return report;
}

}  // namespace provlab::lab
