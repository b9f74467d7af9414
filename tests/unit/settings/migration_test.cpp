#include "core/settings/migration.hpp"

#include <gmock/gmock.h>

#include "core/settings/embedded_files.hpp"
#include "core/settings/migration_reader.hpp"
#include "core/settings/section.hpp"
#include "core/settings/section_version.hpp"
#include "core/settings/settings_version.hpp"
#include "core/settings/xml_tree.hpp"
#include "tests/unit/settings/builders.hpp"
#include "tests/unit/settings/migrated_text.hpp"

/// Settings versions and the steps between them: SPEC 6.1–6.4. What whole documents become is in
/// tests/data/settings/.
namespace provlab::settings {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kHead = "<migration from='1.0.0' to='2.0.0'><section name='time'>";
constexpr const char* kTail = "</section></migration>";

/// What one step makes of a section.
std::string after(const std::string& step, const std::string& section) {
  const auto migration = read_migration(kHead + step + kTail);
  if (!migration) return migration.error().to_string();
  pugi::xml_document document;
  document.load_string(section.c_str(), kParseElements);
  const bool done = carry_out(migration->sections.at("time").front(), document.document_element());
  std::string xml;
  append_xml(document.document_element(), xml);
  return done ? xml : "nothing: " + xml;
}

TEST(MigrationStep, RenamesElementsWhereTheyStand) {
  const std::string step = "<rename path='a/b' to='c' why='Because it is better.'/>";
  EXPECT_EQ(after(step, "<time><a><b x='1'>1</b><d/></a></time>"),
            "<time><a><c x=\"1\">1</c><d/></a></time>");
  EXPECT_EQ(after(step, "<time><a><b>1</b><b>2</b></a><a><b>3</b></a></time>"),
            "<time><a><c>1</c><c>2</c></a><a><c>3</c></a></time>");
  EXPECT_EQ(after(step, "<time><b/></time>"), "nothing: <time><b/></time>");
}

TEST(MigrationStep, LeavesAloneWhatIsGivenUnderItsNewName) {
  EXPECT_EQ(after("<rename path='a' to='b' why='Because it is better.'/>",
                  "<time><a>1</a><b>2</b></time>"),
            "nothing: <time><a>1</a><b>2</b></time>");
  EXPECT_EQ(after("<move path='a' to='b/c' why='Because it is better.'/>",
                  "<time><a>1</a><b><c>2</c></b></time>"),
            "nothing: <time><a>1</a><b><c>2</c></b></time>");
}

TEST(MigrationStep, RenamesAttributes) {
  const std::string step = "<rename path='a/@b' to='c' why='Because it is better.'/>";
  EXPECT_EQ(after(step, "<time><a b='1'/><a c='2' b='3'/></time>"),
            "<time><a c=\"1\"/><a c=\"2\" b=\"3\"/></time>");
}

TEST(MigrationStep, MovesElementsAndTakesEmptiedRecordsAway) {
  EXPECT_EQ(after("<move path='a/b' to='c/d' why='Because it is better.'/>",
                  "<time><a><b>1</b></a><e/></time>"),
            "<time><c><d>1</d></c><e/></time>");
  EXPECT_EQ(after("<move path='a/b' to='c/d' why='Because it is better.'/>",
                  "<time><c><f/></c><a><b>1</b><g/></a></time>"),
            "<time><c><f/><d>1</d></c><a><g/></a></time>");
}

TEST(MigrationStep, MovesWithinEachElementOfAList) {
  EXPECT_EQ(after("<move path='i/host' to='i/registrar/host' why='Because it is better.'/>",
                  "<time><i><host>a</host></i><i/><i><host>b</host></i></time>"),
            "<time><i><registrar><host>a</host></registrar></i><i/>"
            "<i><registrar><host>b</host></registrar></i></time>");
}

TEST(MigrationStep, PutsAValueIntoARecord) {
  const std::string step = "<move path='a' to='a/b' why='Because it is better.'/>";
  EXPECT_EQ(after(step, "<time><a>true</a></time>"), "<time><a><b>true</b></a></time>");
  EXPECT_EQ(after(step, "<time><a><b>true</b></a></time>"),
            "nothing: <time><a><b>true</b></a></time>");
  EXPECT_EQ(after(step, "<time><a/></time>"), "nothing: <time><a/></time>");
}

TEST(MigrationStep, SetsDefaultsOnlyWithWhatTheyBelongTo) {
  const std::string step =
      "<default path='a/on' value='false' with='a/delay' equals='0' why='It was off then.'/>";
  EXPECT_EQ(after(step, "<time><a><delay> 0 </delay></a></time>"),
            "<time><a><on>false</on><delay> 0 </delay></a></time>");
  EXPECT_EQ(after(step, "<time><a><delay>1</delay></a></time>"),
            "nothing: <time><a><delay>1</delay></a></time>");
  EXPECT_EQ(after(step, "<time><a><on>true</on><delay>0</delay></a></time>"),
            "nothing: <time><a><on>true</on><delay>0</delay></a></time>");
  EXPECT_EQ(after(step, "<time><a/></time>"), "nothing: <time><a/></time>");
}

TEST(MigrationStep, ConvertsByTableAndLeavesWhatIsNotListed) {
  const std::string step =
      "<convert path='a' why='Because it is better.'><value from='true' to='24h'/>"
      "<value from='false' to=''/></convert>";
  EXPECT_EQ(after(step, "<time><a> true </a><a>false</a><a>other</a></time>"),
            "<time><a>24h</a><a/><a>other</a></time>");
  EXPECT_EQ(after("<convert path='a/@b' why='Because it is better.'><value from='1' to='2'/>"
                  "</convert>",
                  "<time><a b='1'/><a/></time>"),
            "<time><a b=\"2\"/><a/></time>");
}

TEST(MigrationStep, MultipliesWholeNumbersOnly) {
  const std::string step = "<convert path='a' multiply='60' why='It counts in seconds now.'/>";
  EXPECT_EQ(after(step, "<time><a> 2 </a></time>"), "<time><a>120</a></time>");
  for (const std::string odd :
       {"-1", "1.5", "", "one", "99999999999999999999", "1e3", "18446744073709551615"}) {
    const std::string section =
        odd.empty() ? "<time><a/></time>" : "<time><a>" + odd + "</a></time>";
    EXPECT_EQ(after(step, section), "nothing: " + section);
  }
}

TEST(MigrationStep, DividesWholeNumbersWithinItsBoundsAndRounds) {
  const std::string step =
      "<convert path='a' multiply='7' divide='100' least='8' most='100' "
      "why='It has eight steps now.'/>";
  const auto converted = [&](const std::string& number) {
    return after(step, "<time><a>" + number + "</a></time>");
  };
  for (const auto& [from, to] :
       {std::pair("8", "1"), {"21", "1"}, {"22", "2"}, {"50", "4"}, {"93", "7"}, {"100", "7"}}) {
    EXPECT_EQ(converted(from), "<time><a>" + std::string(to) + "</a></time>");
  }
  for (const std::string same : {"0", "7", "101", "18446744073709551615", "half"}) {
    EXPECT_EQ(converted(same), "nothing: <time><a>" + same + "</a></time>");
  }
}

TEST(MigrationStep, DropsElementsAndAttributes) {
  EXPECT_EQ(
      after("<drop path='a/b' why='It is not needed.'/>", "<time><a><b/><b>1</b><c/></a></time>"),
      "<time><a><c/></a></time>");
  EXPECT_EQ(after("<drop path='a/@b' why='It is not needed.'/>", "<time><a b='1' c='2'/></time>"),
            "<time><a c=\"2\"/></time>");
}

TEST(MigrationFile, ThatDoesNotFitItsSchemaIsAnError) {
  EXPECT_THAT(after("<swap path='a' to='b' why='Because it is better.'/>", "<time/>"),
              HasSubstr("swap"));
  EXPECT_THAT(after("<rename path='a' to='b'/>", "<time/>"), HasSubstr("'why'"));
  EXPECT_THAT(after("<move path='a/@b' to='c' why='Because it is better.'/>", "<time/>"),
              HasSubstr("'path'"));
  EXPECT_THAT(read_migration("<migration from='2.0.0' to='1.0.0'><section name='time'><drop "
                             "path='a' why='It is not needed.'/></section></migration>")
                  .error()
                  .text,
              HasSubstr("no newer version"));
}

TEST(Migrations, LeadFromEachReleaseToTheNext) {
  ASSERT_EQ(migrations().size(), 2u);
  EXPECT_EQ(migrations()[0].from, version_of(Release::r1_10A));
  EXPECT_EQ(migrations()[0].to, version_of(Release::r2_0C));
  EXPECT_EQ(migrations()[1].from, version_of(Release::r2_0C));
  EXPECT_EQ(migrations()[1].to, version_of(Release::r2_2A));
}

TEST(Migrations, ChangeAtLeastSixSectionsAndSayWhy) {
  std::set<std::string> sections;
  std::set<MigrationStep::Kind> kinds;
  for (const Migration& migration : migrations()) {
    for (const auto& [section, steps] : migration.sections) {
      sections.insert(section);
      for (const MigrationStep& step : steps) {
        kinds.insert(step.kind);
        EXPECT_TRUE(step.why.ends_with('.')) << step.text;
      }
    }
  }
  EXPECT_GE(sections.size(), 6u);
  EXPECT_EQ(kinds.size(), 5u);
}

// The factory defaults of a release, migrated, are valid and hold nothing the next does not know.
TEST(Migrations, OfFactoryDefaultsLeaveNothingToStrip) {
  for (const DeviceType type : {DeviceType::d100, DeviceType::d200}) {
    for (const Release release : {Release::r1_10A, Release::r2_0C}) {
      Device old(device(type, release));
      ASSERT_TRUE(old.settings.set("time/ntpServer", "ntp.local"));
      Device updated(old.host.storage(), device(type, Release::r2_2A));
      EXPECT_EQ(updated.host.count("setting_stripped"), 0u);
      EXPECT_EQ(updated.host.count("section_rejected"), 0u);
      EXPECT_EQ(updated.text("time/ntpServer"), "ntp.local");
    }
  }
}

std::string migrated(const std::string& section, const char* from, const char* to) {
  const auto result = migrated_text(section, SettingsVersion::parse(from).value(),
                                    SettingsVersion::parse(to).value());
  return result ? result->xml : "refused";
}

TEST(Migrate, AppliesTheStepsBetweenTwoVersions) {
  EXPECT_EQ(migrated("<time><use24Hours>0</use24Hours></time>", "1.8.9", "1.34.0"),
            "<time version=\"1.34.0\"><timeFormat>12h</timeFormat></time>");
  EXPECT_EQ(migrated("<provisioning version='1.8.9'><sip><whitelist/></sip></provisioning>",
                     "1.8.9", "1.20.0"),
            "<provisioning version=\"1.20.0\"><sip><whitelist/></sip></provisioning>");
  EXPECT_EQ(migrated("<provisioning><sip><whitelist/></sip></provisioning>", "1.9", "1.34.0"),
            "<provisioning version=\"1.34.0\"><sip><allowlist/></sip></provisioning>");
}

TEST(Migrate, LeavesWhatIsNotOlder) {
  EXPECT_EQ(migrated("<time><use24Hours>0</use24Hours></time>", "1.34.0", "1.34.0"),
            "<time><use24Hours>0</use24Hours></time>");
  EXPECT_EQ(migrated("<time version='2'/>", "2", "1.34.0"), "<time version=\"2\"/>");
}

// How a section's version is known: SPEC 6.2.

std::string version_in(const std::string& xml, Release release = Release::r2_2A) {
  pugi::xml_document document;
  document.load_string(xml.c_str(), kParseElements);
  const auto found = find_version(document.document_element(), release);
  return found ? found->version.to_string() + " by " + found->known_by : found.error().to_string();
}

TEST(SectionVersion, IsWhatTheAttributeSays) {
  EXPECT_EQ(version_in("<users version='1.8.9'><admin/></users>"), "1.8.9 by attribute");
  EXPECT_EQ(version_in("<users version=' 9 '><nonsense/></users>"), "9.0.0 by attribute");
  EXPECT_EQ(version_in("<users version='new'/>"),
            "users/@version: 'new' is no settings version; write numbers such as 1.34.0");
}

TEST(SectionVersion, IsElseOfTheNewestSchemaThatFitsTheDevicesOwnFirst) {
  EXPECT_EQ(version_in("<time><ntpServer/></time>"), "1.34.0 by schema of 2.2A");
  EXPECT_EQ(version_in("<provisioning><sip><whitelist/></sip></provisioning>"),
            "1.20.0 by schema of 2.0C");
  EXPECT_EQ(version_in("<time><use24Hours>true</use24Hours></time>"), "1.8.9 by schema of 1.10A");
  EXPECT_EQ(version_in("<time><ntpServer/></time>", Release::r2_0C), "1.20.0 by schema of 2.0C");
}

TEST(SectionVersion, IsElseUnknown) {
  EXPECT_EQ(version_in("<time><nonsense/></time>"), "0.0.0 by no schema fits");
  EXPECT_EQ(version_in("<time><use24Hours>maybe</use24Hours></time>"), "0.0.0 by no schema fits");
  EXPECT_EQ(version_in("<provisioning><sip><allowlist/></sip></provisioning>", Release::r2_0C),
            "0.0.0 by no schema fits");
}

TEST(WrittenBy, IsTheReleaseOfTheNewestVersionThatSectionsBear) {
  const auto release = [](const std::string& sections, Release device = Release::r2_2A) {
    return written_by(*Configuration::parse("<configuration>" + sections + "</configuration>"),
                      device);
  };
  EXPECT_EQ(release("<time/>"), Release::r2_2A);
  EXPECT_EQ(release("<time version='1.8.9'/><keys/>"), Release::r1_10A);
  EXPECT_EQ(release("<time version='1.8.9'/><keys version='1.9.0'/>"), Release::r2_0C);
  EXPECT_EQ(release("<time version='1.34.0'/><keys version='1.8.9'/>"), Release::r2_2A);
  EXPECT_EQ(release("<time version='1.34.0'/>", Release::r2_0C), Release::r2_0C);
}

// Firmware updates: the store is of an older release.

TEST(FirmwareUpdate, MigratesWhatIsStoredAndSavesIt) {
  Device old(device(DeviceType::d200, Release::r1_10A));
  ASSERT_EQ(old.apply("<configuration><provisioning><sip><whitelist><whitelistEntry>a"
                      "</whitelistEntry></whitelist></sip></provisioning><userInterface>"
                      "<ringVolume>9</ringVolume></userInterface></configuration>")
                .accepted,
            2u);
  Device updated(old.host.storage());
  EXPECT_EQ(updated.text("provisioning/sip/allowlist/allowlistEntry"), "a");
  EXPECT_EQ(updated.text("userInterface/ringing/volume"), "9");
  EXPECT_EQ(updated.value("/provisioning/@version"), "1.34.0");
  EXPECT_EQ(updated.host.last("section_migrated", "by"), "store");
  EXPECT_EQ(updated.host.last("section_migrated", "from"), "1.8.9");
  EXPECT_EQ(updated.host.last("section_migrated", "to"), "1.34.0");
  EXPECT_EQ(updated.host.count("store_saved"), 1u);
  Device again(updated.host.storage());
  EXPECT_EQ(again.xml(), updated.xml());
  EXPECT_EQ(again.host.count("section_migrated"), 0u);
}

TEST(FirmwareUpdate, BackToAnOlderReleaseKeepsWhatThatKnows) {
  Device phone;
  ASSERT_EQ(phone
                .apply("<configuration><time><ntpServer>a</ntpServer><timeFormat>12h</timeFormat>"
                       "</time><luaLibraries><luaLibrary name='x'/></luaLibraries>"
                       "</configuration>")
                .accepted,
            2u);
  const Device older(phone.host.storage(), device(DeviceType::d200, Release::r1_10A));
  EXPECT_EQ(older.text("time/ntpServer"), "a");
  EXPECT_EQ(older.text("time/use24Hours"), "true");
  EXPECT_EQ(older.settings.configuration().section("luaLibraries"), nullptr);
}

TEST(FirmwareUpdate, ByWayOfAnotherReleaseComesToTheSame) {
  Device first(device(DeviceType::d200, Release::r1_10A));
  first.apply(
      "<configuration><time><use24Hours>false</use24Hours></time><network><vlanId>7</vlanId>"
      "</network><telephony><doNotDisturb>true</doNotDisturb></telephony></configuration>");
  Device second(first.host.storage(), device(DeviceType::d200, Release::r2_0C));
  const Device third(second.host.storage());
  EXPECT_EQ(third.xml(), Device(first.host.storage()).xml());
  EXPECT_EQ(third.text("time/timeFormat"), "12h");
  EXPECT_EQ(third.text("network/vlan/active"), "true");
  EXPECT_EQ(third.text("network/vlan/id"), "7");
  EXPECT_EQ(third.text("telephony/doNotDisturb/active"), "true");
}

TEST(DeviceSettingsInstall, MigratesOlderSections) {
  Device phone;
  ASSERT_TRUE(phone.settings.install(*Configuration::parse(
      "<configuration><userInterface version='1.8.9'><ringVolume>3</ringVolume></userInterface>"
      "</configuration>")));
  EXPECT_EQ(phone.text("userInterface/ringing/volume"), "3");
  EXPECT_EQ(phone.host.last("section_migrated", "changes"), "move ringVolume to ringing/volume");
}

}  // namespace
}  // namespace provlab::settings
