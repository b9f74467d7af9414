#include "sim/lab/mapping/survey.hpp"

#include <gmock/gmock.h>

namespace provlab::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::SizeIs;

/// A plane by a formula, and how often it was asked.
class Field {
 public:
  using Formula = std::function<std::size_t(Duration x, Duration y)>;
  explicit Field(Formula formula)
      : formula_(std::move(formula)), ask_([this](std::span<const PlanePoint> points) {
          std::vector<std::size_t> outcomes;
          for (const PlanePoint& point : points) outcomes.push_back(formula_(point.x, point.y));
          asked_ += points.size();
          return outcomes;
        }) {}

  std::vector<Band> survey(Extent x, Extent y, Duration resolution) {
    Survey survey(x, y, resolution, ask_);
    survey.run();
    return survey.bands();
  }
  std::size_t asked() const { return asked_; }

 private:
  Formula formula_;
  AskPoints ask_;
  std::size_t asked_ = 0;
};

Cell up_to(std::size_t outcome, Duration at, int slope = 0) {
  return {outcome, Line{.at = at, .slope = slope}};
}

constexpr Extent kX{0s, 12s};
constexpr Extent kY{0s, 6s};

TEST(Survey, ARowHasItsBordersToTheNanosecond) {
  Field field([](Duration x, Duration) { return x <= 3s + 1ns ? 0U : x < 7s ? 1U : 2U; });
  const auto bands = field.survey(kX, {}, 250ms);
  ASSERT_THAT(bands, SizeIs(1));
  EXPECT_THAT(bands[0].cells, ElementsAre(up_to(0, 3s + 1ns), up_to(1, 7s - 1ns), Cell{2, {}}));
  EXPECT_LT(field.asked(), 150U);
}

TEST(Survey, AnInstantOfItsOwnIsACell) {
  Field field([](Duration x, Duration) { return x < 3s + 7ns ? 0U : x == 3s + 7ns ? 5U : 1U; });
  EXPECT_THAT(field.survey(kX, {}, 250ms)[0].cells,
              ElementsAre(up_to(0, 3s + 6ns), up_to(5, 3s + 7ns), Cell{1, {}}));
}

TEST(Survey, BordersStandRunAlongAndEndExactly) {
  // The race of two answers with patience: the first wins that comes before its source is given up.
  Field field([](Duration x, Duration y) {
    const bool redirect = x <= 9s + 3ns;
    const bool multicast = y <= 4s + 5ns;
    if (redirect && (!multicast || x < y + 40ms)) return 0U;
    return multicast ? 1U : 2U;
  });
  const auto bands = field.survey(kX, kY, 250ms);
  ASSERT_THAT(bands, SizeIs(2));
  EXPECT_EQ(bands[0].y, (Extent{0s, 4s + 5ns}));
  EXPECT_THAT(bands[0].cells, ElementsAre(up_to(0, 40ms - 1ns, 1), Cell{1, {}}));
  EXPECT_EQ(bands[1].y, (Extent{4s + 6ns, 6s}));
  EXPECT_THAT(bands[1].cells, ElementsAre(up_to(0, 9s + 3ns), Cell{2, {}}));
  EXPECT_LT(field.asked(), 6000U);
}

TEST(Survey, ABorderRunsAgainstY) {
  Field field([](Duration x, Duration y) { return x + y <= 5s ? 0U : 1U; });
  const auto bands = field.survey(kX, {0s, 4s}, 250ms);
  ASSERT_THAT(bands, SizeIs(1));
  EXPECT_THAT(bands[0].cells, ElementsAre(up_to(0, 5s, -1), Cell{1, {}}));
}

TEST(Survey, ATriangleIsFoundWholeFromItsMiddle) {
  // Its tip lies between two rows: what is found above is extended back to it.
  Field field([](Duration x, Duration y) {
    return y >= 2s + 17ns && x >= 6s - (y - 2s) && x <= 6s + (y - 2s) && y <= 4s ? 1U : 0U;
  });
  const auto bands = field.survey(kX, kY, 250ms);
  ASSERT_THAT(bands, SizeIs(3));
  EXPECT_EQ(bands[0].y.to, 2s + 16ns);
  EXPECT_EQ(bands[1].y, (Extent{2s + 17ns, 4s}));
  EXPECT_THAT(bands[1].cells, ElementsAre(up_to(0, 8s - 1ns, -1), up_to(1, 4s, 1), Cell{0, {}}));
}

TEST(Survey, WhatHoldsASquareOfTheResolutionIsFound) {
  for (int place = 0; place < 40; ++place) {
    const Duration left = place * 257ms;
    const Duration low = place * 131ms;
    Field field([&](Duration x, Duration y) {
      return x >= left && x <= left + 250ms && y >= low && y <= low + 250ms ? 1U : 0U;
    });
    const auto bands = field.survey(kX, kY, 250ms);
    const auto found = std::ranges::find_if(
        bands, [](const Band& band) { return std::ranges::count(band.cells, 1U, &Cell::outcome); });
    ASSERT_NE(found, bands.end()) << place;
    EXPECT_EQ(found->y, (Extent{low, low + 250ms})) << place;
  }
}

TEST(Survey, ALineOfOneInstantInYIsABand) {
  Field field([](Duration, Duration y) { return y < 3s ? 0U : y == 3s ? 1U : 2U; });
  const auto bands = field.survey(kX, kY, 250ms);
  ASSERT_THAT(bands, SizeIs(3));
  EXPECT_EQ(bands[1].y, (Extent{3s, 3s}));
}

TEST(Survey, WhereTooMuchChangesItSaysSo) {
  Field field([](Duration, Duration y) {
    return y > 1s && y < 2s ? static_cast<std::size_t>(y.count() / 7) : 0U;
  });
  const auto bands = field.survey(kX, {0s, 4s}, 500ms);
  EXPECT_GT(std::ranges::count(bands, false, &Band::exact), 0);
  EXPECT_EQ(bands.back().y.to, 4s);
  EXPECT_TRUE(bands.back().exact);
  for (std::size_t i = 1; i < bands.size(); ++i) {
    EXPECT_EQ(bands[i].y.from, bands[i - 1].y.to + 1ns);
  }
}

TEST(Survey, EveryPointIsAsTheBandsHaveIt) {
  const Field::Formula formula = [](Duration x, Duration y) {
    if (y > 5s && x > 2s && x < 4s) return 3U;
    if (x <= y + 1s && x < 9s) return y < 2s ? 0U : 1U;
    return x + y > 14s ? 4U : 2U;
  };
  const auto bands = Field(formula).survey(kX, kY, 250ms);
  const Plane plane{.x = {}, .y = {}, .outcomes = {}, .bands = bands, .borders = {}};
  for (Duration x = 0s; x <= 12s; x += 97ms) {
    for (Duration y = 0s; y <= 6s; y += 89ms) {
      ASSERT_EQ(plane.outcome_at({x, y}), formula(x, y)) << to_string(x) << " " << to_string(y);
    }
  }
}

TEST(Survey, WhatWasFinishedStaysWhenItEndsEarly) {
  std::size_t left = 700;
  const AskPoints ask = [&](std::span<const PlanePoint> points) {
    if (points.size() > left) throw std::runtime_error("enough");
    left -= points.size();
    std::vector<std::size_t> outcomes;
    for (const PlanePoint& point : points) outcomes.push_back(point.y < 1s ? 0 : point.y < 3s);
    return outcomes;
  };
  Survey survey(kX, kY, 250ms, ask);
  EXPECT_THROW(survey.run(), std::runtime_error);
  ASSERT_THAT(survey.bands(), SizeIs(1));
  EXPECT_EQ(survey.bands()[0].y, (Extent{0s, 1s - 1ns}));
}

}  // namespace
}  // namespace provlab::lab
