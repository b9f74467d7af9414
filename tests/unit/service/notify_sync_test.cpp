#include "core/service/notify_sync.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace provlab::service {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Expected<NotifySync> read(std::string_view inside) {
  const auto document =
      settings::read_xml("<notifySync>" + std::string(inside) + "</notifySync>", "");
  EXPECT_TRUE(document);
  EXPECT_TRUE(is_notify_sync(*document));
  return read_notify_sync(*document);
}

std::string what(std::string_view inside) {
  const auto sync = read(inside);
  return sync ? std::string(to_string(sync->what)) : "error: " + sync.error().to_string();
}

TEST(NotifySync, WithoutFurtherInformationAsksForTheFullRun) {
  EXPECT_EQ(what(""), "full-run");
  EXPECT_EQ(what("<etsId>7</etsId><pbxSerial>123</pbxSerial>"), "full-run");
  EXPECT_EQ(what("<checkSync/>"), "full-run");
  EXPECT_EQ(what("<checkSync><dataAvailable>true</dataAvailable></checkSync>"), "full-run");
}

TEST(NotifySync, CanBringAUrl) {
  const auto sync = read("<checkSync><url> http://h/a.xml </url></checkSync>");
  ASSERT_TRUE(sync);
  EXPECT_EQ(sync->what, NotifySync::What::load);
  EXPECT_EQ(sync->url, "http://h/a.xml");
}

TEST(NotifySync, WithoutDataHasNothingToLoadWhateverItsUrl) {
  EXPECT_EQ(what("<checkSync><dataAvailable>false</dataAvailable></checkSync>"), "no-data");
  EXPECT_EQ(what("<checkSync><url>http://h/</url><dataAvailable>0</dataAvailable></checkSync>"),
            "no-data");
}

TEST(NotifySync, CanAskForOneOtherThing) {
  EXPECT_EQ(what("<reboot/>"), "reboot");
  EXPECT_EQ(what("<updateFirmware/>"), "update-firmware");
  EXPECT_EQ(what("<reregister/>"), "reregister");
  EXPECT_EQ(what("<remoteAccess/>"), "remote-access");
}

TEST(NotifySync, IsRefusedWhereItIsNotAsItsSchemaAllows) {
  EXPECT_THAT(what("<checkSync/><reboot/>"), HasSubstr("error: notifySync/reboot: "));
  EXPECT_THAT(what("<checkSync/><checkSync/>"), HasSubstr("error: notifySync/checkSync: "));
  EXPECT_THAT(what("<rebot/>"), HasSubstr("error: notifySync/rebot: "));
  EXPECT_THAT(what("hello"),
              HasSubstr("error: notifySync: Element 'notifySync': Character content"));
  EXPECT_THAT(what("<checkSync><dataAvailable>maybe</dataAvailable></checkSync>"),
              HasSubstr("error: notifySync/checkSync/dataAvailable: "));
}

TEST(NotifySync, IsReadWhateverWhiteSpaceAndCommentsStandInIt) {
  EXPECT_EQ(what(" <!-- now --> <startDelay> 5 </startDelay>\n<reboot/> "), "reboot");
  EXPECT_EQ(what("\n"), "full-run");
  EXPECT_EQ(what("<reboot why='x'>now <at>once</at></reboot>"), "reboot");
}

TEST(NotifySync, MayWaitForADay) {
  const auto sync = read("<startDelay>086400</startDelay>");
  ASSERT_TRUE(sync);
  EXPECT_EQ(sync->delay, 24h);
  for (const std::string wrong : {"86401", "4294967295", "soon", "-1", "+1", "1.5", ""}) {
    EXPECT_THAT(what("<startDelay>" + wrong + "</startDelay>"), HasSubstr("notifySync/startDelay"));
  }
}

TEST(NotifySync, MayWaitForADateOfAnyOffset) {
  const auto start = [](std::string_view date) {
    const auto sync = read("<startDate> " + std::string(date) + " </startDate>");
    return sync && sync->start ? provlab::to_string(*sync->start) : "none";
  };
  EXPECT_EQ(start("2026-03-01T09:00:00Z"), "2026-03-01T09:00:00Z");
  EXPECT_EQ(start("2026-03-01T09:00:00.25Z"), "2026-03-01T09:00:00.25Z");
  EXPECT_EQ(start("2026-03-01T00:30:00.5+01:00"), "2026-02-28T23:30:00.5Z");
  EXPECT_EQ(start("2026-03-01T21:00:00-03:30"), "2026-03-02T00:30:00Z");
  EXPECT_EQ(start("2099-12-31T23:59:59-14:00"), "2100-01-01T13:59:59Z");
}

TEST(NotifySync, IsRefusedWithDatesThatAreNone) {
  for (const std::string wrong :
       {"tomorrow", "2026-03-01T09:00:00", "2026-02-30T09:00:00Z", "2026-03-01T09:00:00+15:00",
        "2026-03-01T24:00:00Z", "2261-03-01T09:00:00Z", "2026-03-01", "+01:00", ""}) {
    EXPECT_THAT(what("<startDate>" + wrong + "</startDate>"), HasSubstr("notifySync/startDate"))
        << wrong;
  }
}

}  // namespace
}  // namespace provlab::service
