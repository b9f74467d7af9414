#include "tools/doctor.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <idn2.h>
#include <libxml/xmlversion.h>
#include <net/if_arp.h>
#include <openssl/crypto.h>
#include <pcap/pcap.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <boost/version.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <pugixml.hpp>

#include "sim/lab/language/load.hpp"
#include "sim/lab/machine/exhaustion.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/plan/daemon.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/report/reports.hpp"
#include "sim/lab/verdict/judge.hpp"
#include "sim/text/visible.hpp"
#include "sim/wire/interface.hpp"
#include "sim/wire/namespace.hpp"
#include "sim/wire/network_space.hpp"
#include "sim/wire/process.hpp"
#include "tools/asked_program.hpp"
#include "tools/revision.hpp"

namespace provlab::tools {

namespace {

namespace fs = std::filesystem;

std::string program_path() {
  std::error_code error;
  const fs::path path = fs::read_symlink("/proc/self/exe", error);
  return error ? "provlab" : path.string();
}

// What plays in virtual time.

Examined examined_parts() {
  char xml[64];
  const int number = LIBXML_VERSION;
  std::snprintf(xml, sizeof xml, "%d.%d.%d", number / 10000, number / 100 % 100, number % 100);
  return {
      "parts",
      true,
      fmt::format("libcurl {}, {}, libxml2 {}, pugixml {}.{}, Boost {}.{}, libidn2 {}",
                  curl_version_info(CURLVERSION_NOW)->version, OpenSSL_version(OPENSSL_VERSION),
                  xml, PUGIXML_VERSION / 1000, PUGIXML_VERSION % 1000 / 10, BOOST_VERSION / 100000,
                  BOOST_VERSION / 100 % 1000, idn2_check_version(nullptr)),
      {}};
}

/// The shortest scenario there is: a phone that boots and finds nobody who knows a URL.
Examined examined_play() {
  Examined play{
      "a boot", true, {}, "the program and its libraries do not fit together: install it again"};
  try {
    lab::prepare_language();
    const auto plan = lab::compile_scenario(
        "<scenario name=\"doctor\"><about>A boot.</about><expect><result is=\"no-url\"/></expect>"
        "</scenario>",
        "doctor.xml");
    if (!plan) return play.fine = false, play.found = plan.error().front().to_string(), play;
    const lab::Variant& variant = (*plan)->variants.front();
    lab::Play run(*plan, variant, 1);
    run.run();
    play.fine = lab::judge(**plan, variant, run.trace()).outcome == lab::Outcome::passed;
    play.found = fmt::format("{} in virtual time, {} events", play.fine ? "played" : "goes wrong",
                             run.trace().size());
  } catch (const std::exception& error) {
    play.fine = false;
    play.found = lab::fault_text(error);
  }
  return play;
}

Examined examined_machine() {
  utsname system{};
  uname(&system);
  cpu_set_t mask;
  CPU_ZERO(&mask);
  const int cores = sched_getaffinity(0, sizeof mask, &mask) == 0 ? CPU_COUNT(&mask) : 1;
  return {"machine",
          true,
          fmt::format("{} {} on {}, {} {} for this process", system.sysname, system.release,
                      system.machine, cores, cores == 1 ? "core" : "cores"),
          {}};
}

/// What the shell allows; each thread of a suite takes some of it.
Examined examined_limit(const char* name, int resource, rlim_t least, rlim_t unit,
                        const char* unit_name, const char* option) {
  rlimit limit{};
  getrlimit(resource, &limit);
  Examined found{name, true, "unlimited", {}};
  if (limit.rlim_cur == RLIM_INFINITY) return found;
  found.found = fmt::format("{}{}", limit.rlim_cur / unit, unit_name);
  found.fine = limit.rlim_cur >= least;
  found.remedy = fmt::format("raise it: ulimit {} {}", option, least / (unit == 1 ? 1 : 1024));
  return found;
}

ExaminedArea examine_run() {
  constexpr rlim_t kMegabyte = 1024 * 1024;
  return {"run",
          "scenarios in virtual time: run, explore, soak, cuts, settings",
          {examined_parts(), examined_play(), examined_machine(),
           examined_limit("open files", RLIMIT_NOFILE, 256, 1, "", "-n"),
           examined_limit("memory", RLIMIT_AS, 1024 * kMegabyte, kMegabyte, " MB", "-v")}};
}

// What goes over cables.

/// Does in a child what nobody comes back from; gives what went wrong, empty where nothing did.
template <class Act>
std::string in_a_child(Act act) {
  int ends[2];
  if (pipe(ends) != 0) return std::strerror(errno);
  const pid_t child = fork();
  if (child == 0) {
    const Expected<void> done = act();
    const std::string text = done ? std::string() : done.error().to_string();
    const bool told = write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size());
    _exit(told ? 0 : 1);
  }
  close(ends[1]);
  std::string text;
  char octets[1024];
  for (ssize_t got = 0; (got = read(ends[0], octets, sizeof octets)) > 0;) {
    text.append(octets, static_cast<std::size_t>(got));
  }
  close(ends[0]);
  int status = 1;
  if (child > 0) waitpid(child, &status, 0);
  if (text.empty() && status != 0) text = child > 0 ? "it ended early" : std::strerror(errno);
  return text;
}

Examined examined(const char* name, const std::string& wrong, const char* fine,
                  std::string remedy) {
  return {name, wrong.empty(), wrong.empty() ? fine : wrong, std::move(remedy)};
}

ExaminedArea examine_wire() {
  const std::string network = in_a_child([] { return wire::enter_network_namespace(); });
  const std::string cable = in_a_child([]() -> Expected<void> {
    if (auto inside = wire::enter_network_namespace(); !inside) return inside;
    return wire::make_cable("doctor0", "doctor1");
  });
  const std::string frames = in_a_child([]() -> Expected<void> {
    if (auto inside = wire::enter_network_namespace(); !inside) return inside;
    if (auto made = wire::make_cable("doctor0", "doctor1"); !made) return made;
    const auto opened = wire::Interface::open("doctor0");
    return opened ? Expected<void>() : std::unexpected(opened.error());
  });
  ExaminedArea area{"wire", "the same scenarios over cables: run --wire", {}};
  area.examined.push_back(examined("a network of its own", network, "can be had",
                                   "sysctl -w kernel.unprivileged_userns_clone=1 "
                                   "user.max_user_namespaces=10000, or run it as root; in a "
                                   "container: --privileged"));
  if (!network.empty()) return area;
  area.examined.push_back(examined("cables (veth)", cable, "can be made", "modprobe veth"));
  if (!cable.empty()) return area;
  area.examined.push_back(
      examined("frames", frames, "can be sent and received", "modprobe af_packet"));
  return area;
}

// A real network.

std::string line_of_file(const fs::path& file) {
  const auto text = lab::read_start(file.string(), 64);
  return text ? text->substr(0, text->find('\n')) : std::string();
}

Examined examined_interfaces() {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& each : fs::directory_iterator("/sys/class/net", error)) {
    if (line_of_file(each.path() / "type") != std::to_string(ARPHRD_ETHER)) continue;
    if (fs::exists(each.path() / "wireless", error)) continue;
    names.push_back(fmt::format("{} ({})", each.path().filename().string(),
                                line_of_file(each.path() / "operstate")));
  }
  std::ranges::sort(names);
  return {"Ethernet interfaces", !names.empty(),
          names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", ")),
          "plug in an Ethernet adapter; wireless ones pass no frames of others"};
}

ExaminedArea examine_device() {
  const int frames = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  const std::string wrong = frames < 0 ? std::strerror(errno) : "";
  if (frames >= 0) close(frames);
  ExaminedArea area{"device", "a phone or its servers on a real network: device, serve", {}};
  area.examined.push_back(
      examined("permission for frames", wrong, "there is",
               fmt::format("run it as root, or: setcap cap_net_raw+ep {}", program_path())));
  area.examined.push_back(examined_interfaces());
  area.examined.push_back({"libpcap", true, pcap_lib_version(), {}});
  return area;
}

// Programs of others.

Examined examined_program(const std::string& name, const std::string& program,
                          const std::string& argument, std::string_view package) {
  const std::string path = wire::find_program(program);
  if (path.empty()) return {name, false, "not here", fmt::format("apt-get install {}", package)};
  const std::string version = version_said_by(path, argument);
  return {name, true, version.empty() ? path : fmt::format("{}: {}", path, version), {}};
}

ExaminedArea examine_daemons() {
  ExaminedArea area{"daemons", "real servers in scenarios: interop, <daemon>", {}};
  const std::string spaces = in_a_child([]() -> Expected<void> {
    if (auto inside = wire::enter_network_namespace(); !inside) return inside;
    const auto made = wire::NetworkSpace::make();
    return made ? Expected<void>() : std::unexpected(made.error());
  });
  area.examined.push_back(examined("networks for them", spaces, "can be had", "see the area wire"));
  for (const lab::DaemonKind& kind : lab::daemon_kinds()) {
    const bool terse = kind.name == "kea" || kind.name == "nginx" || kind.name == "sipp";
    area.examined.push_back(examined_program(std::string(kind.name), std::string(kind.program),
                                             terse ? "-v" : "--version", kind.package));
  }
  return area;
}

ExaminedArea examine_browser() {
  ExaminedArea area{"browser", "pages and Web UI looked at by a browser: their tests", {}};
  for (const char* name : {"chromium", "chromium-browser", "google-chrome"}) {
    if (!wire::find_program(name).empty()) {
      area.examined.push_back(examined_program("Chromium", name, "--version", "chromium"));
      return area;
    }
  }
  area.examined.push_back({"Chromium", false, "not here", "apt-get install chromium"});
  return area;
}

}  // namespace

bool ExaminedArea::fine() const {
  return std::ranges::all_of(examined, &Examined::fine);
}

std::vector<ExaminedArea> examine(const std::vector<std::string>& areas) {
  std::vector<ExaminedArea> found;
  for (const std::string& name : areas) {
    if (name == "run") found.push_back(examine_run());
    if (name == "wire") found.push_back(examine_wire());
    if (name == "device") found.push_back(examine_device());
    if (name == "daemons") found.push_back(examine_daemons());
    if (name == "browser") found.push_back(examine_browser());
  }
  return found;
}

std::string doctor_text(const std::vector<ExaminedArea>& areas) {
  std::string text =
      shown("provlab {}, revision {}, {}\n", lab::kProgramVersion, kRevision, program_path());
  for (const ExaminedArea& area : areas) {
    text += shown("{:<8} {:<8} {}\n", area.name, area.fine() ? "ok" : "MISSING", area.about);
    for (const Examined& each : area.examined) {
      text += shown("  {}  {:<20} {}\n", each.fine ? "ok" : "--", each.name, each.found);
      if (!each.fine) text += shown("      {:<20} do: {}\n", "", each.remedy);
    }
  }
  return text;
}

std::string doctor_json(const std::vector<ExaminedArea>& areas) {
  namespace json = boost::json;
  json::array listed;
  for (const ExaminedArea& area : areas) {
    json::array examined;
    for (const Examined& each : area.examined) {
      json::object one{{"name", each.name}, {"fine", each.fine}, {"found", each.found}};
      if (!each.fine) one["remedy"] = each.remedy;
      examined.push_back(std::move(one));
    }
    listed.push_back(json::object{{"name", area.name},
                                  {"about", area.about},
                                  {"fine", area.fine()},
                                  {"examined", std::move(examined)}});
  }
  const json::object all{{"version", lab::kProgramVersion},
                         {"revision", kRevision},
                         {"program", program_path()},
                         {"fine", std::ranges::all_of(areas, &ExaminedArea::fine)},
                         {"areas", std::move(listed)}};
  return json::serialize(all) + "\n";
}

}  // namespace provlab::tools
