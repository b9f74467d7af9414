#pragma once
#include <cstdio>
#include <cstdlib>
#include <string>

namespace provlab::bench {

/// Rounds per second of CPU time that bare libcurl does on this machine right now, each a GET to
/// each of `servers` (see floor.cpp); 0 where the program beside this one does not run.
inline double floor_rate(const char* mode, const char* servers, double seconds) {
  const std::string command =
      std::string(PROVLAB_BENCH_FLOOR) + " " + mode + " " + servers + " " + std::to_string(seconds);
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return 0;
  double rate = 0;
  if (std::fscanf(pipe, "%lf", &rate) != 1) rate = 0;
  pclose(pipe);
  return rate;
}

}  // namespace provlab::bench
