#include <fmt/format.h>

#include "sim/lab/daemons/configuration.hpp"

namespace provlab::lab {

DaemonConfiguration configure_chronyd(const DaemonPlan& daemon, const DaemonSite& site) {
  constexpr unsigned kNotSynchronised = 3;
  const netfakes::NtpSettings& settings = daemon.as<netfakes::NtpConfig>()->settings;
  const std::string file = site.folder + "/chrony.conf";
  std::string text = "allow all\ncmdport 0\n";
  text += fmt::format("pidfile {}/pid\nbindcmdaddress /\n", site.folder);
  // Without a source and without this it says that it is not synchronised.
  if (settings.leap != kNotSynchronised)
    text += fmt::format("local stratum {}\n", settings.stratum);
  DaemonConfiguration made;
  made.files = {{"chrony.conf", std::move(text)}};
  // -x: the clock is the machine's, whatever the network.
  made.arguments = {"-x", "-d", "-u", "root", "-f", file};
  made.check = {"-p", "-f", file};
  made.ready = {.protocol = "udp", .port = 123, .word = {}};
  return made;
}

}  // namespace provlab::lab
