#include "core/settings/document.hpp"

#include <gmock/gmock.h>

#include "core/settings/encoding.hpp"
#include "core/settings/section_names.hpp"
#include "tests/unit/settings/builders.hpp"

namespace provlab::settings {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string refusal(std::string_view bytes, std::string content_type = "") {
  const auto document = read_document(bytes, std::move(content_type));
  return document ? "accepted" : document.error().to_string();
}

std::vector<std::string> warnings(std::string_view bytes, std::string content_type = "") {
  const auto document = read_document(bytes, std::move(content_type));
  if (!document) return {"refused: " + document.error().to_string()};
  return document->warnings;
}

TEST(Document, RootConfigurationIsAPatchWithItsSectionsInOrder) {
  const auto document = read_document("<configuration><time/><foo/><keys/></configuration>", "");
  ASSERT_TRUE(document) << document.error().to_string();
  EXPECT_EQ(document->type, DocumentType::patch);
  EXPECT_THAT(document->sections, ElementsAre("time", "foo", "keys"));
  EXPECT_THAT(document->warnings, IsEmpty());
}

TEST(Document, EveryKnownSectionAloneIsAPatch) {
  for (const std::string_view section : known_sections()) {
    const auto document = read_document("<" + std::string(section) + "/>", "");
    ASSERT_TRUE(document) << section;
    EXPECT_EQ(document->type, DocumentType::patch);
    EXPECT_THAT(document->sections, ElementsAre(section));
  }
}

TEST(Document, RootOperationsIsOperationsType) {
  const auto document = read_document(file_content("operations.xml"), "text/xml");
  ASSERT_TRUE(document) << document.error().to_string();
  EXPECT_EQ(document->type, DocumentType::operations);
}

TEST(Document, UnknownRootIsRefusedWithWhatIsAllowed) {
  const std::string reason = refusal("<feed><entry/></feed>");
  EXPECT_THAT(reason, HasSubstr("'feed'"));
  EXPECT_THAT(reason, HasSubstr("configuration, referencedSettings, operations"));
  EXPECT_THAT(reason, HasSubstr("telephony"));
}

TEST(Document, ReferenceFileGivesItsUrlsInOrderUnresolvedAndTrimmed) {
  const auto document = read_document(file_content("references.xml"), "text/xml");
  ASSERT_TRUE(document) << document.error().to_string();
  EXPECT_EQ(document->type, DocumentType::reference);
  EXPECT_THAT(
      references(*document),
      ElementsAre("first_file.xml", "/second_file.xml", "http://another.server.com/third_file.xml",
                  "/prov.py?mac={mac}", "/prov.py?type=<HWTYP>&serial={serial}"));
}

TEST(Document, ReferenceFileKeepsAnEmptyUrlSoThatItCanBeReported) {
  const auto document =
      read_document("<referencedSettings><url/><url>a.xml</url></referencedSettings>", "");
  ASSERT_TRUE(document);
  EXPECT_THAT(references(*document), ElementsAre("", "a.xml"));
}

TEST(Document, ReferenceFileHoldsUrlsOnly) {
  EXPECT_THAT(refusal("<referencedSettings><uri>a</uri></referencedSettings>"),
              HasSubstr("'uri' is not allowed; only url is"));
  EXPECT_THAT(refusal("<referencedSettings><url><a/></url></referencedSettings>"),
              HasSubstr("referencedSettings/url: "));
  EXPECT_THAT(refusal("<referencedSettings>a.xml</referencedSettings>"),
              HasSubstr("text is not allowed"));
}

TEST(Document, ReferenceFileWithAttributesIsReadWithAWarning) {
  EXPECT_THAT(warnings("<referencedSettings><url a='1'>x</url></referencedSettings>"),
              ElementsAre(HasSubstr("attribute 'a' of url is ignored")));
}

TEST(Document, PatchHasNoReferences) {
  EXPECT_THAT(references(*read_document("<keys/>", "")), IsEmpty());
}

TEST(Document, DuplicateSectionIsRefused) {
  EXPECT_THAT(refusal("<configuration><time/><keys/><time/></configuration>"),
              HasSubstr("section 'time' is given twice"));
}

TEST(Document, PatchDefaultIsASwitch) {
  EXPECT_EQ(refusal("<configuration patchDefault='false'/>"), "accepted");
  EXPECT_THAT(refusal("<configuration patchDefault='no'/>"), HasSubstr("write true or false"));
}

// Limits (SPEC 5.8).

TEST(DocumentLimits, OneMebibyteIsReadAndOneOctetMoreIsNot) {
  std::string xml = "<keys/>";
  xml.append(kMaxDocumentOctets - xml.size(), ' ');
  EXPECT_EQ(refusal(xml), "accepted");
  xml += ' ';
  EXPECT_THAT(refusal(xml), HasSubstr("1048577 octets; at most 1048576"));
}

TEST(DocumentLimits, SixtyFourLevelsAreReadAndSixtyFiveAreNot) {
  EXPECT_EQ(refusal("<keys>" + nested_elements(63) + "</keys>"), "accepted");
  EXPECT_THAT(refusal("<keys>" + nested_elements(64) + "</keys>"),
              HasSubstr("deeper than 64 levels"));
}

TEST(DocumentLimits, ElementsWithCountlessAttributesAreRefused) {
  std::string xml = "<keys";
  for (unsigned i = 0; i < 20'000; ++i) xml += " a" + std::to_string(i) + "=''";
  EXPECT_THAT(refusal(xml + "/>"), HasSubstr("more than 256 attributes"));
}

TEST(DocumentLimits, TooManyOperationsAreRefused) {
  const std::string operations = repeated("<delete path='/a'/>", 10'000);
  EXPECT_EQ(refusal("<operations>" + operations + "</operations>"), "accepted");
  EXPECT_THAT(refusal("<operations>" + operations + "<delete path='/a'/></operations>"),
              HasSubstr("more than 10000 operations"));
}

TEST(DocumentLimits, ElementsWithEndlessNamesAreRefused) {
  const std::string name(257, 'n');
  EXPECT_THAT(refusal("<keys><" + name + "/></keys>"), HasSubstr("longer than 256 octets"));
  EXPECT_EQ(refusal("<keys><" + name.substr(1) + "/></keys>"), "accepted");
}

TEST(DocumentLimits, NamesInMessagesAreCutBetweenCharacters) {
  std::string name = "x";
  for (int i = 0; i < 50; ++i) name += "\u00FC";
  const std::string reason = refusal("<" + name + "/>");
  EXPECT_TRUE(check_text(reason)) << reason;
  EXPECT_THAT(reason, HasSubstr(name.substr(0, 59) + "…' is no provisioning document"));
}

// Strictness (SPEC 5.9): what pugixml alone would let pass.

struct BadCase {
  const char* name;
  std::string xml;
  const char* says;
};
void PrintTo(const BadCase& bad, std::ostream* out) {
  *out << bad.name;
}

class MalformedDocument : public testing::TestWithParam<BadCase> {};

TEST_P(MalformedDocument, IsRefusedWithTheReason) {
  EXPECT_THAT(refusal(GetParam().xml), HasSubstr(GetParam().says));
}

using namespace std::string_literals;
INSTANTIATE_TEST_SUITE_P(
    Cases, MalformedDocument,
    testing::Values(
        BadCase{"Empty", "", "empty"}, BadCase{"Blank", " \r\n\t", "empty"},
        BadCase{"NotXml", "404 not found", "this is not XML"},
        BadCase{"NoRoot", "<?xml version='1.0'?><!-- nothing -->", "no root element"},
        BadCase{"Doctype", "<!DOCTYPE keys><keys/>", "document type declaration"},
        BadCase{"BillionLaughs",
                "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><keys>&b;</keys>",
                "document type declaration"},
        BadCase{"InternalMarkup", "<keys><!ENTITY a 'b'></keys>", "markup declarations"},
        BadCase{"TwoRoots", "<keys/>\n<keys/>", "line 2: second root element 'keys'"},
        BadCase{"TextAfterRoot", "<keys/>x", "text stands after the root"},
        BadCase{"CdataOutside", "<![CDATA[x]]><keys/>", "CDATA stands outside"},
        BadCase{"DuplicateAttribute", "<keys a='1' b='' a='2'/>", "'a' is given twice"},
        BadCase{"UnquotedAttribute", "<keys a=1/>", "not quoted"},
        BadCase{"AttributeWithoutValue", "<keys a/>", "has no value"},
        BadCase{"AttributesJoined", "<keys a='1'b='2'/>", "white space is missing"},
        BadCase{"LessInAttribute", "<keys a='<'/>", "&lt;"},
        BadCase{"OpenQuote", "<keys a='1/>", "no closing quote"},
        BadCase{"Unclosed", "<keys>\n<a>\n</keys>", "line 3: end tag 'keys' where 'a' is open"},
        BadCase{"CutShort", "<keys><a", "not closed"},
        BadCase{"CutShortContent", "<keys><a>", "cut short"},
        BadCase{"EndTagOnly", "</keys>", "without a start tag"},
        BadCase{"OpenComment", "<keys><!-- a </keys>", "comment is not closed"},
        BadCase{"OpenCdata", "<keys><![CDATA[ ]] > </keys>", "CDATA section is not closed"},
        BadCase{"OpenInstruction", "<keys><?php </keys>", "not closed by '?>'"},
        BadCase{"LateDeclaration", "<!-- a --><?xml version='1.0'?><keys/>",
                "must stand at the beginning"},
        BadCase{"UnknownEntity", "<keys>&nbsp;</keys>", "unknown entity '&nbsp;'"},
        BadCase{"BareAmpersand", "<keys a='x?a=1&b=2'/>", "write it as &amp;"},
        BadCase{"NulReference", "<keys>&#0;</keys>", "no character that XML allows"},
        BadCase{"ControlReference", "<keys>&#x1F;</keys>", "no character that XML allows"},
        BadCase{"SurrogateReference", "<keys>&#xD800;</keys>", "no character that XML allows"},
        BadCase{"HugeReference", "<keys>&#99999999999;</keys>", "no character that XML allows"},
        BadCase{"EmptyReference", "<keys>&#;</keys>", "no character that XML allows"},
        BadCase{"SignedReference", "<keys>&#-65;</keys>", "no character that XML allows"},
        BadCase{"Control", "<keys>\x01</keys>", "offset 6: control character 0x01"},
        BadCase{"Nul", "<keys>a\0b</keys>"s, "offset 7: control character 0x00"},
        BadCase{"DefaultNamespace", "<keys xmlns='urn:x'/>", "foreign namespace 'urn:x'"},
        BadCase{"PrefixedNamespace", "<keys xmlns:a='urn:x'/>", "foreign namespace 'urn:x'"},
        BadCase{"PrefixedElement",
                "<keys xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><xsi:a/></keys>",
                "'xsi:a' is of a foreign namespace"},
        BadCase{"PrefixedAttribute", "<keys a:b='1'/>", "'a:b' is of a foreign namespace"}),
    [](const auto& test) { return test.param.name; });

// Encodings.

TEST(DocumentEncoding, InvalidUtf8IsRefusedWithItsOffset) {
  EXPECT_THAT(refusal("<keys>\xC3\xA4\xE4</keys>"), HasSubstr("offset 8: invalid UTF-8"));
  for (const std::string bad : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                                "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\x80"}) {
    EXPECT_THAT(refusal("<keys>" + bad + "</keys>"), HasSubstr("offset 6: invalid UTF-8"));
  }
  EXPECT_THAT(refusal("<keys/>\xE2\x82"), HasSubstr("offset 7: invalid UTF-8"));
}

TEST(DocumentEncoding, OffsetsCountFromTheFirstOctetOfTheFile) {
  EXPECT_THAT(refusal("\xEF\xBB\xBF<keys>\xFF</keys>"), HasSubstr("offset 9"));
}

TEST(DocumentEncoding, NonCharactersAreRefused) {
  EXPECT_THAT(refusal("<keys>\xEF\xBF\xBF</keys>"), HasSubstr("U+FFFF"));
}

TEST(DocumentEncoding, ByteOrderMarkOfUtf8IsPassedOver) {
  EXPECT_THAT(warnings("\xEF\xBB\xBF<?xml version='1.0' encoding='UTF-8'?><keys/>"), IsEmpty());
}

TEST(DocumentEncoding, Utf16IsRefusedAndToldWhatToDo) {
  EXPECT_THAT(refusal("\xFF\xFE<\0k\0"s), HasSubstr("save it as UTF-8"));
  EXPECT_THAT(refusal("\0<\0k"s), HasSubstr("save it as UTF-8"));
}

TEST(DocumentEncoding, UnknownNameIsReadAsUtf8WithAWarning) {
  EXPECT_THAT(warnings("<?xml version='1.0' encoding='utf=8' ?><keys/>"),
              ElementsAre(HasSubstr("'utf=8' is not known: read as UTF-8")));
}

TEST(DocumentEncoding, UnknownNameDoesNotExcuseInvalidUtf8) {
  EXPECT_THAT(refusal("<?xml version='1.0' encoding='cp1252'?><keys>\xE4</keys>"),
              HasSubstr("invalid UTF-8"));
}

std::string display_name(std::string_view xml, std::string content_type = "") {
  const auto document = read_document(xml, std::move(content_type));
  if (!document) return document.error().to_string();
  FakeHost host;
  DeviceSettings settings(host, device());
  settings.load();
  settings.apply(*document, "");
  return settings.configuration().text("identities/identity/displayname");
}

TEST(DocumentEncoding, DeclaredLatin1IsConverted) {
  EXPECT_EQ(display_name(file_content("latin1.xml")), "M\u00FCller & S\u00F6hne");
}

TEST(DocumentEncoding, Latin1DeclaredByTheContentTypeAloneCounts) {
  const std::string xml =
      "<identities><identity><displayname>M\xFC</displayname></identity></identities>";
  EXPECT_EQ(display_name(xml, "text/xml; charset=\"iso-8859-1\""), "M\u00FC");
  EXPECT_THAT(display_name(xml, "text/xml"), HasSubstr("invalid UTF-8"));
  EXPECT_EQ(refusal("<keys/>", "text/xml;charset=latin1"), "accepted");
}

TEST(DocumentEncoding, TheDocumentsOwnDeclarationCountsBeforeTheContentType) {
  EXPECT_EQ(display_name("<?xml version='1.0' encoding='utf-8'?><identities><identity>"
                         "<displayname>\u00FC</displayname></identity></identities>",
                         "text/xml; charset=iso-8859-1"),
            "\u00FC");
}

TEST(DocumentEncoding, Latin1ControlsAreAmbiguousAndRefused) {
  EXPECT_THAT(refusal("<?xml version='1.0' encoding='ISO-8859-1'?><keys>\x80</keys>"),
              HasSubstr("offset 49: octet 0x80"));
}

TEST(DocumentEncoding, Utf8MarkBeatsADeclarationOfLatin1WithAWarning) {
  EXPECT_THAT(warnings("\xEF\xBB\xBF<?xml version='1.0' encoding='latin1'?><keys>\u00FC</keys>"),
              ElementsAre(HasSubstr("byte-order mark")));
}

// What is sloppy but readable without doubt.

TEST(DocumentLeniency, BlanksBeforeTheDeclarationAreAWarning) {
  EXPECT_THAT(warnings("\n <?xml version='1.0'?><keys/>"), ElementsAre(HasSubstr("white space")));
}

TEST(DocumentLeniency, SchemaInstanceAttributesAreOursUnderAnyPrefix) {
  EXPECT_THAT(warnings("<keys xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='true'/>"),
              IsEmpty());
}

TEST(DocumentLeniency, UndeclaredXsiIsAWarning) {
  EXPECT_THAT(warnings("<keys xsi:noNamespaceSchemaLocation='a.xsd'/>"),
              ElementsAre(HasSubstr("xsi is not declared")));
}

TEST(DocumentLeniency, CommentsAndInstructionsMayStandAnywhere) {
  EXPECT_THAT(warnings("<?xml version='1.0'?><?a b?><!-- c --><keys><?d?><!-- <e> & --></keys>\n"
                       "<!-- f --><?g?>\n"),
              IsEmpty());
}

TEST(DocumentWarnings, SayWhatOfOperationsIsIgnored) {
  const auto document = read_document(
      "<operations version='2'>text<delete path='/keys' why='w' xml:lang='en'/></operations>", "");
  ASSERT_TRUE(document);
  EXPECT_THAT(
      document->warnings,
      testing::ElementsAre("attribute 'version' of operations is ignored: the schema has none",
                           "text between operations is ignored",
                           "attribute 'why' of delete is ignored: the schema has none"));
}

}  // namespace
}  // namespace provlab::settings
