#include "sim/lab/importing/anonymise.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/platform/hexadecimal.hpp"
#include "sim/lab/importing/text_codings.hpp"

namespace provlab::lab {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Anonymise, TextInUtf16StaysInUtf16) {
  using namespace std::string_literals;
  StandIns stand_ins;
  std::string wide = "\xff\xfe"s;
  for (const char c : "<a>Geheim</a>"s) wide += {c, '\0'};
  const std::string written = anonymised_document(wide, stand_ins);
  EXPECT_EQ(written.size(), wide.size());
  EXPECT_EQ(written.substr(0, 8), wide.substr(0, 8));
  EXPECT_NE(written, wide);
  EXPECT_EQ(stand_ins.replaced(Private::word).count("Geheim"), 1U);
}

TEST(StandIns, SameOriginalHasTheSameStandInOfItsKind) {
  StandIns stand_ins;
  const std::string name = stand_ins.name("provision.kunde-gmbh.de");
  EXPECT_EQ(name.size(), std::string("provision.kunde-gmbh.de").size());
  EXPECT_TRUE(name.ends_with(".example.com")) << name;
  EXPECT_EQ(stand_ins.name("Provision.Kunde-GmbH.de"), name) << "names are the same in any case";
  EXPECT_NE(stand_ins.name("provision.other-gmbh.de"), name);
  const std::string word = stand_ins.word("Meier31");
  EXPECT_EQ(word.size(), 7U);
  EXPECT_EQ(stand_ins.word("Meier31"), word);
  EXPECT_EQ(stand_ins.word("true"), "true");
}

TEST(StandIns, AddressesOfOneNetworkStayInOne) {
  StandIns stand_ins;
  stand_ins.place_phone({}, Ipv4Address::of(10, 1, 2, 50), 24);
  EXPECT_EQ(stand_ins.address(Ipv4Address::of(10, 1, 2, 50)).to_string(), "192.0.2.100");
  EXPECT_EQ(stand_ins.address(Ipv4Address::of(10, 1, 2, 1)).to_string(), "192.0.2.1");
  EXPECT_EQ(stand_ins.address(Ipv4Address::of(93, 184, 216, 34)).to_string(), "198.51.100.1");
  EXPECT_EQ(stand_ins.address(Ipv4Address::of(203, 0, 113, 9)).to_string(), "203.0.113.9");
}

TEST(Anonymise, TextsOfEveryKindLoseTheirWords) {
  StandIns stand_ins;
  for (const std::string text :
       {"<a><password>hunter22</password></a>", "<a b=\"hunter22\"/>", "<!-- hunter22 --><a/>",
        "<a><![CDATA[hunter22]]></a>", "<a>hunter22", "hunter22", "<a x='hunter22",
        "<a b=hunter22 c='1'/>", "<a b= hunter22>"}) {
    const std::string out = anonymised_document(text, stand_ins);
    EXPECT_THAT(out, Not(HasSubstr("hunter22"))) << text;
    EXPECT_EQ(out.size(), text.size()) << text;
  }
  EXPECT_THAT(anonymised_url("http://kunde.de/kunde/x.xml?mac=<MACADR>", stand_ins),
              Not(HasSubstr("kunde")));
}

TEST(Anonymise, AttributesBesideNamespacesLoseTheirWords) {
  StandIns stand_ins;
  EXPECT_THAT(
      anonymised_document("<a xmlns:k=\"urn:x\" b=\"hunter22\" version = '2.4'/>", stand_ins),
      AllOf(StartsWith("<a xmlns:k=\"urn:x\" b=\""), EndsWith("\" version = '2.4'/>"),
            Not(HasSubstr("hunter22"))));
}

/// Quadratic cost would take minutes here.
TEST(Anonymise, LongTextsOfOnePartAreRead) {
  constexpr std::size_t kSize = 1 << 20;
  const auto filled = [](std::string text, std::string_view part) {
    for (const std::size_t whole = text.size() + kSize; text.size() < whole;) text += part;
    return text;
  };
  for (const std::string& text :
       {filled("<b ", "\"\tx"), filled("<" + filled("", "a") + ">", "1<>"), filled("", "<!-- "),
        filled("<a>", "{mac")}) {
    StandIns stand_ins;
    EXPECT_GE(anonymised_document(text, stand_ins).size(), text.size());
  }
}

std::string value_of(const std::string& document) {
  return document.substr(3, document.size() - 7);
}

TEST(Anonymise, EveryFormOfAWordHasItsStandIn) {
  StandIns stand_ins;
  const auto stand_in_of = [&](const std::string& value) {
    return value_of(anonymised_document("<a>" + value + "</a>", stand_ins));
  };
  for (const std::string word : {"Geheim99", "m31", "q", "x4711", "Filiale"}) {
    const std::string stand_in = stand_in_of(word);
    EXPECT_NE(stand_in, word);
    std::string escaped;
    for (const char c : word) escaped += escape(c, false);
    EXPECT_EQ(percent_decoded(stand_in_of(escaped)), stand_in) << word;
    if (word.size() < 6) continue;
    EXPECT_EQ(from_hex(stand_in_of(as_hex(word, "a"))), stand_in) << word;
    EXPECT_EQ(from_hex(stand_in_of(as_hex(word, "A"))), stand_in) << word;
    EXPECT_EQ(from_base64(stand_in_of(as_base64(word, "="))), stand_in) << word;
    EXPECT_EQ(from_base64(stand_in_of(as_base64(word, "-"))), stand_in) << word;
    for (const WideOrder order : {WideOrder::little, WideOrder::big}) {
      EXPECT_EQ(narrowed(stand_in_of(widened(word, order)), order), stand_in) << word;
      const auto wide = from_hex(stand_in_of(as_hex(widened(word, order), "a")));
      ASSERT_TRUE(wide);
      EXPECT_EQ(narrowed(*wide, order), stand_in) << word;
    }
  }
}

TEST(Anonymise, UserAndPasswordAreTheSameInBase64AsInAUrl) {
  StandIns stand_ins;
  const std::string url = anonymised_url("http://meier:geheim99@kunde.de/", stand_ins);
  const std::string text =
      anonymised_document("<a>" + as_base64("meier:geheim99", "=") + "</a>", stand_ins);
  EXPECT_THAT(url, HasSubstr(*from_base64(value_of(text)) + "@"));
}

TEST(Anonymise, NamesAreTheSameWhateverEndsThem) {
  using namespace std::string_literals;
  StandIns stand_ins;
  const std::string name = stand_ins.name("prov.server.com");
  EXPECT_EQ(anonymised_url("http://prov.server.com\0"s, stand_ins), "http://" + name + "\0"s);
  EXPECT_EQ(anonymised_url("http://prov.server.com:8080\xff"s, stand_ins),
            "http://" + name + ":8080\xff"s);
  EXPECT_EQ(anonymised_url("prov.server.com\r\n", stand_ins), name + "\r\n");
  EXPECT_EQ(anonymised_url("prov.server.com/a.xml", stand_ins),
            name + anonymised_url("/a.xml", stand_ins));
}

TEST(Anonymise, RelativeUrlsLeadWhereWholeOnesDo) {
  StandIns stand_ins;
  const std::string folder = anonymised_url("/halle17/", stand_ins).substr(1);
  const std::string file = anonymised_url("/lager4.xml?id=x99", stand_ins).substr(1);
  for (const std::string before : {"", "./", "../", "../../", "/"}) {
    EXPECT_EQ(anonymised_url(before + "lager4.xml?id=x99", stand_ins), before + file);
    EXPECT_EQ(anonymised_url(before + "halle17/lager4.xml?id=x99", stand_ins),
              before + folder + file);
  }
  EXPECT_EQ(anonymised_url("lager4.xml#teil", stand_ins),
            file.substr(0, file.find('?')) + "#" + stand_ins.word("teil"));
  EXPECT_EQ(anonymised_url("//kunde.de/lager4.xml?id=x99", stand_ins),
            "//" + stand_ins.name("kunde.de") + "/" + file);
  const std::string name = stand_ins.name("prov");
  EXPECT_EQ(anonymised_url("prov/lager4.xml?id=x99", stand_ins), name + "/" + file);
}

TEST(Anonymise, AddressesInTextsAreThoseOfTheNetwork) {
  StandIns stand_ins;
  stand_ins.place_phone({}, Ipv4Address::of(10, 20, 30, 57), 24);
  stand_ins.place_further(Ipv4Address::of(10, 7, 0, 9), 16);
  EXPECT_EQ(anonymised_document("<!-- 10.20.30.57, 10.0.0.0/8 -->", stand_ins),
            "<!-- 192.0.2.100, 192.0.2.0/24 -->");
  EXPECT_EQ(anonymised_document("<a>10.20.30.1/16</a>", stand_ins), "<a>192.0.2.1/24</a>");
  EXPECT_EQ(anonymised_document("<a>93.184.0.0/15</a>", stand_ins), "<a>198.51.100.0/24</a>");
  EXPECT_EQ(anonymised_document("<a>255.0.0.0 10.7.0.1</a>", stand_ins),
            "<a>255.0.0.0 203.0.113.1</a>");
}

TEST(StandIns, ShortOnesStayApart) {
  StandIns stand_ins;
  std::set<std::string> all;
  for (char c = 'a'; c <= 'z'; ++c) {
    const std::string original(1, c);
    const std::string stand_in = stand_ins.secret(original);
    EXPECT_NE(stand_in, original);
    EXPECT_TRUE(all.insert(stand_in).second) << original;
  }
}

TEST(StandIns, LongNamesHaveLabelsOfAtMost63Octets) {
  StandIns stand_ins;
  for (std::size_t size = 60; size < 254; ++size) {
    std::string original(size, 'k');
    for (std::size_t at = 50; at + 1 < size; at += 50) original[at] = '.';
    const std::string name = stand_ins.name(original);
    EXPECT_EQ(name.size(), size);
    EXPECT_EQ(name.find(".."), name.npos) << name;
    EXPECT_EQ(stand_ins.name(original), name);
  }
}

/// Thirteen letters leave one before `.example.com`.
TEST(StandIns, ManyNamesOfOneLengthStayApart) {
  StandIns stand_ins;
  std::set<std::string> all;
  for (int i = 10; i < 90; ++i) {
    const std::string stand_in = stand_ins.name("pbx" + std::to_string(i) + ".kunde.d");
    EXPECT_TRUE(stand_in.ends_with(".example.com")) << stand_in;
    EXPECT_TRUE(all.insert(stand_in).second) << i;
  }
}

}  // namespace
}  // namespace provlab::lab
