#pragma once
#include <string>

#include "tools/comparing/build_report.hpp"
#include "tools/scratch_folder.hpp"

namespace provlab::tools {

/// The explorations and maps whose conditions are kept beside scenarios, made with two builds at
/// the same time, each as a program of its own.
class KeptFindings {
 public:
  /// `folder` must outlive it. `root`: of what scenarios name by src.
  KeptFindings(std::string program, std::string root, const ScratchFolder& folder)
      : program_(std::move(program)), root_(std::move(root)), folder_(folder) {}

  /// Whether something is kept beside the scenario.
  static bool has(const std::string& file);
  /// Adds what differs in outcomes and in maps. What one of the builds cannot do is a note.
  void compare(const std::string& file, BuildReport& report) const;

 private:
  void explore(const std::string& file, BuildReport& report) const;
  void map(const std::string& file, BuildReport& report) const;
  /// Lets both do the same, each with a file of its own as its last word; false, and a note, where
  /// one of them writes none.
  bool both(std::vector<std::string> words, const std::string& what, BuildReport& report) const;
  std::string result_of(lab::SideName side) const;

  std::string program_;
  std::string root_;
  const ScratchFolder& folder_;
};

}  // namespace provlab::tools
