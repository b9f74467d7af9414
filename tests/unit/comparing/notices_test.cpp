#include "sim/lab/comparing/notices.hpp"

#include <gmock/gmock.h>

#include "tests/unit/comparing/trace_text.hpp"

namespace provlab::lab {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::vector<std::string> texts(const TraceText& a, const TraceText& b) {
  const ComparedRun one = a.run();
  const ComparedRun two = b.run();
  std::vector<std::string> texts;
  for (const Notice& notice : notices(one, two, compared(one, two))) texts.push_back(notice.text);
  return texts;
}

/// A run that ends so, by this source and with this sentence.
TraceText run_of(const std::string& source, const std::string& url, const std::string& result,
                 const std::string& sentence) {
  TraceText text;
  text.event(1, "device", "run_started", 0, R"("run":1,"trigger":"boot")");
  if (!source.empty()) {
    text.event(2, "device", "winner_chosen", 0,
               fmt::format(R"("source":"{}","url":"{}")", source, url));
    text.event(3, "device", "http_request_sent", 0, fmt::format(R"("url":"{}")", url));
  }
  text.event(4, "device", "run_ended", 0,
             fmt::format(R"("run":1,"result":"{}","sentence":"{}")", result, sentence));
  return text;
}

TEST(Notices, SayWhatUsersAndServersNoticeFirst) {
  EXPECT_THAT(texts(run_of("dhcp", "http://a/", "provisioned", "Yes."),
                    run_of("multicast", "http://b/", "no-files", "No.")),
              ElementsAre("a run ends no-files instead of provisioned",
                          "the winner is multicast instead of dhcp", "servers get other requests",
                          "the phone says another sentence of its run"));
  EXPECT_THAT(texts(run_of("dhcp", "http://a/", "provisioned", "Yes."),
                    run_of("", "", "provisioned", "Yes.")),
              ElementsAre("the winner is none instead of dhcp", "servers get fewer requests"));
  EXPECT_THAT(texts(run_of("dhcp", "http://a/", "provisioned", "Yes."),
                    run_of("dhcp", "http://b/", "provisioned", "Yes.")),
              ElementsAre("dhcp wins with another URL", "servers get other requests"));
}

TEST(Notices, ARunThatDoesNotEndIsToldAsSuch) {
  TraceText endless;
  endless.event(1, "device", "run_started", 0, R"("run":1,"trigger":"boot")");
  const TraceText ended = run_of("", "", "no-url", "No.");
  EXPECT_THAT(texts(ended, endless), Contains("a run does not end any more"));
  EXPECT_THAT(texts(endless, ended), Contains("a run ends no-url now, which did not end"));
}

TEST(Notices, OfARunThatAFaultEndedSayThatAloneAndWhatCameBefore) {
  ComparedRun whole = run_of("dhcp", "http://a/", "provisioned", "Yes.").run();
  TraceText half;
  half.event(1, "device", "run_started", 0, R"("run":1,"trigger":"boot")");
  ComparedRun ended = half.run();
  whole.facets.insert(whole.facets.begin(), {"verdict", {"passed"}});
  ended.facets.insert(ended.facets.begin(), {"verdict", {"broken: stod"}});
  const std::vector<Notice> now = notices(whole, ended, compared(whole, ended));
  ASSERT_EQ(now.size(), 1U);
  EXPECT_EQ(now[0].text, "a fault of the program ends the run now: stod");
  EXPECT_EQ(now[0].example[0], "passed");
  EXPECT_THAT(now[0].example[1], StartsWith("it ended after 0.001000 s device "));
  const std::vector<Notice> before = notices(ended, whole, compared(ended, whole));
  ASSERT_EQ(before.size(), 1U);
  EXPECT_EQ(before[0].text, "no fault ends the run any more: stod");
  EXPECT_THAT(notices(ended, ended, compared(ended, ended)), IsEmpty());
  ended.steps.clear();
  EXPECT_EQ(notices(ended, whole, compared(ended, whole))[0].example[0],
            "it ended there, and tells nothing of what came before");
}

TEST(Notices, AreTheSameInRunsThatChangeInOneWay) {
  EXPECT_EQ(texts(run_of("dhcp", "http://a/", "provisioned", "Yes."),
                  run_of("multicast", "http://b/", "provisioned", "Yes.")),
            texts(run_of("dhcp", "http://c/1", "provisioned", "Yes."),
                  run_of("multicast", "http://d/2", "provisioned", "Yes.")));
}

TEST(Notices, WhatServersHearComesBeforeWhatOnlyThePhoneRecords) {
  TraceText a;
  a.event(1, "device", "precondition_met", 0, R"("precondition":"time")");
  TraceText b;
  b.event(1, "device", "precondition_met", 0, R"("precondition":"network")");
  EXPECT_THAT(texts(a, b),
              ElementsAre("only the phone's own record differs, of: precondition met"));
  b.event(2, "router", "request_received", 0, R"("responder":"ntp","request":"time")");
  EXPECT_THAT(texts(a, b), ElementsAre("servers notice something else: request received"));
}

TEST(Notices, OfEventsThatSayTheSameTheFieldIsToldThatDiffers) {
  TraceText a;
  a.event(1, "router", "request_received", 0,
          R"("responder":"dhcp","request":"discover","contents":"op: 1 | secs: 0 | flags: 0")");
  TraceText b;
  b.event(1, "router", "request_received", 0,
          R"("responder":"dhcp","request":"discover","contents":"op: 1 | secs: 7 | flags: 0")");
  const ComparedRun one = a.run();
  const ComparedRun two = b.run();
  const std::vector<Notice> found = notices(one, two, compared(one, two));
  ASSERT_EQ(found.size(), 1);
  EXPECT_EQ(found[0].text, "servers notice something else: request received");
  EXPECT_THAT(found[0].example[0], EndsWith(", contents …secs: 0 | flags: 0"));
  EXPECT_THAT(found[0].example[1], EndsWith(", contents …secs: 7 | flags: 0"));
}

TEST(Notices, TimesAreToldWhereNothingElseDiffers) {
  TraceText a;
  a.event(5, "device", "ntp_request_sent", 0, R"("server":"192.0.2.1")");
  TraceText b;
  b.event(7, "device", "ntp_request_sent", 0, R"("server":"192.0.2.1")");
  EXPECT_THAT(texts(a, b), ElementsAre("only times differ: ntp request sent comes later"));
  EXPECT_THAT(texts(b, a), ElementsAre("only times differ: ntp request sent comes sooner"));
  EXPECT_THAT(texts(a, a), IsEmpty());
}

}  // namespace
}  // namespace provlab::lab
