#include "sim/lab/daemons/daemons.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/machine/output_file.hpp"
#include "sim/wire/namespace.hpp"

namespace provlab::lab {

namespace {

constexpr const char* kSwitch = "switch";
constexpr Duration kPatience = std::chrono::seconds(10);     ///< until one serves
constexpr Duration kToEnd = std::chrono::milliseconds(500);  ///< until one that is asked has ended
constexpr std::size_t kMostLog = 64U * 1024;                 ///< that is kept of each
constexpr std::size_t kMostLogRead = std::size_t{64} << 20;

Expected<void> in_place(Expected<void> result, const std::string& where) {
  if (!result && result.error().where.empty()) result.error().where = where;
  return result;
}

std::string last_line(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  const std::size_t begin = text.rfind('\n');
  return std::string(begin == std::string_view::npos ? text : text.substr(begin + 1));
}

}  // namespace

std::string missing_packages(const ScenarioPlan& plan) {
  std::vector<std::string_view> missing;
  for (const DaemonPlan& daemon : plan.daemons) {
    const DaemonKind& kind = *daemon.kind;
    if (std::ranges::find(missing, kind.package) != missing.end()) continue;
    if (wire::find_program(std::string(kind.program)).empty()) missing.push_back(kind.package);
  }
  return fmt::format("{}", fmt::join(missing, " "));
}

Expected<std::unique_ptr<Daemons>> Daemons::start(const ScenarioPlan& plan, WallTime now,
                                                  const std::string& phone,
                                                  const std::string& servers) {
  std::unique_ptr<Daemons> made(new Daemons(plan));
  auto folder = wire::PrivateFolder::make();
  if (!folder) return std::unexpected(folder.error());
  made->folder_ = std::move(*folder);
  if (const auto done = made->make_networks(phone, servers); !done) {
    return std::unexpected(done.error());
  }
  for (const DaemonPlan& daemon : plan.daemons) {
    if (const auto done = made->launch(daemon, now); !done) return std::unexpected(done.error());
  }
  for (Running& daemon : made->running_) {
    if (const auto serves = made->await(daemon); !serves) return std::unexpected(serves.error());
  }
  return made;
}

Daemons::~Daemons() {
  // They would go with the switch, but only when the kernel comes to it.
  for (const std::string& end : ends_) (void)wire::remove_interface(end);
}

Expected<void> Daemons::make_networks(const std::string& phone, const std::string& servers) {
  auto own = wire::NetworkSpace::current();
  if (!own) return std::unexpected(own.error());
  auto space = wire::NetworkSpace::make();
  if (!space) return std::unexpected(space.error());
  switch_ = std::move(*space);
  auto made = switch_->inside([] { return wire::make_bridge(kSwitch); });
  if (!made) return in_place(made, "switch");
  for (const std::string& end : {phone, servers}) {
    if (end.empty()) continue;
    made = wire::make_cable(*own, end, *switch_, end);
    if (made) ends_.push_back(end);
    if (made) made = switch_->inside([&] { return wire::plug_into_bridge(kSwitch, end); });
    if (!made) return in_place(made, end);
  }
  std::vector<std::size_t> hosts;
  for (const DaemonPlan& daemon : plan_.daemons) hosts.push_back(daemon.host);
  // Those behind a router need it, whatever it serves beside that.
  const bool behind = std::ranges::any_of(
      hosts, [&](std::size_t host) { return plan_.hosts[host].options.segment != 0; });
  for (std::size_t host = 0; behind && host < plan_.hosts.size(); ++host) {
    if (plan_.hosts[host].options.routes) hosts.push_back(host);
  }
  for (const std::size_t host : hosts) {
    if (hosts_.contains(host)) continue;
    if (const auto done = in_place(add_host(host), plan_.hosts[host].options.name); !done) {
      return done;
    }
  }
  return {};
}

Expected<void> Daemons::add_host(std::size_t host) {
  auto network = wire::NetworkSpace::make();
  if (!network) return std::unexpected(network.error());
  const std::string port = fmt::format("port{}", host);
  if (auto done = wire::make_cable(*switch_, port, *network, kDaemonInterface); !done) return done;
  if (auto done = switch_->inside([&] { return wire::plug_into_bridge(kSwitch, port); }); !done) {
    return done;
  }
  const wire::NetworkSpace& there =
      hosts_.emplace(host, Host{std::move(*network), std::nullopt}).first->second.network;
  return there.inside([&] { return address_host(host); });
}

/// In the host's own network.
Expected<void> Daemons::address_host(std::size_t host) {
  const world::HostOptions& options = plan_.hosts[host].options;
  if (!options.configuration) return fail("it has no address");
  auto done = wire::set_interface_address(kDaemonInterface, options.configuration->address);
  if (!done) return done;
  if (options.routes) {
    for (const HostPlan& other : plan_.hosts) {
      if (other.options.segment == 0 || !other.options.configuration) continue;
      // Several hosts may share a network, to which there is a way already.
      (void)wire::add_route(kDaemonInterface, other.options.configuration->address);
    }
    return wire::route_for_others();
  }
  const auto router =
      std::ranges::find_if(plan_.hosts, [](const HostPlan& each) { return each.options.routes; });
  if (router == plan_.hosts.end() || !router->options.configuration) return {};
  const Ipv4Address gateway = router->options.configuration->address.address;
  if (options.segment != 0) {
    done = wire::add_route(kDaemonInterface, {gateway, 32});
    if (!done) return done;
  }
  return wire::add_route(kDaemonInterface, {Ipv4Address{}, 0}, gateway);
}

Expected<void> Daemons::launch(const DaemonPlan& daemon, WallTime now) {
  const HostPlan& host = plan_.hosts[daemon.host];
  Host& there = hosts_.at(daemon.host);
  Running running;
  running.plan = &daemon;
  running.title = fmt::format("{} on {}", daemon.kind->name, host.options.name);
  running.folder = fmt::format("{}/{}-{}", folder_->path(), running_.size() + 1, daemon.kind->name);
  running.configuration =
      configure(daemon, {host.options.configuration->address, running.folder, now});
  for (const auto& [name, content] : running.configuration.files) {
    const std::string file = running.folder + "/" + name;
    if (const auto written = write_file(file, content); !written) return written;
  }
  if (running.configuration.hears_multicast && !there.membership) {
    const auto joined = there.network.inside([&]() -> Expected<void> {
      auto membership = wire::join_group(kDaemonInterface, Ipv4Address::of(224, 0, 1, 75));
      if (!membership) return std::unexpected(membership.error());
      there.membership = std::move(*membership);
      return {};
    });
    if (!joined) return in_place(joined, running.title);
  }
  wire::Launch start;
  start.program = wire::find_program(std::string(daemon.kind->program));
  if (start.program.empty()) {
    return fail(fmt::format("{} is not installed; its package is {}", daemon.kind->program,
                            daemon.kind->package),
                running.title);
  }
  start.arguments = running.configuration.arguments;
  start.environment = running.configuration.environment;
  start.folder = running.folder;
  start.log = running.folder + "/log";
  auto process = wire::Process::start(start, there.network);
  if (!process) return std::unexpected(Error{process.error().text, running.title});
  running.process = std::move(*process);
  running_.push_back(std::move(running));
  return {};
}

Expected<void> Daemons::await(Running& daemon) {
  const Readiness& ready = daemon.configuration.ready;
  const auto serves = [&] {
    return ready.protocol.empty()
               ? log_of(daemon).find(ready.word) != std::string::npos
               : wire::has_socket(daemon.process->id(), ready.protocol, ready.port);
  };
  if (daemon.process->wait_until(serves, kPatience)) return {};
  const bool runs = daemon.process->running();
  return fail(fmt::format("{}: {}",
                          runs ? "it has not begun to serve in 10 s"
                               : "it has ended at once, with " + daemon.process->ending(),
                          last_line(log_of(daemon))),
              daemon.title);
}

std::string Daemons::ended() {
  std::string text;
  for (Running& each : running_) {
    if (each.process->running()) continue;
    text += fmt::format("{}{} ended with {}: {}", text.empty() ? "" : "; ", each.title,
                        each.process->ending(), last_line(log_of(each)));
  }
  return text;
}

void Daemons::stop() {
  for (Running& each : running_) each.process->stop(kToEnd);
}

std::string Daemons::log_of(const Running& daemon) const {
  std::string text;
  for (const char* name : {"log", "errors", "messages"}) {
    const std::string file = daemon.folder + "/" + name;
    if (!std::filesystem::exists(file)) continue;
    text += read_file(file, kMostLogRead).value_or("");
  }
  return text;
}

std::vector<DaemonLog> Daemons::logs() const {
  std::vector<DaemonLog> logs;
  for (const Running& each : running_) {
    std::string text = log_of(each);
    if (text.size() > kMostLog) text.erase(0, text.size() - kMostLog);
    logs.push_back({each.title, std::move(text)});
  }
  return logs;
}

}  // namespace provlab::lab
