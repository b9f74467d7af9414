#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "sim/lab/suite/runner.hpp"
#include "sim/lab/suite/scenario_files.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {

/// A suite in a folder of its own: two scenarios of four variants each, one of which fails always.
class SuiteFixture : public ::testing::Test {
 protected:
  SuiteFixture() {
    write("a.xml", changed(kScenario, "name=\"sample\"", "name=\"apple\""));
    write("b.xml", changed(changed(kScenario, "name=\"sample\"", "name=\"banana\""),
                           "is=\"provisioned\"", "is=\"no-url\" why=\"to fail\""));
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }
  SuiteReport run(const RunnerOptions& options = {}) {
    return run_suite(*find_scenarios({folder_.path()}), options);
  }
  SuiteReport run_shard(unsigned index, unsigned count, unsigned jobs = 1) {
    RunnerOptions options;
    options.shard = {index, count};
    options.details = Details::all;
    options.jobs = jobs;
    return run(options);
  }

  test::TemporaryFolder folder_;
};

}  // namespace provlab::lab
