#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "sim/lab/suite/runner.hpp"
#include "tools/command.hpp"
#include "tools/scenario_files.hpp"
#include "tools/source_marks.hpp"
#include "tools/sources_root.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

class ValidateCommand final : public Command {
 public:
  explicit ValidateCommand(CLI::App& app)
      : Command(app, "validate", "Checks scenarios without running them") {
    options().add_option("PATH", paths_, "Scenario files or folders")->required();
    marks_.add_options(options());
    add_sources_root(options(), root_);
    options().footer(
        "Every complaint reads FILE:LINE: what is wrong and what to write instead. Of a valid\n"
        "scenario it says which world it plays in: the standard world, with those of its hosts "
        "that\n"
        "the scenario names, or its own.\n"
        "Examples:\n"
        "  provlab validate scenarios\n"
        "  provlab validate my-scenario.xml\n"
        "  provlab validate scenarios --annotate github\n"
        "  provlab validate scenarios --sarif build/scenarios.sarif");
  }

  int run() override {
    const auto files = scenario_files(paths_);
    if (!files) return kUsage;
    const lab::LoadedSuite suite = lab::load_all(*files, 0, root_);
    lab::SuiteReport report;
    report.complaints = suite.complaints;
    report.unreadable = suite.unreadable;
    report.files = files->size();
    const bool written = marks_.write(report, marks_.taken());
    if (!marks_.taken()) print(*files, suite);
    return written ? report.exit_code() : kUsage;
  }

 private:
  static void print(const std::vector<std::string>& files, const lab::LoadedSuite& suite) {
    std::size_t valid = 0;
    std::multimap<std::string_view, const lab::Complaint*> complaints;
    for (const lab::Complaint& each : suite.complaints) complaints.emplace(each.file, &each);
    for (std::size_t i = 0; i < files.size(); ++i) {
      const auto [first, last] = complaints.equal_range(files[i]);
      for (auto each = first; each != last; ++each) say(stdout, "{}\n", each->second->to_string());
      const bool good = suite.plans[i] && first == last;
      complaints.erase(first, last);
      if (!good) continue;
      say(stdout, "{}: {}\n", files[i], world_of(*suite.plans[i]));
      ++valid;
    }
    // What files say that the scenarios name.
    for (const auto& [file, each] : complaints) say(stdout, "{}\n", each->to_string());
    say(stdout, "{} of {} {} valid\n", valid, files.size(), files.size() == 1 ? "file" : "files");
  }

  static std::string world_of(const lab::ScenarioPlan& plan) {
    std::vector<std::string_view> hosts;
    for (const lab::HostPlan& host : plan.hosts) hosts.push_back(host.options.name);
    return fmt::format("{} world ({})", plan.standard_world ? "standard" : "own",
                       fmt::join(hosts, ", "));
  }

  std::vector<std::string> paths_;
  SourceMarks marks_;
  std::string root_;
};

}  // namespace

std::unique_ptr<Command> add_validate(CLI::App& app) {
  return std::make_unique<ValidateCommand>(app);
}

}  // namespace provlab::tools
