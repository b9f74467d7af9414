#include "sim/text/without_middle.hpp"

#include <gtest/gtest.h>

namespace provlab {
namespace {

TEST(Text, WithoutItsMiddleKeeps600OctetsAtEachEnd) {
  const auto all = [](std::size_t octets) {
    std::string text;
    while (text.size() < octets) text += std::to_string(text.size()) + ' ';
    text.resize(octets);
    return text;
  };
  EXPECT_EQ(without_middle(""), "");
  EXPECT_EQ(without_middle(all(1200)), all(1200));
  const std::string longer = all(1201);
  EXPECT_EQ(without_middle(longer), longer.substr(0, 600) + "…" + longer.substr(601));
  const std::string longest = all(5000);
  EXPECT_EQ(without_middle(longest), longest.substr(0, 600) + "…" + longest.substr(4400));
}

TEST(Text, WithoutItsMiddleCutsNoCharacterInTwo) {
  const std::string start(599, 'a');
  const std::string end(599, 'z');
  EXPECT_EQ(without_middle(start + "ä" + "mmm" + "ä" + end), start + "…" + end);
  EXPECT_EQ(without_middle(start + "bä" + "mmm" + "äy" + end), start + "b…" + "y" + end);
  EXPECT_EQ(without_middle(start + "é" + "mmm" + "é" + end), start + "…" + end);
  EXPECT_EQ(without_middle(std::string(1300, '\x80')), "…");
}

}  // namespace
}  // namespace provlab
