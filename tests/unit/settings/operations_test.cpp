#include "core/settings/operations.hpp"

#include <gmock/gmock.h>

#include "core/settings/backup.hpp"
#include "core/settings/section.hpp"
#include "tests/unit/settings/builders.hpp"

/// Documents of operations type: SPEC 5.6.
namespace provlab::settings {
namespace {

using testing::HasSubstr;
using testing::Not;
using What = SectionOutcome::What;

/// A device with the settings that the operations below work on.
struct OperationsDevice : Device {
  OperationsDevice() {
    apply(
        "<configuration><templates><template name='Test'/><template name='Other'/></templates>"
        "<keys><phoneXtensions><key keyNumber='3'><parameters>"
        "<parameter name='@string/identity' value='1'/><parameter name='@string/uri' value='u'/>"
        "</parameters></key><key keyNumber='4'/></phoneXtensions></keys></configuration>");
  }
  ApplyOutcome operate(const std::string& operations) {
    return apply("<operations>" + operations + "</operations>");
  }
  /// Why the only operation was not accepted.
  std::string failure(const std::string& operation) {
    const std::string before = xml();
    const auto outcome = operate(operation);
    EXPECT_EQ(outcome.rejected, 1u);
    EXPECT_FALSE(outcome.changed);
    EXPECT_EQ(xml(), before);
    return outcome.operations.at(0).reason;
  }
};

TEST(Operations, TheDocumentsExampleDoesWhatItSays) {
  OperationsDevice phone;
  const auto outcome = phone.apply(file_content("operations.xml"));
  EXPECT_EQ(outcome.accepted, 3u);
  EXPECT_EQ(outcome.rejected, 0u);
  EXPECT_TRUE(outcome.changed);
  EXPECT_EQ(phone.value("/templates/template/@name"), "Other");
  EXPECT_EQ(phone.value("//key[@keyNumber='3']//parameter[@name='@string/identity']/@value"), "3");
  EXPECT_EQ(phone.value("//key[@keyNumber='3']/parameters/parameter[3]/@value"), "bar");
  ASSERT_EQ(outcome.sections.size(), 2u);
  EXPECT_EQ(outcome.sections[0].what, What::operated);
  EXPECT_EQ(phone.host.count("operation_applied"), 3u);
  EXPECT_EQ(phone.host.last("section_applied", "mode"), "operated");
}

TEST(Operations, PathMayBeginAtTheConfigurationAndEndInASlash) {
  OperationsDevice phone;
  EXPECT_EQ(
      phone.operate("<delete path='/configuration/templates/template[@name=\"Test\"]/'/>").accepted,
      1u);
  EXPECT_EQ(phone.value("count(//template)"), "1");
}

TEST(Operations, SeveralMatchesAreAllOperatedOn) {
  OperationsDevice phone;
  EXPECT_EQ(phone.operate("<delete path='/templates/template'/>").accepted, 1u);
  EXPECT_EQ(phone.value("count(//template)"), "0");
  EXPECT_EQ(phone.host.last("operation_applied", "matches"), "2");
  EXPECT_EQ(phone.operate("<add path='//key'><keyConfiguration/></add>").accepted, 1u);
  EXPECT_EQ(phone.value("count(//key/keyConfiguration)"), "2");
}

TEST(Operations, MatchesWithinMatchesAreNoProblem) {
  OperationsDevice phone;
  EXPECT_EQ(phone.operate("<delete path='/keys/phoneXtensions//*'/>").accepted, 1u);
  EXPECT_EQ(phone.value("count(//key)"), "0");
}

TEST(Operations, AreAppliedInOrder) {
  OperationsDevice phone;
  const auto outcome = phone.operate(
      "<add path='/templates'><template name='New'/></add>"
      "<replace path='/templates/template[@name=\"New\"]'><template name='Newer'/></replace>"
      "<delete path='/templates/template[@name=\"New\"]'/>");
  EXPECT_EQ(outcome.accepted, 2u);
  EXPECT_EQ(outcome.rejected, 1u);
  EXPECT_EQ(outcome.operations.at(2).reason, "the path selects nothing");
  EXPECT_EQ(phone.value("count(/templates/template[@name='Newer'])"), "1");
}

TEST(Operations, APathMustSelectElements) {
  OperationsDevice phone;
  EXPECT_EQ(phone.failure("<delete path='/templates/template[@name=\"None\"]'/>"),
            "the path selects nothing");
  EXPECT_THAT(phone.failure("<delete path='/templates/template/@name'/>"),
              HasSubstr("selects an attribute"));
  EXPECT_THAT(phone.failure("<delete path='/telephony/callWaiting/active/text()'/>"),
              HasSubstr("selects text"));
  EXPECT_THAT(phone.failure("<delete path='/configuration'/>"), HasSubstr("whole configuration"));
  EXPECT_THAT(phone.failure("<delete path='count(//key)'/>"), HasSubstr("gives a value"));
  EXPECT_THAT(phone.failure("<delete path='/templates['/>"), HasSubstr("no valid XPath"));
  EXPECT_EQ(phone.failure("<delete path=' '/>"), "the path is empty");
  EXPECT_EQ(phone.failure("<delete/>"), "the operation has no path");
  EXPECT_THAT(phone.failure("<delete path='" + std::string(2000, 'a') + "'/>"),
              HasSubstr("longer than"));
  EXPECT_EQ(phone.host.count("operation_failed"), 9u);
}

TEST(Operations, WhatAnOperationCarriesMustFitIt) {
  OperationsDevice phone;
  EXPECT_THAT(phone.failure("<delete path='/templates/template'><a/></delete>"),
              HasSubstr("takes no element"));
  EXPECT_THAT(phone.failure("<replace path='/templates/template'/>"), HasSubstr("not 0"));
  EXPECT_THAT(phone.failure("<replace path='/templates/template'><a/><b/></replace>"),
              HasSubstr("not 2"));
  EXPECT_THAT(phone.failure("<add path='/templates'/>"), HasSubstr("element to append"));
  EXPECT_THAT(phone.failure("<add path='/templates'>x</add>"), HasSubstr("text inside"));
  EXPECT_THAT(phone.failure("<move path='/templates'/>"), HasSubstr("delete, replace and add"));
}

TEST(Operations, SectionsStayWholeThings) {
  OperationsDevice phone;
  EXPECT_THAT(phone.failure("<delete path='/time'/>"), HasSubstr("cannot be deleted"));
  EXPECT_THAT(phone.failure("<replace path='/time'><network/></replace>"),
              HasSubstr("only be replaced by its like"));
  EXPECT_EQ(phone.operate("<replace path='/time'><time><ntpServer>a</ntpServer></time></replace>")
                .accepted,
            1u);
  EXPECT_EQ(phone.settings.configuration().section("time")->xml(),
            "<time version=\"1.34.0\"><ntpServer>a</ntpServer><timezone>CET-1CEST,M3.5.0,M10.5.0/3"
            "</timezone><timeFormat>24h</timeFormat><dateFormat>dd.mm.yyyy</dateFormat></time>");
}

TEST(Operations, DeletedSettingIsTheFactorysAgainSoThatABackupCanHoldIt) {
  OperationsDevice phone;
  phone.apply(
      "<telephony><callWaiting><active>true</active><tone>false</tone></callWaiting></telephony>");
  phone.operate("<delete path='/telephony/callWaiting/tone'/>");
  EXPECT_EQ(phone.text("telephony/callWaiting/active"), "true");
  EXPECT_EQ(phone.text("telephony/callWaiting/tone"), "true");
  const std::string before = phone.xml();
  phone.apply(write_backup(phone.settings.configuration()));
  EXPECT_EQ(phone.xml(), before);
}

TEST(Operations, AnInvalidResultDiscardsAllOperationsOnThatSectionAndNoOther) {
  OperationsDevice phone;
  const std::string telephony = phone.settings.configuration().section("telephony")->xml();
  const auto outcome = phone.operate(
      "<replace path='/telephony/callWaiting/tone'><tone>false</tone></replace>"
      "<add path='/telephony'><nonsense/></add>"
      "<delete path='/templates/template[@name=\"Test\"]'/>");
  EXPECT_EQ(outcome.accepted, 1u);
  EXPECT_EQ(outcome.rejected, 2u);
  EXPECT_TRUE(outcome.changed);
  EXPECT_EQ(phone.settings.configuration().section("telephony")->xml(), telephony);
  EXPECT_EQ(phone.value("count(//template)"), "1");
  EXPECT_FALSE(outcome.operations.at(0).accepted);
  EXPECT_THAT(outcome.operations.at(0).reason,
              HasSubstr("discarded with all operations on telephony: telephony/nonsense: "));
  EXPECT_EQ(phone.host.last("section_rejected", "section"), "telephony");
  EXPECT_EQ(phone.host.last("section_rejected", "reason"),
            "telephony/nonsense: this release knows no such setting; telephony has callWaiting, "
            "callForwarding, doNotDisturb, autoAnswer");
}

TEST(Operations, AreJudgedByTheResultAndNotOnTheWay) {
  OperationsDevice phone;
  const auto outcome = phone.operate(
      "<delete path='/identities/identity[6]'/>"
      "<add path='/identities'><identity><username>6</username></identity></add>");
  EXPECT_EQ(outcome.accepted, 2u);
  EXPECT_EQ(phone.value("/identities/identity[6]/username"), "6");
}

TEST(Operations, IdentitiesStaySix) {
  OperationsDevice phone;
  EXPECT_THAT(phone.failure("<delete path='/identities/identity[6]'/>"),
              HasSubstr("exactly 6 identity"));
  EXPECT_THAT(phone.failure("<add path='/identities'><identity/></add>"),
              HasSubstr("exactly 6 identity"));
}

TEST(Operations, ListElementsKeepUniqueMarks) {
  OperationsDevice phone;
  EXPECT_THAT(phone.failure("<add path='/templates'><template name='Test'/></add>"),
              HasSubstr("name 'Test' is there twice"));
  EXPECT_THAT(phone.failure("<add path='/templates'><template/></add>"),
              HasSubstr("attribute name is missing"));
}

TEST(Operations, DoublingIsStopped) {
  OperationsDevice phone;
  std::string operations;
  for (int i = 0; i < 40; ++i) operations += "<add path='//*'><a><b/></a></add>";
  const auto outcome = phone.operate(operations);
  EXPECT_EQ(outcome.accepted, 0u);
  EXPECT_THAT(outcome.operations.at(39).reason, HasSubstr("more than 50000 elements"));
}

TEST(Operations, ThatChangeNothingAreAcceptedAndUnchanged) {
  OperationsDevice phone;
  const unsigned writes = phone.host.storage().writes;
  const auto outcome =
      phone.operate("<replace path='/telephony/callWaiting/tone'><tone>true</tone></replace>");
  EXPECT_EQ(outcome.accepted, 1u);
  EXPECT_FALSE(outcome.changed);
  EXPECT_EQ(phone.host.storage().writes, writes);
}

TEST(Operations, OnTwoSectionsCountForBothWhenOneIsDiscarded) {
  OperationsDevice phone;
  const auto outcome = phone.operate(
      "<replace path='/time/timezone | /telephony/callWaiting/tone'><timezone>UTC0</timezone>"
      "</replace>");
  EXPECT_EQ(outcome.accepted, 1u);
  EXPECT_EQ(outcome.rejected, 1u);
  EXPECT_TRUE(outcome.changed);
  EXPECT_TRUE(outcome.operations.at(0).accepted);
  EXPECT_THAT(outcome.operations.at(0).reason, HasSubstr("all operations on telephony"));
  EXPECT_EQ(phone.value("/time/timezone"), "UTC0");
}

TEST(Operations, DiscardedInAllTheirSectionsAreNotAccepted) {
  OperationsDevice phone;
  const std::string reason =
      phone.failure("<replace path='//active | //hostName'><nonsense/></replace>");
  EXPECT_THAT(reason, HasSubstr("all operations on network"));
  EXPECT_THAT(reason, HasSubstr("all operations on telephony"));
}

/// Deeper settings could be written, but neither read from the store nor from a backup.
TEST(Operations, NestNoDeeperThanABackupCanHold) {
  OperationsDevice phone;
  phone.operate("<replace path='//key[1]'><key keyNumber='3'><keyConfiguration/></key></replace>");
  const std::string most = nested_elements(kMaxSectionDepth - 4);
  EXPECT_EQ(phone.operate("<add path='//keyConfiguration'>" + most + "</add>").accepted, 1u);
  EXPECT_EQ(phone.failure("<add path='//a[not(*)]'><a/></add>"),
            "settings would be nested deeper than 63 levels");
  EXPECT_EQ(phone.failure("<replace path='//a[not(*)]'><x><y/></x></replace>"),
            "settings would be nested deeper than 63 levels");
  EXPECT_EQ(phone.operate("<replace path='//a[not(*)]'><y/></replace>").accepted, 1u);
  const std::string before = phone.xml();
  EXPECT_EQ(phone.apply(write_backup(phone.settings.configuration())).rejected, 0u);
  EXPECT_EQ(phone.xml(), before);
  EXPECT_EQ(Device(phone.host.storage()).xml(), before);
}

/// 800 such operations of 60 levels each once made settings that no stack was deep enough for.
TEST(Operations, CannotBuildATowerStepByStep) {
  OperationsDevice phone;
  std::string operations = "<add path='//key[1]'><keyConfiguration><a/></keyConfiguration></add>";
  for (int i = 0; i < 800; ++i) {
    operations += "<add path='//a[not(*)]'>" + nested_elements(50) + "</add>";
  }
  const auto outcome = phone.operate(operations);
  EXPECT_EQ(outcome.accepted, 2u);
  EXPECT_EQ(outcome.rejected, 799u);
}

TEST(Operations, PathsThatWouldTakeHoursAreErrors) {
  OperationsDevice phone;
  const std::string everything = "//*[count(//*[count(//*[count(//*)>0])>0])>0]";
  EXPECT_THAT(phone.failure("<delete path='" + everything + "'/>"), HasSubstr("takes too long"));
  EXPECT_EQ(phone.operate("<delete path='//key[@keyNumber=//key[1]/@keyNumber]'/>").accepted, 1u);
}

/// Nothing of an operation costs nothing: nor a path that selects nothing, nor one that is no
/// XPath.
TEST(Operations, ParsingManyLongPathsTakesTooLong) {
  for (const std::string_view part : {"a|", "a[1]/", "1+", "-", "(", "!|"}) {
    OperationsDevice phone;
    const std::string path = repeated(part, 1000 / part.size());
    const auto outcome = phone.operate(repeated("<delete path='" + path + "a'/>", 900));
    EXPECT_THAT(outcome.operations.front().reason, Not(HasSubstr("takes too long"))) << part;
    EXPECT_THAT(outcome.operations.back().reason, HasSubstr("takes too long")) << part;
  }
}

TEST(Operations, PathsAreBoundedInLength) {
  OperationsDevice phone;
  EXPECT_EQ(phone.failure("<delete path='" + std::string(1025, 'a') + "'/>"),
            "the path is longer than 1024 octets");
  EXPECT_EQ(phone.failure("<delete path='" + std::string(1024, 'a') + "'/>"),
            "the path selects nothing");
}

TEST(Operations, TextThatIsReadAgainAndAgainTakesTooLong) {
  OperationsDevice phone;
  phone.apply("<keys><phoneXtensions><key keyNumber='1'><keyConfiguration>" + repeated("<a>", 50) +
              std::string(60'000, 'x') + repeated("</a>", 50) +
              "</keyConfiguration></key></phoneXtensions></keys>");
  const std::string condition = repeated("[not(contains(.,'z'))]", 40);
  EXPECT_EQ(phone.operate("<delete path='//b[contains(.,1)]'/>").operations.at(0).reason,
            "the path selects nothing");
  const std::string operation = "<delete path=\"//a" + condition + "/none\"/>";
  EXPECT_THAT(phone.operate(repeated(operation, 20)).operations.back().reason,
              HasSubstr("takes too long"));
}

TEST(Operations, NamesThatDifferInWhiteSpaceAreTheSame) {
  OperationsDevice phone;
  EXPECT_THAT(phone.failure("<add path='/templates'><template name=' Test '/></add>"),
              HasSubstr("name 'Test' is there twice"));
  EXPECT_EQ(phone.operate("<add path='/templates'><template name='Te st'/></add>").accepted, 1u);
}

}  // namespace
}  // namespace provlab::settings
