#include "netfakes/check_sync_sender.hpp"

#include <gmock/gmock.h>

#include "netfakes/sip_wire.hpp"
#include "tests/unit/netfakes/lan.hpp"

namespace provlab::netfakes::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr Endpoint kPhone{kClient, 5060};

class CheckSyncSenderTest : public LanTest {
 protected:
  CheckSyncSenderTest() { EXPECT_TRUE(sender_.start()); }
  CheckSync notify_;
  CheckSyncSender sender_{server_, "pbx"};
  Inbox phone_{client_, 5060};
};

TEST_F(CheckSyncSenderTest, SendsANotifyThatNobodySubscribedTo) {
  notify_.event = "check-sync;reboot=true";
  notify_.body = "<notifySync/>";
  sender_.send(notify_, kPhone);
  run(100ms);
  const std::string text = phone_.only().text();
  EXPECT_THAT(text, HasSubstr("NOTIFY sip:192.0.2.50:5060 SIP/2.0\r\n"));
  EXPECT_THAT(text, HasSubstr("check-sync;reboot=true\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\n\r\n<notifySync/>"));
  EXPECT_TRUE(SipMessage::parse(text));
}

TEST_F(CheckSyncSenderTest, RepeatsTheSameOctetsUntilItsRepetitionsAreUsedUp) {
  notify_.repetitions = 2;
  sender_.send(notify_, kPhone);
  run(1min);
  ASSERT_THAT(phone_.entries(), SizeIs(3));
  EXPECT_EQ(phone_.entries()[1].at - phone_.entries()[0].at, 500ms);
  EXPECT_EQ(phone_.entries()[2].at - phone_.entries()[1].at, 1s);
  EXPECT_EQ(phone_.entries()[2].text(), phone_.entries()[0].text());
}

TEST_F(CheckSyncSenderTest, StopsWithTheResponseAndRecordsItsStatus) {
  sender_.send(notify_, kPhone);
  run(100ms);
  const auto& heard = phone_.only().datagram;
  const auto request = SipMessage::parse(text_of(heard.payload));
  ASSERT_TRUE(request);
  phone_.send(heard.from, bytes_of(make_response(*request, heard.from,
                                                 {.status = 403,
                                                  .reason = "Forbidden",
                                                  .local = {},
                                                  .local_tag = "t",
                                                  .header = {},
                                                  .value = {}})));
  run(1min);
  EXPECT_THAT(phone_.entries(), SizeIs(1));
  EXPECT_THAT(recorded("answer_confirmed", "status"), ElementsAre("403"));
  EXPECT_THAT(recorded("answer_confirmed", "kind"), ElementsAre("check-sync"));
}

TEST_F(CheckSyncSenderTest, EachIsADialogOfItsOwn) {
  sender_.send(notify_, kPhone);
  sender_.send(notify_, kPhone);
  run(100ms);
  ASSERT_THAT(phone_.entries(), SizeIs(2));
  const auto first = SipMessage::parse(phone_.entries()[0].text());
  const auto second = SipMessage::parse(phone_.entries()[1].text());
  EXPECT_NE(first->call_id(), second->call_id());
}

}  // namespace
}  // namespace provlab::netfakes::test
