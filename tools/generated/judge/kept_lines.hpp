#pragma once
#include <string>

#include "sim/lab/machine/output_file.hpp"

namespace provlab::mutants {

/// A file of lines behind a heading, which grows as there is something to keep.
struct KeptLines {
  lab::GrowingFile file;
  std::string known;  ///< what is in it, with the heading; whole lines
};

/// Goes on with a file that begins with this heading, which ends its line; any other, or none,
/// begins anew.
Expected<KeptLines> keep_lines(const std::string& file, const std::string& heading);

}  // namespace provlab::mutants
