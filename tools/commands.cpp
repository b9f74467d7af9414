#include "tools/commands.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "sim/lab/known_events.hpp"
#include "sim/lab/reports.hpp"

namespace provlab::tools {

namespace {

constexpr int kUsage = 2;
constexpr int kInvalid = 3;

bool write_report(const std::string& file, const std::string& content) {
  std::ofstream stream(file, std::ios::binary);
  stream << content;
  stream.close();
  if (stream) return true;
  fmt::print(stderr,
             "provlab: {}: the file cannot be written; check the folder and its "
             "permissions\n",
             file);
  return false;
}

/// One line that is overwritten, on a terminal only.
void show_progress(std::size_t done, std::size_t total) {
  fmt::print(stderr, "\r{}/{} runs", done, total);
  if (done == total) fmt::print(stderr, "\r{:>40}\r", "");
  std::fflush(stderr);
}

}  // namespace

Commands::Commands(CLI::App& app) {
  add_run(app);
  add_list(app);
  add_validate(app);
  add_explore(app);
  add_settings(app);
}

void Commands::add_run(CLI::App& app) {
  run_ =
      app.add_subcommand("run", "Runs scenarios and compares what happens with what they expect");
  run_->add_option("PATH", paths_, "Scenario files, or folders to look for them in")->required();
  run_->add_option("--filter", options_.filter,
                   "Only scenarios and variants whose name or file contains this; '*' for any "
                   "characters");
  run_->add_option("--variant", options_.variant, "Only this variant of a race");
  run_->add_option("--seed", options_.seed, "Instead of the scenarios' own seeds");
  run_->add_flag("--twice", options_.twice,
                 "Run everything twice and compare traces octet by octet");
  run_->add_option("--jobs,-j", options_.jobs, "Threads (default: one per core)")
      ->check(CLI::Range(1U, 1024U));
  run_->add_option("--trace", options_.trace_directory,
                   "Write each trace as JSON lines to a folder");
  run_->add_option("--pcap", options_.pcap_directory,
                   "Write what passes the phone's interface as pcapng to a folder");
  run_->add_option("--junit", junit_, "Write a JUnit XML report to a file");
  run_->add_option("--json", json_, "Write a JSON report to a file ('-': to the terminal, alone)");
  run_->add_flag("--verbose,-v", verbose_, "Print the time line: who said what to whom, when");
  run_->footer(
      "Examples:\n"
      "  provlab run scenarios\n"
      "  provlab run scenarios --twice --junit build/scenarios.xml\n"
      "  provlab run scenarios/reference --filter race --trace build/trace --pcap build/pcap\n"
      "  provlab run FILE.xml --variant without-redirect-answer --seed 7 --verbose");
}

void Commands::add_list(CLI::App& app) {
  list_ = app.add_subcommand("list", "Lists scenarios, or the events that expectations can name");
  list_->add_option("PATH", paths_, "Scenario files or folders (default: scenarios)");
  list_->add_flag("--variants", variants_, "Also the variants of races");
  list_->add_flag("--events", events_, "All events of the trace with their fields, instead");
  list_->footer(
      "Examples:\n"
      "  provlab list scenarios --variants\n"
      "  provlab list --events");
}

void Commands::add_validate(CLI::App& app) {
  validate_ = app.add_subcommand("validate", "Checks scenarios without running them");
  validate_->add_option("PATH", paths_, "Scenario files or folders")->required();
  validate_->footer(
      "Every complaint reads FILE:LINE: what is wrong and what to write instead.\n"
      "Examples:\n"
      "  provlab validate scenarios\n"
      "  provlab validate my-scenario.xml");
}

void Commands::add_explore(CLI::App& app) {
  explore_ = app.add_subcommand("explore", "Tries every order in which packets can arrive");
  explore_->add_option("SCENARIO", exploration_.file, "One scenario file")->required();
  explore_->add_option("--window", window_,
                       "A packet may come this much later because others pass it (50ms)");
  explore_->add_option("--faults", exploration_.options.delivery.faults,
                       "So many packets may also be lost or arrive twice (default: none)");
  explore_->add_option("--depth", exploration_.options.depth,
                       "At most so many departures from the natural order in one run");
  explore_->add_option("--budget", exploration_.options.budget, "At most so many runs (20000)");
  explore_->add_option("--seed", exploration_.options.seed, "Instead of the scenario's own seed");
  explore_->add_option("--jobs,-j", exploration_.options.jobs, "Threads (default: one per core)")
      ->check(CLI::Range(1U, 1024U));
  explore_->add_option("--baseline", exploration_.baseline,
                       "Compare the outcomes with those kept in a file");
  explore_->add_flag("--update", exploration_.update, "Write that file instead");
  explore_->add_option("--token", exploration_.token, "Play one run again and print its time line");
  explore_->add_option("--trace", exploration_.trace,
                       "With --token: write its trace as JSON lines to a file");
  explore_->footer(
      "Runs come in rising number of departures, so that the token shown with an outcome is a\n"
      "shortest one. Expectations and races of the scenario are left aside: what is judged are "
      "the\n"
      "invariants. Exit code 1: an invariant broke, or the outcomes differ from the baseline.\n"
      "Examples:\n"
      "  provlab explore scenarios/reference/redirect-beats-multicast.xml\n"
      "  provlab explore FILE.xml --faults 1 --baseline FILE.outcomes\n"
      "  provlab explore FILE.xml --token 5:1,9:2");
}

CLI::App* Commands::add_settings_command(SettingsRequest::What what, const char* name,
                                         const char* about) {
  CLI::App* command = settings_->add_subcommand(name, about);
  command->preparse_callback([this, what](std::size_t) { request_.what = what; });
  command->add_option("--type", type_, "The device: D100 or D200 (default)")
      ->check(CLI::IsMember({"D100", "D200"}));
  command->add_option("--release", release_, "Its firmware: 1.10A, 2.0C or 2.2A (default)")
      ->check(CLI::IsMember({"1.10A", "2.0C", "2.2A"}));
  command->add_option("--config", request_.config,
                      "What the device has at first: a backup or patch (default: factory)");
  return command;
}

void Commands::add_settings(CLI::App& app) {
  using What = SettingsRequest::What;
  settings_ = app.add_subcommand("settings", "Tries provisioning documents without any network");
  settings_->require_subcommand(1);
  // Before its subcommands, which take it over.
  settings_->footer(
      "What became of each document goes to stderr as FILE: WHAT, with the reason: warnings, what\n"
      "was migrated, stripped, rejected. A document that is refused does not stop the others.\n"
      "Exit codes: 0 everything was applied, 1 something was rejected, 2 a document was refused\n"
      "or cannot be read.\n"
      "Examples:\n"
      "  provlab settings apply my-keys.xml --diff\n"
      "  provlab settings apply --type D100 --release 2.0C --config backup.xml a.xml b.xml\n"
      "  curl -s http://prov.server.com/a.xml | provlab settings validate -\n"
      "  provlab settings diff old.xml new.xml\n"
      "  provlab settings migrate --from 1.10A --to 2.2A old.xml > new.xml\n"
      "  provlab settings backup --config patch.xml > backup.xml");
  CLI::App* apply = add_settings_command(
      What::apply, "apply", "Applies documents one after the other, prints the configuration");
  apply->add_flag("--diff", request_.only_differences,
                  "Print what has changed instead: section/path: old → new");
  CLI::App* validate =
      add_settings_command(What::validate, "validate", "Says of each document whether it applies");
  CLI::App* diff = add_settings_command(
      What::diff, "diff", "Applies each of two documents to a device, prints what then differs");
  for (CLI::App* each : {apply, validate, diff}) {
    CLI::Option* documents =
        each->add_option("DOCUMENT", request_.documents, "Files; '-' reads standard input")
            ->required();
    if (each == diff) documents->expected(2);
  }
  CLI::App* migrate = settings_->add_subcommand(
      "migrate", "Brings a patch from one release's settings to another's, prints it");
  migrate->preparse_callback([this](std::size_t) { request_.what = What::migrate; });
  for (const auto& [name, release, about] :
       {std::tuple{"--from", &from_, "The release it was written for, where it names no version"},
        std::tuple{"--to", &release_, "The release it is to suit: 1.10A, 2.0C or 2.2A"}}) {
    migrate->add_option(name, *release, about)
        ->required()
        ->check(CLI::IsMember({"1.10A", "2.0C", "2.2A"}));
  }
  migrate->add_option("DOCUMENT", request_.documents, "A file; '-' reads standard input")
      ->required()
      ->expected(1);
  add_settings_command(What::backup, "backup", "Prints the backup that the device would make");
}

bool Commands::find_files() {
  if (paths_.empty()) paths_ = {"scenarios"};
  const auto files = lab::find_scenarios(paths_);
  if (!files) {
    fmt::print(stderr, "provlab: {}\n", files.error().to_string());
    return false;
  }
  files_ = *files;
  if (!files_.empty()) return true;
  fmt::print(stderr, "provlab: there are no scenarios in {}\n", fmt::join(paths_, ", "));
  return false;
}

int Commands::run() {
  if (run_->parsed()) return run_scenarios();
  if (validate_->parsed()) return validate_scenarios();
  if (explore_->parsed()) return explore();
  if (settings_->parsed()) return try_documents();
  return events_ ? list_events() : list_scenarios();
}

int Commands::run_scenarios() {
  if (!find_files()) return kUsage;
  options_.time_lines = verbose_;
  if (isatty(STDERR_FILENO) != 0) options_.progress = &show_progress;
  const lab::SuiteReport report = lab::run_suite(files_, options_);
  if (json_ == "-") {
    fmt::print("{}", lab::json_report(report));
  } else {
    fmt::print("{}", lab::text_report(report,
                                      {.verbose = verbose_, .colour = isatty(STDOUT_FILENO) != 0}));
  }
  bool written = true;
  if (!json_.empty() && json_ != "-") written = write_report(json_, lab::json_report(report));
  if (!junit_.empty()) written = write_report(junit_, lab::junit_report(report)) && written;
  if (!written) return kUsage;
  if (report.runs.empty() && report.complaints.empty()) {
    fmt::print(stderr,
               "provlab: nothing fits --filter or --variant; 'provlab list --variants' shows "
               "what there is\n");
    return kUsage;
  }
  return report.exit_code();
}

int Commands::list_scenarios() {
  if (!find_files()) return kUsage;
  const lab::LoadedSuite suite = lab::load_all(files_, 0);
  for (const lab::Complaint& complaint : suite.complaints) {
    fmt::print(stderr, "{}\n", complaint.to_string());
  }
  for (const auto& plan : suite.plans) {
    if (!plan) continue;
    fmt::print("{:<44} {}\n  {}\n", plan->name, plan->file, plan->about);
    if (!variants_) continue;
    for (const lab::Variant& variant : plan->variants) {
      if (!variant.name.empty()) fmt::print("    {}\n", variant.name);
    }
  }
  if (suite.unreadable > 0) return kUsage;
  return suite.complaints.empty() ? 0 : kInvalid;
}

int Commands::list_events() {
  for (const auto& [name, fields] : lab::known_events()) {
    fmt::print("{:<28} {}\n", name, fmt::join(fields, " "));
  }
  return 0;
}

int Commands::validate_scenarios() {
  if (!find_files()) return kUsage;
  const lab::LoadedSuite suite = lab::load_all(files_, 0);
  for (const lab::Complaint& complaint : suite.complaints)
    fmt::print("{}\n", complaint.to_string());
  std::size_t valid = 0;
  for (const auto& plan : suite.plans) valid += plan ? 1 : 0;
  fmt::print("{} of {} {} valid\n", valid, files_.size(), files_.size() == 1 ? "file" : "files");
  if (suite.unreadable > 0) return kUsage;
  return suite.complaints.empty() ? 0 : kInvalid;
}

int Commands::explore() {
  const auto window = parse_duration(window_);
  if (!window) {
    fmt::print(stderr, "provlab: --window: {}\n", window.error().to_string());
    return kUsage;
  }
  exploration_.options.delivery.window = *window;
  if (exploration_.update && exploration_.baseline.empty()) {
    fmt::print(stderr, "provlab: --update needs --baseline FILE, the file to write\n");
    return kUsage;
  }
  return explore_scenario(exploration_);
}

int Commands::try_documents() {
  request_.type = *parse_device_type(type_);
  request_.release = *parse_release(release_);
  request_.from = *parse_release(from_);
  const SettingsResult result = run_settings(request_, [](std::size_t most) {
    std::string content(most, '\0');
    content.resize(std::fread(content.data(), 1, most, stdin));
    return content;
  });
  std::fputs(result.report.c_str(), stderr);
  std::fwrite(result.output.data(), 1, result.output.size(), stdout);
  return result.code;
}

}  // namespace provlab::tools
