#include "core/settings/backup.hpp"

#include <gmock/gmock.h>

#include <pugixml.hpp>

#include "core/settings/factory_defaults.hpp"
#include "core/settings/settings_version.hpp"
#include "tests/unit/settings/builders.hpp"

namespace provlab::settings {
namespace {

TEST(Backup, ListsEverySectionWithItsVersionToBePutInPlace) {
  const auto factory = factory_defaults(DeviceType::d200, Release::r2_2A);
  const auto document = read_document(write_backup(factory), "");
  ASSERT_TRUE(document) << document.error().to_string();
  EXPECT_EQ(document->sections, factory.section_names());
  const pugi::xml_node root = document->xml->document_element();
  EXPECT_STREQ(root.attribute("patchDefault").value(), "false");
  for (const pugi::xml_node section : root.children()) {
    EXPECT_EQ(section.attribute("version").value(), settings_version(Release::r2_2A));
  }
}

/// A device in use: lists, code, blanks, order of attributes.
void use(Device& phone) {
  phone.apply(file_content("lone_keys_lua.xml"));
  phone.apply(file_content("template_nested_function.xml"));
  phone.apply(
      "<configuration><identities><identity/><identity><displayname>  </displayname></identity>"
      "</identities><luaLibraries><luaLibrary name='b'><code><![CDATA[\n if a ]]]]><![CDATA[> "
      "b\n]]>"
      "</code></luaLibrary><luaLibrary name='a'/></luaLibraries><provisioning><sip><allowlist>"
      "<allowlistEntry>192.0.2.1</allowlistEntry></allowlist></sip></provisioning></"
      "configuration>");
}

TEST(Backup, RestoredOnTheSameReleaseIsTheIdentity) {
  Device phone;
  use(phone);
  const std::string before = phone.xml();
  const std::string backup = write_backup(phone.settings.configuration());
  phone.apply(
      "<configuration patchDefault='false'><keys/><templates/><identities/><users/>"
      "</configuration>");
  ASSERT_NE(phone.xml(), before);
  const ApplyOutcome outcome = phone.apply(backup);
  EXPECT_EQ(outcome.rejected, 0U);
  EXPECT_EQ(phone.xml(), before);
  EXPECT_EQ(write_backup(phone.settings.configuration()), backup);
}

TEST(Backup, RestoredOnAFreshDeviceGivesTheSameConfiguration) {
  Device old;
  use(old);
  Device fresh;
  fresh.apply(write_backup(old.settings.configuration()));
  EXPECT_EQ(fresh.xml(), old.xml());
}

TEST(Backup, RestoredTwiceChangesNothingTheSecondTime) {
  Device phone;
  use(phone);
  EXPECT_FALSE(phone.apply(write_backup(phone.settings.configuration())).changed);
}

TEST(Backup, OfBlanksThatAreWrittenAsReferencesIsTheIdentity) {
  for (const char* content : {"&#32;<a/>&#32;", "<!-- c -->&#32;<a/>", "<a>&#32;</a>", "&#10;"}) {
    Device phone;
    phone.apply(std::string("<keys><phoneXtensions><key keyNumber='1'><keyConfiguration>") +
                content + "</keyConfiguration></key></phoneXtensions></keys>");
    const std::string before = phone.xml();
    const ApplyOutcome outcome = phone.apply(write_backup(phone.settings.configuration()));
    EXPECT_EQ(outcome.rejected, 0U) << content;
    EXPECT_FALSE(outcome.changed) << content;
    EXPECT_EQ(phone.xml(), before);
  }
}

TEST(Backup, NothingIsTakenThatItCouldNotHold) {
  Device phone;
  const ApplyOutcome outcome = phone.apply(
      "<keys><phoneXtensions><key keyNumber='1'><keyConfiguration>" +
      nested_elements(kMaxDocumentDepth - 4) + "</keyConfiguration></key></phoneXtensions></keys>");
  EXPECT_EQ(outcome.rejected, 1U);
  EXPECT_THAT(outcome.sections.at(0).reason, testing::HasSubstr("deeper than 63 levels"));
}

}  // namespace
}  // namespace provlab::settings
