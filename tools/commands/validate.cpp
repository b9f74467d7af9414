#include <fmt/format.h>

#include "sim/lab/suite/runner.hpp"
#include "tools/command.hpp"
#include "tools/scenario_files.hpp"

namespace provlab::tools {

namespace {

class ValidateCommand final : public Command {
 public:
  explicit ValidateCommand(CLI::App& app)
      : Command(app, "validate", "Checks scenarios without running them") {
    options().add_option("PATH", paths_, "Scenario files or folders")->required();
    options().footer(
        "Every complaint reads FILE:LINE: what is wrong and what to write instead.\n"
        "Examples:\n"
        "  provlab validate scenarios\n"
        "  provlab validate my-scenario.xml");
  }

  int run() override {
    const auto files = scenario_files(paths_);
    if (!files) return kUsage;
    const lab::LoadedSuite suite = lab::load_all(*files, 0);
    for (const lab::Complaint& complaint : suite.complaints)
      fmt::print("{}\n", complaint.to_string());
    std::size_t valid = 0;
    for (const auto& plan : suite.plans) valid += plan ? 1 : 0;
    fmt::print("{} of {} {} valid\n", valid, files->size(), files->size() == 1 ? "file" : "files");
    if (suite.unreadable > 0) return kUsage;
    return suite.complaints.empty() ? 0 : kInvalid;
  }

 private:
  std::vector<std::string> paths_;
};

}  // namespace

std::unique_ptr<Command> add_validate(CLI::App& app) {
  return std::make_unique<ValidateCommand>(app);
}

}  // namespace provlab::tools
