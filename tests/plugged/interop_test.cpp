#include "tests/plugged/program.hpp"
#include "tests/unit/port/cable.hpp"

namespace provlab::test {
namespace {

using InteropCommand = wire::CableTest;

TEST_F(InteropCommand, FilterThatFitsNothingIsNoSuccess) {
  Program program({PROVLAB_PROGRAM, "interop", PROVLAB_SOURCE_DIR "/scenarios/interop", "--filter",
                   "no-such-scenario"});
  EXPECT_EQ(program.ends(), 2);
  EXPECT_TRUE(program.text().contains("nothing fits --filter")) << program.text();
}

}  // namespace
}  // namespace provlab::test
