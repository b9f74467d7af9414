#include <gmock/gmock.h>

#include "core/settings/section.hpp"
#include "tests/unit/settings/builders.hpp"

/// Documents of patch type: SPEC 5.2–5.4.
namespace provlab::settings {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using What = SectionOutcome::What;

TEST(Patch, LeavesGivenReplaceTheirCounterpartsAndOthersStay) {
  Device phone;
  const auto outcome = phone.apply(
      "<configuration><telephony><callWaiting><active>true</active></callWaiting></telephony>"
      "</configuration>");
  EXPECT_EQ(outcome.accepted, 1u);
  EXPECT_EQ(outcome.rejected, 0u);
  EXPECT_TRUE(outcome.changed);
  ASSERT_EQ(outcome.sections.size(), 1u);
  EXPECT_EQ(outcome.sections[0].what, What::merged);
  EXPECT_EQ(phone.text("telephony/callWaiting/active"), "true");
  EXPECT_EQ(phone.text("telephony/callWaiting/tone"), "true");
  EXPECT_EQ(phone.text("telephony/callForwarding/noResponse/timeout"), "20");
}

TEST(Patch, NothingDifferentIsAcceptedAndUnchanged) {
  Device phone;
  const std::string before = phone.xml();
  const auto outcome =
      phone.apply("<telephony><callWaiting><active> false </active></callWaiting></telephony>");
  EXPECT_EQ(outcome.accepted, 1u);
  EXPECT_FALSE(outcome.changed);
  EXPECT_EQ(outcome.sections.at(0).what, What::unchanged);
  EXPECT_EQ(phone.xml(), before);
  EXPECT_EQ(phone.host.storage().writes, 0u);
  EXPECT_EQ(phone.host.last("section_applied", "changed"), "false");
}

TEST(Patch, TwiceEqualsOnce) {
  Device phone;
  for (const char* file : {"lone_keys_lua.xml", "template_nested_function.xml", "latin1.xml"}) {
    EXPECT_TRUE(phone.apply(file_content(file)).changed) << file;
    const std::string once = phone.xml();
    EXPECT_FALSE(phone.apply(file_content(file)).changed) << file;
    EXPECT_EQ(phone.xml(), once);
  }
}

TEST(Patch, OneSectionRejectedDoesNotTouchTheOthers) {
  Device phone;
  const std::string telephony = phone.settings.configuration().section("telephony")->xml();
  const auto outcome = phone.apply(
      "<configuration><time><ntpServer>ntp.local</ntpServer></time>"
      "<telephony><callWaiting><tone>false</tone><active>maybe</active></callWaiting></telephony>"
      "<nonsense/><network><hostName>phone</hostName></network></configuration>");
  EXPECT_EQ(outcome.accepted, 2u);
  EXPECT_EQ(outcome.rejected, 1u);
  EXPECT_THAT(outcome.unknown, ElementsAre("nonsense"));
  EXPECT_EQ(phone.text("time/ntpServer"), "ntp.local");
  EXPECT_EQ(phone.text("network/hostName"), "phone");
  EXPECT_EQ(phone.settings.configuration().section("telephony")->xml(), telephony);
  EXPECT_EQ(outcome.sections.at(1).reason,
            "telephony/callWaiting/active: 'maybe' is not allowed; write true or false");
  EXPECT_EQ(phone.host.count("section_rejected"), 1u);
  EXPECT_EQ(phone.host.count("setting_stripped"), 1u);
  EXPECT_EQ(phone.host.count("section_applied"), 2u);
  EXPECT_EQ(phone.host.count("store_saved"), 1u);
}

TEST(Patch, SectionOfAnotherReleaseIsRejected) {
  Device phone(device(DeviceType::d200, Release::r1_10A));
  const auto outcome = phone.apply("<luaLibraries/>");
  EXPECT_EQ(outcome.rejected, 1u);
  EXPECT_THAT(outcome.sections.at(0).reason, HasSubstr("1.10A has no such section; it has prov"));
}

TEST(Patch, SettingsTheReleaseDoesNotKnowAreStrippedAndRecorded) {
  Device phone;
  const auto outcome = phone.apply(
      "<provisioning version='1.34.0'><sip><whitelist><whitelistEntry>a</whitelistEntry>"
      "</whitelist><active x='1'>true</active></sip></provisioning>");
  EXPECT_EQ(outcome.accepted, 1u);
  EXPECT_EQ(phone.text("provisioning/sip/active"), "true");
  EXPECT_EQ(phone.value("count(//whitelist) + count(//@x)"), "0");
  EXPECT_EQ(phone.host.count("setting_stripped"), 2u);
  EXPECT_EQ(phone.host.last("setting_stripped", "path"), "provisioning/sip/active/@x");
}

TEST(Patch, UnknownSettingsInElementsOfListsAreStrippedToo) {
  Device phone;
  phone.apply(
      "<keys><phoneXtensions><key keyNumber='1' colour='red'><keyConfiguration><any/>"
      "</keyConfiguration><light/></key></phoneXtensions></keys>");
  EXPECT_EQ(phone.value("count(//keyConfiguration/any)"), "1");
  EXPECT_EQ(phone.value("count(//light) + count(//@colour)"), "0");
  EXPECT_EQ(phone.host.count("setting_stripped"), 2u);
  EXPECT_EQ(phone.host.last("setting_stripped", "path"), "keys/phoneXtensions/key/light");
}

TEST(Patch, CountlessUnknownSettingsDoNotFloodTheTrace) {
  Device phone;
  std::string xml = "<time>";
  for (int i = 0; i < 1000; ++i) xml += "<a" + std::to_string(i) + "/>";
  phone.apply(xml + "</time>");
  EXPECT_EQ(phone.host.count("setting_stripped"), 33u);
  EXPECT_EQ(phone.host.last("setting_stripped", "path"), "(968 more)");
}

TEST(Patch, ElementsInAValueAndTextInARecordAreRejected) {
  Device phone;
  EXPECT_EQ(phone.apply("<time><ntpServer><host/></ntpServer></time>").sections.at(0).reason,
            "time/ntpServer: element 'host' inside a setting that holds text only");
  EXPECT_EQ(
      phone.apply("<telephony><callWaiting>true</callWaiting></telephony>").sections.at(0).reason,
      "telephony/callWaiting: text 'true' where only elements are allowed");
  EXPECT_EQ(phone.apply("<time><ntpServer/><ntpServer/></time>").sections.at(0).reason,
            "time/ntpServer: the setting is given twice");
}

TEST(Patch, TimeOfDayFollowsItsPattern) {
  Device phone;
  const auto accepted = [&](const std::string& time) {
    return phone
               .apply("<provisioning><execution><time>" + time +
                      "</time></execution>"
                      "</provisioning>")
               .accepted == 1;
  };
  for (const char* good : {"0:00", "9:59", "09:30", "19:00", "23:59", ""}) {
    EXPECT_TRUE(accepted(good)) << good;
  }
  for (const char* bad : {"24:00", "30:00", "12:60", "1200", "12:0", "a:00", "012:00", ":00"}) {
    EXPECT_FALSE(accepted(bad)) << bad;
  }
}

TEST(Patch, WhiteSpaceOnlyValuesAreKept) {
  Device phone;
  phone.apply("<identities><identity><displayname>  </displayname></identity></identities>");
  EXPECT_EQ(phone.text("identities/identity/displayname"), "  ");
}

TEST(Patch, CdataWithLuaSurvivesExactly) {
  Device phone;
  const auto outcome = phone.apply(file_content("lone_keys_lua.xml"));
  EXPECT_EQ(outcome.accepted, 1u);
  const std::string source = file_content("lone_keys_lua.xml");
  const std::size_t start = source.find("<code><![CDATA[") + 15;
  const std::string code = source.substr(start, source.find("]]></code>") - start);
  EXPECT_THAT(code, HasSubstr("\topen( \"**1\" )"));
  EXPECT_EQ(phone.value("/keys/phoneXtensions/key[@keyNumber='4']/keyConfiguration/lua/code"),
            code);
  const Device again(phone.host.storage());
  EXPECT_EQ(again.value("//code"), code);
  EXPECT_EQ(again.value("/keys/phoneXtensions/key/@label"), "T\u00FCr");
}

TEST(Patch, TemplateWithNestedFunctionIsTakenWhole) {
  Device phone;
  EXPECT_TRUE(phone.apply(file_content("template_nested_function.xml")).changed);
  EXPECT_EQ(phone.value("/templates/template[@name='Pickup group']/@prio"), "20");
  EXPECT_EQ(phone.value("//pickup/function/invocations/invocation/led/colour"), "red");
  EXPECT_EQ(phone.value("//parameter[@name='@string/identity']/path"), "//pickup/line/id");
}

// Lists (SPEC 5.4).

std::string key(std::string_view number, std::string_view label) {
  return "<key keyNumber='" + std::string(number) + "' label='" + std::string(label) + "'/>";
}
std::string keys(const std::string& content, const std::string& attributes = "") {
  return "<keys" + attributes + "><phoneXtensions>" + content + "</phoneXtensions></keys>";
}

TEST(PatchLists, ElementWithAKnownMarkIsReplacedWholeAndOthersAreAppended) {
  Device phone;
  phone.apply(
      keys("<key keyNumber='1' label='a' icon='x'><keyConfiguration/></key>" + key("2", "b")));
  phone.apply(keys(key("3", "c") + key("1", "d")));
  EXPECT_EQ(phone.settings.configuration().section("keys")->xml().substr(
                phone.settings.configuration().section("keys")->xml().find("<phone")),
            "<phoneXtensions><key keyNumber=\"1\" label=\"d\"/><key keyNumber=\"2\" label=\"b\"/>"
            "<key keyNumber=\"3\" label=\"c\"/></phoneXtensions><extensionModule1/>"
            "<extensionModule2/><extensionModule3/></keys>");
}

TEST(PatchLists, TemplatesAndLuaLibrariesAreMarkedByName) {
  Device phone;
  phone.apply(
      "<configuration><templates><template name='A' prio='1'/><template name='B'/></templates>"
      "<luaLibraries><luaLibrary name='A'><code>1</code></luaLibrary></luaLibraries>"
      "</configuration>");
  phone.apply(
      "<configuration><templates><template name='A' prio='2'/></templates>"
      "<luaLibraries><luaLibrary name='A'><code>2</code></luaLibrary></luaLibraries>"
      "</configuration>");
  EXPECT_EQ(phone.value("count(/templates/template)"), "2");
  EXPECT_EQ(phone.value("/templates/template[@name='A']/@prio"), "2");
  EXPECT_EQ(phone.value("/luaLibraries/luaLibrary/code"), "2");
}

TEST(PatchLists, SameMarkInAnotherListIsAnotherElement) {
  Device phone;
  phone.apply("<keys><phoneXtensions>" + key("1", "a") + "</phoneXtensions><extensionModule1>" +
              key("1", "b") + "</extensionModule1></keys>");
  EXPECT_EQ(phone.value("/keys/phoneXtensions/key/@label"), "a");
  EXPECT_EQ(phone.value("/keys/extensionModule1/key/@label"), "b");
}

TEST(PatchLists, ElementWithoutItsMarkRejectsTheSection) {
  Device phone;
  const auto outcome = phone.apply(keys("<key label='a'/>"));
  EXPECT_EQ(outcome.rejected, 1u);
  EXPECT_EQ(outcome.sections.at(0).reason,
            "keys/phoneXtensions/key: attribute keyNumber is missing; it says which key is meant");
}

TEST(PatchLists, AnEmptyMarkedListChangesNothing) {
  Device phone;
  phone.apply(keys(key("1", "a")));
  EXPECT_FALSE(phone.apply(keys("\n  ")).changed);
  EXPECT_EQ(phone.value("count(//key)"), "1");
}

std::string allowlist(const std::string& entries) {
  return "<provisioning><sip><allowlist>" + entries + "</allowlist></sip></provisioning>";
}

TEST(PatchLists, UnmarkedListIsReplacedWholeWhenGiven) {
  Device phone;
  phone.apply(allowlist("<allowlistEntry>a</allowlistEntry><allowlistEntry>b</allowlistEntry>"));
  phone.apply(allowlist("<allowlistEntry>c</allowlistEntry>"));
  EXPECT_EQ(phone.settings.configuration().texts("provisioning/sip/allowlist/allowlistEntry"),
            std::vector<std::string>{"c"});
  phone.apply("<provisioning><sip><active>true</active></sip></provisioning>");
  EXPECT_EQ(phone.value("count(//allowlistEntry)"), "1");
  phone.apply(allowlist(""));
  EXPECT_EQ(phone.value("count(//allowlistEntry)"), "0");
}

TEST(PatchLists, IdentitiesAreMergedByPositionAndAnEmptyOneChangesNothing) {
  Device phone;
  phone.apply(
      "<identities><identity><username>10</username><password>p</password></identity>"
      "<identity><username>11</username></identity></identities>");
  phone.apply(
      "<identities><identity/><identity> \n </identity><identity><username>12</username>"
      "</identity></identities>");
  EXPECT_EQ(phone.value("count(/identities/identity)"), "6");
  EXPECT_EQ(phone.value("/identities/identity[1]/username"), "10");
  EXPECT_EQ(phone.value("/identities/identity[1]/password"), "p");
  EXPECT_EQ(phone.value("/identities/identity[2]/username"), "11");
  EXPECT_EQ(phone.value("/identities/identity[3]/username"), "12");
}

TEST(PatchLists, ASeventhIdentityRejectsTheSection) {
  Device phone;
  const auto outcome = phone.apply(
      "<identities><identity><username>1</username></identity><identity/><identity/><identity/>"
      "<identity/><identity/><identity/></identities>");
  EXPECT_EQ(outcome.rejected, 1u);
  EXPECT_EQ(phone.value("/identities/identity[1]/username"), "");
}

TEST(PatchLists, ThousandsOfElementsTakeOneLookupEach) {
  Device phone;
  std::string xml = "<templates>";
  for (int i = 0; i < 20'000; ++i) xml += "<template name='" + std::to_string(i) + "'/>";
  EXPECT_EQ(phone.apply(xml + "</templates>").accepted, 1u);
  EXPECT_EQ(phone.value("count(/templates/template)"), "20000");
}

// Merge or replace (SPEC 5.3).

TEST(PatchMode, ReplacedSectionTakesWhatItDoesNotGiveFromTheFactory) {
  Device phone;
  phone.apply(
      "<telephony><callWaiting><active>true</active><tone>false</tone></callWaiting></telephony>");
  const auto outcome = phone.apply(
      "<telephony patch='false'><callWaiting><active>true</active></callWaiting></telephony>");
  EXPECT_EQ(outcome.sections.at(0).what, What::replaced);
  EXPECT_EQ(phone.text("telephony/callWaiting/active"), "true");
  EXPECT_EQ(phone.text("telephony/callWaiting/tone"), "true");
  EXPECT_EQ(phone.host.last("section_applied", "mode"), "replaced");
}

TEST(PatchMode, ReplacedListsHoldExactlyWhatIsGiven) {
  Device phone;
  phone.apply(keys(key("1", "a") + key("2", "b")));
  phone.apply(keys(key("3", "c"), " patch='false'"));
  EXPECT_EQ(phone.value("//key/@keyNumber"), "3");
  phone.apply("<keys patch='0'/>");
  EXPECT_EQ(phone.value("count(//key)"), "0");
}

TEST(PatchMode, TheSectionsWordCountsBeforeTheDocumentsAndThatBeforeMerging) {
  const auto tone_after = [](const std::string& configuration, const std::string& section) {
    Device phone;
    phone.apply("<telephony><callWaiting><tone>false</tone></callWaiting></telephony>");
    phone.apply("<configuration" + configuration + "><telephony" + section + "/></configuration>");
    return phone.text("telephony/callWaiting/tone");
  };
  const std::string merged = "false";
  const std::string replaced = "true";
  EXPECT_EQ(tone_after("", ""), merged);
  EXPECT_EQ(tone_after(" patchDefault='true'", ""), merged);
  EXPECT_EQ(tone_after(" patchDefault='false'", ""), replaced);
  EXPECT_EQ(tone_after(" patchDefault='0'", ""), replaced);
  EXPECT_EQ(tone_after(" patchDefault='false'", " patch='true'"), merged);
  EXPECT_EQ(tone_after(" patchDefault='true'", " patch='false'"), replaced);
  EXPECT_EQ(tone_after("", " patch='false'"), replaced);
}

TEST(PatchMode, AnythingElseThanASwitchRejectsTheSection) {
  Device phone;
  const auto outcome = phone.apply("<telephony patch='yes'/>");
  EXPECT_EQ(outcome.sections.at(0).reason, "patch=\"yes\": write true or false");
}

TEST(PatchMode, SteeringAttributesAreNotStored) {
  Device phone;
  phone.apply(
      "<time patch='true' version='1.8.9' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
      "xsi:noNamespaceSchemaLocation='a.xsd'><ntpServer>a</ntpServer></time>");
  EXPECT_THAT(phone.settings.configuration().section("time")->xml(),
              testing::StartsWith("<time version=\"1.34.0\"><ntpServer>a</ntpServer>"));
  EXPECT_EQ(phone.host.count("setting_stripped"), 0u);
}

TEST(Patch, ADocumentThatWouldOutgrowABackupIsRejected) {
  Device phone;
  const std::string code(600'000, 'x');
  const auto library = [&](const char* name) {
    return "<luaLibraries><luaLibrary name='" + std::string(name) + "'><code>" + code +
           "</code></luaLibrary></luaLibraries>";
  };
  EXPECT_EQ(phone.apply(library("a")).accepted, 1u);
  const auto outcome = phone.apply(library("b"));
  EXPECT_EQ(outcome.rejected, 1u);
  EXPECT_THAT(outcome.sections.at(0).reason, HasSubstr("octets; at most"));
  EXPECT_EQ(phone.value("count(//luaLibrary)"), "1");
}

TEST(Patch, ReferenceTypeIsNotApplied) {
  Device phone;
  const auto outcome = phone.apply(file_content("references.xml"));
  EXPECT_EQ(outcome.accepted, 0u);
  EXPECT_EQ(outcome.rejected, 1u);
}

}  // namespace
}  // namespace provlab::settings
