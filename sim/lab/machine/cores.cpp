// A group's own quota and those of the groups above it hold at once, so the least of them counts.
// In a container the path that /proc/self/cgroup tells may be the host's: its folders are then not
// there, and the folder of the mount itself is the container's group.
#include "sim/lab/machine/cores.hpp"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <exception>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "sim/lab/machine/input_file.hpp"

namespace provlab::lab {

namespace {

namespace fs = std::filesystem;

constexpr int kMostCores = 65'536;

std::optional<long long> number_of(std::string_view text) {
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// A small file of the kernel's; nothing where it is not there, or the machine gives no more: it
/// only tells what would be better.
std::string kernel_text(const fs::path& file) try {
  constexpr std::size_t kMostOctets = 65'536;
  return read_start(file.string(), kMostOctets).value_or("");
} catch (const std::exception&) {
  return {};
}

std::vector<std::string> kernel_words(const fs::path& file) {
  std::istringstream in(kernel_text(file));
  std::vector<std::string> words;
  for (std::string word; words.size() < 2 && in >> word;) words.push_back(word);
  return words;
}

std::optional<unsigned> cores_for(const std::optional<long long>& quota,
                                  const std::optional<long long>& period) {
  if (!quota || !period || *quota <= 0 || *period <= 0) return std::nullopt;
  const long long cores = *quota / *period + (*quota % *period == 0 ? 0 : 1);
  return static_cast<unsigned>(std::min<long long>(cores, kMostCores));
}

/// Of one group, in either version.
std::optional<unsigned> quota_in(const fs::path& group) {
  const auto max = kernel_words(group / "cpu.max");
  if (max.size() == 2) return cores_for(number_of(max[0]), number_of(max[1]));
  const auto quota = kernel_words(group / "cpu.cfs_quota_us");
  const auto period = kernel_words(group / "cpu.cfs_period_us");
  if (quota.empty() || period.empty()) return std::nullopt;
  return cores_for(number_of(quota[0]), number_of(period[0]));
}

/// Of a group and all above it, as far as the folder of the mount.
std::optional<unsigned> least_quota(const fs::path& mount, std::string_view path) {
  std::optional<unsigned> least;
  fs::path group = mount;
  const auto take = [&] {
    const auto cores = quota_in(group);
    if (cores) least = std::min(least.value_or(*cores), *cores);
  };
  take();
  for (const fs::path& part : fs::path(path).relative_path()) {
    if (part == "..") break;
    group /= part;
    take();
  }
  return least;
}

unsigned cores_in_mask() {
  // The mask of a large machine takes more than the usual 1024 bits: the kernel says by EINVAL.
  for (int bits = 1024; bits <= kMostCores; bits *= 2) {
    cpu_set_t* const set = CPU_ALLOC(static_cast<std::size_t>(bits));
    if (set == nullptr) break;
    const std::size_t octets = CPU_ALLOC_SIZE(static_cast<std::size_t>(bits));
    const bool known = sched_getaffinity(0, octets, set) == 0;
    const int count = known ? CPU_COUNT_S(octets, set) : 0;
    CPU_FREE(set);
    if (known) return static_cast<unsigned>(std::max(1, count));
  }
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace

std::optional<unsigned> cores_of_quota(std::string_view groups, const fs::path& mounts) {
  std::optional<unsigned> least;
  std::istringstream lines{std::string(groups)};
  // Lines are `0::/path` (v2) and `4:cpu,cpuacct:/path` (v1).
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const bool unified = controllers == ",,";
    if (!unified && controllers.find(",cpu,") == std::string::npos) continue;
    const auto cores =
        least_quota(unified ? mounts : mounts / "cpu", std::string_view(line).substr(second + 1));
    if (cores) least = std::min(least.value_or(*cores), *cores);
  }
  return least;
}

unsigned usable_cores() {
  static const unsigned cores = [] {
    const std::string groups = kernel_text("/proc/self/cgroup");
    const unsigned mask = cores_in_mask();
    return std::max(1U, std::min(mask, cores_of_quota(groups, "/sys/fs/cgroup").value_or(mask)));
  }();
  return cores;
}

unsigned thread_count(unsigned wanted) {
  return wanted != 0 ? wanted : usable_cores();
}

}  // namespace provlab::lab
