#include "tools/comparing/other_build.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "sim/lab/machine/command_line.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/report/json_reader.hpp"
#include "tools/comparing/other_program.hpp"
#include "tools/comparing/pair_runs.hpp"

namespace provlab::tools {

namespace {

constexpr std::size_t kFilesAtOnce = 150;

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
  }

  Expected<CompareReport> run() {
    if (!folder_.made()) return fail("there is no folder for temporary files");
    for (std::size_t done = 0; done < request_.files.size(); done += kFilesAtOnce) {
      const auto begin = request_.files.begin() + static_cast<std::ptrdiff_t>(done);
      const std::size_t count = std::min(kFilesAtOnce, request_.files.size() - done);
      auto part = compare({begin, begin + static_cast<std::ptrdiff_t>(count)});
      if (!part) return part;
      take(std::move(*part));
      if (request_.progress) request_.progress(done + count);
    }
    report_.a = request_.program;
    report_.b = "this build";
    return std::move(report_);
  }

 private:
  Expected<CompareReport> compare(const std::vector<std::string>& files) {
    const std::string report = folder_.file("report.json");
    const std::string said = folder_.file("said");
    std::error_code none;
    std::filesystem::remove(report, none);
    OtherProgram other(request_.program, words_to_run(request_, files, report), "/dev/null", said);
    if (!other.started()) return fail(other.why_not(), request_.program);
    lab::SuiteReport ours = lab::run_suite(files, options_);
    other.wait();
    const auto text = lab::read_file(report, lab::kMostReportOctets);
    if (!text) return fail("it wrote no report: " + first_line(said), request_.program);
    auto theirs = lab::read_json_report(*text, request_.program);
    if (!theirs) return std::unexpected(theirs.error());
    for (lab::RunReport& run : theirs->runs) run.program = lab::quoted_path(request_.program);
    return compare_loaded({.runs = std::move(theirs->runs)}, {.runs = std::move(ours.runs)},
                          request_.slack, Pairing::by_file);
  }

  void take(CompareReport part) {
    report_.same += part.same;
    for (ComparedPair& pair : part.pairs) {
      if (pair.found.same()) {
        ++report_.same;
      } else {
        report_.pairs.push_back(std::move(pair));
      }
    }
    std::ranges::move(part.only_a, std::back_inserter(report_.only_a));
    std::ranges::move(part.only_b, std::back_inserter(report_.only_b));
  }

  const BuildRequest& request_;
  lab::RunnerOptions options_;
  ScratchFolder folder_;
  CompareReport report_;
};

}  // namespace

Expected<CompareReport> compare_builds(const BuildRequest& request) {
  return BuildComparer(request).run();
}

}  // namespace provlab::tools
