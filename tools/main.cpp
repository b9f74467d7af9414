#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <sstream>
#include <system_error>

#include "sim/lab/machine/exhaustion.hpp"
#include "sim/lab/report/reports.hpp"
#include "sim/world/memory.hpp"
#include "tools/command.hpp"
#include "tools/revision.hpp"
#include "tools/standard_streams.hpp"
#include "tools/terminal.hpp"

namespace {

using provlab::tools::kLabFault;
using provlab::tools::kUsage;
using provlab::tools::put;
using provlab::tools::say;

/// The exit code, unless what was printed has not arrived, on a full disk for instance: nobody is
/// to take that for a result.
int after_output(int code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  say(stderr, "provlab: standard output cannot be written: {}\n",
      std::generic_category().message(errno));
  return kUsage;
}

int say_usage(const CLI::App& app, const CLI::ParseError& error) {
  const std::string mistake = provlab::tools::mistake_in_words(app);
  if (error.get_exit_code() == 0) {
    std::ostringstream help;
    app.exit(error, help, help);
    put(stdout, help.str());
    return after_output(0);
  }
  say(stderr, "provlab: {}\nRun with --help for more information.\n",
      mistake.empty() ? error.what() : mistake);
  return kUsage;
}

}  // namespace

int main(int argc, char** argv) {
  provlab::tools::hold_standard_streams();
  provlab::world::keep_freed_memory();
  provlab::lab::end_exhausted_with(kLabFault);
  CLI::App app{
      "provlab: a D100/D200 phone and a network lab around it, in virtual time or on a wire.\n\n"
      "Exit codes: 0 all passed, 1 something failed, 2 usage, or something cannot be read or\n"
      "written, 3 invalid scenario, 4 the lab's own fault, or a machine too slow for a wire,\n"
      "130 ended early by Ctrl-C.",
      "provlab"};
  app.require_subcommand(1);
  app.set_version_flag("--version",
                       fmt::format("provlab {}, revision {}", provlab::lab::kProgramVersion,
                                   provlab::tools::kRevision));
  app.footer(
      "Examples:\n"
      "  provlab run scenarios                      run everything below a folder\n"
      "  provlab run scenarios --filter race        only what has 'race' in its name\n"
      "  provlab run FILE.xml --verbose             who said what to whom, when\n"
      "  provlab run scenarios --wire               by the real clock, over real cables\n"
      "  provlab run scenarios --html pages         the same and more, as pages with diagrams\n"
      "  provlab interop                            the phone against real servers\n"
      "  provlab report 1.json 2.json               put the reports of shards together\n"
      "  provlab new my-first                       a scenario of your own that passes\n"
      "  provlab validate FILE.xml                  check a scenario without running it\n"
      "  provlab show FILE.xml                      print a scenario with all that it leaves out\n"
      "  provlab list scenarios                     what there is\n"
      "  provlab explore FILE.xml                   every order in which packets can arrive\n"
      "  provlab map FILE.xml --x ANSWER=0..12s     which outcome comes when an answer is late\n"
      "  provlab soak --for 60s                     scenarios made by chance\n"
      "  provlab cuts scenarios                     power cuts everywhere\n"
      "  provlab import CAPTURE.pcapng              a scenario of what a phone really met\n"
      "  provlab explain CAPTURE.pcapng             what a capture does not show, and what decided\n"
      "  provlab compare A B                        where two runs part, and what followed\n"
      "  provlab prove FILE.xml#5:1 --build BEFORE  whether a failing order is mended\n"
      "  provlab settings apply FILE.xml --diff     what a document would change on a phone\n"
      "  provlab device --interface eth0 --once     a phone on a real network\n"
      "  provlab serve FILE.xml --interface eth0    servers for a real phone\n"
      "  provlab watch FILE.xml                     its verdict after every save\n"
      "  provlab lsp                                help for editors; they start it\n"
      "  provlab doctor                             what is missing on this machine\n"
      "'provlab COMMAND --help' tells more; scenarios/README.md teaches the language.");
  const auto commands = provlab::tools::add_commands(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return say_usage(app, error);
  }
  try {
    for (const auto& command : commands) {
      if (command->asked_for()) return after_output(command->run());
    }
  } catch (const std::exception& error) {
    if (std::ferror(stdout) != 0) return after_output(kUsage);
    say(stderr, "provlab: the lab's own fault: {}\n", provlab::lab::fault_text(error));
    return kLabFault;
  }
  return kUsage;
}
