#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "sim/lab/neighbours/failed_runs.hpp"

namespace provlab::tools {

/// --why and --why-budget: what would have changed a run, as options that commands share.
class WhyOptions {
 public:
  /// `about`: what --why looks into.
  void add_options(CLI::App& app, const std::string& about);
  bool wanted() const { return wanted_; }
  lab::NeighbourOptions search(unsigned jobs, std::function<bool()> enough) const;

 private:
  bool wanted_ = false;
  std::size_t budget_ = lab::NeighbourOptions{}.budget;
};

/// Looks into the failed runs of a suite, with a line of progress; a word on stderr about those
/// that are left out.
void explain_failures(lab::SuiteReport& suite, const WhyOptions& why, unsigned jobs,
                      const lab::RunLimits& limits, lab::Secrets::Told secrets);

}  // namespace provlab::tools
