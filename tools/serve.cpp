#include "tools/serve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <utility>

#include "sim/lab/machine/output_file.hpp"
#include "sim/lab/serving/session.hpp"
#include "sim/lab/suite/run_detail.hpp"
#include "sim/lab/suite/runner.hpp"
#include "sim/record/trace.hpp"
#include "sim/wire/chance_and_clock.hpp"
#include "sim/wire/interface.hpp"
#include "sim/world/pcapng.hpp"
#include "tools/command.hpp"
#include "tools/interrupt.hpp"
#include "tools/phone_in_scenario.hpp"
#include "tools/power_cycle.hpp"
#include "tools/scenario_files.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

using namespace std::chrono_literals;

constexpr Duration kBeyondPatience = 2s;
constexpr int kSlicesForCommand = 100;  ///< some ten seconds

/// A phone says nothing while it waits for a source: it is quiet only after that.
Duration quiet_of(const lab::ScenarioPlan& plan) {
  const auto& discovery = plan.phone.service.discovery;
  return std::max(discovery.redirect_timeout, discovery.multicast_timeout) + kBeyondPatience;
}

/// One session with a phone, and the report on it.
class Serving {
 public:
  Serving(const ServeRequest& request, const ReportOutput& output,
          lab::Shared<lab::ScenarioPlan> plan, std::unique_ptr<wire::Interface> interface)
      : request_(request),
        output_(output),
        plan_(std::move(plan)),
        power_cycle_(request.power_cycle),
        names_(lab::common_folder({request.scenario})),
        seed_(wire::fresh_seed()),
        session_(std::move(interface), *plan_, options(), hands()) {}

  int run() {
    if (session_.planned() == 0) return nothing_to_play();
    introduce();
    const auto started = std::chrono::steady_clock::now();
    auto ended = session_.run();
    if (ended && !interrupt_.asked()) {
      if (const auto command = power_cycle_.finish(); !command) {
        ended = std::unexpected(command.error());
      }
    }
    report_.wall_time = std::chrono::steady_clock::now() - started;
    report_.files = 1;
    report_.total = session_.planned();
    if (!ended) say(stderr, "provlab: {}\n", ended.error().to_string());
    const bool written =
        report_.runs.empty() || output_.write(report_, false, lab::Details::failed);
    if (!ended || !written || unwritten_) return kUsage;
    return exit_code(*ended == lab::Session::End::stopped);
  }

 private:
  lab::SessionOptions options() const {
    return {.times = {.slack = request_.slack, .quiet = request_.quiet.value_or(quiet_of(*plan_))},
            .patience = request_.patience,
            .seed = seed_,
            .variant = request_.variant,
            .repeat = request_.repeat,
            .beside_dhcp = request_.beside_dhcp,
            .whole_trace =
                !request_.trace_directory.empty() || output_.wants_pages() || output_.wants_json(),
            .limits = request_.limits,
            .boots_by_command = power_cycle_.there(),
            .only = request_.phone};
  }

  lab::SessionHands hands() {
    return {
        .tell = [this](const std::string& line) { tell(line); },
        .stop = [this]() -> Expected<bool> {
          if (const auto looked = mind_command(); !looked) {
            return std::unexpected(looked.error());
          }
          return interrupt_.asked();
        },
        .bring_to_boot = [this](const lab::Variant& variant,
                                unsigned round) { bring_to_boot(variant, round); },
        .capture = [this](const lab::Variant& variant, unsigned) { return capture_of(variant); },
        .take = [this](lab::ServedResult result,
                       const Trace& trace) { take(std::move(result), trace); }};
  }

  /// What a person reads goes where a machine does not: JSON on standard output stands alone.
  void tell(const std::string& line) const {
    std::FILE* const to = output_.taken() ? stderr : stdout;
    say(to, "{}\n", line);
    std::fflush(to);
  }

  int nothing_to_play() const {
    for (const lab::NotOnWire& each : session_.not_arranged()) {
      say(stderr, "provlab: the variant {} is left out: {}\n", each.text, each.reason);
    }
    if (session_.not_arranged().empty()) {
      say(stderr, "provlab: there is no variant '{}'; 'provlab list {} --variants' shows them\n",
          request_.variant, request_.scenario);
    }
    return kUsage;
  }

  void introduce() const {
    std::string hosts;
    for (const lab::HostPlan& host : plan_->hosts) {
      if (!host.options.configuration) continue;
      hosts += fmt::format("{}{} {}", hosts.empty() ? "" : ", ", host.options.name,
                           host.options.configuration->address.address.to_string());
    }
    tell(fmt::format("serves {} on {}: {}", plan_->name, request_.interface, hosts));
    for (const lab::NotOnWire& each : session_.view().not_judged) {
      tell(fmt::format("not judged here: line {}: {}: {}", each.line, each.text, each.reason));
    }
    for (const lab::NotOnWire& each : session_.view().not_done) {
      tell(fmt::format("not done here: line {}: {}: {}", each.line, each.text, each.reason));
    }
    for (const lab::NotOnWire& each : session_.not_arranged()) {
      tell(fmt::format("the variant {} is left out: {}", each.text, each.reason));
    }
  }

  void bring_to_boot(const lab::Variant& variant, unsigned round) {
    ++brought_;
    const std::string which = session_.planned() == 1
                                  ? std::string()
                                  : fmt::format(" ({} of {}{})", brought_, session_.planned(),
                                                variant.name.empty() ? "" : ": " + variant.name);
    if (power_cycle_.there()) {
      tell(fmt::format(">>> runs {}{}", request_.power_cycle, which));
      due_ = {variant.name, round};
      patience_with_command_ = kSlicesForCommand;
    } else {
      tell(fmt::format(">>> now switch the phone {}{}",
                       brought_ == 1 ? "on, or off and on again" : "off and on again", which));
    }
  }

  /// Begins the command that is due once the one before has ended, which may take its time.
  Expected<void> mind_command() {
    if (const auto looked = power_cycle_.look(); !looked) return looked;
    if (!due_ || (power_cycle_.running() && --patience_with_command_ > 0)) return {};
    const auto [variant, round] = *std::exchange(due_, std::nullopt);
    return power_cycle_.start(variant, round);
  }

  world::PcapngWriter* capture_of(const lab::Variant& variant) {
    if (request_.pcap_directory.empty()) return nullptr;
    const std::string comment = fmt::format("{} {}: {}", plan_->name, variant.name, plan_->about);
    capture_ =
        std::make_unique<world::PcapngWriter>(request_.interface, wire::wall_time(), comment);
    return capture_.get();
  }

  void take(lab::ServedResult result, const Trace& trace) {
    lab::RunReport run;
    run.position = report_.runs.size() + 1;
    run.scenario = plan_->name;
    run.variant = result.variant.name;
    run.file = plan_->file;
    run.about = plan_->about;
    run.seed = seed_;
    run.interface = request_.interface;
    run.verdict = std::move(result.verdict);
    run.checksum = trace.checksum();
    run.events = trace.size();
    run.virtual_time = result.time;
    run.wall_time = result.time;
    mind_the_machine(run.verdict, result.lag);
    for (const lab::NotOnWire& each : session_.view().not_judged) {
      lab::Finding finding;
      finding.line = each.line;
      finding.text = each.text;
      finding.not_judged = "not judged here: " + each.reason;
      run.verdict.findings.push_back(std::move(finding));
    }
    const lab::Leavings left{.plan = *plan_, .trace = trace, .log = result.log};
    const lab::Secrets secrets = lab::secrets_of(left, request_.secrets);
    lab::hide_secrets(run, secrets);
    if (output_.wants_pages() || output_.wants_json()) run.detail = lab::detail_of(left, secrets);
    write_files(run, secrets.hide_trace(trace.json_lines()));
    complete_ += result.complete;
    departed_ = departed_ || result.departed;
    tell(fmt::format("== {}: {}", run.title(), lab::to_string(run.verdict.outcome)));
    report_.runs.push_back(std::move(run));
  }

  /// What fails where events ran later than the slack allows is the machine's fault.
  void mind_the_machine(lab::Verdict& verdict, const wire::Lag& lag) const {
    if (lag.worst() <= request_.slack) return;
    const std::string late = fmt::format(
        "the machine is too slow: of {} events {} ran over 1 ms late, the latest by {}, and "
        "--slack "
        "is {}",
        lag.events(), lag.over_a_millisecond(), to_string(lag.worst()), to_string(request_.slack));
    if (verdict.outcome == lab::Outcome::passed) return tell(late);
    verdict.outcome = lab::Outcome::too_slow;
    verdict.reason = late;
  }

  void write_files(lab::RunReport& run, std::string_view trace) {
    if (request_.trace_directory.empty() && request_.pcap_directory.empty()) return;
    const std::string name = names_.name(run.file, run.variant);
    const auto write = [&](const std::string& folder, const char* ending,
                           std::string_view content) -> std::string {
      return folder.empty() ? std::string() : lab::write_for(run, folder, name + ending, content);
    };
    run.trace_file = write(request_.trace_directory, ".jsonl", trace);
    if (capture_) run.capture_file = write(request_.pcap_directory, ".pcapng", capture_->bytes());
    for (const Error& error : run.unwritten) {
      say(stderr, "provlab: {}\n", error.to_string());
      unwritten_ = true;
    }
  }

  int exit_code(bool stopped) const {
    const bool all = complete_ == session_.planned();
    if (!stopped || all || departed_) return report_.exit_code();
    return kInterrupted;
  }

  const ServeRequest& request_;
  const ReportOutput& output_;
  lab::Shared<lab::ScenarioPlan> plan_;
  const Interrupt interrupt_;
  PowerCycle power_cycle_;
  std::optional<std::pair<std::string, unsigned>> due_;  ///< for which the command is to run
  int patience_with_command_ = 0;                        ///< with the one before, in slices
  lab::RunFileNames names_;
  std::uint64_t seed_;
  std::unique_ptr<world::PcapngWriter> capture_;
  lab::SuiteReport report_;
  std::size_t brought_ = 0;
  std::size_t complete_ = 0;  ///< runs whose verdict lacks nothing
  bool departed_ = false;
  bool unwritten_ = false;
  lab::Session session_;
};

}  // namespace

int run_serve(const ServeRequest& request, const ReportOutput& output) {
  const auto plan = scenario_for_phone(request.scenario, request.root, request.phone);
  if (!plan) {
    for (const lab::Complaint& complaint : plan.error()) {
      say(stderr, "{}\n", complaint.to_string());
    }
    return plan.error().front().line == 0 ? kUsage : kInvalid;
  }
  if (!(*plan)->daemons.empty()) {
    say(stderr, "provlab: {} needs {}, which 'run --wire' starts and 'serve' does not\n",
        request.scenario, lab::daemon_names((*plan)->daemons));
    return kUsage;
  }
  if (!make_folders({request.trace_directory, request.pcap_directory, output.pages()})) {
    return kUsage;
  }
  if (!output.fits()) return kUsage;
  auto interface = wire::Interface::open(request.interface);
  if (!interface) {
    say(stderr, "provlab: {}\n", interface.error().to_string());
    return kUsage;
  }
  return Serving(request, output, *plan, std::move(*interface)).run();
}

}  // namespace provlab::tools
