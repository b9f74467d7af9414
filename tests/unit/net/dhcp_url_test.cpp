#include "core/net/dhcp_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace provlab::net {
namespace {

using namespace std::string_view_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The 27 octets of SPEC 3.2.
constexpr std::string_view kSourceExample =
    "\x42\x0b"
    "http://foo\0"
    "\x43\x0c"
    "<HWTYP>.bak\0"sv;
constexpr std::string_view kSourceExampleAsText =
    "42:0b:68:74:74:70:3a:2f:2f:66:6f:6f:00:43:0c:3c:48:57:54:59:50:3e:2e:62:61:6b:00";

class Ack {
 public:
  Ack() { message_.type = DhcpType::ack; }
  Ack& option(std::uint8_t code, std::string_view text) {
    message_.set_text(code, text);
    return *this;
  }
  Ack& file(std::string text) {
    message_.file = std::move(text);
    return *this;
  }
  Ack& sname(std::string text) {
    message_.sname = std::move(text);
    return *this;
  }
  DhcpUrl derive(DhcpUrlKnobs knobs = {}) const {
    return derive_url(message_, DeviceIdentity{}, knobs);
  }

 private:
  DhcpMessage message_;
};

void expect_url(const Ack& ack, std::string_view url, std::string_view origin) {
  const DhcpUrl result = ack.derive();
  EXPECT_EQ(result.url, url);
  EXPECT_EQ(result.origin, origin);
  EXPECT_THAT(result.diagnoses, IsEmpty());
}

/// No URL, and exactly one sentence why.
void expect_diagnosis(const Ack& ack, std::string_view sentence) {
  const DhcpUrl result = ack.derive();
  EXPECT_EQ(result.url, std::nullopt);
  EXPECT_EQ(result.origin, "");
  EXPECT_THAT(result.diagnoses, ElementsAre(std::string(sentence)));
}

TEST(DhcpUrl, Joins66And67) {
  expect_url(Ack().option(66, "http://prov.server.com").option(67, "prov.py?mac=<MACADR>"),
             "http://prov.server.com/prov.py?mac=<MACADR>", "66+67");
}

TEST(DhcpUrl, HasOneSlashBetween66And67) {
  for (const auto& [server, file] :
       {std::pair("http://a", "b.xml"), std::pair("http://a/", "b.xml"),
        std::pair("http://a", "/b.xml"), std::pair("http://a/", "/b.xml"),
        std::pair("http://a", "//b.xml"), std::pair("http://a//", "b.xml"),
        std::pair("http://a//", "///b.xml")}) {
    expect_url(Ack().option(66, server).option(67, file), "http://a/b.xml", "66+67");
  }
  expect_url(Ack().option(66, "http://a/dir").option(67, "b.xml"), "http://a/dir/b.xml", "66+67");
}

TEST(DhcpUrl, SpacesAroundItsHalvesAreNoPartOfIt) {
  expect_url(Ack().option(66, " http://a/b.xml"), "http://a/b.xml", "66");
  expect_url(Ack().option(66, "http://a/b.xml "), "http://a/b.xml", "66");
  expect_url(Ack().option(66, " a ").option(67, " b.xml "), "http://a/b.xml", "66+67");
}

TEST(DhcpUrl, TerminatingNulIsNoPartOfIt) {
  expect_url(Ack().option(66, "http://a\0"sv).option(67, "b.xml\0"sv), "http://a/b.xml", "66+67");
}

TEST(DhcpUrl, Absolute67IsTheUrlByItself) {
  expect_url(Ack().option(66, "http://a").option(67, "https://b/c.xml"), "https://b/c.xml", "67");
  expect_url(Ack().option(67, "HTTP://b/c.xml"), "HTTP://b/c.xml", "67");
}

TEST(DhcpUrl, Relative67AloneIsNone) {
  expect_diagnosis(
      Ack().option(67, "b.xml"),
      "option 67 is 'b.xml', which is no absolute URL, and there is no option 66 to go "
      "before it");
}

TEST(DhcpUrl, UrlInTheQueryMakes67NotAbsolute) {
  expect_url(Ack().option(66, "http://a").option(67, "b?next=http://c"), "http://a/b?next=http://c",
             "66+67");
}

TEST(DhcpUrl, Alone66IsTheUrl) {
  expect_url(Ack().option(66, "http://a/b.xml"), "http://a/b.xml", "66");
}

TEST(DhcpUrl, SchemeIsAddedTo66) {
  expect_url(Ack().option(66, "192.0.2.1"), "http://192.0.2.1", "66");
  expect_url(Ack().option(66, "prov.server.com:8080").option(67, "a.xml"),
             "http://prov.server.com:8080/a.xml", "66+67");
}

TEST(DhcpUrl, FileStandsForAbsent67) {
  expect_url(Ack().option(66, "http://a").file("b.xml"), "http://a/b.xml", "66+file");
  expect_url(Ack().file("http://a/b.xml"), "http://a/b.xml", "file");
}

TEST(DhcpUrl, Option67GoesBeforeFile) {
  expect_url(Ack().option(66, "http://a").option(67, "b.xml").file("c.xml"), "http://a/b.xml",
             "66+67");
}

TEST(DhcpUrl, SnameStandsForAbsent66OnlyWhereItIsAUrl) {
  expect_url(Ack().sname("http://a").option(67, "b.xml"), "http://a/b.xml", "sname+67");
  expect_url(Ack().sname("https://a").file("b.xml"), "https://a/b.xml", "sname+file");
  expect_url(Ack().sname("HTTPS://a/b.xml"), "HTTPS://a/b.xml", "sname");
  EXPECT_EQ(Ack().sname("dhcp-server").file("b.xml").derive().url, std::nullopt);
  EXPECT_EQ(Ack().sname("tftp://a").file("b.xml").derive().url, std::nullopt);
}

TEST(DhcpUrl, Option66GoesBeforeSname) {
  expect_url(Ack().option(66, "http://a").sname("http://b"), "http://a", "66");
}

TEST(DhcpUrl, EmptyOptionCountsAsAbsent) {
  expect_url(Ack().option(66, "http://a").option(67, "\0"sv).file("b.xml"), "http://a/b.xml",
             "66+file");
}

TEST(DhcpUrl, NothingGivenIsNothingToDiagnose) {
  const DhcpUrl result = Ack().derive();
  EXPECT_EQ(result.url, std::nullopt);
  EXPECT_THAT(result.diagnoses, IsEmpty());
}

TEST(DhcpUrl, Option43CarriesBothHalves) {
  ASSERT_EQ(kSourceExample.size(), 27U);
  expect_url(Ack().option(43, kSourceExample), "http://foo/<HWTYP>.bak", "43");
}

TEST(DhcpUrl, Option43IsReadInAnyOrderWithoutNulsUpToItsEnd) {
  expect_url(Ack().option(43,
                          "\x43\x05"
                          "f.xml"
                          "\x42\x0b"
                          "http://p.xy"
                          "\xff\x42\x7f"sv),
             "http://p.xy/f.xml", "43");
}

TEST(DhcpUrl, Option43SkipsPadAndStrangeSubOptions) {
  expect_url(Ack().option(43,
                          "\0\x01\x02xy\0\x42\x0b"
                          "http://p.xy"sv),
             "http://p.xy", "43");
}

constexpr DhcpUrlKnobs kHttpsFirst{.bare_server = BareServer::https_then_http};

TEST(DhcpUrl, ServerWithoutASchemeIsAskedByHttpsOrHttpWhereTheKnobSaysSo) {
  const DhcpUrl plain = Ack().option(66, "p.xy").option(67, "f.xml").derive();
  EXPECT_EQ(plain.url, "http://p.xy/f.xml");
  EXPECT_FALSE(plain.or_by_http);
  const DhcpUrl https = Ack().option(66, "p.xy").option(67, "f.xml").derive(kHttpsFirst);
  EXPECT_EQ(https.url, "https://p.xy/f.xml");
  EXPECT_TRUE(https.or_by_http);
  const DhcpUrl inside = Ack().option(43, "\x42\x04p.xy"sv).derive(kHttpsFirst);
  EXPECT_EQ(inside.url, "https://p.xy");
  EXPECT_TRUE(inside.or_by_http);
}

TEST(DhcpUrl, SchemeThatWasSentIsNoGuess) {
  for (const char* server : {"http://p.xy", "https://p.xy"}) {
    const DhcpUrl result = Ack().option(66, server).derive(kHttpsFirst);
    EXPECT_EQ(result.url, server);
    EXPECT_FALSE(result.or_by_http);
  }
  const DhcpUrl absolute = Ack().option(66, "p.xy").option(67, "https://q.xy/").derive(kHttpsFirst);
  EXPECT_EQ(absolute.url, "https://q.xy/");
  EXPECT_FALSE(absolute.or_by_http);
}

TEST(DhcpUrl, DiagnosisSaysWhichSchemeWasGuessed) {
  const DhcpUrl result = Ack().option(66, "a b").derive(kHttpsFirst);
  EXPECT_FALSE(result.url);
  ASSERT_EQ(result.diagnoses.size(), 1U);
  EXPECT_THAT(result.diagnoses[0], testing::HasSubstr("is not usable with https:// before it: "));
}

constexpr DhcpUrlKnobs kLast{.turn = Option43Turn::last};
constexpr std::string_view kOnly67 =
    "\x43\x05"
    "f.xml"sv;
constexpr std::string_view kOnly66 =
    "\x42\x0b"
    "http://p.xy"sv;

TEST(DhcpUrl, Option43GoesBefore66And67) {
  expect_url(Ack().option(66, "http://a").option(67, "b.xml").option(43, kSourceExample),
             "http://foo/<HWTYP>.bak", "43");
  expect_url(Ack().sname("http://a").file("b.xml").option(43, kSourceExample),
             "http://foo/<HWTYP>.bak", "43");
}

TEST(DhcpUrl, EachHalfMissingIn43IsLookedForOutside) {
  expect_url(Ack().option(66, "http://a").option(67, "b.xml").option(43, kOnly67), "http://a/f.xml",
             "66+43");
  expect_url(Ack().option(66, "http://a").option(67, "b.xml").option(43, kOnly66),
             "http://p.xy/b.xml", "43+67");
  expect_url(Ack().sname("http://a").option(43, kOnly67), "http://a/f.xml", "sname+43");
  expect_url(Ack().file("b.xml").option(43, kOnly66), "http://p.xy/b.xml", "43+file");
  expect_url(Ack().option(67, "http://c/d.xml").option(43, kOnly66), "http://c/d.xml", "67");
}

TEST(DhcpUrl, Option43WithoutOursCarriesNothing) {
  expect_url(Ack().option(66, "http://a").option(43, "\x01\x02xy"sv), "http://a", "66");
}

TEST(DhcpUrl, FaultyOption43IsToldAndCountsAsAbsent) {
  for (const std::string_view faulty : {kSourceExampleAsText, kSourceExample.substr(0, 26)}) {
    const DhcpUrl result = Ack().option(66, "http://a").option(43, faulty).derive();
    EXPECT_EQ(result.url, "http://a");
    EXPECT_EQ(result.diagnoses.size(), 1U);
  }
}

TEST(DhcpUrl, WithoutOption43WhereItMakesNoUsableUrl) {
  const DhcpUrl result =
      Ack().option(66, "http://a").option(67, "b.xml").option(43, "\x42\x08tftp://a"sv).derive();
  EXPECT_EQ(result.url, "http://a/b.xml");
  EXPECT_EQ(result.origin, "66+67");
  EXPECT_THAT(
      result.diagnoses,
      ElementsAre("the URL of option 43, sub-option 66 and option 67 is 'tftp://a/b.xml': "
                  "its scheme tftp is neither http nor https",
                  "option 43 makes no URL that can be used, so the one without it is used"));
}

TEST(DhcpUrl, TheSameFaultWithAndWithout43IsToldOnce) {
  expect_diagnosis(Ack().option(67, "tftp://a/b").option(43, kOnly66),
                   "the URL of option 67 is 'tftp://a/b': its scheme tftp is neither http nor "
                   "https");
}

TEST(DhcpUrl, Option43CanComeLast) {
  const DhcpUrl before = Ack().option(66, "http://a").option(43, kSourceExample).derive(kLast);
  EXPECT_EQ(before.url, "http://a");
  EXPECT_EQ(before.origin, "66");
  EXPECT_EQ(Ack().option(66, "http://a").option(43, kOnly67).derive(kLast).url, "http://a");
  const DhcpUrl result = Ack().option(66, "tftp://a").option(43, kSourceExample).derive(kLast);
  EXPECT_EQ(result.url, "http://foo/<HWTYP>.bak");
  EXPECT_EQ(result.origin, "43");
  EXPECT_THAT(result.diagnoses,
              ElementsAre("the URL of option 66 is 'tftp://a': its scheme tftp is neither http nor "
                          "https"));
}

TEST(DhcpUrl, Option43AsTextIsDiagnosed) {
  const DhcpUrl result = Ack().option(43, kSourceExampleAsText).derive();
  EXPECT_EQ(result.url, std::nullopt);
  EXPECT_THAT(result.diagnoses,
              ElementsAre("option 43 was sent as the text '" + std::string(kSourceExampleAsText) +
                          "'; the server must send the octets themselves, so enter it as binary "
                          "(hexadecimal) data"));
}

TEST(DhcpUrl, Option43AsTextIsReadWhereThatIsAccepted) {
  const DhcpUrl result =
      Ack().option(43, kSourceExampleAsText).derive({.text = Option43Text::accept});
  EXPECT_EQ(result.url, "http://foo/<HWTYP>.bak");
  EXPECT_EQ(result.origin, "43");
  EXPECT_THAT(result.diagnoses, ElementsAre(HasSubstr("because this device accepts that")));
}

TEST(DhcpUrl, Option43AsTextIsKnownInEverySpelling) {
  for (const std::string_view text : {"42:0B:68:74"sv, "42:b:68:74\0"sv, "42:0b:68\n"sv}) {
    EXPECT_THAT(Ack().option(43, text).derive().diagnoses,
                ElementsAre(HasSubstr("was sent as the text")));
  }
}

TEST(DhcpUrl, TruncatedSubOptionIsDiagnosed) {
  expect_diagnosis(Ack().option(43, kSourceExample.substr(0, 26)),
                   "option 43 is truncated: sub-option 67 (43 hex) at its octet 14 should have 12 "
                   "octets, only 11 follow");
  expect_diagnosis(Ack().option(43, kSourceExample.substr(0, 14)),
                   "option 43 is truncated: sub-option 67 (43 hex) at its octet 14 has no length");
}

TEST(DhcpUrl, CutOption43NeverGivesHalfASubOption) {
  for (std::size_t size = 0; size < kSourceExample.size(); ++size) {
    const DhcpUrl result = Ack().option(43, kSourceExample.substr(0, size)).derive();
    if (size == 13) {  // exactly the first sub-option, which is complete in itself
      EXPECT_EQ(result.url, "http://foo");
    } else {
      EXPECT_EQ(result.url, std::nullopt) << size;
      EXPECT_EQ(result.diagnoses.size(), 1U) << size;
    }
  }
}

TEST(DhcpUrl, Option43WithoutOursIsDiagnosed) {
  expect_diagnosis(Ack().option(43, "\x01\x02xy"sv),
                   "option 43 holds neither sub-option 66 (42 hex) nor 67 (43 hex)");
}

TEST(DhcpUrl, Relative67InOption43NeedsA66) {
  expect_diagnosis(Ack().option(43,
                                "\x43\x05"
                                "f.xml"sv),
                   "option 43, sub-option 67 is 'f.xml', which is no absolute URL, and there is no "
                   "sub-option or option 66 to go before it");
}

TEST(DhcpUrl, UnprintableUrlIsDiagnosed) {
  expect_diagnosis(Ack().option(66,
                                "http://a\x07"
                                "b"sv),
                   "the URL of option 66 is not printable: octet 9 of 'http://a\\x07b' is 0x07");
  expect_diagnosis(Ack().option(66, "http://a").option(67, "\xc3\xa4.xml"sv),
                   "the URL of option 66 and option 67 is not printable: octet 10 of "
                   "'http://a/\\xc3\\xa4.xml' is 0xc3");
}

TEST(DhcpUrl, OtherSchemesAreDiagnosed) {
  expect_diagnosis(
      Ack().option(66, "tftp://a").file("b.xml"),
      "the URL of option 66 and header field file is 'tftp://a/b.xml': its scheme tftp "
      "is neither http nor https");
  expect_diagnosis(Ack().option(66, "http://a").option(67, "ftp://b/c"),
                   "the URL of option 67 is 'ftp://b/c': its scheme ftp is neither http nor https");
  expect_diagnosis(Ack().option(43, "\x42\x08tftp://a"sv),
                   "the URL of option 43, sub-option 66 is 'tftp://a': its scheme tftp is neither "
                   "http nor https");
}

TEST(DhcpUrl, UrlWithoutHostIsDiagnosed) {
  const DhcpUrl result = Ack().option(66, "http://").option(67, "b.xml").derive();
  EXPECT_EQ(result.url, std::nullopt);
  EXPECT_THAT(result.diagnoses,
              ElementsAre(HasSubstr("the URL of option 66 and option 67 is 'http:///b.xml', which "
                                    "is not usable: ")));
}

TEST(DhcpUrl, DiagnosisQuotesWhatWasSent) {
  expect_diagnosis(Ack().option(66, "//a/b.xml"),
                   "the URL of option 66 is '//a/b.xml', which is not usable with http:// before "
                   "it: the URL has no host");
  expect_diagnosis(Ack().option(66, "a\x07").option(67, "b.xml"),
                   "the URL of option 66 and option 67 is not printable: octet 2 of "
                   "'a\\x07/b.xml' is 0x07");
}

TEST(DhcpUrl, SchemeWithoutSlashesIsNoHostName) {
  expect_diagnosis(Ack().option(66, "http:/a"),
                   "option 66 is 'http:/a': after the scheme's colon two slashes must follow");
  expect_diagnosis(Ack().option(66, "HTTPS:a").option(67, "b.xml"),
                   "option 66 is 'HTTPS:a': after the scheme's colon two slashes must follow");
}

TEST(DhcpUrl, MarkersAreReplacedBeforeItIsJudgedButNotInTheResult) {
  expect_url(Ack().option(66, "http://{mac}.example").option(67, "<SERIAL>.xml"),
             "http://{mac}.example/<SERIAL>.xml", "66+67");
}

}  // namespace
}  // namespace provlab::net
