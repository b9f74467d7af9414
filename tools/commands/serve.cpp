#include "tools/serve.hpp"

#include <cstdio>

#include "tools/command.hpp"
#include "tools/limit_options.hpp"
#include "tools/read_options.hpp"
#include "tools/sources_root.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

class ServeCommand final : public Command {
 public:
  explicit ServeCommand(CLI::App& app)
      : Command(app, "serve",
                "Plays a scenario's servers to a real phone, and judges what it asks") {
    options().add_option("SCENARIO", request_.scenario, "A scenario file")->required();
    options()
        .add_option("--interface", request_.interface, "The Ethernet interface that leads to it")
        ->required();
    options().add_option("--variant", request_.variant,
                         "Only this variant of a race; '*' for any characters");
    options()
        .add_option("--repeat", request_.repeat, "Each variant so often")
        ->check(CLI::Range(1U, 100'000U));
    add_mac(options(), "--phone", request_.phone,
            "Serve this phone alone, and put its address in the place of the scenario's own");
    options().add_option("--power-cycle", request_.power_cycle,
                         "A command that makes the phone boot, before each variant; else a person "
                         "is asked");
    options().add_flag("--beside-dhcp", request_.beside_dhcp,
                       "Do not ask whether another DHCP server answers");
    add_time(options(), "--slack", request_.slack, "By so much windows of time are wider (50ms)");
    add_time(options(), "--quiet", request_.quiet,
             "A phone that says nothing for so long has done what it had to do (2s "
             "more than its patience with a source: 12s)");
    add_time(options(), "--patience", request_.patience,
             "So long what is missing may take, with nothing happening (60s)");
    options().add_option("--trace", request_.trace_directory,
                         "Write each trace as JSON lines to a folder");
    options().add_option("--pcap", request_.pcap_directory,
                         "Write what passes the interface as pcapng to a folder");
    limits_.add_options(options(), LimitOptions::Clock::machine);
    add_sources_root(options(), request_.root);
    output_.add_options(options());
    options().add_flag("--show-secrets", show_secrets_,
                       "Do not write *** for passwords in reports, pages and traces");
    options().footer(
        "The servers answer under addresses of their own, so the interface must let others than "
        "its own\npass: cables do, wireless networks and many virtual machines do not. It needs "
        "root or the\ncapability cap_net_raw. What the timeline does to the phone is asked of a "
        "person in a line that\nbegins with '>>>'. A boot is a DHCP message that asks for an "
        "address, of a phone that has not spoken\nyet or that has had a lease since. What happens "
        "inside the phone is not judged: its settings, its\nresult.\n"
        "Exit code 0: passed; 1: failed; 2: the interface, an address or a file cannot be used, or "
        "the\ncommand failed; 3: the scenario is not valid, or its race did not form; 4: the "
        "machine is too slow;\n130: Ctrl-C came before all was decided.\n"
        "Examples:\n"
        "  provlab serve scenarios/sources/redirect.xml --interface eth0\n"
        "  provlab serve race.xml --interface eth0 --power-cycle 'poe-switch cycle 7' --pcap "
        "build\n"
        "  provlab serve race.xml --interface eth0 --phone 00:09:52:12:34:56 --junit "
        "build/race.xml");
  }

  int run() override {
    const auto limits = limits_.limits();
    if (!limits) return kUsage;
    request_.limits = *limits;
    if (show_secrets_) request_.secrets = lab::Secrets::Told::shown;
    return run_serve(request_, output_);
  }

 private:
  ServeRequest request_;
  ReportOutput output_;
  LimitOptions limits_;
  bool show_secrets_ = false;
};

}  // namespace

std::unique_ptr<Command> add_serve(CLI::App& app) {
  return std::make_unique<ServeCommand>(app);
}

}  // namespace provlab::tools
