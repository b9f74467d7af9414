#include "sim/world/storage.hpp"

namespace provlab::world {

Expected<void> MemoryDisk::step(HostOperation operation, std::string_view file) {
  if (const auto why = trouble_ ? trouble_(operation, file) : std::nullopt) {
    return fail(std::string(reason_of(*why)));
  }
  if (steps_left_ && *steps_left_ == 0) return fail("the power is gone");
  if (steps_left_) --*steps_left_;
  ++steps_;
  return {};
}

Expected<std::optional<std::string>> MemoryDisk::read(std::string_view name) {
  if (const auto why = trouble_ ? trouble_(HostOperation::read, name) : std::nullopt) {
    return fail(std::string(reason_of(*why)));
  }
  return content(name);
}

std::optional<std::string> MemoryDisk::content(std::string_view name) const {
  const auto found = folder_.find(name);
  if (found == folder_.end()) return std::nullopt;
  return found->second->content;
}

void MemoryDisk::put(std::string_view name, std::optional<std::string> content) {
  for (Folder* folder : {&folder_, &safe_folder_}) {
    if (const auto found = folder->find(name); found != folder->end()) folder->erase(found);
  }
  if (!content) return;
  const auto file = std::make_shared<File>(std::move(*content), true);
  folder_.emplace(name, file);
  safe_folder_.emplace(name, file);
}

Expected<void> MemoryDisk::write(std::string_view name, std::string_view content) {
  const auto done = step(HostOperation::write, name);
  auto found = folder_.find(name);
  if (found == folder_.end()) {
    found = folder_.emplace(std::string(name), std::make_shared<File>()).first;
  }
  // One that fails has got so far.
  found->second->content = done ? content : content.substr(0, content.size() / 2);
  found->second->safe = false;
  return done;
}

Expected<void> MemoryDisk::sync(std::string_view name) {
  if (auto done = step(HostOperation::sync, name); !done) return done;
  const auto found = folder_.find(name);
  if (found == folder_.end()) return fail("there is no such file", std::string(name));
  found->second->safe = true;
  return {};
}

Expected<void> MemoryDisk::rename(std::string_view from, std::string_view to) {
  if (auto done = step(HostOperation::rename, from); !done) return done;
  const auto found = folder_.find(from);
  if (found == folder_.end()) return fail("there is no such file", std::string(from));
  auto file = std::move(found->second);
  folder_.erase(found);
  folder_.insert_or_assign(std::string(to), std::move(file));
  return {};
}

Expected<void> MemoryDisk::remove(std::string_view name) {
  if (auto done = step(HostOperation::remove, name); !done) return done;
  if (const auto found = folder_.find(name); found != folder_.end()) folder_.erase(found);
  return {};
}

Expected<void> MemoryDisk::sync_folder() {
  if (auto done = step(HostOperation::sync_folder, {}); !done) return done;
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
