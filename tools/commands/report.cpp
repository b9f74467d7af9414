#include <fmt/format.h>

#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/report/json_reader.hpp"
#include "sim/lab/suite/merge.hpp"
#include "tools/command.hpp"
#include "tools/report_output.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

Expected<lab::ShardReport> read_shard(const std::string& file) {
  const auto text = lab::read_file(file, lab::kMostReportOctets, lab::Pipes::taken);
  if (!text) return std::unexpected(text.error());
  auto report = lab::read_json_report(*text, file);
  if (!report) return std::unexpected(report.error());
  return lab::ShardReport{file, std::move(*report)};
}

class ReportCommand final : public Command {
 public:
  explicit ReportCommand(CLI::App& app)
      : Command(app, "report", "Puts the JSON reports of shards together and reports the whole") {
    options()
        .add_option("SHARD.json", files_, "JSON reports of all shards ('run --shard i/n --json')")
        ->required();
    output_.add_options(options());
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
    std::vector<lab::ShardReport> shards;
    for (const std::string& file : files_) {
      auto shard = read_shard(file);
      if (!shard) return refuse(shard.error());
      shards.push_back(std::move(*shard));
    }
    auto whole = lab::merge(std::move(shards));
    if (!whole) return refuse(whole.error());
    whole->strict = whole->strict || output_.strict();
    if (!output_.write(*whole, false, lab::Details::all)) return kUsage;
    return whole->exit_code();
  }

 private:
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
