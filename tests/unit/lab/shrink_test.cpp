#include "sim/lab/soak/shrink.hpp"

#include <gmock/gmock.h>

#include "sim/lab/markup/scenario_text.hpp"

namespace provlab::lab {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kTree = R"(<a x="1" y="2">
  <b>
    <c n="1">text</c>
    <c n="2"/>
  </b>
  <d z="3"/>
</a>
)";

bool has(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

TEST(ScenarioText, ReadsBackAsItWasWritten) {
  EXPECT_EQ(scenario_text(scenario_tree(kTree)), kTree);
  const std::string tricky = "<a v=\"x /> y\">p /&gt;\nq</a>\n";
  EXPECT_EQ(scenario_text(scenario_tree(tricky)), tricky);
}

TEST(Shrink, LeavesOnlyWhatIsNeeded) {
  const auto still = [](const std::string& text) { return has(text, "n=\"2\""); };
  EXPECT_EQ(shrink(kTree, still, {}), "<a>\n  <b>\n    <c n=\"2\"/>\n  </b>\n</a>\n");
}

TEST(Shrink, LeavesEverythingWhereEverythingIsNeeded) {
  const auto still = [](const std::string& text) { return text == kTree; };
  EXPECT_EQ(shrink(kTree, still, {}), kTree);
}

TEST(Shrink, FindsWhatOnlyGoesAfterSomethingElse) {
  // x may only go when d has gone.
  const auto still = [](const std::string& text) {
    return has(text, "x=\"1\"") || !has(text, "<d");
  };
  EXPECT_EQ(shrink(kTree, still, {}), "<a/>\n");
}

TEST(Shrink, KeepsWhatMustStay) {
  ShrinkOptions options;
  options.keep = [](pugi::xml_node node) { return std::string_view(node.name()) == "b"; };
  const std::string small = shrink(
      kTree, [](const std::string&) { return true; }, options);
  EXPECT_THAT(small, HasSubstr("<c n=\"1\">text</c>"));
  EXPECT_THAT(small, Not(HasSubstr("<d")));
}

TEST(Shrink, StopsAtItsBudget) {
  std::size_t tried = 0;
  ShrinkOptions options;
  options.budget = 3;
  shrink(
      kTree,
      [&](const std::string&) {
        ++tried;
        return false;
      },
      options);
  EXPECT_EQ(tried, 3U);
}

}  // namespace
}  // namespace provlab::lab
