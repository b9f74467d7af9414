#include "tools/device.hpp"

#include <cstdio>

#include "core/settings/configuration.hpp"
#include "core/settings/document_limits.hpp"
#include "sim/lab/language/knob_list.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/trace/narration.hpp"
#include "sim/text/parse.hpp"
#include "tools/command.hpp"
#include "tools/device/phone_store.hpp"
#include "tools/read_options.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

class DeviceCommand final : public Command {
 public:
  explicit DeviceCommand(CLI::App& app)
      : Command(app, "device", "Boots a phone on a real network") {
    options()
        .add_option("--interface", request_.interface, "The Ethernet interface to be plugged into")
        ->required();
    options().add_flag("--once", request_.once,
                       "End with the first run; else it stays up until Ctrl-C");
    add_phone();
    add_store();
    options().add_option("--web", web_,
                         "Reach its Web UI at 127.0.0.1:PORT too, from this machine alone");
    add_time(options(), "--limit", request_.limit, "End after so long, for instance 60s");
    options().add_option("--trace", request_.trace, "Write the trace as JSON lines to a file");
    options().add_option("--pcap", request_.pcap,
                         "Write what passes the phone's interface as pcapng to a file");
    options().add_flag("--verbose,-v", request_.verbose,
                       "Print what happens: who said what to whom, when");
    options().footer(
        "The phone has an Ethernet address of its own, so the interface must let others than its\n"
        "own pass: cables do, wireless networks and many virtual machines do not. It needs root "
        "or\n"
        "the capability cap_net_raw. Its settings outlive it in a folder of its own, below\n"
        "$XDG_STATE_HOME/provlab or ~/.local/state/provlab. Its Web UI is at http:// and its own\n"
        "address, which this machine itself cannot reach through that interface: --web is for "
        "that.\n"
        "At a terminal there are a status line and keys: s settings menu, r reboot, c cable, q "
        "quit, "
        "?.\n"
        "Exit code 0: the last run ended as provisioned or unchanged; 1: otherwise; 2: interface,\n"
        "store or an address cannot be used; 130: ended by Ctrl-C.\n"
        "Examples:\n"
        "  provlab device --interface eth0 --once --verbose\n"
        "  provlab device --interface eth0 --fresh --config backup.xml --knobs arp-probe=true\n"
        "  provlab device --interface eth0 --once --type D100 --mac 00:09:52:00:00:2A --pcap "
        "boot.pcapng");
  }

  int run() override {
    if (const auto read = read_options(); !read) {
      say(stderr, "provlab: {}\n", read.error().to_string());
      return kUsage;
    }
    return run_device(request_);
  }

 private:
  void add_phone() {
    options()
        .add_option("--type", type_, "D200, which it is otherwise, or D100")
        ->check(CLI::IsMember({"D100", "D200"}));
    add_mac(options(), "--mac", request_.phone.identity.mac,
            "Its link address (00:09:52:00:00:0E)");
    options()
        .add_option("--release", release_, "1.10A, 2.0C or 2.2A (2.2A)")
        ->check(CLI::IsMember({"1.10A", "2.0C", "2.2A"}));
    options().add_option("--serial", request_.phone.identity.serial,
                         "Its serial number (0000000001)");
    options().add_option("--knobs", knobs_,
                         "Turns of its firmware, NAME=VALUE,...: those of <knobs> in a scenario");
  }

  void add_store() {
    auto* const store = options().add_option("--store", store_,
                                             "The folder of its store, in place of the usual one");
    options()
        .add_flag("--no-store", no_store_, "It begins anew and forgets everything at the end")
        ->excludes(store);
    options().add_flag("--fresh", request_.fresh,
                       "Forget what is in the store: begin with factory settings");
    options().add_option(
        "--config", config_,
        "A configuration, such as a backup, in place of the settings in its store");
  }

  Expected<void> read_options() {
    DeviceIdentity& identity = request_.phone.identity;
    identity.type = *parse_device_type(type_);
    identity.release = *parse_release(release_);
    if (!valid_serial(identity.serial)) {
      return fail("write 1 to 32 letters, digits and '-'", "--serial");
    }
    if (const auto turned = lab::turn_knobs(knobs_, request_.phone); !turned) {
      return fail(turned.error().text, "--knobs");
    }
    if (!web_.empty()) {
      const auto web = parse_endpoint(web_);
      if (!web || web->address.value >> 24 != 127) return fail("write 127.0.0.1:PORT", "--web");
      request_.web = *web;
    }
    request_.phone.web.hash_at_once = true;
    request_.phone.web.narrate = lab::log_sentence;
    if (const auto read = read_config(); !read) return read;
    return choose_store();
  }

  Expected<void> read_config() {
    if (config_.empty()) return {};
    auto text = lab::read_file(config_, settings::kMaxDocumentOctets);
    if (!text) return std::unexpected(text.error());
    // What the phone would record only when it starts.
    if (const auto parsed = settings::Configuration::parse(*text); !parsed) {
      return fail(parsed.error().to_string(), config_);
    }
    request_.phone.initial_configuration_xml = std::move(*text);
    return {};
  }

  Expected<void> choose_store() {
    if (no_store_) return {};
    if (store_.empty()) {
      auto usual = usual_store(request_.phone.identity.mac);
      if (!usual) return std::unexpected(usual.error());
      store_ = std::move(*usual);
    }
    request_.store = store_;
    return {};
  }

  DeviceRequest request_;
  std::string type_ = "D200";
  std::string release_ = "2.2A";
  std::string knobs_;
  std::string store_;
  bool no_store_ = false;
  std::string config_;
  std::string web_;
};

}  // namespace

std::unique_ptr<Command> add_device(CLI::App& app) {
  return std::make_unique<DeviceCommand>(app);
}

}  // namespace provlab::tools
