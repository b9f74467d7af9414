#include "tools/comparing/other_build.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "core/platform/text.hpp"
#include "sim/lab/machine/command_line.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/report/json_reader.hpp"
#include "tools/comparing/pair_runs.hpp"

namespace provlab::tools {

namespace {

constexpr std::size_t kFilesAtOnce = 150;

/// A folder of its own, which goes again.
class ReportFolder {
 public:
  ReportFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "provlab-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~ReportFolder() {
    std::error_code error;
    if (!path_.empty()) std::filesystem::remove_all(path_, error);
  }
  ReportFolder(const ReportFolder&) = delete;
  ReportFolder& operator=(const ReportFolder&) = delete;
  bool made() const { return !path_.empty(); }
  std::string file(std::string_view name) const { return fmt::format("{}/{}", path_, name); }

 private:
  std::string path_;
};

/// The other build while it runs.
class OtherRun {
 public:
  OtherRun(const std::string& program, std::vector<std::string> words, const std::string& said) {
    words.insert(words.begin(), program);
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, said.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    error_ = posix_spawnp(&child_, program.c_str(), &files, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&files);
  }
  ~OtherRun() { wait(); }
  OtherRun(const OtherRun&) = delete;
  OtherRun& operator=(const OtherRun&) = delete;

  bool started() const { return error_ == 0; }
  std::string why_not() const { return std::generic_category().message(error_); }
  /// Until it ends.
  void wait() {
    if (error_ == 0 && child_ > 0) waitpid(child_, nullptr, 0);
    child_ = -1;
  }

 private:
  pid_t child_ = -1;
  int error_ = 0;
};

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

std::string first_line(const std::string& file) {
  const auto text = lab::read_start(file, 400);
  if (!text || trimmed(*text).empty()) return "it says nothing";
  const std::string_view words = trimmed(*text);
  return std::string(words.substr(0, words.find('\n')));
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
    OtherRun other(request_.program, words_to_run(request_, files, report), said);
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
  ReportFolder folder_;
  CompareReport report_;
};

}  // namespace

Expected<CompareReport> compare_builds(const BuildRequest& request) {
  return BuildComparer(request).run();
}

}  // namespace provlab::tools
