#include "sim/lab/pages/fresh_pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "sim/lab/suite/runner.hpp"
#include "tests/interop/browser.hpp"
#include "tests/temporary_folder.hpp"

namespace provlab::interop {
namespace {

using ::testing::HasSubstr;

/// Pages of scenarios in a folder, open in a browser from the disk.
class OpenPages : public BrowserTest {
 protected:
  void save(const std::string& name, std::string_view result) {
    std::ofstream(folder_ / (name + ".xml"))
        << "<scenario name=\"" << name << "\"><about>A.</about><expect><result is=\"" << result
        << "\"/></expect></scenario>";
  }
  /// All scenarios that there are, of which `saved` was written.
  void write(const std::string& saved) {
    lab::RunnerOptions options;
    options.details = lab::Details::all;
    std::vector<std::string> files;
    for (const char* name : {"a", "b"}) {
      const std::string file = folder_ / (name + std::string(".xml"));
      if (std::filesystem::exists(file)) files.push_back(file);
    }
    const auto written = pages_.write(lab::run_suite(files, options), {folder_ / (saved + ".xml")});
    ASSERT_TRUE(written) << written.error().to_string();
  }
  std::string address(const std::string& page) { return "file://" + (folder_ / "pages/") + page; }

  test::TemporaryFolder folder_;
  lab::FreshPages pages_{folder_ / "pages"};
};

TEST_F(OpenPages, KeepThemselvesFreshAndNoOthers) {
  save("a", "no-url");
  save("b", "no-url");
  write("a");
  browser_->go(address("index.html"));
  EXPECT_EQ(browser_->eval("document.querySelector('h1').textContent"), "Everything passed");
  save("b", "provisioned");
  write("b");
  EXPECT_TRUE(browser_->comes_true(
      "document.querySelector('h1')?.textContent === 'Not everything passed'"));

  browser_->go(address("runs/0001-a.html"));
  browser_->eval("window.was = 'open'");
  save("b", "no-url");
  write("b");
  browser_->go(address("runs/0002-b.html"));
  browser_->eval("window.was = 'open'");
  save("a", "provisioned");
  write("a");
  // A moment in which it would have been loaded again: it has asked twice.
  EXPECT_TRUE(
      browser_->comes_true("(window.asked = window.asked || performance.now(), performance.now() - "
                           "window.asked > 700)"));
  EXPECT_EQ(browser_->eval("window.was"), "open");
  save("b", "provisioned");
  write("b");
  EXPECT_TRUE(browser_->comes_true("window.was === undefined && document.body !== null"));
}

TEST_F(OpenPages, ShowTheIndexWhileTheirScenarioIsBroken) {
  save("a", "no-url");
  write("a");
  browser_->go(address("runs/0001-a.html"));
  std::ofstream(folder_ / "a.xml") << "<scenario name=";
  write("a");
  EXPECT_TRUE(browser_->comes_true("location.pathname.endsWith('index.html')"));
  EXPECT_THAT(browser_->eval("document.body.textContent"), HasSubstr("a.xml:1"));
  save("a", "no-url");
  write("a");
  EXPECT_TRUE(browser_->comes_true("location.pathname.endsWith('runs/0001-a.html')"));
}

}  // namespace
}  // namespace provlab::interop
