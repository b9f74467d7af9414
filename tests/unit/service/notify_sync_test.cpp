#include "core/service/notify_sync.hpp"

#include <gtest/gtest.h>

namespace provlab::service {
namespace {

using namespace std::chrono_literals;

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

TEST(NotifySync, CannotAskForTwoThings) {
  EXPECT_EQ(what("<checkSync/><reboot/>"),
            "error: notifySync: it asks for checkSync and reboot; one of them can be asked for");
}

TEST(NotifySync, SaysWhenToStart) {
  const auto sync = read("<startDate>2026-03-01T09:00:00Z</startDate><startDelay>90</startDelay>");
  ASSERT_TRUE(sync);
  EXPECT_EQ(sync->delay, 90s);
  EXPECT_EQ(sync->start, parse_wall_time("2026-03-01T09:00:00Z").value());
}

TEST(NotifySync, IsRefusedWithTimesThatAreNone) {
  EXPECT_EQ(what("<startDelay>soon</startDelay>"),
            "error: startDelay: 'soon' is no number of seconds");
  EXPECT_EQ(what("<startDelay>-1</startDelay>"), "error: startDelay: '-1' is no number of seconds");
  EXPECT_TRUE(what("<startDate>tomorrow</startDate>").starts_with("error: startDate: "));
  EXPECT_EQ(what("<checkSync><dataAvailable>maybe</dataAvailable></checkSync>"),
            "error: checkSync/dataAvailable: 'maybe' is neither true nor false");
}

}  // namespace
}  // namespace provlab::service
