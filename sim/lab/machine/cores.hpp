#pragma once
#include <filesystem>
#include <optional>
#include <string_view>

/// How many threads this process can keep busy. A machine with 64 cores gives a container two, and
/// `taskset` gives a job one: more threads than that only wait for each other.
namespace provlab::lab {

/// Cores in the CPU mask of the calling thread (sched_getaffinity), at most as many as the quotas
/// of its control groups pay for; at least 1. Looked up once.
unsigned usable_cores();

/// `wanted`, or as many as there are usable cores where that is 0.
unsigned thread_count(unsigned wanted);

/// What quotas allow, rounded up to whole cores: of `cpu.max` (cgroup v2) of the group and those
/// above it, of `cpu.cfs_quota_us` (v1). Nothing where there is none. `groups` is the text of
/// /proc/self/cgroup, `mounts` the folder where the groups are mounted.
std::optional<unsigned> cores_of_quota(std::string_view groups,
                                       const std::filesystem::path& mounts);

}  // namespace provlab::lab
