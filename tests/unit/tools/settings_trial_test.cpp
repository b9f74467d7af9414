#include "tools/settings_trial.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/settings/backup.hpp"
#include "core/settings/document.hpp"
#include "core/settings/factory_defaults.hpp"
#include "tools/settings_text.hpp"

namespace provlab::tools {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using What = SettingsRequest::What;

/// A folder of its own with documents in it, and the command on them.
class SettingsCommand : public testing::Test {
 protected:
  SettingsCommand() {
    std::string pattern = testing::TempDir() + "settingsXXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no folder for the test");
    folder_ = pattern;
  }
  ~SettingsCommand() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& name, std::string_view content) {
    const std::string path = folder_ / name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  SettingsResult run(SettingsRequest request) {
    return try_documents(request, [this](std::size_t most) -> Expected<std::string> {
      if (input_.size() > most) return fail(fmt::format("more than {}", most));
      return input_;
    });
  }
  SettingsResult run(What what, std::vector<std::string> documents) {
    return run({.what = what, .config = "", .documents = std::move(documents)});
  }
  SettingsResult changes(std::vector<std::string> documents) {
    return run({.config = "", .only_differences = true, .documents = std::move(documents)});
  }

  std::filesystem::path folder_;
  std::string input_;
};

constexpr const char* kWaiting =
    "<telephony><callWaiting><active>true</active></callWaiting></telephony>";

TEST_F(SettingsCommand, ApplyPrintsTheConfigurationThatResults) {
  const auto result = run(What::apply, {file("a.xml", kWaiting)});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.report, HasSubstr("a.xml:1: telephony: merged\n"));
  const auto document = settings::read_document(result.output, "");
  ASSERT_TRUE(document) << document.error().to_string();
  EXPECT_THAT(document->sections, testing::Contains("userInterface"));
  EXPECT_THAT(result.output, HasSubstr("    <callWaiting>\n      <active>true</active>\n"));
}

TEST_F(SettingsCommand, WhatApplyPrintsIsABackupThatChangesNothing) {
  const std::string lua =
      "<keys><phoneXtensions><key keyNumber='1'><keyConfiguration>a <b> </b>\n <c/></"
      "keyConfiguration></key></phoneXtensions></keys>";
  const auto once = run(What::apply, {file("a.xml", lua), file("b.xml", kWaiting)});
  const std::string path = file("c.xml", once.output);
  SettingsRequest again{.config = path, .only_differences = true, .documents = {path}};
  EXPECT_THAT(run(again).output, IsEmpty());
  EXPECT_THAT(run(again).report, Not(HasSubstr("stripped")));
}

TEST_F(SettingsCommand, CredentialsAreToldWhenAskedForOnly) {
  const std::string path = file("a.xml",
                                "<provisioning><url>http://me:secret@prov.server.com/a.xml</url>"
                                "</provisioning>");
  const auto hidden = run(What::apply, {path});
  EXPECT_THAT(hidden.output, HasSubstr("<url>http://***@prov.server.com/a.xml</url>"));
  EXPECT_THAT(hidden.report, HasSubstr("--credentials prints them"));
  EXPECT_THAT(changes({path}).output, HasSubstr("→ http://***@prov.server.com/a.xml\n"));
  const auto told = run({.config = "", .credentials = true, .documents = {path}});
  EXPECT_THAT(told.output, HasSubstr("<url>http://me:secret@prov.server.com/a.xml</url>"));
  EXPECT_THAT(told.report, Not(HasSubstr("credentials")));
  const std::string bare =
      file("b.xml", "<provisioning><url>me:secret@prov.server.com/a.xml</url></provisioning>");
  for (const auto& result : {run(What::apply, {bare}), changes({bare}),
                             run(What::diff, {path, bare}), run(What::validate, {bare})}) {
    EXPECT_THAT(result.output + result.report, Not(HasSubstr("secret")));
  }
}

TEST_F(SettingsCommand, DifferencesAreTold) {
  const auto result = changes({file("a.xml", kWaiting)});
  EXPECT_EQ(result.output, "telephony/callWaiting/active: false → true\n");
}

TEST_F(SettingsCommand, DocumentsAreAppliedInTheirOrder) {
  const std::string b = "<telephony><callWaiting><active>false</active></callWaiting></telephony>";
  EXPECT_THAT(changes({file("a.xml", kWaiting), file("b.xml", b)}).output, IsEmpty());
}

TEST_F(SettingsCommand, WhatIsStrippedIsSaidAndNoFailure) {
  const auto result = changes({file("a.xml", "<telephony><pager/></telephony>")});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.report,
              HasSubstr("telephony/pager: stripped: release 2.2A does not know it; telephony has "
                        "callWaiting, callForwarding, doNotDisturb, autoAnswer\n"));
}

TEST_F(SettingsCommand, WhatIsStrippedIsSaidBesideWhatIsKnownThere) {
  const std::string xml =
      "<keys><phoneXtensions><key keyNumber='1' color='x'/></phoneXtensions><extensionModule1/>"
      "</keys>";
  const auto result =
      run({.type = DeviceType::d100, .config = "", .documents = {file("a.xml", xml)}});
  EXPECT_THAT(result.report, HasSubstr("keys/phoneXtensions/key/@color: stripped: release 2.2A "
                                       "does not know it; key has keyNumber, icon, label, info\n"));
  EXPECT_THAT(result.report, HasSubstr("keys/extensionModule1: stripped: release 2.2A does not "
                                       "know it; a D100 has none\n"));
}

TEST_F(SettingsCommand, RejectedSectionIsSaidWithTheReasonAndTheCode) {
  const std::string bad =
      "<configuration><telephony><callWaiting><active>maybe</active></callWaiting></telephony>"
      "<userInterface><language>en</language></userInterface></configuration>";
  const auto result = changes({file("a.xml", bad)});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.report, HasSubstr("telephony: rejected: telephony/callWaiting/active: "));
  EXPECT_EQ(result.output, "userInterface/language: de → en\n");
}

TEST_F(SettingsCommand, FailedOperationIsSaidWithTheReasonAndTheCode) {
  const auto result = changes({file("a.xml",
                                    "<operations><delete path='/keys/nothing'/>"
                                    "<delete path='/luaLibraries/@version'/></operations>")});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.report, HasSubstr("delete /keys/nothing: rejected: the path selects nothing"));
}

TEST_F(SettingsCommand, RefusedDocumentEndsWithTwoAndDoesNotStopTheOthers) {
  const auto result = changes({file("a.xml", "<!DOCTYPE a><a/>"), file("b.xml", kWaiting)});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.report, HasSubstr("a.xml:1: refused: a document type declaration"));
  EXPECT_THAT(result.output, HasSubstr("false → true"));
}

TEST_F(SettingsCommand, WhatIsRefusedPrintsNoConfiguration) {
  for (const std::string& refused :
       {std::string(folder_ / "no.xml"), file("a.xml", "<telephony>"), file("b.xml", "")}) {
    const auto result = run(What::apply, {refused, file("c.xml", kWaiting)});
    EXPECT_EQ(result.code, 2);
    EXPECT_THAT(result.output, IsEmpty()) << refused;
    EXPECT_THAT(result.report, HasSubstr("c.xml:1: telephony: merged\n"));
    EXPECT_THAT(result.report, HasSubstr("no configuration is printed"));
  }
}

TEST_F(SettingsCommand, ComplaintsNameTheLineOfTheDocument) {
  const auto result =
      changes({file("a.xml",
                    "\xef\xbb\xbf<?xml version='1.0'?>\r\n<configuration>\r\n"
                    "  <keys><phoneXtensions>\r\n"
                    "    <key keyNumber='1'/>\r\n"
                    "    <key keyNumber='2' color='x'/>\r\n"
                    "    <!-- \n -->\r\n"
                    "    <key keyNumber='3'\r\n color='y'/></phoneXtensions></keys>\n"
                    "  <telephony>\n"
                    "    <pager/>\n"
                    "    <callWaiting><active>\n&#10;maybe</active></callWaiting>\n"
                    "  </telephony>\n"
                    "  <foo/>\n"
                    "  <userInterface><language>xx</language></userInterface>\n"
                    "</configuration>")});
  EXPECT_THAT(result.report, HasSubstr("a.xml:5: keys/phoneXtensions/key/@color: stripped"));
  EXPECT_THAT(result.report, HasSubstr("a.xml:8: keys/phoneXtensions/key/@color: stripped"));
  EXPECT_THAT(result.report, HasSubstr("a.xml:12: telephony: rejected: telephony/callWaiting"));
  EXPECT_THAT(result.report, HasSubstr("a.xml:15: foo: stripped"));
  EXPECT_THAT(result.report, HasSubstr("a.xml:16: userInterface: merged"));
}

TEST_F(SettingsCommand, ComplaintsAboutOperationsNameTheirLines) {
  const auto result = changes({file("a.xml",
                                    "<operations>\n<delete path='/luaLibraries/@version'/>\n\n"
                                    "<!-- x --><delete path='/keys/nothing'/>\n"
                                    "<remove path='/keys'/></operations>")});
  EXPECT_THAT(result.report, HasSubstr("a.xml:2: delete /luaLibraries/@version: rejected"));
  EXPECT_THAT(result.report, HasSubstr("a.xml:4: delete /keys/nothing: rejected"));
  EXPECT_THAT(result.report, HasSubstr("a.xml:5: remove /keys: rejected"));
}

TEST_F(SettingsCommand, MigrationsThatDidNothingAreNoNews) {
  const auto result = changes({file("a.xml",
                                    "<telephony version='1.0.0'><callWaiting><active>true"
                                    "</active></callWaiting></telephony>")});
  EXPECT_THAT(result.report, Not(HasSubstr("migrated")));
  EXPECT_EQ(result.output, "telephony/callWaiting/active: false → true\n");
}

TEST_F(SettingsCommand, UnreadableFileAndFolderEndWithTwo) {
  const auto absent = run(What::validate, {folder_ / "no.xml"});
  EXPECT_EQ(absent.code, 2);
  EXPECT_THAT(absent.report, HasSubstr("no.xml: refused: the file cannot be read"));
  EXPECT_THAT(run(What::validate, {folder_}).report, HasSubstr("is a folder"));
}

TEST_F(SettingsCommand, FileThatIsTooLargeIsNotRead) {
  const std::string path = file("a.xml", "");
  std::filesystem::resize_file(path, 100'000'000);
  const auto result = run(What::apply, {path});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.report, HasSubstr("has 100000000 octets; at most 1048576 are allowed"));
}

TEST_F(SettingsCommand, StandardInputIsReadUpToTheLimit) {
  input_ = kWaiting;
  EXPECT_EQ(changes({"-"}).output, "telephony/callWaiting/active: false → true\n");
  input_.assign(3'000'000, ' ');
  EXPECT_THAT(run(What::apply, {"-"}).report, HasSubstr("more than 1048576"));
}

TEST_F(SettingsCommand, ReferenceTypeIsValidButHoldsNothingToApply) {
  const std::string path =
      file("r.xml", "<referencedSettings><url>a.xml</url><url>/b.xml</url></referencedSettings>");
  const auto applied = run(What::apply, {path});
  EXPECT_EQ(applied.code, 2);
  EXPECT_THAT(applied.report, HasSubstr("give those instead: a.xml /b.xml"));
  const auto validated = run(What::validate, {path});
  EXPECT_EQ(validated.code, 0);
  EXPECT_THAT(validated.output, HasSubstr("r.xml: valid (reference, names 2 documents)"));
}

TEST_F(SettingsCommand, ValidateTakesEachDocumentByItself) {
  const auto result = run(What::validate, {file("a.xml", kWaiting), file("b.xml", "<x/>")});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.output, HasSubstr("a.xml: valid (patch, 1 accepted, 0 rejected)\n"));
  EXPECT_THAT(result.output, HasSubstr("b.xml: not valid (refused)\n"));
}

TEST_F(SettingsCommand, DiffComparesTwoDocuments) {
  const std::string b = "<userInterface><language>en</language></userInterface>";
  const auto result = run(What::diff, {file("a.xml", kWaiting), file("b.xml", b)});
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.output,
            "telephony/callWaiting/active: true → false\nuserInterface/language: de → en\n");
}

TEST_F(SettingsCommand, ConfigIsWhatTheDeviceStartsWith) {
  SettingsRequest request{.what = What::backup, .config = file("a.xml", kWaiting), .documents = {}};
  const auto backup = run(request);
  EXPECT_EQ(backup.code, 0);
  EXPECT_THAT(backup.output, HasSubstr("<configuration patchDefault=\"false\">"));
  EXPECT_THAT(backup.output, HasSubstr("<callWaiting><active>true</active>"));
  request.config = file("b.xml", "<telephony>text</telephony>");
  const auto failed = run(request);
  EXPECT_EQ(failed.code, 2);
  EXPECT_THAT(failed.report, HasSubstr("b.xml:1: telephony: rejected: "));
  EXPECT_THAT(failed.report, HasSubstr("cannot start with this configuration"));
  EXPECT_THAT(failed.output, IsEmpty());
}

constexpr const char* kOldProvisioning =
    "<provisioning><sip><whitelist><whitelistEntry>192.0.2.1</whitelistEntry></whitelist></sip>"
    "</provisioning>";

TEST_F(SettingsCommand, MigratePrintsTheDocumentAndEachStepWithItsReason) {
  const auto result = run({.what = What::migrate,
                           .from = Release::r1_10A,
                           .config = "",
                           .documents = {file("a.xml", kOldProvisioning)}});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.output, HasSubstr("<provisioning version=\"1.34.0\">"));
  EXPECT_THAT(result.output, HasSubstr("<allowlistEntry>192.0.2.1</allowlistEntry>"));
  EXPECT_THAT(result.report, HasSubstr("provisioning: rename sip/whitelist to allowlist: "));
}

TEST_F(SettingsCommand, MigrateLeavesWhatIsNotOlder) {
  const auto result = run({.what = What::migrate,
                           .release = Release::r2_0C,
                           .from = Release::r1_10A,
                           .config = "",
                           .documents = {file("a.xml", "<time version='1.20.0'><x/></time>")}});
  EXPECT_THAT(result.report, HasSubstr("a.xml: nothing in it has changed from 1.10A to 2.0C\n"));
  EXPECT_THAT(result.output, HasSubstr("<time version=\"1.20.0\">\n  <x/>\n</time>"));
}

TEST_F(SettingsCommand, MigrateRejectsUnknownSectionsAndRefusesOtherTypes) {
  SettingsRequest request{.what = What::migrate, .config = "", .documents = {}};
  request.documents = {file("a.xml", "<configuration><foo/></configuration>")};
  EXPECT_EQ(run(request).code, 1);
  EXPECT_THAT(run(request).report, HasSubstr("foo: rejected: no release has such a section"));
  request.documents = {file("b.xml", "<operations/>")};
  EXPECT_EQ(run(request).code, 2);
  EXPECT_THAT(run(request).report, HasSubstr("not those of operations type"));
  request.documents = {file("c.xml", "<time version='x'/>")};
  EXPECT_EQ(run(request).code, 1);
}

TEST_F(SettingsCommand, ApplySaysWhatWasMigrated) {
  const auto result = changes({file("a.xml", kOldProvisioning)});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.report, HasSubstr("provisioning: migrated from 1.20.0 (schema of 2.0C)"));
  EXPECT_EQ(result.output,
            "provisioning/sip/allowlist/allowlistEntry[1]: 192.168.0.200 → 192.0.2.1\n");
}

TEST_F(SettingsCommand, TypeAndReleaseAreThoseOfTheDevice) {
  SettingsRequest request{.what = What::backup,
                          .type = DeviceType::d100,
                          .release = Release::r1_10A,
                          .config = "",
                          .documents = {}};
  EXPECT_EQ(run(request).output,
            settings::write_backup(settings::factory_defaults(DeviceType::d100, Release::r1_10A)));
}

// Differences

settings::Configuration parsed(std::string_view xml) {
  const auto configuration = settings::Configuration::parse(xml);
  if (!configuration) throw std::runtime_error(configuration.error().to_string());
  return *configuration;
}

TEST(Differences, EqualConfigurationsHaveNone) {
  const auto a = parsed("<configuration><keys><phoneXtensions/></keys></configuration>");
  EXPECT_THAT(difference_lines(a, a), IsEmpty());
}

TEST(Differences, ListElementsAreNamedByTheirMarkOrPosition) {
  const auto a = parsed(
      "<configuration><provisioning><sip><allowlist><allowlistEntry>a</allowlistEntry></allowlist>"
      "</sip></provisioning><keys><phoneXtensions><key keyNumber='1' label='x'/></phoneXtensions>"
      "</keys></configuration>");
  const auto b = parsed(
      "<configuration><provisioning><sip><allowlist><allowlistEntry>b</allowlistEntry>"
      "<allowlistEntry>c</allowlistEntry></allowlist></sip></provisioning><keys><phoneXtensions>"
      "<key keyNumber='2'/><key keyNumber='1' label='y'/></phoneXtensions></keys></configuration>");
  EXPECT_THAT(difference_lines(a, b),
              ElementsAre("provisioning/sip/allowlist/allowlistEntry[1]: a → b",
                          "provisioning/sip/allowlist/allowlistEntry[2]: (none) → c",
                          "keys/phoneXtensions/key[@keyNumber='1']/@label: x → y",
                          "keys/phoneXtensions/key[@keyNumber='2']: (none) → (empty)",
                          "keys/phoneXtensions/key[@keyNumber='2']/@keyNumber: (none) → 2"));
}

TEST(Differences, OrderAloneIsTold) {
  const auto a = parsed(
      "<configuration><luaLibraries><luaLibrary name='a'/><luaLibrary name='b'/>"
      "</luaLibraries></configuration>");
  const auto b = parsed(
      "<configuration><luaLibraries><luaLibrary name='b'/><luaLibrary name='a'/>"
      "</luaLibraries></configuration>");
  EXPECT_THAT(difference_lines(a, b),
              ElementsAre("luaLibraries: the same settings in another order"));
}

TEST(Differences, EmptyBlankAndLongValuesCanBeToldApart) {
  const auto of = [](const std::string& value) {
    return parsed("<configuration><network><hostName>" + value +
                  "</hostName></network></configuration>");
  };
  EXPECT_THAT(difference_lines(of(""), of(" ")), ElementsAre("network/hostName: (empty) → ' '"));
  EXPECT_THAT(
      difference_lines(of("a\nb"), of(std::string(100, 'x'))),
      ElementsAre("network/hostName: a\\nb → " + std::string(72, 'x') + "... (100 octets)"));
}

TEST(Differences, SectionThatOnlyOneHasIsToldSettingBySetting) {
  const auto a = parsed("<configuration/>");
  const auto b = parsed("<configuration><time><ntpServer>x</ntpServer></time></configuration>");
  EXPECT_THAT(difference_lines(a, b), ElementsAre("time/ntpServer: (none) → x"));
  EXPECT_THAT(difference_lines(b, a), ElementsAre("time/ntpServer: x → (none)"));
}

}  // namespace
}  // namespace provlab::tools
