#include <gmock/gmock.h>

#include "tests/unit/lab/slip.hpp"

/// Calls of the phone's own system that fail, and files of its disk that are damaged.
namespace provlab::lab {
namespace {

using ::testing::ElementsAre;

/// The sample without its race, whose device in line 3 holds this.
std::string with_device(std::string_view inside) {
  return changed(without_race(), "release=\"2.2A\"/>",
                 "release=\"2.2A\">" + std::string(inside) + "</device>");
}

std::string doing_to_disk(std::string_view action) {
  return changed(without_race(), "<boot at=\"0s\"/>", "<boot at=\"0s\"/>" + std::string(action));
}

struct FailSlip {
  const char* name;
  const char* element;
  const char* complaint;
};

class FailComplaint : public ::testing::TestWithParam<FailSlip> {};

TEST_P(FailComplaint, SaysWhatToWrite) {
  EXPECT_THAT(complaints(with_device(GetParam().element)), ElementsAre(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Of, FailComplaint,
    ::testing::Values(
        FailSlip{"FileOfASocket", R"(<fail operation="bind" file="configuration"/>)",
                 "s.xml:3: a bind has no file; remove it"},
        FailSlip{"WhitherOfAPort", R"(<fail operation="listen" to="router"/>)",
                 "s.xml:3: a listen has no to; remove it"},
        FailSlip{"PortOfAFile", R"(<fail operation="write" port="80"/>)",
                 "s.xml:3: a write has no port; remove it"},
        FailSlip{"ErrorOfAnother", R"(<fail operation="send" error="no-space"/>)",
                 "s.xml:3: error=\"no-space\": a send fails by no-network, no-route or no-buffers"},
        FailSlip{"PortTwice", R"(<fail operation="send" to="router:53"/>)",
                 "s.xml:3: to=\"router:53\": the port is said by port=\"53\""},
        FailSlip{"UnknownHost", R"(<fail operation="connect" to="proov"/>)",
                 "s.xml:3: to: 'proov' is neither an address nor a host of this scenario (did you "
                 "mean 'prov'?); the world has router, pbx, cloud or prov"},
        FailSlip{"BothCounts", R"(<fail operation="sync" nth="1" every="2"/>)",
                 "s.xml:3: nth and every exclude each other; keep one of them"}),
    [](const auto& slip) { return std::string(slip.param.name); });

class DamageComplaint : public ::testing::TestWithParam<FailSlip> {};

TEST_P(DamageComplaint, SaysWhatToWrite) {
  EXPECT_THAT(complaints(doing_to_disk(GetParam().element)), ElementsAre(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Of, DamageComplaint,
    ::testing::Values(
        FailSlip{"Nothing", R"(<damage at="9s"/>)",
                 "s.xml:24: <damage> says nothing of the file; write for example cut=\"0B\", "
                 "corrupt=\"4B\", text=\"...\" or missing=\"true\""},
        FailSlip{"ContentTwice", R"(<damage at="9s" text="a" hex="00"/>)",
                 "s.xml:24: <damage> has one of hex=\"...\", text=\"...\", src=\"...\" and "
                 "missing=\"true\""},
        FailSlip{"MissingAndCut", R"(<damage at="9s" missing="true" cut="0B"/>)",
                 "s.xml:24: of a file that is missing nothing can be cut, grown or corrupt"},
        FailSlip{"CutAndGrown", R"(<damage at="9s" cut="0B" grow="9B"/>)",
                 "s.xml:24: cut and grow exclude each other; keep one of them"}),
    [](const auto& slip) { return std::string(slip.param.name); });

TEST(Failures, AreReadWhole) {
  const Shared<ScenarioPlan> read = plan_of(with_device(
      R"(<fail operation="connect" to="prov" port="80" error="no-route" every="2" since="1s" until="9s"/>)"));
  const FailPlan& plan = read->failures.at(0);
  EXPECT_EQ(plan.operation, world::HostOperation::connect);
  EXPECT_EQ(plan.trouble, world::HostTrouble::no_route);
  EXPECT_EQ(plan.to, Ipv4Address::of(198, 51, 100, 10));
  EXPECT_EQ(plan.port, 80);
  EXPECT_EQ(plan.every, 2U);
  EXPECT_EQ(plan.since, Instant(std::chrono::seconds(1)));
  EXPECT_EQ(plan.until, Instant(std::chrono::seconds(9)));
}

}  // namespace
}  // namespace provlab::lab
