#pragma once
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string_view>

#include "sim/lab/importing/importer.hpp"
#include "sim/lab/importing/replay.hpp"
#include "sim/lab/language/load.hpp"
#include "tests/temporary_folder.hpp"

namespace provlab::lab {

/// Plays a scenario's text, and imports what was heard.
class ImportTest : public ::testing::Test {
 protected:
  ImportTest() { prepare_language(); }

  Import imported(std::string_view body, bool keep = true) {
    const std::string text =
        fmt::format("<scenario name=\"made\"><about>Made for a test.</about>{}</scenario>", body);
    const PlanResult plan = compile_scenario(text, folder_ / "made.xml");
    EXPECT_TRUE(plan) << (plan ? "" : plan.error().front().to_string());
    const Replay played = replay(*plan, (*plan)->variants.front());
    auto import = import_heard(
        played.heard, {.capture = {}, .folder = folder_.path(), .name = "imported", .keep = keep});
    EXPECT_TRUE(import);
    for (const Complaint& complaint : import->complaints) ADD_FAILURE() << complaint.to_string();
    return std::move(*import);
  }

  test::TemporaryFolder folder_;
};

}  // namespace provlab::lab
