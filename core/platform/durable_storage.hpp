#pragma once
#include <string>

#include "core/platform/host.hpp"

namespace provlab {

/// A folder of files on something that forgets what was not synced when the power goes, such as a
/// disk with its cache. What DurableStorage is made of; each world has its own.
class Disk {
 public:
  virtual ~Disk() = default;
  /// The content, or nothing where there is no file of that name.
  virtual Expected<std::optional<std::string>> read(std::string_view name) = 0;
  /// Makes the file, or empties the one there is, and writes the content. Until sync() a power cut
  /// may leave any part of it.
  virtual Expected<void> write(std::string_view name, std::string_view content) = 0;
  /// The content of the file that was just written is safe when this returns.
  virtual Expected<void> sync(std::string_view name) = 0;
  /// Gives a file another name, in place of the one that has it. At once for every reader; until
  /// sync_folder() a power cut may leave either.
  virtual Expected<void> rename(std::string_view from, std::string_view to) = 0;
  /// Nothing happens where there is no such file.
  virtual Expected<void> remove(std::string_view name) = 0;
  /// Which files there are, and their names, is safe when this returns.
  virtual Expected<void> sync_folder() = 0;
};

/// Storage as a phone needs it (SPEC 1.3), on a disk: each piece is a file of its name. A piece is
/// replaced by writing a new file beside it (`NAME.new`), syncing that, renaming it and syncing the
/// folder, so that a power cut or a kill at any instant leaves the old or the new content, whole.
/// What fails changes nothing; only where the folder cannot be synced the new content is there, but
/// not safe yet. A `.new` that a power cut left behind is overwritten the next time.
class DurableStorage final : public Storage {
 public:
  explicit DurableStorage(Disk& disk) : disk_(disk) {}

  Expected<std::optional<std::string>> read(std::string_view name) override;
  Expected<void> replace(std::string_view name, std::string_view content) override;
  Expected<void> remove(std::string_view name) override;
  Expected<void> rename(std::string_view name, std::string_view to) override;

 private:
  Disk& disk_;
};

}  // namespace provlab
