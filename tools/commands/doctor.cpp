#include "tools/doctor.hpp"

#include <algorithm>
#include <cstdio>

#include "tools/command.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

class DoctorCommand final : public Command {
 public:
  explicit DoctorCommand(CLI::App& app)
      : Command(app, "doctor", "Looks at what this machine has of what the program can use") {
    options()
        .add_option("AREA", areas_,
                    "run: scenarios in virtual time; wire: over cables; device: a real network; "
                    "daemons: real servers; browser: Chromium (default: all)")
        ->check(CLI::IsMember(kDoctorAreas));
    options().add_flag("--json", json_, "Print one JSON object instead");
    options().footer(
        "It says of each thing that it looks for what there is, or what to do. Exit codes: 0\n"
        "nothing is missing in the areas asked for, 1 something is.\n"
        "Examples:\n"
        "  provlab doctor\n"
        "  provlab doctor run wire                 in CI, before 'provlab run --wire'\n"
        "  provlab doctor --json | jq '.areas[] | select(.fine | not)'");
  }

  int run() override {
    const auto found = examine(areas_.empty() ? kDoctorAreas : areas_);
    put(stdout, json_ ? doctor_json(found) : doctor_text(found));
    return std::ranges::all_of(found, &ExaminedArea::fine) ? 0 : 1;
  }

 private:
  std::vector<std::string> areas_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> add_doctor(CLI::App& app) {
  return std::make_unique<DoctorCommand>(app);
}

}  // namespace provlab::tools
