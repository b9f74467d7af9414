#include "sim/lab/pages/page_style.hpp"

#include <gmock/gmock.h>

#include "sim/lab/pages/page_frame.hpp"

namespace provlab::lab {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(StyleSheet, HasNoBlanksThatMeanNothing) {
  const StyleSheet sheet(
      "/* a comment */ a b:is(c, d) {\n  e: f g; /* h */\n  content: \" } ; \";\n}\n", "");
  EXPECT_EQ(sheet.all(), "a b:is(c,d){e:f g;content:\" } ; \"}");
}

TEST(StyleSheet, KeepsTheRulesThatThePageHasAUseFor) {
  const StyleSheet sheet(
      "p { a: b } .x { a: b } .x .y, #z { a: b } p:not(.n) .x { a: b } .made { a: b } "
      "@media print { .x { a: b } .y { a: b } }",
      "element.className = 'made';");
  EXPECT_EQ(sheet.rules_for("<p class=\"v x\"/>"),
            "p{a:b}.x{a:b}p:not(.n) .x{a:b}.made{a:b}@media print{.x{a:b}}");
  EXPECT_EQ(sheet.rules_for("<p id=\"z\"/>"), "p{a:b}.x .y,#z{a:b}.made{a:b}@media print{}");
}

TEST(StyleSheet, OfPagesComesBackWhole) {
  const StyleSheet sheet(page_style(), page_script());
  std::string everything = "<p class=\"";
  for (const char c : sheet.all()) {
    everything += (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ? c : ' ';
  }
  EXPECT_EQ(sheet.rules_for(everything + "\"/>"), sheet.all());
  const std::string bare = sheet.rules_for("<p class=\"quiet\"/>");
  EXPECT_LT(bare.size(), sheet.all().size());
  EXPECT_THAT(bare, HasSubstr(".quiet{"));
  EXPECT_THAT(bare, Not(HasSubstr(".tile{")));
}

TEST(Script, LosesCommentsAndBlanksAndKeepsWhatIsQuoted) {
  EXPECT_EQ(squeezed_script("'use strict';\n"
                            "// all of it\n"
                            "const a = [ 1, 2 ];  // and this\n"
                            "\n"
                            "const text = ' // kept ' + `a  ${ a }` + \"  \";\n"
                            "if (a  &&  b) {\n"
                            "  return - -a; /* nothing */\n"
                            "} else f(/\\s+/, a\n"
                            "  .b);\n"),
            "'use strict';const a=[1,2];const text=' // kept '+`a  ${ a }`+\"  \";if(a&&b){"
            "return- -a;}else f(/\\s+/,a\n.b);");
}

TEST(Script, OfPagesIsShorter) {
  const std::string script = squeezed_script(page_script());
  EXPECT_LT(script.size(), page_script().size() * 4 / 5);
  EXPECT_THAT(script, HasSubstr("'use strict';"));
}

}  // namespace
}  // namespace provlab::lab
