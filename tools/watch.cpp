#include "tools/watch.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>

#include "sim/lab/machine/output_file.hpp"
#include "sim/lab/pages/fresh_pages.hpp"
#include "sim/lab/report/reports.hpp"
#include "sim/lab/suite/runner.hpp"
#include "tools/colour.hpp"
#include "tools/command.hpp"
#include "tools/interrupt.hpp"
#include "tools/progress.hpp"
#include "tools/scenario_files.hpp"
#include "tools/terminal.hpp"
#include "tools/watched_files.hpp"

namespace provlab::tools {

namespace {

using FileNames = std::set<std::string>;

std::string some_of(const FileNames& files) {
  constexpr std::size_t kMost = 3;
  std::vector<std::string> names;
  for (const std::string& file : files) {
    if (names.size() == kMost) break;
    names.push_back(file);
  }
  std::string text = fmt::format("{}", fmt::join(names, ", "));
  if (files.size() > kMost) text += fmt::format(" and {} more", files.size() - kMost);
  return text;
}

/// The last verdicts of all scenarios, of which a save replaces some.
class Watch {
 public:
  explicit Watch(WatchRequest request) : request_(std::move(request)) {
    request_.options.root = lab::common_folder(request_.paths);
    request_.options.narrated = request_.verbose;
    if (request_.html.empty()) return;
    request_.options.details = lab::Details::all;
    pages_.emplace(request_.html);
  }

  /// Everything, at the beginning. False where pages cannot be written.
  bool begin(const FileNames& scenarios) {
    judge(scenarios);
    std::fflush(stdout);
    return write_pages(scenarios);
  }

  /// What a save concerns; `noticed` is when the kernel told of it.
  void after(const WatchedFiles::Saved& saved, Duration noticed) {
    for (const std::string& file : saved.gone) {
      say(stdout, "\n-- gone: {}\n", file);
      results_.erase(file);
    }
    if (!saved.concerned.empty()) {
      say(stdout, "\n-- saved: {}\n", some_of(saved.files));
      judge(saved.concerned);
      const auto took = std::chrono::duration<double, std::milli>(lab::wall_clock() - noticed);
      say(stdout, "-- {:.1f} ms after the save{}\n", took.count(), rest_of(saved.concerned));
    }
    std::fflush(stdout);
    write_pages(saved.concerned);
  }

 private:
  static constexpr std::size_t kFewFiles = 10;  ///< of more, what passes is only counted

  struct Result {
    std::vector<lab::RunReport> runs;
    std::vector<lab::Complaint> complaints;
  };

  lab::SuiteReport run(const FileNames& scenarios) const {
    return lab::run_suite({scenarios.begin(), scenarios.end()}, request_.options);
  }

  void judge(const FileNames& scenarios) {
    lab::SuiteReport report = run(scenarios);
    const bool quiet = !request_.verbose && scenarios.size() > kFewFiles;
    put(stdout, lab::text_report(report, {.verbose = request_.verbose,
                                          .colour = wants_colour(request_.colour),
                                          .table = false,
                                          .quiet = quiet}));
    for (const std::string& file : scenarios) results_[file] = {};
    for (lab::RunReport& each : report.runs) results_[each.file].runs.push_back(std::move(each));
    if (scenarios.size() == 1) {
      results_[*scenarios.begin()].complaints = std::move(report.complaints);
      return;
    }
    // A complaint may be about another file than the scenario that it belongs to.
    for (const std::string& file : scenarios) {
      if (results_[file].runs.empty()) results_[file].complaints = run({file}).complaints;
    }
  }

  /// How the scenarios stand that the save does not concern; empty where there are none.
  std::string rest_of(const FileNames& concerned) const {
    std::size_t runs = 0;
    std::size_t bad = 0;
    std::size_t invalid = 0;
    for (const auto& [file, result] : results_) {
      if (concerned.contains(file)) continue;
      runs += result.runs.size();
      bad += static_cast<std::size_t>(std::ranges::count_if(
          result.runs,
          [](const lab::RunReport& each) { return !lab::is_good(each.verdict.outcome); }));
      invalid += result.complaints.empty() ? 0 : 1;
    }
    if (runs == 0 && invalid == 0) return {};
    std::string text = fmt::format("; of {} other runs {}", runs,
                                   bad == 0 ? "none fails" : fmt::format("{} failed", bad));
    if (invalid > 0) {
      text +=
          fmt::format(", {} other {} no valid {}", invalid, invalid == 1 ? "file is" : "files are",
                      invalid == 1 ? "scenario" : "scenarios");
    }
    return text;
  }

  lab::SuiteReport all() const {
    lab::SuiteReport all;
    all.files = results_.size();
    for (const auto& [file, result] : results_) {
      all.runs.insert(all.runs.end(), result.runs.begin(), result.runs.end());
      all.complaints.insert(all.complaints.end(), result.complaints.begin(),
                            result.complaints.end());
    }
    for (std::size_t i = 0; i < all.runs.size(); ++i) {
      all.runs[i].position = i + 1;
      all.wall_time += all.runs[i].wall_time;
    }
    all.total = all.runs.size();
    return all;
  }

  bool write_pages(const FileNames& concerned) {
    if (!pages_) return true;
    const auto written = pages_->write(all(), concerned);
    if (!written) say(stderr, "provlab: {}\n", written.error().to_string());
    return written.has_value();
  }

  WatchRequest request_;
  std::map<std::string, Result> results_;
  std::optional<lab::FreshPages> pages_;
};

int refuse_watch(const Error& error) {
  say(stderr, "provlab: {}\n", error.to_string());
  return kUsage;
}

std::string count_of(std::size_t number, std::string_view one, std::string_view more) {
  return fmt::format("{} {}", number, number == 1 ? one : more);
}

}  // namespace

int run_watch(const WatchRequest& request) {
  if (!make_folders({request.html})) return kUsage;
  auto files = WatchedFiles::look(request.paths);
  if (!files) return refuse_watch(files.error());
  const Interrupt interrupt;
  WatchRequest interruptible = request;
  interruptible.options.enough = [&interrupt] { return interrupt.asked(); };
  interruptible.options.limits.enough = interruptible.options.enough;
  Watch watch(std::move(interruptible));
  if (!watch.begin(files->scenarios())) return kUsage;
  if (interrupt.asked()) return kInterrupted;
  say(stdout, "-- watching {} and {} that they read{}; Ctrl-C ends it\n",
      count_of(files->scenarios().size(), "scenario", "scenarios"),
      count_of(files->read_by_them(), "file", "files"),
      request.html.empty() ? std::string()
                           : fmt::format("; open {}/index.html in a browser", request.html));
  std::fflush(stdout);
  while (!interrupt.asked()) {
    const auto saved = files->wait();
    if (!saved) return refuse_watch(saved.error());
    if (!saved->concerned.empty() || !saved->gone.empty()) watch.after(*saved, saved->noticed);
  }
  return kInterrupted;
}

}  // namespace provlab::tools
