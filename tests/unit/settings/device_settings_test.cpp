#include "core/settings/device_settings.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "core/settings/factory_defaults.hpp"
#include "core/settings/section.hpp"
#include "core/settings/xml_tree.hpp"
#include "tests/unit/settings/builders.hpp"

/// Store, kept values, single settings and the trace.
namespace provlab::settings {
namespace {

using testing::HasSubstr;
using What = SectionOutcome::What;

constexpr const char* kPatch = "<time><ntpServer>ntp.local</ntpServer></time>";

TEST(DeviceSettings, WithoutAStoreStartsFromFactoryDefaults) {
  const Device phone(device(DeviceType::d100, Release::r2_0C));
  EXPECT_EQ(phone.settings.configuration(), factory_defaults(DeviceType::d100, Release::r2_0C));
}

TEST(DeviceSettings, ChangesSurviveAReboot) {
  Device phone;
  phone.apply(kPatch);
  Device again(phone.host.storage());
  EXPECT_EQ(again.text("time/ntpServer"), "ntp.local");
  EXPECT_EQ(again.xml(), phone.xml());
  EXPECT_EQ(again.host.last("settings_loaded", "from"), "store");
}

TEST(DeviceSettings, UnchangedSectionsOfTheStoreAreSharedWithTheFactoryDefaults) {
  Device phone;
  phone.apply(kPatch);
  const Device again(phone.host.storage());
  const auto factory = factory_defaults(DeviceType::d200, Release::r2_2A);
  EXPECT_EQ(again.settings.configuration().section("keys"), factory.section("keys"));
  EXPECT_NE(again.settings.configuration().section("time"), factory.section("time"));
}

TEST(DeviceSettings, OneDocumentIsOneWriteOfTheStore) {
  Device phone;
  phone.apply(
      "<configuration><time><ntpServer>a</ntpServer></time>"
      "<network><hostName>b</hostName></network></configuration>");
  EXPECT_EQ(phone.host.storage().writes, 1u);
  EXPECT_EQ(phone.host.count("store_saved"), 1u);
  EXPECT_EQ(phone.host.last("store_saved", "octets"),
            std::to_string(phone.host.storage().pieces.at("configuration").size()));
}

TEST(DeviceSettings, WhatCannotBeStoredIsNotChanged) {
  Device phone;
  const std::string before = phone.xml();
  phone.host.storage().full = true;
  const auto outcome = phone.apply(kPatch);
  EXPECT_EQ(outcome.accepted, 0u);
  EXPECT_EQ(outcome.rejected, 1u);
  EXPECT_FALSE(outcome.changed);
  EXPECT_EQ(outcome.sections.at(0).reason, "the settings could not be stored: no space left");
  EXPECT_EQ(phone.xml(), before);
  EXPECT_EQ(phone.host.count("section_applied"), 0u);
  EXPECT_EQ(phone.host.last("store_failed", "reason"), "no space left");
  EXPECT_FALSE(phone.settings.set("time/ntpServer", "a"));
  EXPECT_FALSE(phone.settings.keep("minute", "1"));
  EXPECT_EQ(phone.settings.kept("minute"), std::nullopt);
  EXPECT_EQ(phone.xml(), before);
}

TEST(DeviceSettings, OperationsThatCannotBeStoredAreRejected) {
  Device phone;
  phone.host.storage().full = true;
  const auto outcome =
      phone.apply("<operations><add path='/templates'><template name='a'/></add></operations>");
  EXPECT_EQ(outcome.accepted, 0u);
  EXPECT_EQ(outcome.rejected, 1u);
  EXPECT_THAT(outcome.operations.at(0).reason, HasSubstr("could not be stored"));
}

// Every single damaged octet, and every truncation, is noticed.
TEST(Store, AnyDamageGivesFactoryDefaultsAndKeepsThePieceAside) {
  Device phone;
  phone.apply(kPatch);
  const std::string whole = phone.host.storage().pieces.at("configuration");
  std::vector<std::string> damaged;
  for (std::size_t i = 0; i < whole.size(); i += 7) {
    damaged.push_back(whole);
    damaged.back()[i] ^= 0x10;
    damaged.push_back(whole.substr(0, i));
  }
  for (const std::string& content : damaged) {
    FakeStorage storage;
    storage.pieces.emplace("configuration", content);
    Device again(storage);
    ASSERT_EQ(again.text("time/ntpServer"), "");
    ASSERT_EQ(again.host.storage().pieces.at("configuration.damaged"), content);
    ASSERT_EQ(again.host.storage().pieces.count("configuration"), 0u);
    ASSERT_EQ(again.host.count("store_damaged"), 1u);
    ASSERT_EQ(again.host.last("store_damaged", "aside"), "configuration.damaged");
    ASSERT_EQ(again.host.last("settings_loaded", "from"), "factory");
  }
}

TEST(Store, UnreadableGivesFactoryDefaultsIsKeptAsideAndSaysWhy) {
  FakeHost host;
  host.storage().pieces.emplace("configuration", "cannot be read");
  host.storage().unreadable = true;
  DeviceSettings settings(host, device());
  settings.load();
  EXPECT_EQ(settings.configuration(), factory_defaults(DeviceType::d200, Release::r2_2A));
  EXPECT_EQ(host.last("store_damaged", "reason"), "input/output error");
  EXPECT_EQ(host.last("store_damaged", "aside"), "configuration.damaged");
  EXPECT_EQ(host.storage().pieces.at("configuration.damaged"), "cannot be read");
  EXPECT_FALSE(host.storage().pieces.contains("configuration"));
}

TEST(Store, OfAnOlderReleaseIsTakenOverAsFarAsItFits) {
  Device old(device(DeviceType::d200, Release::r1_10A));
  old.apply(
      "<configuration><time><ntpServer>a</ntpServer></time>"
      "<userInterface><ringVolume>9</ringVolume></userInterface></configuration>");
  const Device updated(old.host.storage());
  EXPECT_EQ(updated.text("time/ntpServer"), "a");
  EXPECT_EQ(updated.text("time/timeFormat"), "24h");
  EXPECT_EQ(updated.value("count(//ringVolume)"), "0");
  EXPECT_EQ(updated.value("/time/@version"), "1.34.0");
}

/// A store of the device's own release with this section, however wrong, in place of the factory's.
FakeStorage stored(const std::string& section) {
  FakeStorage storage;
  const auto configuration = Configuration::parse("<configuration>" + section + "</configuration>");
  EXPECT_TRUE(configuration);
  storage.pieces["configuration"] =
      write_store({DeviceType::d200, Release::r2_2A, configuration.value_or(Configuration()), {}});
  return storage;
}

TEST(Store, LosesASettingThatTheReleaseDoesNotKnowAndNotItsSection) {
  Device phone(
      stored("<provisioning version=\"1.34.0\"><url>http://a/</url><execution>"
             "<onBoot>false</onBoot><time>3:15</time></execution></provisioning>"));
  EXPECT_EQ(phone.text("provisioning/execution/time"), "3:15");
  EXPECT_EQ(phone.text("provisioning/url"), "http://a/");
  EXPECT_EQ(phone.text("provisioning/execution/sundays"), "true");
  EXPECT_EQ(phone.value("count(//onBoot)"), "0");
  EXPECT_EQ(phone.host.storage().pieces.at("configuration").find("onBoot"), std::string::npos);
  const Device again(phone.host.storage());
  EXPECT_EQ(again.settings.configuration(), phone.settings.configuration());
}

TEST(Store, OfFormerSchemasOfTheReleaseIsMigrated) {
  const Device phone(
      stored("<userInterface version=\"1.34.0\"><language>en</language>"
             "<display><brightness>80</brightness></display></userInterface>"));
  EXPECT_EQ(phone.text("userInterface/display/brightness"), "6");
  EXPECT_EQ(phone.text("userInterface/language"), "en");
}

TEST(Store, LosesASectionThatIsNotValidEvenSo) {
  Device phone(stored("<provisioning><execution><time>noon</time></execution></provisioning>"));
  EXPECT_EQ(phone.text("provisioning/execution/time"), "");
  EXPECT_EQ(phone.host.count("section_rejected"), 1u);
}

TEST(Store, ThatLacksSectionsIsWrittenWhole) {
  Device phone(stored("<time version=\"1.34.0\"><ntpServer>a</ntpServer></time>"));
  EXPECT_EQ(phone.text("time/ntpServer"), "a");
  EXPECT_TRUE(store_holds(phone.host.storage().pieces.at("configuration"),
                          phone.settings.configuration()));
}

TEST(Store, HoldsKeptValuesWithTheConfiguration) {
  Device phone;
  phone.apply(kPatch);
  ASSERT_TRUE(phone.settings.keep("drawn-minute", "3:17"));
  ASSERT_TRUE(phone.settings.keep("odd <name>", " a\n\"&\" "));
  Device again(phone.host.storage());
  EXPECT_EQ(again.settings.kept("drawn-minute"), "3:17");
  EXPECT_EQ(again.settings.kept("odd <name>"), " a\n\"&\" ");
  EXPECT_EQ(again.settings.kept("other"), std::nullopt);
  EXPECT_EQ(again.text("time/ntpServer"), "ntp.local");
  again.apply("<network><hostName>b</hostName></network>");
  EXPECT_EQ(Device(again.host.storage()).settings.kept("drawn-minute"), "3:17");
}

TEST(Store, KeptValuesMustBeText) {
  Device phone;
  EXPECT_FALSE(phone.settings.keep("a", std::string_view("\0", 1)));
}

// Single settings.

TEST(DeviceSettingsSet, ChangesAValueAndStoresIt) {
  Device phone;
  ASSERT_TRUE(phone.settings.set("provisioning/url", "http://a/?b=<MACADR>&c"));
  EXPECT_EQ(phone.text("provisioning/url"), "http://a/?b=<MACADR>&c");
  EXPECT_EQ(Device(phone.host.storage()).text("provisioning/url"), "http://a/?b=<MACADR>&c");
  EXPECT_EQ(phone.host.last("section_applied", "mode"), "set");
}

TEST(DeviceSettingsSet, TakesXPathThatSelectsOneElement) {
  Device phone;
  ASSERT_TRUE(phone.settings.set("/configuration/identities/identity[2]/username", "11"));
  EXPECT_EQ(phone.value("/identities/identity[2]/username"), "11");
  EXPECT_THAT(phone.settings.set("identities/identity/username", "1").error().text,
              HasSubstr("selects 6 settings"));
}

TEST(DeviceSettingsSet, RefusesPathsThatTakeTooLong) {
  Device phone;
  std::string condition = "*";
  for (int i = 0; i < 5; ++i) condition = ".//*[" + condition + "] | .//*[" + condition + "]";
  EXPECT_THAT(
      phone.settings.set("identities[" + condition + "]/identity[1]/username", "1").error().text,
      HasSubstr("looks at too many settings"));
  EXPECT_THAT(phone.settings.set("time/" + std::string(1024, 'a'), "1").error().text,
              HasSubstr("1024 octets"));
}

TEST(DeviceSettingsSet, TakesNoWhiteSpaceAroundAValueThatHasNone) {
  Device phone;
  ASSERT_TRUE(phone.settings.set("telephony/callForwarding/busy/timeout", " 5 "));
  EXPECT_EQ(phone.text("telephony/callForwarding/busy/timeout"), "5");
}

TEST(DeviceSettingsSet, TurnsAPlainListIntoOneEntry) {
  Device phone;
  const auto* path = "provisioning/sip/allowlist/allowlistEntry";
  ASSERT_TRUE(phone.settings.set(path, "192.0.2.10"));
  phone.apply(
      "<provisioning><sip><allowlist><allowlistEntry>a</allowlistEntry>"
      "<allowlistEntry>b</allowlistEntry></allowlist></sip></provisioning>");
  ASSERT_TRUE(phone.settings.set(path, "c"));
  EXPECT_EQ(phone.settings.configuration().texts(path), std::vector<std::string>{"c"});
}

TEST(DeviceSettingsSet, RefusesWhatIsNoSettingAndSaysWhatThereIs) {
  Device phone;
  const std::string before = phone.xml();
  const auto reason = [&](std::string_view path, std::string_view value = "true") {
    const auto set = phone.settings.set(path, value);
    return set ? "accepted" : set.error().to_string();
  };
  EXPECT_EQ(reason("telephony/callWaitng/active"),
            "telephony/callWaitng/active: there is no such setting; telephony has callWaiting, "
            "callForwarding, doNotDisturb, autoAnswer");
  EXPECT_THAT(reason("telephony/callWaiting"), HasSubstr("name one of them: active, tone"));
  EXPECT_THAT(reason("telefony/active"), HasSubstr("begins with its section: provisioning, "));
  EXPECT_THAT(reason("//active"), HasSubstr("begins with its section"));
  EXPECT_THAT(reason("keys/@version"), HasSubstr("only elements"));
  EXPECT_THAT(reason("telephony/callWaiting/active", "on"),
              HasSubstr("'on' is not allowed; write true or false"));
  EXPECT_THAT(reason("time/ntpServer", "\x01"), HasSubstr("control character"));
  EXPECT_THAT(reason("time/[", ""), HasSubstr("invalid path"));
  EXPECT_EQ(reason("telephony/callWaiting/active", "false"), "accepted");
  EXPECT_EQ(phone.xml(), before);
  EXPECT_EQ(phone.host.storage().writes, 0u);
}

TEST(DeviceSettingsInstall, TakesOverAConfigurationAndFillsItUpFromTheFactory) {
  Device phone;
  phone.apply("<network><hostName>old</hostName></network>");
  const auto given =
      Configuration::parse("<configuration><time><ntpServer>a</ntpServer></time></configuration>");
  ASSERT_TRUE(phone.settings.install(*given));
  EXPECT_EQ(phone.text("time/ntpServer"), "a");
  EXPECT_EQ(phone.text("network/hostName"), "");
  EXPECT_EQ(phone.text("time/timeFormat"), "24h");
  EXPECT_EQ(Device(phone.host.storage()).xml(), phone.xml());
}

TEST(DeviceSettingsInstall, OfItsOwnConfigurationIsTheIdentity) {
  Device phone;
  for (const char* file : {"lone_keys_lua.xml", "template_nested_function.xml", "latin1.xml"}) {
    phone.apply(file_content(file));
  }
  Device other;
  ASSERT_TRUE(other.settings.install(*Configuration::parse(phone.xml())));
  EXPECT_EQ(other.xml(), phone.xml());
}

TEST(DeviceSettingsInstall, RefusesAsAWhole) {
  Device phone;
  const std::string before = phone.xml();
  const auto given = Configuration::parse(
      "<configuration><time><ntpServer>a</ntpServer></time>"
      "<telephony><callWaiting><active>x</active></callWaiting></telephony></configuration>");
  EXPECT_THAT(phone.settings.install(*given).error().text, HasSubstr("write true or false"));
  EXPECT_EQ(phone.xml(), before);
}

// Notification and trace.

TEST(DeviceSettings, NotifiesOfChangesOnly) {
  Device phone;
  unsigned notified = 0;
  const auto waiter = [](DeviceSettings& settings, unsigned& count) -> Task<> {
    for (;;) {
      co_await settings.changed().wait_until(kNever);
      ++count;
    }
  };
  asio::co_spawn(phone.host.executor(), waiter(phone.settings, notified), asio::detached);
  phone.host.context().poll();
  const auto expect_notified = [&](unsigned times) {
    phone.host.context().restart();
    phone.host.context().poll();
    EXPECT_EQ(notified, times);
  };
  phone.apply("<time/>");
  expect_notified(0);
  phone.apply(kPatch);
  expect_notified(1);
  ASSERT_TRUE(phone.settings.set("time/ntpServer", "b"));
  expect_notified(2);
  ASSERT_TRUE(phone.settings.keep("a", "b"));
  expect_notified(2);
}

TEST(DeviceSettingsRead, RecordsTypeAndSections) {
  Device phone;
  const auto document = phone.settings.read("<configuration><time/><keys/></configuration>",
                                            "text/xml", "http://prov/a.xml");
  ASSERT_TRUE(document);
  EXPECT_EQ(phone.host.last("document_classified", "type"), "patch");
  EXPECT_EQ(phone.host.last("document_classified", "sections"), "time keys");
  EXPECT_EQ(phone.host.last("document_classified", "url"), "http://prov/a.xml");
}

TEST(DeviceSettingsRead, RecordsRefusalAndWarnings) {
  Device phone;
  EXPECT_FALSE(phone.settings.read("<a/>", "", "u"));
  EXPECT_THAT(phone.host.last("document_refused", "reason"), HasSubstr("root element 'a'"));
  EXPECT_TRUE(phone.settings.read(file_content("lone_keys_lua.xml"), "", "u"));
  EXPECT_THAT(phone.host.last("document_warning", "warning"), HasSubstr("utf=8"));
}

TEST(DeviceSettings, AnotherJudgeOfSectionsCanBePluggedIn) {
  struct Strict final : SectionJudge {
    Expected<void> judge(const Section& section) const override {
      if (section.name() == "time") return fail("closed today", "time");
      return {};
    }
  };
  FakeHost host;
  DeviceSettings settings(host, device(), std::make_shared<Strict>());
  settings.load();
  const auto document = read_document(kPatch, "");
  const auto outcome = settings.apply(*document, "u");
  EXPECT_EQ(outcome.sections.at(0).reason, "time: closed today");
}

}  // namespace
}  // namespace provlab::settings
