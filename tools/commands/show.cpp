#include <fmt/format.h>

#include <cstdio>

#include "sim/lab/language/load.hpp"
#include "tools/command.hpp"
#include "tools/sources_root.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

class ShowCommand final : public Command {
 public:
  explicit ShowCommand(CLI::App& app)
      : Command(app, "show", "Prints a scenario with everything written out that it leaves out") {
    options().add_option("FILE", file_, "A scenario file")->required();
    add_sources_root(options(), root_);
    options().footer(
        "What is filled in: the phone, the link, the hosts and servers of the standard world that\n"
        "take part, on which host each responder stands, the timeline, the seed. The output is a\n"
        "scenario as well, whose runs have the same traces; files that it names by src are looked\n"
        "for beside it.\n"
        "Examples:\n"
        "  provlab show scenarios/reference/redirect-beats-multicast.xml\n"
        "  provlab show my-scenario.xml > whole.xml");
  }

  int run() override {
    lab::prepare_language();
    const lab::TextResult text = lab::load_written_out(file_, root_);
    if (text) {
      put(stdout, visible(*text, Layout::markup));
      return 0;
    }
    for (const lab::Complaint& complaint : text.error()) {
      say(stderr, "{}\n", complaint.to_string());
    }
    return text.error().front().line == 0 ? kUsage : kInvalid;
  }

 private:
  std::string file_;
  std::string root_;
};

}  // namespace

std::unique_ptr<Command> add_show(CLI::App& app) {
  return std::make_unique<ShowCommand>(app);
}

}  // namespace provlab::tools
