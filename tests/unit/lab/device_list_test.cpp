#include "sim/lab/language/device_list.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/temporary_folder.hpp"
#include "tests/unit/lab/slip.hpp"

namespace provlab::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;
using ::testing::SizeIs;

constexpr const char* kUrl = "http://prov.server.com/a.xml";

std::shared_ptr<const DeviceList> list_of(const std::string& text) {
  const auto list = DeviceList::parse(text, "d.csv");
  if (!list) throw std::logic_error(list.error().front().to_string());
  return *list;
}

TEST(DeviceList, KnowsAMacInEachForm) {
  for (const char* mac : {"00:09:52:00:00:0E", "00:09:52:00:00:0e", "00-09-52-00-00-0E",
                          "00095200000E", "00095200000e", " \"00:09:52:00:00:0E\" "}) {
    EXPECT_THAT(list_of(std::string(mac) + "," + kUrl)->url_of("00095200000E"),
                Optional(std::string(kUrl)))
        << mac;
  }
}

TEST(DeviceList, KnowsNobodyElse) {
  const auto list = list_of("00095200000E,http://prov.server.com/a.xml\n");
  EXPECT_EQ(list->url_of("00095200000F"), std::nullopt);
  EXPECT_EQ(list->size(), 1U);
}

TEST(DeviceList, TakesWhatSpreadsheetsWrite) {
  const auto list = list_of(
      "\xef\xbb\xbfMAC;URL;;\r\n"
      "00:09:52:00:00:01;\"http://prov.server.com/a.xml?x=1;2\"\r\n"
      "\r\n"
      "# a remark, with a comma\r\n"
      "00:09:52:00:00:02;http://prov.server.com/b.xml?x=1,2;;");
  EXPECT_THAT(list->url_of("000952000001"),
              Optional(std::string("http://prov.server.com/a.xml?x=1;2")));
  EXPECT_THAT(list->url_of("000952000002"),
              Optional(std::string("http://prov.server.com/b.xml?x=1,2")));
  EXPECT_EQ(list_of("00:09:52:00:00:02\thttp://prov.server.com/b.xml")->size(), 1U);
}

TEST(DeviceList, DoubledQuoteIsOne) {
  EXPECT_THAT(list_of("000952000001,\"http://p/a.xml?\"\"q\"")->url_of("000952000001"),
              Optional(std::string("http://p/a.xml?\"q")));
}

TEST(DeviceList, MayBeEmpty) {
  EXPECT_EQ(list_of("")->size(), 0U);
  EXPECT_EQ(list_of("mac,url\n")->size(), 0U);
}

struct ListSlip {
  const char* name;
  const char* text;
  const char* complaint;
};

class DeviceListComplaint : public ::testing::TestWithParam<ListSlip> {};

TEST_P(DeviceListComplaint, SaysWhereAndWhatToWrite) {
  const auto list = DeviceList::parse(GetParam().text, "d.csv");
  ASSERT_FALSE(list);
  ASSERT_THAT(list.error(), SizeIs(1));
  EXPECT_EQ(list.error().front().to_string(), GetParam().complaint);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, DeviceListComplaint,
    ::testing::Values(
        ListSlip{"MacTooShort", "\n 00:09:52:00:00,http://p/a",
                 "d.csv:2:2: '00:09:52:00:00' is not a MAC address; write 00:09:52:00:00:0E, "
                 "00-09-52-00-00-0E or 00095200000E"},
        ListSlip{"MacOfTwoKinds", "00:09-52:00:00:0E,http://p/a",
                 "d.csv:1:1: '00:09-52:00:00:0E' is not a MAC address; write 00:09:52:00:00:0E, "
                 "00-09-52-00-00-0E or 00095200000E"},
        ListSlip{"SecondHeadLine", "mac,url\nmac,url",
                 "d.csv:2:1: 'mac' is not a MAC address; write 00:09:52:00:00:0E, "
                 "00-09-52-00-00-0E or 00095200000E"},
        ListSlip{"Group", "01:00:5e:00:01:4b,http://p/a",
                 "d.csv:1:1: 01:00:5E:00:01:4B is the address of a group; write that of a device"},
        ListSlip{"Twice", "00:09:52:00:00:0E,http://p/a\n#\n00095200000e,http://p/b",
                 "d.csv:3:1: 00:09:52:00:00:0E stands in line 1 already; keep one of them"},
        ListSlip{"NoUrl", "00095200000E",
                 "d.csv:1:1: the device has no URL; write "
                 "00:09:52:00:00:0E,http://prov.server.com/a.xml"},
        ListSlip{"EmptyUrl", "00095200000E, ,x",
                 "d.csv:1:15: the device has no URL; write "
                 "00:09:52:00:00:0E,http://prov.server.com/a.xml"},
        ListSlip{"UrlOfAnotherScheme", "00095200000E,ftp://prov.server.com/a.xml",
                 "d.csv:1:14: scheme 'ftp' is not http or https; write it as "
                 "http://prov.server.com/a.xml"},
        ListSlip{
            "UrlWithoutScheme", "00095200000E, prov.server.com/a.xml",
            "d.csv:1:15: the URL has no scheme; begin it with http:// or https://; write it as "
            "http://prov.server.com/a.xml"},
        ListSlip{
            "ThirdValue", "00095200000E,http://p/a,b",
            "d.csv:1:25: 'b' is a third value; a line has a MAC address and a URL, with quotes "
            "around a URL that holds the separator"},
        ListSlip{
            "ColumnsCountCharacters", "00095200000E,http://p/\xc3\xa4,b",
            "d.csv:1:25: 'b' is a third value; a line has a MAC address and a URL, with quotes "
            "around a URL that holds the separator"},
        ListSlip{"OpenQuote", "00095200000E,\"http://p/a",
                 "d.csv:1:14: this quote is not closed in its line; add a '\"'"},
        ListSlip{"TextBehindAQuote", "\"00095200000E\"x,http://p/a",
                 "d.csv:1:15: a comma is to stand behind the quote; write \"...\",\"...\""},
        ListSlip{"Control", "00095200000E,http://p/\x01",
                 "d.csv:1:23: a control character stands here; remove it"}),
    kSlipName);

TEST(DeviceList, LongLineIsRefusedUnread) {
  const auto list = DeviceList::parse("00095200000E,http://p/" + std::string(5000, 'a'), "d.csv");
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().front().to_string(),
            "d.csv:1:1: this line has 5022 octets; a MAC address and a URL have at most 4096");
}

TEST(DeviceList, TellsAllSlipsUpToABound) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "x,y\n";
  const auto list = DeviceList::parse(text, "d.csv");
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().size(), 200U);
}

TEST(DeviceList, UserNamesOfUrlsAreNotQuoted) {
  const auto list = DeviceList::parse("00095200000E,http://user:secret@p/a", "d.csv");
  ASSERT_FALSE(list);
  EXPECT_THAT(list.error().front().text, testing::Not(testing::HasSubstr("secret")));
}

TEST(DeviceList, SlipsAreTheScenariosComplaints) {
  const test::TemporaryFolder folder;
  const std::string devices = folder.path() + "/devices.csv";
  std::ofstream(devices) << "mac,url\nnobody,http://p/a\n";
  const std::string with = "<redirect host=\"cloud\" devices=\"" + devices + "\">";
  EXPECT_THAT(
      complaints(changed(kScenario, "<redirect host=\"cloud\">", with), "s.xml", folder.path()),
      ElementsAre(devices + ":2:1: 'nobody' is not a MAC address; write "
                            "00:09:52:00:00:0E, 00-09-52-00-00-0E or 00095200000E"));
  EXPECT_THAT(complaints(changed(kScenario, "<redirect host=\"cloud\">",
                                 "<redirect host=\"cloud\" devices=\"no.csv\">")),
              ElementsAre("s.xml:15: there is no file 'no.csv'; it is looked for beside the "
                          "scenario, as no.csv"));
}

}  // namespace
}  // namespace provlab::lab
