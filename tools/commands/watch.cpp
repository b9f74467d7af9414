#include "tools/watch.hpp"

#include "tools/colour.hpp"
#include "tools/command.hpp"
#include "tools/run_choice.hpp"
#include "tools/sources_root.hpp"

namespace provlab::tools {

namespace {

class WatchCommand final : public Command {
 public:
  explicit WatchCommand(CLI::App& app)
      : Command(app, "watch", "Runs scenarios, and again whenever they are saved") {
    options()
        .add_option("SCENARIO", request_.paths, "Scenario files, or folders to look for them in")
        ->required();
    options().add_option("--html", request_.html,
                         "Write pages to a folder; in a browser they keep themselves fresh");
    add_run_choice(options(), request_.options);
    add_colour_option(options(), request_.colour);
    options().add_flag("--verbose,-v", request_.verbose,
                       "Print the time line: who said what to whom, when");
    add_sources_root(options(), request_.options.sources_root);
    options().footer(
        "Files that scenarios name (src, devices) are watched too, and so are new files in the\n"
        "folders given. However an editor saves is fine: in place, or by another file in place of\n"
        "the old one. A broken file is complained about, and the watch goes on. Pages need no\n"
        "server: open them from the disk.\n"
        "Exit code 130: Ctrl-C ended it, whatever the verdicts were; 2: a path cannot be watched\n"
        "or written.\n"
        "Examples:\n"
        "  provlab watch my-scenario.xml\n"
        "  provlab watch my-scenario.xml --verbose\n"
        "  provlab watch scenarios --filter race --html build/pages    open "
        "build/pages/index.html");
  }

  int run() override { return run_watch(request_); }

 private:
  WatchRequest request_;
};

}  // namespace

std::unique_ptr<Command> add_watch(CLI::App& app) {
  return std::make_unique<WatchCommand>(app);
}

}  // namespace provlab::tools
