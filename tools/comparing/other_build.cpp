#include "tools/comparing/other_build.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "sim/lab/machine/command_line.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/report/json_reader.hpp"
#include "tools/comparing/kept_findings.hpp"
#include "tools/comparing/other_program.hpp"
#include "tools/comparing/pair_runs.hpp"
#include "tools/scratch_folder.hpp"

namespace provlab::tools {

namespace {

constexpr std::size_t kFilesAtOnce = 150;
/// In so many files the end of the other build is looked for.
constexpr std::size_t kMostEnds = 8;

std::vector<std::string> words_to_run(const BuildRequest& request,
                                      const std::vector<std::string>& files,
                                      const std::string& report) {
  std::vector<std::string> words{"run", "--json", report, "--details", "all", "--quiet"};
  if (!request.load.root.empty()) {
    words.emplace_back("--root");
    words.push_back(request.load.root);
  }
  words.emplace_back("--shard");  // whatever the environment asks for
  words.emplace_back("1/1");
  for (const std::string& file : files) {
    words.push_back(file.starts_with('-') ? "./" + file : file);
  }
  return words;
}

class BuildComparer {
 public:
  explicit BuildComparer(const BuildRequest& request) : request_(request) {
    options_.details = lab::Details::all;
    options_.jobs = request.load.jobs;
    options_.limits = request.load.limits;
    options_.sources_root = request.load.root;
    report_.a = request.program;
    report_.b = "this build";
  }

  Expected<BuildReport> run() {
    const auto start = std::chrono::steady_clock::now();
    if (!folder_.made()) return fail("there is no folder for temporary files");
    const std::size_t all = request_.files.size();
    for (std::size_t done = 0; done < all && !request_.enough(); done += kFilesAtOnce) {
      const auto begin = request_.files.begin() + static_cast<std::ptrdiff_t>(done);
      const std::size_t count = std::min(kFilesAtOnce, all - done);
      const auto part = play({begin, begin + static_cast<std::ptrdiff_t>(count)});
      if (!part) return std::unexpected(part.error());
      if (request_.progress) request_.progress(fmt::format("{} of {} files", done + count, all));
    }
    if (!request_.runs_only) compare_kept();
    report_.time = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start);
    return std::move(report_);
  }

 private:
  using Files = std::vector<std::string>;

  Expected<void> play(const Files& files) {
    const std::string report = folder_.file("report.json");
    const std::string said = folder_.file("said");
    std::error_code none;
    std::filesystem::remove(report, none);
    OtherProgram other(request_.program, words_to_run(request_, files, report), "/dev/null", said);
    if (!other.started()) return fail(other.why_not(), request_.program);
    lab::SuiteReport ours = lab::run_suite(files, options_);
    other.wait();
    const auto text = lab::read_file(report, lab::kMostReportOctets);
    if (!text && !other.signal().empty()) {
      return search_end(files, other.signal(), last_line(said));
    }
    if (!text) return fail("it wrote no report: " + other.last_words(said), request_.program);
    auto theirs = lab::read_json_report(*text, request_.program);
    if (!theirs) return std::unexpected(theirs.error());
    for (lab::RunReport& run : theirs->runs) run.program = lab::quoted_path(request_.program);
    take(compare_loaded({.runs = std::move(theirs->runs)}, {.runs = std::move(ours.runs)},
                        request_.slack, Pairing::by_file));
    return {};
  }

  /// A signal ends the other build in these files: in which is found by halves, and what the other
  /// files come to is compared. Where neither half ends it both together did.
  Expected<void> search_end(const Files& files, const std::string& signal,
                            const std::string& last_said) {
    if (request_.enough()) return {};
    if (files.size() == 1) {
      ++report_.runs;
      tell_end(files, signal, last_said);
      return {};
    }
    if (ended_ >= kMostEnds) {
      report_.notes.push_back(
          fmt::format("{} files from {} on were not compared, since {} ends in the middle of them "
                      "too: {}",
                      files.size(), files.front(), request_.program, signal));
      return {};
    }
    const std::size_t before = ended_;
    const auto middle = files.begin() + static_cast<std::ptrdiff_t>(files.size() / 2);
    for (const Files& half : {Files(files.begin(), middle), Files(middle, files.end())}) {
      if (const auto played = play(half); !played) return played;
    }
    if (ended_ == before) tell_end(files, signal, last_said);
    return {};
  }

  void tell_end(const Files& files, const std::string& signal, const std::string& last_said) {
    ++ended_;
    report_.count_different();
    std::string command = fmt::format("{} run{}", lab::quoted_path(request_.program),
                                      lab::root_words(request_.load.root));
    for (const std::string& file : files) command += " " + lab::quoted_path(file);
    report_.add({.text = "the program is not ended in the middle of a run any more: " + signal,
                 .example = {"the last that it said: " + last_said, "it comes to its end"}},
                files.size() == 1 ? files.front()
                                  : fmt::format("{} files from {} on, which end it only together",
                                                files.size(), files.front()),
                command);
  }

  void take(CompareReport part) {
    report_.runs += part.same + part.pairs.size();
    for (ComparedPair& pair : part.pairs) {
      if (pair.found.same()) continue;
      report_.count_different();
      // A fault that is no more shows in the other build alone.
      const lab::Facet* const verdict = pair.a.facet("verdict");
      const bool ended = verdict != nullptr && !verdict->lines.empty() &&
                         verdict->lines.front().starts_with("broken");
      for (lab::Notice& notice : lab::notices(pair.a, pair.b, pair.found)) {
        report_.add(std::move(notice), pair.title, ended ? pair.a.repeat : pair.b.repeat);
      }
      // Of a run that a fault ended there may be nothing to draw.
      const bool drawable = !pair.a.steps.empty() && !pair.b.steps.empty();
      if (!report_.example && drawable) {
        report_.example = std::make_shared<ComparedPair>(std::move(pair));
      }
    }
    for (const std::string& title : part.only_a) {
      report_.add({.text = "a run is only there in A", .example = {}}, title, {});
    }
    for (const std::string& title : part.only_b) {
      report_.add({.text = "a run is only there in B", .example = {}}, title, {});
    }
  }

  void compare_kept() {
    const KeptFindings kept(request_.program, request_.load.root, folder_);
    std::vector<std::string> files;
    std::ranges::copy_if(request_.files, std::back_inserter(files),
                         [](const std::string& file) { return KeptFindings::has(file); });
    for (std::size_t i = 0; i < files.size() && !request_.enough(); ++i) {
      if (request_.progress) {
        request_.progress(fmt::format("{} of {} explored and mapped", i, files.size()));
      }
      kept.compare(files[i], report_);
    }
  }

  const BuildRequest& request_;
  lab::RunnerOptions options_;
  ScratchFolder folder_;
  BuildReport report_;
  std::size_t ended_ = 0;  ///< files in which a signal ended the other build
};

}  // namespace

Expected<BuildReport> compare_builds(const BuildRequest& request) {
  return BuildComparer(request).run();
}

}  // namespace provlab::tools
