#include <fmt/format.h>

#include "sim/lab/machine/output_file.hpp"
#include "sim/lab/wired/wire_suite.hpp"
#include "sim/wire/namespace.hpp"
#include "tools/command.hpp"
#include "tools/interrupt.hpp"
#include "tools/progress.hpp"
#include "tools/report_output.hpp"
#include "tools/scenario_files.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

constexpr const char* kMatrix = "scenarios/interop";
/// Worlds mostly wait, but each has half a dozen servers to start.
constexpr unsigned kJobs = 6;

class InteropCommand final : public Command {
 public:
  explicit InteropCommand(CLI::App& app)
      : Command(app, "interop", "Plays the phone against real servers, and shows a table") {
    options().add_option("PATH", paths_, "Scenario files or folders (default: scenarios/interop)");
    options()
        .add_option("--filter", options_.filters,
                    "Only scenarios whose name or file contains this; '*' for any characters; "
                    "given several times: what any of them fits")
        ->allow_extra_args(false);
    options()
        .add_option("--jobs,-j", options_.jobs,
                    fmt::format("At the same time (default: {})", kJobs))
        ->check(CLI::Range(1U, 64U));
    options().add_option("--keep", options_.frames_directory,
                         "Write all frames at the phone's cable as pcapng to a folder");
    output_.add_options(options());
    options().footer(
        "A row for each folder, a column for each file in it. The servers are programs of this\n"
        "machine (isc-dhcp-server, kea-dhcp4-server, dnsmasq-base, chrony, nginx-light,\n"
        "sip-tester), started in networks of their own, as an ordinary user. What is not\n"
        "installed is left out.\n"
        "Examples:\n"
        "  provlab interop\n"
        "  provlab interop --filter kea --keep build/frames\n"
        "  provlab run --wire scenarios/interop/isc-43/tls.xml --verbose      one of them");
  }

  int run() override {
    if (!output_.fits()) return kUsage;
    if (paths_.empty()) paths_ = {kMatrix};
    const auto files = scenario_files(paths_);
    if (!files) return kUsage;
    if (const auto inside = wire::enter_network_namespace(); !inside) {
      say(stderr, "provlab: {}\n", inside.error().to_string());
      return kUsage;
    }
    if (!make_folders({options_.frames_directory, output_.pages()})) return kUsage;
    if (options_.jobs == 0) options_.jobs = kJobs;
    options_.strict = output_.strict();
    options_.root = lab::common_folder(paths_);
    if (output_.wants_pages() || output_.wants_json()) options_.details = lab::Details::all;
    const Interrupt interrupt;
    options_.enough = [&interrupt] { return interrupt.asked(); };
    ProgressLine progress;
    options_.progress = [&progress](std::size_t done, std::size_t total) {
      progress.show(fmt::format("{}/{} runs", done, total));
    };
    const lab::SuiteReport report = lab::run_wired(*files, options_, wire_);
    progress.clear();
    output_.as_table();
    return output_.conclude(report, false, lab::Details::all, "--filter");
  }

 private:
  std::vector<std::string> paths_;
  lab::RunnerOptions options_;
  lab::WireOptions wire_;
  ReportOutput output_;
};

}  // namespace

std::unique_ptr<Command> add_interop(CLI::App& app) {
  return std::make_unique<InteropCommand>(app);
}

}  // namespace provlab::tools
