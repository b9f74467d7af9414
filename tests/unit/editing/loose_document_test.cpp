#include "sim/lab/markup/loose_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace provlab::lab {
namespace {

using Part = LooseDocument::Part;
using ::testing::ElementsAre;

/// The document of a text in which `|` is the cursor, and the place of that.
struct Looked {
  explicit Looked(std::string text) : offset(text.find('|')), document(without(text, offset)) {
    place = document.at(offset);
  }
  static std::string without(std::string text, std::size_t at) { return text.erase(at, 1); }
  std::string element() const {
    return place.element == LooseDocument::kNone ? "-" : std::string(document.name(place.element));
  }
  std::string attribute() const {
    if (place.attribute == LooseDocument::kNone) return "-";
    return std::string(
        document.name(document.elements()[place.element].attributes[place.attribute]));
  }
  std::size_t offset;
  LooseDocument document;
  LooseDocument::Place place;
};

std::vector<std::string> names_of(const LooseDocument& document) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < document.elements().size(); ++i) {
    const std::size_t parent = document.elements()[i].parent;
    names.push_back(
        (parent == LooseDocument::kNone ? "" : std::string(document.name(parent)) + "/") +
        std::string(document.name(i)));
  }
  return names;
}

TEST(LooseDocument, ReadsWhatIsWhole) {
  const LooseDocument document("<a x='1'><b y=\"&lt;2&amp;\"/><!-- <c/> --><d>text</d></a>");
  EXPECT_THAT(names_of(document), ElementsAre("a", "a/b", "a/d"));
  EXPECT_EQ(document.value(0, "x"), "1");
  EXPECT_EQ(document.value(1, "y"), "<2&");
  EXPECT_EQ(document.value(1, "z"), "");
}

TEST(LooseDocument, ATagThatBreaksOffHoldsNothing) {
  EXPECT_THAT(names_of(LooseDocument("<a><b x=\"1\" \n <c/><d></a>")),
              ElementsAre("a", "a/b", "a/c", "a/d"));
  EXPECT_THAT(names_of(LooseDocument("<a><\n<c/></a>")), ElementsAre("a", "a/", "a/c"));
}

TEST(LooseDocument, AValueWithoutItsQuoteEndsWithItsLine) {
  const LooseDocument document("<a><b x=\"one/>\n<c y=\"two\"/></a>");
  EXPECT_THAT(names_of(document), ElementsAre("a", "a/b", "a/c"));
  EXPECT_EQ(document.value(1, "x"), "one");
  EXPECT_EQ(document.value(2, "y"), "two");
  EXPECT_EQ(LooseDocument("<a x=\"one").value(0, "x"), "one");
}

TEST(LooseDocument, AnEndTagClosesTheNearestOfItsName) {
  EXPECT_THAT(names_of(LooseDocument("<a><b><c></b><d/></e></a><f/>")),
              ElementsAre("a", "a/b", "b/c", "a/d", "f"));
}

TEST(LooseDocument, SaysWhatAnOffsetLiesIn) {
  const auto at = [](const std::string& text) { return Looked(text); };
  EXPECT_EQ(at("<a><b|").place.part, Part::element_name);
  EXPECT_EQ(at("<a><|").place.part, Part::element_name);
  EXPECT_EQ(at("<a><b |").place.part, Part::attribute_name);
  EXPECT_EQ(at("<a><b x|=\"1\"/>").attribute(), "x");
  EXPECT_EQ(at("<a><b x=\"|").place.part, Part::attribute_value);
  EXPECT_EQ(at("<a><b x=\"|\"/></a>").place.part, Part::attribute_value);
  EXPECT_EQ(at("<a><b x=\"1|\"/></a>").place.part, Part::attribute_value);
  EXPECT_EQ(at("<a><b x=\"1\"|/></a>").place.part, Part::elsewhere);
  EXPECT_EQ(at("<a><b/>|</a>").element(), "a");
  EXPECT_EQ(at("<a><b/></|a>").place.part, Part::end_tag);
  EXPECT_EQ(at("<a><b></|").element(), "b");
  EXPECT_EQ(at("<a><!-- | --></a>").place.part, Part::elsewhere);
  EXPECT_EQ(at("<a></a>|").element(), "-");
  EXPECT_EQ(at("|").place.part, Part::content);
}

TEST(LooseDocument, TimeGrowsWithLengthAlone) {
  // Each of these would take hours where time grew with the square.
  std::string deep, wrong, quotes;
  for (int i = 0; i < 300'000; ++i) {
    deep += "<a>";
    wrong += "</b>";
    quotes += "<a b=\"";
  }
  EXPECT_EQ(LooseDocument(deep + wrong).elements().size(), 300'000U);
  EXPECT_EQ(LooseDocument(quotes).elements().size(), 300'000U);
}

}  // namespace
}  // namespace provlab::lab
