#include "sim/lab/markup/open_quote.hpp"

#include <gmock/gmock.h>

#include "tests/unit/lab/slip.hpp"

namespace provlab::lab {
namespace {

using ::testing::HasSubstr;

class OpenQuotes : public ::testing::TestWithParam<Slip> {};

TEST_P(OpenQuotes, AreToldInTheirOwnLine) {
  const auto plan = compile_scenario(GetParam().in(kScenario), "s.xml");
  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error().front().to_string(), HasSubstr(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Slips, OpenQuotes,
    ::testing::Values(Slip{"LastOfATag", "address=\"192.0.2.1\"/>", "address=\"192.0.2.1/>",
                           "s.xml:6: the closing quote of address= is missing in this line; write "
                           "address=\"...\""},
                      Slip{"BeforeAnotherAttribute", "id=\"router\" address", "id=\"router address",
                           "s.xml:6: the closing quote of id= is missing"},
                      Slip{"OfTheRoot", "name=\"sample\"", "name=\"sample",
                           "s.xml:1: the closing quote of name= is missing"},
                      Slip{"BeforeAText", "rules=\"2.8\">A sample.", "rules=\"2.8>A \"sample\".",
                           "s.xml:2: the closing quote of rules= is missing"},
                      Slip{"NearTheEnd", "<winner is=\"first-answer\"/>",
                           "<winner is=\"first-answer/>",
                           "s.xml:28: the closing quote of is= is missing"},
                      Slip{"AnApostrophe", "is=\"provisioned\"/>", "is='provisioned/>",
                           "s.xml:27: the closing quote of is= is missing"},
                      // What only looks like it.
                      Slip{"NoSpace", "id=\"router\" address", "id=\"router\"address",
                           "s.xml:6: a space is missing between two attributes"},
                      Slip{"BareMarker", "url=\"http://prov.server.com/a.xml\"",
                           "url=\"http://prov.server.com/<MACADR>\"",
                           "s.xml:15: an attribute's value holds '<'; write &lt;"},
                      Slip{"NoQuotes", "is=\"provisioned\"", "is=provisioned",
                           "s.xml:27: an attribute's value has no quotes"}),
    kSlipName);

TEST(OpenQuote, IsNotLookedForInCommentsAndTexts) {
  EXPECT_FALSE(find_open_quote("<a><!-- x=\"1 --> <![CDATA[<b y=\"]]> it's <?p q=\"?> </a>"));
  EXPECT_FALSE(find_open_quote("<a x=\"1\n2\" y='\"'/>"));
  EXPECT_FALSE(find_open_quote(""));
  EXPECT_FALSE(find_open_quote("<"));
}

TEST(OpenQuote, IsFoundAtTheEndOfTheText) {
  const auto found = find_open_quote("<a>\n  <b\n    x=\"1/>\n</a>\n");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->line, 3);
  EXPECT_EQ(found->attribute, "x");
}

}  // namespace
}  // namespace provlab::lab
