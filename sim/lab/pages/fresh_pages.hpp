#pragma once
#include <map>
#include <set>
#include <string>

#include "sim/lab/suite/suite_report.hpp"

namespace provlab::lab {

/// Pages that keep themselves fresh in a browser while they are written again and again. Each asks
/// `fresh.js` beside the index, a few times a second, what it should look like by now, and loads
/// itself again where that is something else. No server is needed: a browser loads such a file from
/// the disk as well.
class FreshPages {
 public:
  explicit FreshPages(std::string folder) : folder_(std::move(folder)) {}

  /// Writes the index, the pages of runs of these scenario files, and those that were not there.
  /// The page of a run that is no more is taken away; who looks at it sees the index until it is
  /// back.
  Expected<void> write(const SuiteReport& suite, const std::set<std::string>& files);

 private:
  Expected<void> write_page(const std::string& name, std::string page);

  std::string folder_;
  std::map<std::string, std::string> marks_;  ///< of the pages that there are, by name
};

}  // namespace provlab::lab
