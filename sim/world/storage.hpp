#pragma once
#include <map>

#include "core/platform/host.hpp"

namespace provlab::world {

/// Storage in memory; it belongs to the host and survives its power cuts. replace() is durable when
/// it returns, so a power cut finds the old or the new content.
class MemoryStorage final : public Storage {
 public:
  Expected<std::optional<std::string>> read(std::string_view name) override {
    const auto found = pieces_.find(name);
    if (found == pieces_.end()) return std::nullopt;
    return found->second;
  }
  Expected<void> replace(std::string_view name, std::string_view content) override {
    pieces_.insert_or_assign(std::string(name), std::string(content));
    return {};
  }
  Expected<void> remove(std::string_view name) override {
    if (const auto found = pieces_.find(name); found != pieces_.end()) pieces_.erase(found);
    return {};
  }

 private:
  std::map<std::string, std::string, std::less<>> pieces_;
};

}  // namespace provlab::world
