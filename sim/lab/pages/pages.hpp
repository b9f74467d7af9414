#pragma once
#include <string>
#include <vector>

#include "sim/lab/pages/beside_page.hpp"
#include "sim/lab/suite/suite_report.hpp"

/// Pages of a suite: an index, and pages of runs (D22). Each is a file by itself and takes nothing
/// from a network.
namespace provlab::lab {

/// Which runs have a page.
enum class PageChoice {
  failed,
  sampled,  ///< failed ones, and the first of each scenario
  all
};

/// Writes `index.html` and `runs/*.html` into a folder, which is made where it is not there. Files
/// of the same names are replaced, others left alone.
Expected<void> write_pages(const SuiteReport& suite, const std::string& folder,
                           PageChoice choice = PageChoice::sampled);

/// By run, whether it has a page.
std::vector<bool> runs_with_pages(const SuiteReport& suite, PageChoice choice);

/// `runs/0012-name.html`: from the index to the page of a run.
std::string page_path(const RunReport& run);

/// `folder` is where the pages are written: links to traces and captures start from its `runs/`.
/// `beside` is the page that shows the run beside one that passed, where there is one.
std::string run_page(const RunReport& run, const std::string& folder,
                     const BesidePage* beside = nullptr);
std::string index_page(const SuiteReport& suite, PageChoice choice = PageChoice::sampled);

}  // namespace provlab::lab
