#pragma once
#include <gtest/gtest.h>
#include <sys/types.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/temporary_folder.hpp"

namespace provlab::interop {

/// A headless Chromium, spoken to over a pipe in its own protocol (DevTools). What does not work is
/// a failure of the test, and what it is asked then answers with nothing.
class Browser {
 public:
  /// The program, or nothing where there is none.
  static std::optional<std::string> program();

  explicit Browser(const std::string& program);
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  void go(const std::string& url);  ///< until it is loaded
  /// What an expression, or the promise that it is, comes to as text.
  std::string eval(std::string_view expression);
  /// Whether an expression comes to hold, within 10 s.
  bool comes_true(std::string_view condition);
  void type(std::string_view text);  ///< into what has the focus
  void press(std::string_view key);  ///< `Tab`
  void submit();                     ///< by Enter, until the next page is loaded
  /// Clicks with the mouse, as people do; waits for a page where one is loaded by it.
  void click(std::string_view selector, bool loads = true);
  void choose_file(std::string_view selector, const std::string& path);
  /// Clicks and waits for the file that is downloaded by it; gives its content.
  std::string download(std::string_view selector);
  void look(unsigned width, bool dark);
  /// A picture of the whole page, as PNG.
  std::string picture();
  /// What the console complained of, but for statuses of answers.
  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  /// The whole answer, which may be an error.
  boost::json::object ask(std::string_view method, const boost::json::object& parameters);
  boost::json::object call(std::string_view method, const boost::json::object& parameters = {});
  std::optional<boost::json::object> next_message();
  void note(const boost::json::object& message);
  boost::json::object wait_for(std::string_view event);
  void wait_for_page();
  void wait_until_loaded(std::string_view loader);

  test::TemporaryFolder folder_;
  pid_t child_ = -1;
  int to_ = -1;
  int from_ = -1;
  std::string input_;
  std::string session_;
  int calls_ = 0;
  bool lost_ = false;  ///< something did not come in time
  std::deque<boost::json::object> events_;
  std::vector<std::string> complaints_;
};

/// A browser for each test, whose console complains of nothing; without Chromium they are skipped.
class BrowserTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  std::optional<Browser> browser_;
};

}  // namespace provlab::interop
