#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "sim/lab/language/load.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/unit/lab/scenario_text.hpp"

/// What a scenario cannot say, however it is written: times that overflow, numbers and sizes beyond
/// all use, files beyond a limit.
namespace provlab::lab {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string first_complaint(const std::string& text) {
  const auto all = complaints(text);
  return all.empty() ? "" : all.front();
}

/// A scenario in which something has a length of time.
std::string scenario_with(const std::string& world, const std::string& responders,
                          const std::string& behind) {
  return "<scenario name=\"s\"><about>t</about>\n<world><link " + world +
         "/><host id=\"router\" address=\"192.0.2.1\"/></world>\n<responders><dhcp "
         "host=\"router\"" +
         responders + "</responders>\n" + behind + "\n</scenario>";
}

std::string timed(const std::string& what, const std::string& time) {
  const std::string usual = "<expect><result is=\"no-url\"/></expect>";
  if (what == "latency" || what == "jitter") {
    return scenario_with(what + "=\"" + time + "\"", "/>", usual);
  }
  if (what == "lease" || what == "renew" || what == "rebind") {
    return scenario_with("", " " + what + "=\"" + time + "\"/>", usual);
  }
  if (what == "until") {
    return scenario_with("", "/>",
                         "<timeline until=\"" + time + "\"><boot at=\"0s\"/></timeline>" + usual);
  }
  if (what == "at") {
    return scenario_with("", "/>", "<timeline><boot at=\"" + time + "\"/></timeline>" + usual);
  }
  return scenario_with(
      "", "/>", "<expect><event name=\"run_started\" " + what + "=\"" + time + "\"/></expect>");
}

TEST(Limits, TimesThatWouldOverflowAreComplaints) {
  for (const char* what :
       {"latency", "jitter", "lease", "renew", "rebind", "until", "at", "within"}) {
    const bool lease = std::string_view(what) == "lease" || std::string_view(what)[0] == 'r';
    const std::string limit = lease ? "at most 4294967295s are taken" : "at most 87600h are taken";
    for (const char* time :
         {"9223372035s", "9223372036s", "9223372037s", "9223372036.854775807s", "2562047h",
          "2562048h", "153722867min", "9223372036854775807ns", "9223372036854775808ns",
          "99999999999999999999999999h", "18446744073709551616ns"}) {
      EXPECT_THAT(first_complaint(timed(what, time)), HasSubstr(limit)) << what << ' ' << time;
    }
    EXPECT_EQ(first_complaint(timed(what, lease ? "4294967295s" : "87600h")), "") << what;
  }
  for (const char* moment : {"run-started+9223372035s", "provisioned+2562047h"}) {
    EXPECT_THAT(first_complaint(timed("at", moment)), HasSubstr("at most 87600h are taken"));
  }
  EXPECT_THAT(first_complaint(timed("within", "1s..9223372035s")), HasSubstr("at most 87600h"));
  EXPECT_THAT(first_complaint(timed("at", "run-started#99999999999")), HasSubstr("counts beyond"));
}

TEST(Limits, TheComplaintNamesTheLine) {
  EXPECT_EQ(first_complaint(timed("lease", "9223372035s")),
            "s.xml:3: lease: '9223372035s' is too long; at most 4294967295s are taken");
}

TEST(Limits, ClocksStayFarFromTheEndsOfTime) {
  const auto with = [](const std::string& clock) {
    return first_complaint(scenario_with("", "/><ntp host=\"router\" clock=\"" + clock + "\"/>",
                                         "<expect><result is=\"no-url\"/></expect>"));
  };
  for (const char* clock : {"1678-01-01T00:00:00Z", "1899-12-31T23:59:59Z", "2200-01-01T00:00:00Z",
                            "2261-12-31T23:59:59Z"}) {
    EXPECT_THAT(with(clock), HasSubstr("a time of the years from 1900 to 2199 is taken")) << clock;
  }
  EXPECT_EQ(with("1900-01-01T00:00:00Z"), "");
  EXPECT_EQ(with("2199-12-31T23:59:59Z"), "");
}

TEST(Limits, FilesBeyondFourMebibytesAreNotRead) {
  const test::TemporaryFolder folder;
  const std::string file = folder / "large.xml";
  std::ofstream(file) << kScenario;
  EXPECT_TRUE(load_scenario(file));
  std::filesystem::resize_file(file, (std::size_t{4} << 20) + 1);
  const PlanResult plan = load_scenario(file);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().front().to_string(),
            file + ": the file has 4194305 octets; at most 4194304 are allowed");
  const std::string cites =
      "<scenario name=\"s\"><about>t</about><device><configuration-file "
      "src=\"large.xml\"/></device>"
      "<expect><result is=\"no-url\"/></expect></scenario>";
  const PlanResult other = compile_scenario(cites, folder / "s.xml");
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().front().to_string(),
              EndsWith("s.xml:1: 'large.xml': the file has 4194305 octets; at most 4194304 are "
                       "allowed"));
}

/// Hosts of one world, and lines that name them.
std::string crowd(std::size_t count, const char* id, const char* lost) {
  std::string hosts, losses;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    const std::string own = std::string(id) == "same" ? "same" : "h" + n;
    hosts += "<host id=\"" + own + "\" address=\"10." + std::to_string(i / 62500) + "." +
             std::to_string(i / 250 % 250) + "." + std::to_string(i % 250 + 1) + "\" name=\"n" + n +
             ".example\"/>\n";
    losses += "<lose from=\"" + std::string(lost) + n + "\"/>\n";
  }
  return "<scenario name=\"s\"><about>t</about><world><link/><host id=\"router\" "
         "address=\"192.0.2.1\"/>\n" +
         hosts + losses +
         "</world><responders><dhcp host=\"router\"/></responders><expect><result "
         "is=\"no-url\"/></expect></scenario>";
}

TEST(Limits, ManyHostsAreReadInLittleTime) {
  const auto start = std::clock();
  EXPECT_THAT(complaints(crowd(6000, "own", "h")), SizeIs(0));
  EXPECT_THAT(complaints(crowd(6000, "same", "h")), SizeIs(201));
  const auto unknown = complaints(crowd(6000, "own", "x"));
  EXPECT_THAT(unknown, SizeIs(201));
  EXPECT_THAT(unknown.front(), HasSubstr(" and 5971 more"));
  EXPECT_THAT(unknown.back(), HasSubstr("and 5800 more complaints; mend these first"));
  // Without optimisation too, and with sanitizers.
  EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 20);
}

/// A device of that many settings, each with the path, or with a path of its own that begins so.
std::string changed_often(int count, const std::string& path, bool own) {
  std::string sets;
  for (int i = 0; i < count; ++i) {
    sets += "<set path=\"" + path + (own ? std::to_string(i) : "") + "\" value=\"true\"/>\n";
  }
  return "<scenario name=\"s\"><about>t</about><device>" + sets +
         "</device><expect><result is=\"no-url\"/></expect></scenario>";
}

TEST(Limits, ManySettingsAreReadInLittleTime) {
  const auto start = std::clock();
  EXPECT_THAT(complaints(changed_often(30'000, "/telephony/callWaiting/active", false)), SizeIs(0));
  EXPECT_THAT(complaints(changed_often(30'000, "/telephony/nothing", true)), SizeIs(201));
  // As above.
  EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 20);
}

}  // namespace
}  // namespace provlab::lab
