#include "tools/why_options.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "tools/progress.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

void WhyOptions::add_options(CLI::App& app, const std::string& about) {
  CLI::Option* why = app.add_flag("--why", wanted_, about);
  app.add_option("--why-budget", budget_,
                 fmt::format("With --why: at most so many neighbours of each ({})", budget_))
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000'000}))
      ->needs(why);
}

lab::NeighbourOptions WhyOptions::search(unsigned jobs, std::function<bool()> enough) const {
  lab::NeighbourOptions options;
  options.budget = budget_;
  options.jobs = jobs;
  options.enough = std::move(enough);
  return options;
}

void explain_failures(lab::SuiteReport& suite, const WhyOptions& why, unsigned jobs,
                      const lab::RunLimits& limits, lab::Secrets::Told secrets) {
  ProgressLine progress;
  const std::size_t left = lab::explain_failures(
      suite, {.search = why.search(jobs, limits.enough),
              .limits = limits,
              .secrets = secrets,
              .progress = [&](std::size_t run, std::size_t of, std::size_t neighbours) {
                progress.show(
                    fmt::format("--why: failed run {} of {}, {} neighbours", run, of, neighbours));
              }});
  progress.clear();
  if (left == 0) return;
  say(stderr, "provlab: --why has left out {} failed {}; --filter and --variant choose others\n",
      left, left == 1 ? "run" : "runs");
}

}  // namespace provlab::tools
