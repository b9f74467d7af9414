#pragma once
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/error.hpp"

/// Files that the program writes where its user asked for them.
namespace provlab::lab {

/// Makes a folder and those above it, where they are not there.
Expected<void> make_folder(const std::filesystem::path& folder);

/// Writes a whole file and makes the folders above it. The error names the file and the system's
/// reason; what was there before may be lost then.
Expected<void> write_file(const std::filesystem::path& file, std::string_view content);

/// A file that grows while the program runs, so that what is in it is of now and memory does not
/// hold it.
class GrowingFile {
 public:
  /// Empties a file that is there, and makes the folders above it. Errors as above.
  static Expected<GrowingFile> create(const std::filesystem::path& file);
  Expected<void> append(std::string_view content);

 private:
  using Stream = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
  GrowingFile(std::filesystem::path file, Stream stream);

  std::filesystem::path file_;
  Stream stream_;
};

/// The deepest folder that holds all of these files and folders.
std::string common_folder(const std::vector<std::string>& paths);

/// Names the files that are written for the runs of a suite, as the scenarios lie below a folder:
/// `races/six-answers--without-a` for that variant of `races/six-answers.xml`. No two runs get the
/// same name, so none overwrites what another has written.
class RunFileNames {
 public:
  explicit RunFileNames(const std::string& root);

  /// A path without the ending that tells what is inside; it never leads out of the folder that it
  /// is put behind.
  std::string name(const std::string& scenario_file, const std::string& variant);

 private:
  std::filesystem::path root_;
  std::set<std::string> taken_;
};

}  // namespace provlab::lab
