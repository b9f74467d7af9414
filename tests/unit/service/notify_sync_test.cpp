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

TEST(NotifySync, WithAnEmptyUrlHasNothingToLoad) {
  for (const char* inside :
       {"<checkSync><url/></checkSync>", "<checkSync><url> \n</url></checkSync>",
        "<checkSync><dataAvailable>1</dataAvailable><url/></checkSync>"}) {
    EXPECT_EQ(what(inside), "no-data") << inside;
  }
}

TEST(NotifySync, HoldsItsElementsInAnyOrder) {
  const auto sync =
      read("<reboot/><pbxSerial>a 7</pbxSerial><startDelay>5</startDelay><etsId>7</etsId>");
  ASSERT_TRUE(sync);
  EXPECT_EQ(sync->what, NotifySync::What::reboot);
  EXPECT_EQ(sync->delay, 5s);
}

TEST(NotifySync, CanAskForOneOtherThing) {
  EXPECT_EQ(what("<reboot/>"), "reboot");
  EXPECT_EQ(what("<updateFirmware/>"), "update-firmware");
  EXPECT_EQ(what("<reregister/>"), "reregister");
  EXPECT_EQ(what("<remoteAccess/>"), "remote-access");
}

TEST(NotifySync, IsRefusedWhereItIsNotAsItsSchemaAllows) {
  EXPECT_THAT(what("<checkSync/><reboot/>"), HasSubstr("checkSync and reboot are two things"));
  EXPECT_THAT(what("<etsId>x</etsId>"), HasSubstr("error: notifySync/etsId: "));
  EXPECT_THAT(what("<startDelay>1</startDelay><startDate>2026-03-01T09:00:00Z</startDate>"),
              HasSubstr("either a startDate or a startDelay"));
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

TEST(NotifySync, MayWaitForADurationOrANumberOfSeconds) {
  const auto delay = [](const std::string& text) {
    const auto sync = read("<startDelay> " + text + " </startDelay>");
    return sync ? provlab::to_string(sync->delay) : sync.error().to_string();
  };
  EXPECT_EQ(delay("PT30S"), "30s");
  EXPECT_EQ(delay("-PT30S"), "-30s");
  EXPECT_EQ(delay("30"), "30s");
  EXPECT_EQ(delay("-30"), "-30s");
  EXPECT_EQ(delay("+030.25"), "30.25s");
  EXPECT_EQ(delay("P1DT2H3M4.5S"), "93784.5s");
  EXPECT_EQ(delay("P1M"), "720h");
  EXPECT_EQ(delay("PT1M"), "60s");
  EXPECT_EQ(delay("P1Y2M"), "10200h");
  EXPECT_EQ(delay("PT0.1234567899S"), "123.456789ms");
  const std::string century = "876000h";
  EXPECT_EQ(delay("P" + std::string(8, '9') + "Y"), century);
  EXPECT_EQ(delay("P99999999Y99999999M99999999DT99999999H99999999M99999999S"), century);
  EXPECT_EQ(delay(std::string(20, '9')), century);
  for (const std::string wrong :
       {"soon", "", "P", "PT", "P1", "P1S", "PT1D", "P-1D", "PT1.S5", "1s", "- 1", "1e3", "P1DT"}) {
    EXPECT_THAT(delay(wrong), HasSubstr("startDelay")) << wrong;
  }
}

TEST(NotifySync, MayWaitForADateWithAZoneOrWithout) {
  const auto start = [](std::string_view date) {
    const auto sync = read("<startDate> " + std::string(date) + " </startDate>");
    if (!sync || !sync->start) return std::string("none");
    const WallTime local{sync->start->local.time_since_epoch()};
    const auto offset = sync->start->offset;
    return provlab::to_string(local) + (offset ? " " + std::to_string(offset->count()) : "");
  };
  EXPECT_EQ(start("2026-03-01T09:00:00Z"), "2026-03-01T09:00:00Z 0");
  EXPECT_EQ(start("2026-03-01T09:00:00"), "2026-03-01T09:00:00Z");
  EXPECT_EQ(start("2026-03-01T09:00:00.250000000001"), "2026-03-01T09:00:00.25Z");
  EXPECT_EQ(start("2026-03-01T00:30:00.5+01:00"), "2026-03-01T00:30:00.5Z 60");
  EXPECT_EQ(start("2026-03-01T21:00:00-03:30"), "2026-03-01T21:00:00Z -210");
  EXPECT_EQ(start("2026-03-01T24:00:00Z"), "2026-03-02T00:00:00Z 0");
  EXPECT_EQ(start("0044-03-15T12:00:00Z"), "1900-03-15T12:00:00Z 0");
  EXPECT_EQ(start("-0044-03-15T12:00:00Z"), "1900-03-15T12:00:00Z 0");
  EXPECT_EQ(start("12026-03-01T09:00:00Z"), "2199-03-01T09:00:00Z 0");
  EXPECT_EQ(start("2400-02-29T09:00:00Z"), "2199-03-01T09:00:00Z 0");
}

TEST(NotifySync, IsRefusedWithDatesThatAreNone) {
  for (const std::string wrong :
       {"tomorrow", "2026-02-30T09:00:00Z", "2026-03-01T09:00:00+15:00", "2026-03-01T24:00:01Z",
        "2026-13-01T09:00:00Z", "2026-03-01T09:61:00Z", "2026-03-01", "26-03-01T09:00:00Z",
        "2026-03-01T09:00:00z", "2026-03-01T09:00:00+0100", "+01:00", ""}) {
    EXPECT_THAT(what("<startDate>" + wrong + "</startDate>"), HasSubstr("notifySync/startDate"))
        << wrong;
  }
}

}  // namespace
}  // namespace provlab::service
