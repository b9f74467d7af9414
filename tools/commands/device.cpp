#include "tools/device.hpp"

#include <cstdio>

#include "tools/command.hpp"
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
    options()
        .add_option("--type", type_, "D200, which it is otherwise, or D100")
        ->check(CLI::IsMember({"D100", "D200"}));
    options().add_option("--mac", mac_, "Its link address (00:09:52:00:00:0E)");
    options()
        .add_option("--release", release_, "1.10A, 2.0C or 2.2A (2.2A)")
        ->check(CLI::IsMember({"1.10A", "2.0C", "2.2A"}));
    options().add_option("--serial", request_.identity.serial, "Its serial number (0000000001)");
    options().add_option("--limit", limit_, "End after so long, for instance 60s");
    options().add_option("--trace", request_.trace, "Write the trace as JSON lines to a file");
    options().add_option("--pcap", request_.pcap,
                         "Write what passes the phone's interface as pcapng to a file");
    options().add_flag("--verbose,-v", request_.verbose,
                       "Print what happens: who said what to whom, when");
    options().footer(
        "The phone has an Ethernet address of its own, so the interface must let others than its\n"
        "own pass: cables do, wireless networks and many virtual machines do not. It needs root "
        "or\n"
        "the capability cap_net_raw. It is fresh from the factory, and what it was told is "
        "forgotten\nat the end.\n"
        "Exit code 0: the run ended as provisioned or unchanged; 1: otherwise; 2: the interface "
        "cannot\nbe used.\n"
        "Examples:\n"
        "  provlab device --interface eth0 --once --verbose\n"
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
  Expected<void> read_options() {
    request_.identity.type = *parse_device_type(type_);
    request_.identity.release = *parse_release(release_);
    if (!mac_.empty()) {
      const auto mac = MacAddress::parse(mac_);
      if (!mac) return fail(mac.error().text, "--mac");
      if (mac->is_group()) return fail("this is the address of a group", "--mac");
      request_.identity.mac = *mac;
    }
    if (!valid_serial(request_.identity.serial)) {
      return fail("write 1 to 32 letters, digits and '-'", "--serial");
    }
    if (!limit_.empty()) {
      const auto limit = parse_duration(limit_);
      if (!limit) return fail(limit.error().text, "--limit");
      request_.limit = *limit;
    }
    return {};
  }

  DeviceRequest request_;
  std::string type_ = "D200";
  std::string release_ = "2.2A";
  std::string mac_;
  std::string limit_;
};

}  // namespace

std::unique_ptr<Command> add_device(CLI::App& app) {
  return std::make_unique<DeviceCommand>(app);
}

}  // namespace provlab::tools
