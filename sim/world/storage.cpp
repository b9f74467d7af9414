#include "sim/world/storage.hpp"

namespace provlab::world {

Expected<void> MemoryDisk::step() {
  if (steps_left_ && *steps_left_ == 0) return fail("the power is gone");
  if (steps_left_) --*steps_left_;
  ++steps_;
  return {};
}

Expected<std::optional<std::string>> MemoryDisk::read(std::string_view name) {
  const auto found = folder_.find(name);
  if (found == folder_.end()) return std::nullopt;
  return found->second->content;
}

Expected<void> MemoryDisk::write(std::string_view name, std::string_view content) {
  if (auto done = step(); !done) return done;
  auto found = folder_.find(name);
  if (found == folder_.end()) {
    found = folder_.emplace(std::string(name), std::make_shared<File>()).first;
  }
  found->second->content = content;
  found->second->safe = false;
  return {};
}

Expected<void> MemoryDisk::sync(std::string_view name) {
  if (auto done = step(); !done) return done;
  const auto found = folder_.find(name);
  if (found == folder_.end()) return fail("there is no such file", std::string(name));
  found->second->safe = true;
  return {};
}

Expected<void> MemoryDisk::rename(std::string_view from, std::string_view to) {
  if (auto done = step(); !done) return done;
  const auto found = folder_.find(from);
  if (found == folder_.end()) return fail("there is no such file", std::string(from));
  auto file = std::move(found->second);
  folder_.erase(found);
  folder_.insert_or_assign(std::string(to), std::move(file));
  return {};
}

Expected<void> MemoryDisk::remove(std::string_view name) {
  if (auto done = step(); !done) return done;
  if (const auto found = folder_.find(name); found != folder_.end()) folder_.erase(found);
  return {};
}

Expected<void> MemoryDisk::sync_folder() {
  if (auto done = step(); !done) return done;
  safe_folder_ = folder_;
  return {};
}

void MemoryDisk::power_cut(Names names) {
  steps_left_.reset();
  if (names == Names::old) {
    folder_ = safe_folder_;
  } else {
    safe_folder_ = folder_;
  }
  for (auto& [name, file] : folder_) {
    if (file->safe) continue;
    file->content.resize(file->content.size() / 2);
    file->safe = true;  // what is left is on the disk
  }
}

}  // namespace provlab::world
