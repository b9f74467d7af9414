#include "core/platform/durable_storage.hpp"

#include <tuple>

namespace provlab {

Expected<std::optional<std::string>> DurableStorage::read(std::string_view name) {
  return disk_.read(name);
}

Expected<void> DurableStorage::replace(std::string_view name, std::string_view content) {
  const std::string beside = std::string(name) + ".new";
  auto written = disk_.write(beside, content);
  if (written) written = disk_.sync(beside);
  if (written) written = disk_.rename(beside, name);
  if (!written) {
    std::ignore = disk_.remove(beside);
    return written;
  }
  // It is in its place. Were it refused now, memory and store would part (SPEC I10); a power cut
  // leaves the old content or the new one, whole, all the same.
  std::ignore = disk_.sync_folder();
  return {};
}

Expected<void> DurableStorage::remove(std::string_view name) {
  if (auto removed = disk_.remove(name); !removed) return removed;
  return disk_.sync_folder();
}

Expected<void> DurableStorage::rename(std::string_view name, std::string_view to) {
  if (auto renamed = disk_.rename(name, to); !renamed) return renamed;
  return disk_.sync_folder();
}

}  // namespace provlab
