#pragma once
#include <string>

#include "sim/lab/suite/suite_report.hpp"

/// Pages of a suite: an index, and one page for each run (D22). Each is a file by itself and takes
/// nothing from a network.
namespace provlab::lab {

/// Writes `index.html` and `runs/*.html` into a folder, which is made where it is not there. Files
/// of the same names are replaced, others left alone.
Expected<void> write_pages(const SuiteReport& suite, const std::string& folder);

/// `runs/0012-name--variant.html`: from the index to the page of a run.
std::string page_path(const RunReport& run);

/// `folder` is where the pages are written: links to traces and captures start from its `runs/`.
std::string run_page(const RunReport& run, const std::string& folder);
std::string index_page(const SuiteReport& suite);

}  // namespace provlab::lab
