#include <gmock/gmock.h>

#include "core/settings/migration.hpp"
#include "core/settings/release_schema.hpp"
#include "core/settings/section.hpp"
#include "core/settings/settings_version.hpp"
#include "core/settings/xml_tree.hpp"
#include "tests/unit/settings/builders.hpp"
#include "tests/unit/settings/generator.hpp"
#include "tests/unit/settings/migrated_text.hpp"

/// What holds for any documents: random ones, written by the schemas. The seed is in every message.
namespace provlab::settings {
namespace {

constexpr std::uint64_t kDocuments = 300;

/// Why a section's text is not valid under a release; empty where it is.
std::string complaint_about(const std::string& xml, Release release) {
  pugi::xml_document document;
  document.load_string(xml.c_str(), kParseEverything);
  clean(document.document_element());
  const auto* schema = ReleaseSchema::of(release).section(document.document_element().name());
  if (schema == nullptr) return "no such section";
  const auto judged = schema->validate(document.document_element());
  return judged ? "" : judged.error().to_string();
}

void expect_valid(const Configuration& configuration, DeviceType type, Release release) {
  for (const auto& section : configuration.sections()) {
    const auto judged = release_judge(type, release)->judge(*section);
    ASSERT_TRUE(judged) << judged.error().to_string();
  }
}

TEST(GeneratedSections, AreValid) {
  for (const Release release : kReleases) {
    Generator generator(1, release);
    for (std::uint64_t i = 0; i < kDocuments; ++i) {
      const std::string xml = generator.section(generator.section_name());
      ASSERT_EQ(complaint_about(xml, release), "") << xml;
    }
  }
}

TEST(Merging, TwiceEqualsOnce) {
  for (const DeviceType type : {DeviceType::d100, DeviceType::d200}) {
    for (const Release release : kReleases) {
      Device phone(device(type, release));
      Generator generator(2, release);
      for (std::uint64_t i = 0; i < kDocuments / 4; ++i) {
        const std::string xml = generator.patch();
        ASSERT_EQ(phone.apply(xml).rejected, 0u) << xml;
        const std::string once = phone.xml();
        ASSERT_FALSE(phone.apply(xml).changed) << xml;
        ASSERT_EQ(phone.xml(), once) << xml;
      }
    }
  }
}

TEST(Merging, OfOlderDocumentsTwiceEqualsOnce) {
  for (const Release release : {Release::r1_10A, Release::r2_0C}) {
    Device phone;
    Generator generator(3, release);
    for (std::uint64_t i = 0; i < kDocuments / 2; ++i) {
      const std::string xml = generator.patch();
      ASSERT_EQ(phone.apply(xml).rejected, 0u) << xml;
      const std::string once = phone.xml();
      ASSERT_FALSE(phone.apply(xml).changed) << xml;
      ASSERT_EQ(phone.xml(), once) << xml;
    }
  }
}

TEST(OperationsOnDisjointSections, Commute) {
  static constexpr const char* kOperations[] = {
      "<add path='/templates'><template name='n'/></add>",
      "<delete path='/keys/phoneXtensions/key'/>",
      "<replace path='/time/ntpServer'><ntpServer>b</ntpServer></replace>",
      "<replace path='/telephony/callWaiting/active'><active>maybe</active></replace>",
      "<delete path='/network/ipv4/gateway'/>",
      "<add path='/luaLibraries'><luaLibrary name='l'><code>x</code></luaLibrary></add>",
      "<replace path='/identities/identity[1]/username'><username>1</username></replace>",
      "<delete path='/users/user/@name'/>",
      "<add path='/userInterface/ringing'><nonsense/></add>",
      "<delete path='/provisioning/sip/allowlist/allowlistEntry'/>"};
  Generator generator(4, Release::r2_2A);
  for (std::uint64_t i = 0; i < kDocuments; ++i) {
    const std::string given = generator.patch();
    const std::string a = generator.dice.one_of(kOperations);
    std::string b = a;
    while (a == b) b = generator.dice.one_of(kOperations);
    const auto after = [&](const std::vector<std::string>& documents) {
      Device phone;
      phone.apply(given);
      for (const std::string& document : documents) {
        phone.apply("<operations>" + document + "</operations>");
      }
      return phone.xml();
    };
    const std::string expected = after({a, b});
    ASSERT_EQ(after({b, a}), expected) << a << b;
    ASSERT_EQ(after({a + b}), expected) << a << b;
    ASSERT_EQ(after({b + a}), expected) << a << b;
  }
}

TEST(Migrating, ByWayOf20CEqualsTheDirectWayAndIsValidOnIt) {
  const SettingsVersion v1 = version_of(Release::r1_10A);
  const SettingsVersion v2 = version_of(Release::r2_0C);
  const SettingsVersion v3 = version_of(Release::r2_2A);
  Generator generator(5, Release::r1_10A);
  for (std::uint64_t i = 0; i < kDocuments; ++i) {
    const std::string old = generator.section(generator.section_name());
    const auto middle = migrated_text(old, v1, v2);
    ASSERT_TRUE(middle) << old;
    ASSERT_EQ(complaint_about(middle->xml, Release::r2_0C), "") << old;
    const auto last = migrated_text(middle->xml, v2, v3);
    const auto direct = migrated_text(old, v1, v3);
    ASSERT_TRUE(last && direct) << old;
    ASSERT_EQ(last->xml, direct->xml) << old;
    ASSERT_EQ(complaint_about(direct->xml, Release::r2_2A), "") << old;
  }
}

TEST(Migrating, OfWhatIsNewAlreadyChangesNothing) {
  Generator generator(6, Release::r2_2A);
  for (std::uint64_t i = 0; i < kDocuments; ++i) {
    const std::string xml = generator.section(generator.section_name());
    const auto migrated = migrated_text(xml, SettingsVersion(), version_of(Release::r2_2A));
    ASSERT_TRUE(migrated) << xml;
    ASSERT_TRUE(migrated->steps.empty()) << migrated->steps.front()->text << "\n" << xml;
  }
}

TEST(FirmwareUpdates, ByWayOf20CEqualTheDirectOne) {
  for (const DeviceType type : {DeviceType::d100, DeviceType::d200}) {
    Device first(device(type, Release::r1_10A));
    Generator generator(7, Release::r1_10A);
    for (std::uint64_t i = 0; i < kDocuments / 6; ++i) {
      const std::string xml = generator.patch();
      first.apply(xml);
      Device second(first.host.storage(), device(type, Release::r2_0C));
      const Device third(second.host.storage(), device(type, Release::r2_2A));
      Device direct(first.host.storage(), device(type, Release::r2_2A));
      ASSERT_EQ(third.settings.configuration(), direct.settings.configuration()) << xml;
      ASSERT_EQ(direct.host.count("section_rejected"), 0u) << xml;
      ASSERT_EQ(direct.host.count("setting_stripped"), 0u) << xml;
    }
  }
}

/// Any document at all, as the wire may bring it.
std::string any_document(Generator& own, Generator& old) {
  Generator& generator = own.dice.once_in(3) ? old : own;
  const std::string xml = own.dice.once_in(4) ? generator.operations() : generator.patch();
  return own.dice.once_in(2) ? xml : own.spoilt(xml);
}

TEST(AThousandDocuments, LeaveAValidConfigurationAndRejectedSectionsUntouched) {
  unsigned refused = 0;
  unsigned rejected = 0;
  unsigned changed = 0;
  for (const std::uint64_t seed : {11U, 12U, 13U}) {
    Device phone;
    Generator own(seed, Release::r2_2A);
    Generator old(seed, Release::r1_10A);
    for (int i = 0; i < 1000; ++i) {
      const std::string xml = any_document(own, old);
      const Configuration before = phone.settings.configuration();
      const auto document = phone.settings.read(xml, "", "u");
      if (!document) {
        ++refused;
        ASSERT_EQ(phone.settings.configuration().to_xml(), before.to_xml());
        continue;
      }
      const ApplyOutcome outcome = phone.settings.apply(*document, "u");
      changed += outcome.changed ? 1 : 0;
      for (const SectionOutcome& section : outcome.sections) {
        const auto was = before.section(section.section);
        if (section.what != SectionOutcome::What::rejected || !was) continue;
        ++rejected;
        ASSERT_EQ(phone.settings.configuration().section(section.section)->xml(), was->xml())
            << "seed " << seed << ": " << xml;
      }
      ASSERT_NO_FATAL_FAILURE(
          expect_valid(phone.settings.configuration(), DeviceType::d200, Release::r2_2A))
          << "seed " << seed << ": " << xml;
    }
    EXPECT_EQ(Device(phone.host.storage()).xml(), phone.xml());
  }
  // The documents were of every sort.
  EXPECT_GT(refused, 300u);
  EXPECT_GT(rejected, 300u);
  EXPECT_GT(changed, 300u);
}

}  // namespace
}  // namespace provlab::settings
