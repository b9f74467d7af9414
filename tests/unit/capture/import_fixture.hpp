#pragma once
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string_view>

#include "sim/lab/importing/importer.hpp"
#include "sim/lab/importing/replay.hpp"
#include "sim/lab/language/load.hpp"
#include "sim/world/pcapng.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/unit/capture/capture_octets.hpp"

namespace provlab::lab {

/// Plays a scenario's text, and imports what was heard.
class ImportTest : public ::testing::Test {
 protected:
  ImportTest() { prepare_language(); }

  Import imported(std::string_view body, bool keep = true) {
    const PlanResult plan = planned(body);
    return imported_heard(replay(*plan, (*plan)->variants.front()).heard, keep);
  }

  Import imported_heard(Conversation heard, bool keep = true) {
    auto import =
        import_heard(std::move(heard),
                     {.capture = {}, .folder = folder_.path(), .name = "imported", .keep = keep});
    EXPECT_TRUE(import);
    for (const Complaint& complaint : import->complaints) ADD_FAILURE() << complaint.to_string();
    return std::move(*import);
  }

  /// What its phone met, as a file.
  std::string captured(std::string_view body) {
    const PlanResult plan = planned(body);
    Play play(*plan, (*plan)->variants.front(), (*plan)->seed);
    world::PcapngWriter writer("eth0", (*plan)->epoch, {});
    play.capture(writer);
    play.run();
    return writer.bytes();
  }

  PlanResult planned(std::string_view body) {
    const std::string text =
        fmt::format("<scenario name=\"made\"><about>Made for a test.</about>{}</scenario>", body);
    PlanResult plan = compile_scenario(text, folder_ / "made.xml");
    EXPECT_TRUE(plan) << (plan ? "" : plan.error().front().to_string());
    return plan;
  }

  /// The capture without its first frames.
  static std::string without(const std::string& capture, std::size_t frames) {
    const auto reader = CaptureReader::of_octets(capture);
    std::string rest = pcap_head(1, true);
    for (CapturedFrame frame; (*reader)->next(frame);) {
      if (frame.number <= frames) continue;
      constexpr std::int64_t kSecond = 1'000'000'000;
      rest += pcap_frame(text_of(frame.octets), static_cast<std::uint64_t>(frame.time / kSecond),
                         static_cast<std::uint64_t>(frame.time % kSecond));
    }
    return rest;
  }

  test::TemporaryFolder folder_;
};

}  // namespace provlab::lab
