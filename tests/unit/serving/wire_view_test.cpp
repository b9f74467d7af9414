#include "sim/lab/verdict/wire_view.hpp"

#include <gmock/gmock.h>

#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Duration kQuiet = 12s;

/// The sample without its race, with other expectations and another timeline.
WireView view_of(const std::string& expectations, const std::string& timeline = "") {
  const std::string text =
      changed(expecting(expectations), "<boot at=\"0s\"/>", "<boot at=\"0s\"/>" + timeline);
  return wire_view(*plan_of(text), kQuiet);
}

TEST(WireView, LeavesOutWhatIsInsideThePhone) {
  const WireView view = view_of(
      "<result is=\"provisioned\"/><winner is=\"redirect\"/><setting path=\"/update\" "
      "absent=\"true\"/>"
      "<event name=\"run_started\"/><never><event name=\"section_rejected\"/></never>"
      "<request to=\"prov\" path=\"/a.xml\"/><event name=\"answer_sent\"/>");
  EXPECT_THAT(view.plan.expectations, SizeIs(2));
  EXPECT_THAT(view.not_judged, ElementsAre(Field(&NotOnWire::text, HasSubstr("<result")),
                                           Field(&NotOnWire::text, HasSubstr("<winner")),
                                           Field(&NotOnWire::text, HasSubstr("<setting")),
                                           Field(&NotOnWire::text, HasSubstr("run_started")),
                                           Field(&NotOnWire::text, HasSubstr("<never"))));
  EXPECT_THAT(view.not_judged.front().reason, HasSubstr("no wire shows"));
}

TEST(WireView, EndOfARunIsTheLastThatThePhoneSaid) {
  const WireView view = view_of("<request to=\"prov\" within=\"5s\" of=\"provisioned\"/>",
                                "<press at=\"provisioned+30s\" button=\"start-provisioning\"/>");
  ASSERT_THAT(view.plan.timeline, SizeIs(1)) << "the boot is what the run begins with";
  EXPECT_EQ(view.plan.timeline.front().at.to_string(), "phone_quiet+18s");
  const auto& when = std::get<ExpectRequest>(view.plan.expectations.front().what).request.when;
  EXPECT_EQ(when.of->anchor, "phone_quiet");
  EXPECT_EQ(when.of->offset, -12s);
}

TEST(WireView, TellsWhatCannotBeDone) {
  const WireView view = view_of("<request to=\"prov\"/>",
                                "<press at=\"section_applied+1s\" button=\"start-provisioning\"/>");
  EXPECT_THAT(view.plan.timeline, IsEmpty());
  ASSERT_THAT(view.not_done, SizeIs(1));
  EXPECT_THAT(view.not_done.front().reason, HasSubstr("section_applied happens inside the phone"));
}

TEST(WireView, RaceAgainstThePhonesPatienceIsNotArranged) {
  const std::string race = R"(<race><answer ref="r"/><answer ref="m"/></race>)";
  const auto plain = plan_of(kScenario);
  for (const Variant& variant : plain->variants) EXPECT_EQ(not_arranged(*plain, variant), "");
  const auto timed = plan_of(
      changed(kScenario, race,
              R"(<race><answer ref="r"/><answer ref="m"/><timeout source="multicast"/></race>)"));
  EXPECT_THAT(not_arranged(*timed, timed->variants.front()), HasSubstr("no wire shows"));
}

}  // namespace
}  // namespace provlab::lab
