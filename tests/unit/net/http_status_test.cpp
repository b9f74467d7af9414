#include "core/net/http_status.hpp"

#include <gtest/gtest.h>

namespace provlab::net {
namespace {

TEST(HttpStatus, AKnownOneCountsAsItself) {
  for (const int status : {200, 204, 205, 206, 301, 304, 404, 407, 429, 500, 511}) {
    EXPECT_EQ(status_counted_as(status), status);
    EXPECT_NE(meaning_of_status(status), "");
  }
}

TEST(HttpStatus, AnUnknownOneCountsAsTheFirstOfItsClass) {
  for (const int status : {201, 202, 203, 207, 208, 226, 299}) {
    EXPECT_EQ(status_counted_as(status), 200) << status;
  }
  EXPECT_EQ(status_counted_as(306), 300);
  EXPECT_EQ(status_counted_as(399), 300);
  EXPECT_EQ(status_counted_as(418), 400);
  EXPECT_EQ(status_counted_as(499), 400);
  EXPECT_EQ(status_counted_as(599), 500);
}

TEST(HttpStatus, OneOfNoClassIsTheServersFault) {
  EXPECT_EQ(status_counted_as(600), 500);
  EXPECT_EQ(status_counted_as(999), 500);
  EXPECT_EQ(meaning_of_status(999), "");
}

}  // namespace
}  // namespace provlab::net
