#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>

#include "sim/lab/language/coverage.hpp"
#include "sim/lab/suite/runner.hpp"
#include "sim/lab/trace/known_events.hpp"
#include "tools/command.hpp"
#include "tools/scenario_files.hpp"

namespace provlab::tools {

namespace {

class ListCommand final : public Command {
 public:
  explicit ListCommand(CLI::App& app)
      : Command(app, "list", "Lists scenarios, rules, or the events of the trace") {
    options().add_option("PATH", paths_, "Scenario files or folders (default: scenarios)");
    options().add_flag("--variants", variants_, "Also the variants of races");
    CLI::Option* events = options().add_flag("--events", events_,
                                             "All events of the trace with their fields, instead");
    options()
        .add_flag("--rules", rules_,
                  "Every rule of the specification and the scenarios that cover it, instead")
        ->excludes(events);
    options().footer(
        "Examples:\n"
        "  provlab list scenarios --variants\n"
        "  provlab list --rules                    what the library covers\n"
        "  provlab list scenarios/faults --rules   what a part of it covers\n"
        "  provlab list --events                   what expectations can name");
  }

  int run() override { return events_ ? list_events() : list_scenarios(); }

 private:
  int list_scenarios() {
    const auto files = scenario_files(paths_);
    if (!files) return kUsage;
    const lab::LoadedSuite suite = lab::load_all(*files, 0);
    for (const lab::Complaint& complaint : suite.complaints) {
      fmt::print(stderr, "{}\n", complaint.to_string());
    }
    if (rules_) fmt::print("{}", lab::coverage_text(lab::rule_coverage(suite.plans)));
    for (const auto& plan : suite.plans) {
      if (!plan || rules_) continue;
      fmt::print("{:<44} {}\n  {}\n", plan->name, plan->file, plan->about);
      if (!variants_) continue;
      for (const lab::Variant& variant : plan->variants) {
        if (!variant.name.empty()) fmt::print("    {}\n", variant.name);
      }
    }
    if (suite.unreadable > 0) return kUsage;
    return suite.complaints.empty() ? 0 : kInvalid;
  }

  static int list_events() {
    for (const auto& [name, fields] : lab::known_events()) {
      fmt::print("{:<28} {}\n", name, fmt::join(fields, " "));
    }
    return 0;
  }

  std::vector<std::string> paths_;
  bool variants_ = false;
  bool rules_ = false;
  bool events_ = false;
};

}  // namespace

std::unique_ptr<Command> add_list(CLI::App& app) {
  return std::make_unique<ListCommand>(app);
}

}  // namespace provlab::tools
