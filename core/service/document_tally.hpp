#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace provlab::service {

/// What became of the documents of one run.
struct DocumentTally {
  unsigned requested = 0;     ///< downloads begun
  unsigned downloaded = 0;    ///< answered whole with status 200
  unsigned failed = 0;        ///< downloads that failed
  unsigned refused = 0;       ///< downloaded, but not readable as any document type
  unsigned skipped = 0;       ///< references that were not requested
  unsigned accepted = 0;      ///< sections and operations taken
  unsigned rejected = 0;      ///< sections and operations not taken
  unsigned downgraded = 0;    ///< http URLs that a document named which came by https
  bool changed = false;       ///< whether any setting differs now
  std::string first_problem;  ///< a sentence without full stop, empty when there was none

  /// Sections left out because the release does not have them, each once (SPEC 6.6).
  std::vector<std::string> unknown = {};

  void note_problem(std::string_view problem);  ///< kept if it is the first
  void note_unknown(std::string_view section);
  bool anything_wrong() const { return failed + refused + skipped + rejected != 0; }
};

}  // namespace provlab::service
