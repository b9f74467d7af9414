#include <fmt/format.h>

#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/report/json_reader.hpp"
#include "sim/lab/report/soak_report.hpp"
#include "sim/lab/suite/merge.hpp"
#include "tools/command.hpp"
#include "tools/explore_shards.hpp"
#include "tools/explore_text.hpp"
#include "tools/report_output.hpp"
#include "tools/run_soak.hpp"
#include "tools/soaking/against_report.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

/// The shards that were read: of a suite, a soak, a soak on two builds or an exploration.
struct ReadShards {
  std::vector<ExploreShard> explorations;
  std::vector<lab::ShardReport> suites;
  std::vector<lab::SoakShard> soaks;
  std::vector<AgainstShard> against;
};

Expected<void> read_shard(const std::string& file, ReadShards& shards) {
  const auto text = lab::read_file(file, lab::kMostReportOctets, lab::Pipes::taken);
  if (!text) return std::unexpected(text.error());
  if (is_explore_report(*text)) {
    auto report = read_explore_report(*text, file);
    if (!report) return std::unexpected(report.error());
    shards.explorations.push_back({file, std::move(*report)});
  } else if (lab::is_soak_report(*text)) {
    auto report = lab::read_soak_report(*text, file);
    if (!report) return std::unexpected(report.error());
    shards.soaks.push_back({file, std::move(*report)});
  } else if (is_against_report(*text)) {
    auto report = read_against_report(*text, file);
    if (!report) return std::unexpected(report.error());
    shards.against.push_back({file, std::move(*report)});
  } else {
    auto report = lab::read_json_report(*text, file);
    if (!report) return std::unexpected(report.error());
    shards.suites.push_back({file, std::move(*report)});
  }
  const int kinds = int{!shards.suites.empty()} + int{!shards.soaks.empty()} +
                    int{!shards.against.empty()} + int{!shards.explorations.empty()};
  if (kinds <= 1) return {};
  return fail(
      "this one and those before it are of different commands ('run', 'soak', 'soak --against', "
      "'explore'): report each by itself",
      file);
}

class ReportCommand final : public Command {
 public:
  explicit ReportCommand(CLI::App& app)
      : Command(app, "report", "Puts the JSON reports of shards together and reports the whole") {
    options()
        .add_option(
            "SHARD.json", files_,
            "JSON reports of all shards (of 'run', 'soak' or 'explore' with --shard i/n --json)")
        ->required();
    output_.add_options(options());
    output_.add_amount(options());
    options().footer(
        "The exit code is the one that a run of the whole suite would have had; 2 where a shard "
        "is\n"
        "missing, given twice or not readable.\n"
        "Examples:\n"
        "  provlab run scenarios --shard 1/2 --json build/1.json     on one machine\n"
        "  provlab run scenarios --shard 2/2 --json build/2.json     on another\n"
        "  provlab report build/1.json build/2.json --junit build/all.xml --html build/pages\n"
        "Pages have traces of failed runs only, unless the shards ran with --details all.");
  }

  int run() override {
    if (!output_.fits()) return kUsage;
    ReadShards shards;
    for (const std::string& file : files_) {
      if (const auto read = read_shard(file, shards); !read) return refuse(read.error());
    }
    if (!shards.soaks.empty()) return report_soak(std::move(shards.soaks));
    if (!shards.against.empty()) return report_against(std::move(shards.against));
    if (!shards.explorations.empty()) return report_exploration(std::move(shards.explorations));
    auto whole = lab::merge(std::move(shards.suites));
    if (!whole) return refuse(whole.error());
    whole->strict = whole->strict || output_.strict();
    if (!output_.write(*whole, false, lab::Details::all)) return kUsage;
    return whole->exit_code();
  }

 private:
  int report_soak(std::vector<lab::SoakShard> shards) {
    const auto whole = lab::merge_soaks(std::move(shards));
    if (!whole) return refuse(whole.error());
    if (!output_.fits_soak()) return kUsage;
    if (!output_.taken()) print_soak(*whole);
    return write_soak(*whole, output_.json(), output_.junit()) ? whole->exit_code() : kUsage;
  }

  int report_against(std::vector<AgainstShard> shards) {
    const auto whole = merge_against(std::move(shards));
    if (!whole) return refuse(whole.error());
    if (!output_.fits_soak()) return kUsage;
    if (!output_.taken()) print_against(*whole);
    return write_against(*whole, output_.json(), output_.junit()) ? whole->exit_code() : kUsage;
  }

  int report_exploration(std::vector<ExploreShard> shards) {
    const auto whole = merge_explorations(std::move(shards));
    if (!whole) return refuse(whole.error());
    if (!output_.fits_soak()) return kUsage;
    if (!output_.taken()) print_exploration(*whole);
    return write_exploration(*whole, output_.json(), output_.junit()) ? whole->exit_code : kUsage;
  }

  static int refuse(const Error& error) {
    say(stderr, "provlab: {}\n", error.to_string());
    return kUsage;
  }

  std::vector<std::string> files_;
  ReportOutput output_;
};

}  // namespace

std::unique_ptr<Command> add_report(CLI::App& app) {
  return std::make_unique<ReportCommand>(app);
}

}  // namespace provlab::tools
