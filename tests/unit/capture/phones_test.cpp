#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <set>

#include "sim/lab/play/play.hpp"
#include "sim/world/pcapng.hpp"
#include "tests/unit/capture/import_fixture.hpp"

/// A capture with two phones in it.
namespace provlab::lab {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SeveralPhones : public ImportTest {
 protected:
  /// What a phone of that MAC address met, which fetches a file of that name.
  std::string capture(const std::string& mac, const std::string& file, const std::string& address) {
    return captured(fmt::format(R"(
  <device mac="{0}"/>
  <responders>
    <dhcp offer="{2}"><option code="66" text="http://prov.server.com/{1}.xml"/></dhcp>
    <http><file path="/{1}.xml"><time><timezone>UTC0</timezone></time></file></http>
  </responders>
  <expect><event name="powered_on"/></expect>)",
                                mac, file, address));
  }

  /// Sections of a pcapng may stand behind each other.
  std::string both() {
    const std::string name = folder_ / "both.pcapng";
    std::ofstream(name, std::ios::binary) << capture("00:09:52:11:22:33", "mine", "192.0.2.100")
                                          << capture("00:09:52:44:55:66", "yours", "192.0.2.101");
    return name;
  }

  /// What is told of each, by the name of its scenario.
  std::map<std::string, std::string> imported_from(const ImportOptions& options) {
    std::map<std::string, std::string> drafts;
    const auto done = import_phones(options, [&](const Import& import) {
      EXPECT_FALSE(import.divergence) << import.divergence->text;
      EXPECT_EQ(import.phones.size(), 2U);
      for (const Complaint& each : import.complaints) ADD_FAILURE() << each.to_string();
      EXPECT_TRUE(load_scenario(import.scenario)) << import.scenario;
      macs_.insert(import.heard.phone.mac.to_string());
      drafts[import.scenario.substr(folder_.path().size())] = import.draft.text;
    });
    EXPECT_TRUE(done) << (done ? "" : done.error().to_string());
    return drafts;
  }

  std::set<std::string> macs_;
};

TEST_F(SeveralPhones, GetAScenarioEach) {
  auto drafts =
      imported_from({.capture = both(), .folder = folder_.path(), .name = "found", .keep = true});
  ASSERT_EQ(drafts.size(), 2U);
  const std::string first = drafts["/found.xml"];
  const std::string second = drafts["/found-2/found-2.xml"];
  EXPECT_THAT(first + second, HasSubstr("/mine.xml"));
  EXPECT_THAT(first + second, HasSubstr("/yours.xml"));
  EXPECT_NE(first.contains("/mine.xml"), second.contains("/mine.xml"));
  EXPECT_NE(first.contains("/yours.xml"), second.contains("/yours.xml"));
}

TEST_F(SeveralPhones, StayApartAsStandIns) {
  const auto drafts = imported_from({.capture = both(), .folder = folder_.path(), .name = "found"});
  EXPECT_EQ(drafts.size(), 2U);
  EXPECT_EQ(macs_.size(), 2U);
  for (const auto& [name, draft] : drafts) {
    EXPECT_THAT(draft, Not(HasSubstr("mine"))) << name;
    EXPECT_THAT(draft, Not(HasSubstr("yours"))) << name;
    EXPECT_THAT(draft, Not(HasSubstr("11:22:33"))) << name;
    EXPECT_THAT(draft, Not(HasSubstr("44:55:66"))) << name;
  }
}

TEST_F(SeveralPhones, OneIsTakenByItsMac) {
  const auto drafts = imported_from({.capture = both(),
                                     .mac = MacAddress{{0x00, 0x09, 0x52, 0x44, 0x55, 0x66}},
                                     .folder = folder_.path(),
                                     .name = "found",
                                     .keep = true});
  ASSERT_EQ(drafts.size(), 1U);
  EXPECT_THAT(drafts.begin()->second, HasSubstr("/yours.xml"));
  EXPECT_THAT(drafts.begin()->second, Not(HasSubstr("/mine.xml")));
}

TEST_F(SeveralPhones, ThoseBeyondTheLimitAreNamed) {
  const std::string name = folder_ / "many.pcapng";
  std::ofstream file(name, std::ios::binary);
  for (std::size_t i = 0; i < kMostImported + 2; ++i) {
    file << captured(fmt::format(R"(<device mac="00:09:52:11:22:{:02X}"/>
  <responders><dhcp offer="192.0.2.{}"/></responders>
  <expect><event name="powered_on"/></expect>)",
                                 i, 100 + i));
  }
  file.close();
  std::size_t told = 0;
  const auto rest =
      import_phones({.capture = name, .folder = folder_.path(), .name = "found", .keep = true},
                    [&](const Import&) { ++told; });
  ASSERT_TRUE(rest);
  EXPECT_EQ(told, kMostImported);
  ASSERT_EQ(rest->size(), 2U);
  EXPECT_THAT(listed(*rest), HasSubstr(rest->back().mac.to_string()));
}

}  // namespace
}  // namespace provlab::lab
