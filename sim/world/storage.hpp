#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/platform/durable_storage.hpp"
#include "sim/world/host_fault.hpp"

namespace provlab::world {

/// A disk in memory (D8). It belongs to the host and survives its power cuts, but for what was not
/// synced: half of a file's content may be left, and the old names. No time passes while it works,
/// so a power cut of the timeline never falls between two of its steps; fail_after() lets one do
/// so.
class MemoryDisk final : public Disk {
 public:
  Expected<std::optional<std::string>> read(std::string_view name) override;
  Expected<void> write(std::string_view name, std::string_view content) override;
  Expected<void> sync(std::string_view name) override;
  Expected<void> rename(std::string_view from, std::string_view to) override;
  Expected<void> remove(std::string_view name) override;
  Expected<void> sync_folder() override;

  /// What a power cut leaves of names that were not synced.
  enum class Names { old, changed };
  /// The power goes, and comes back with the next call.
  void power_cut(Names names = Names::old);
  /// After so many more steps that change something the power is gone: every further one fails,
  /// until power_cut().
  void fail_after(unsigned steps) { steps_left_ = steps; }
  /// Asked before each step, and before each read: why it fails, or nothing.
  using Trouble = std::function<std::optional<HostTrouble>(HostOperation, std::string_view file)>;
  void fail_by(Trouble trouble) { trouble_ = std::move(trouble); }
  /// What a file holds, whatever reading it would come to; nothing where there is none.
  std::optional<std::string> content(std::string_view name) const;
  /// Puts a file there as it shall be found, or takes it away; safe at once, and no step.
  void put(std::string_view name, std::optional<std::string> content);
  /// Steps that have changed something so far.
  unsigned steps() const { return steps_; }

 private:
  struct File {
    std::string content;
    bool safe = false;  ///< all of it is synced
  };
  using Folder = std::map<std::string, std::shared_ptr<File>, std::less<>>;

  Expected<void> step(HostOperation operation, std::string_view file);

  Folder folder_;
  Folder safe_folder_;  ///< as it was at the last sync_folder()
  Trouble trouble_;
  std::optional<unsigned> steps_left_;
  unsigned steps_ = 0;
};

}  // namespace provlab::world
