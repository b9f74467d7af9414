#include "tests/house/shell.hpp"

#include <sys/wait.h>

#include <cstdio>

namespace provlab::test {

Said run_shell(const std::string& line) {
  const std::string whole =
      "unset GTEST_TOTAL_SHARDS GTEST_SHARD_INDEX TEST_TOTAL_SHARDS TEST_SHARD_INDEX "
      "JOB_COMPLETION_INDEX SLURM_ARRAY_TASK_ID CI_NODE_INDEX; { " +
      line + "; } 2>&1";
  Said said;
  FILE* pipe = popen(whole.c_str(), "r");
  if (pipe == nullptr) return said;
  char buffer[4096];
  while (const std::size_t got = fread(buffer, 1, sizeof buffer, pipe)) {
    said.text.append(buffer, got);
  }
  const int status = pclose(pipe);
  said.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return said;
}

Said run_program(const std::string& arguments) {
  return run_shell("'" PROVLAB_PROGRAM "' " + arguments);
}

}  // namespace provlab::test
