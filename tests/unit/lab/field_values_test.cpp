#include "sim/lab/trace/field_values.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "sim/lab/suite/runner.hpp"
#include "sim/lab/suite/scenario_files.hpp"
#include "sim/lab/trace/known_events.hpp"
#include "sim/record/trace.hpp"
#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

TEST(FieldValues, AreKnownWhereTheyAreAClosedSet) {
  EXPECT_THAT(*values_of_field("source_failed", "source"), Contains("multicast"));
  EXPECT_THAT(*values_of_field("run_ended", "source"), Contains("manual"));
  EXPECT_FALSE(values_of_field("source_failed", "reason"));
  EXPECT_TRUE(is_number_field("dhcp_sent", "attempt"));
  EXPECT_FALSE(is_number_field("dhcp_sent", "xid"));
}

/// What no table can know better than the phone: whatever the library has seen must be in there.
TEST(FieldValues, HoldAllThatTheLibraryHasSeen) {
  const LoadedSuite suite = load_all(*find_scenarios({PROVLAB_SOURCE_DIR "/scenarios"}), 0);
  std::set<std::string> strange;
  for (const Shared<ScenarioPlan>& plan : suite.plans) {
    if (!plan || !plan->daemons.empty()) continue;
    Play play(plan, plan->variants.front(), plan->seed);
    play.run();
    for (const TraceRecord record : play.trace()) {
      const std::string_view host = play.trace().host_name(record.host());
      if (is_event_of_phone(record.event()) && host != "device") {
        strange.insert(std::string(record.event()) + " of " + std::string(host));
      }
      for (const auto& [field, value] : record.fields()) {
        const auto values = values_of_field(record.event(), field);
        const bool number = is_number_field(record.event(), field);
        const bool known = number   ? value.find_first_not_of("0123456789") == value.npos
                           : values ? std::ranges::find(*values, value) != values->end()
                                    : true;
        if (!known) strange.insert(std::string(record.event()) + "." + field + "=" + value);
      }
    }
  }
  EXPECT_THAT(strange, IsEmpty());
}

}  // namespace
}  // namespace provlab::lab
