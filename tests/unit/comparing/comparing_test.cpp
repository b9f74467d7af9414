#include <gmock/gmock.h>

#include "sim/lab/comparing/comparison_text.hpp"
#include "sim/lab/comparing/meaning.hpp"
#include "sim/text/parse.hpp"
#include "tests/unit/comparing/trace_text.hpp"

namespace provlab::lab {
namespace {

using std::chrono::milliseconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string words_of_first(const ComparedRun& run, const Comparison& found, SideName side) {
  return run.words(found.parting->first[index_of(side)]);
}

TEST(Meaning, LeavesOutWhatChanceDecides) {
  std::vector<WallTime> moments;
  EXPECT_EQ(without_chance("192.0.2.1:50000 Via: x;branch=z9hG4bKabc;rport", moments),
            without_chance("192.0.2.1:61234 Via: x;branch=z9hG4bKdef;rport", moments));
  EXPECT_EQ(without_chance("From: <sip:a@b>;tag=12 | Call-ID: one@b | CSeq: 1", moments),
            without_chance("From: <sip:a@b>;tag=9f | Call-ID: two@c | CSeq: 1", moments));
  EXPECT_NE(without_chance("192.0.2.1:80", moments), without_chance("192.0.2.1:81", moments));
  EXPECT_NE(without_chance("http://a/?stage=1", moments),
            without_chance("http://a/?stage=2", moments));
  EXPECT_THAT(moments, IsEmpty());
}

TEST(Meaning, TakesMomentsOutOfTexts) {
  std::vector<WallTime> moments;
  EXPECT_EQ(without_chance("2026-03-01T08:00:00.005Z stratum 2", moments), "@ stratum 2");
  EXPECT_THAT(moments, ElementsAre(*parse_wall_time("2026-03-01T08:00:00.005Z")));
  EXPECT_EQ(without_chance("2026-03-01Tx Z", moments), "2026-03-01Tx Z");
}

TEST(Comparing, IdsAndTheOrderOfWhatHappensAtOnceDoNotCount) {
  TraceText a;
  a.event(5, "device", "dhcp_sent", 0, R"("message":"DISCOVER","xid":"0x1")");
  a.event(5, "device", "ntp_request_sent", 0, R"("server":"192.0.2.1")");
  TraceText b;
  b.event(5, "device", "ntp_request_sent", 0, R"("server":"192.0.2.1")");
  b.event(5, "device", "dhcp_sent", 0, R"("message":"DISCOVER","xid":"0x2")");
  const Comparison found = compared(a.run(), b.run());
  EXPECT_TRUE(found.same());
  EXPECT_EQ(found.same_in_all, 2U);
}

TEST(Comparing, PartsAtTheFirstThingThatTheOtherDoesNotDo) {
  TraceText a;
  a.event(1, "device", "run_started", 0, R"("run":1,"trigger":"boot")");
  a.event(2, "device", "winner_chosen", 0, R"("source":"dhcp","url":"http://a/")");
  a.event(3, "device", "run_ended", 0, R"("run":1,"result":"provisioned","sentence":"Yes.")");
  TraceText b;
  b.event(1, "device", "run_started", 0, R"("run":1,"trigger":"boot")");
  b.event(4, "device", "winner_chosen", 0, R"("source":"multicast","url":"http://b/")");
  b.event(5, "device", "run_ended", 0, R"("run":1,"result":"provisioned","sentence":"Yes.")");
  const ComparedRun one = a.run();
  const ComparedRun two = b.run();
  const Comparison found = compared(one, two);
  ASSERT_TRUE(found.parting);
  EXPECT_EQ(found.parting->at, milliseconds(2));
  EXPECT_EQ(found.same_before, 1U);
  EXPECT_EQ(words_of_first(one, found, SideName::a), "uses http://a/, found by dhcp");
  EXPECT_EQ(words_of_first(two, found, SideName::b), "uses http://b/, found by multicast");
  ASSERT_THAT(found.outcome, SizeIs(1));
  EXPECT_EQ(found.outcome[0].name, "winner");
  EXPECT_THAT(found.outcome[0].alone[1], ElementsAre("run 1 (boot): multicast, http://b/"));
  EXPECT_THAT(found.same_facets, Contains("result"));
}

TEST(Comparing, OneRetransmissionMoreIsTheOnlyDifference) {
  const auto asks = [](int times) {
    TraceText text;
    for (int i = 0; i < times; ++i) {
      text.event(i * 1000, "device", "ntp_request_sent", 0, R"("server":"192.0.2.1")");
    }
    return text.run();
  };
  const Comparison found = compared(asks(2), asks(3));
  ASSERT_TRUE(found.parting);
  EXPECT_THAT(found.alone[0], IsEmpty());
  EXPECT_THAT(found.alone[1], ElementsAre(2U));
  EXPECT_EQ(found.parting->at, std::chrono::seconds(2));
}

/// A question to a server, whose answer takes that long.
ComparedRun answered_after(int milliseconds) {
  TraceText text;
  text.event(0, "device", "powered_on", 0, R"("type":"D200")");
  const EventNumber asked = text.packet(0, "device", "router");
  const EventNumber answer = text.event(1 + milliseconds, "router", "answer_sent", asked,
                                        R"("request":"time","summary":"it is late")");
  const EventNumber heard = text.packet(1 + milliseconds, "router", "device", answer);
  text.event(2 + milliseconds, "device", "clock_set", heard);
  text.event(2 + milliseconds, "device", "run_ended", heard,
             R"("run":1,"result":"no-url","sentence":"No.")");
  return text.run();
}

TEST(Comparing, WhatIsShiftedIsToldWhereItBegins) {
  const ComparedRun a = answered_after(10);
  const ComparedRun b = answered_after(410);
  const Comparison found = compared(a, b);
  EXPECT_FALSE(found.same());
  EXPECT_TRUE(found.only_times());
  ASSERT_THAT(found.shifts, SizeIs(1));
  EXPECT_EQ(a.words(found.shifts[0].step[0]), "answers time with it is late [-]");
  EXPECT_EQ(found.shifts[0].by, milliseconds(400));
  EXPECT_EQ(found.shifted, 3U);  // what follows from it is only counted
  EXPECT_THAT(comparison_text(a, b, found), HasSubstr("400 ms later in B"));
}

TEST(Comparing, SlackTakesShiftsForNothing) {
  const Comparison found = compared(answered_after(10), answered_after(410), milliseconds(400));
  EXPECT_TRUE(found.same());
  EXPECT_EQ(found.slight, 1U);
  EXPECT_FALSE(compared(answered_after(10), answered_after(410), milliseconds(399)).same());
}

TEST(Comparing, ClocksGoWithTheTimeOfTheRunOrStandForThemselves) {
  const auto planned = [](int at, const std::string& clock, const std::string& next) {
    TraceText text;
    text.event(at, "device", "clock_set", 0, R"("time":")" + clock + R"(")");
    text.event(at, "device", "schedule_planned", 0, R"("next":")" + next + R"(")");
    return text.run();
  };
  const auto run = planned(0, "2026-03-01T08:00:00Z", "2026-03-02T02:00:00Z");
  const auto later = planned(2000, "2026-03-01T08:00:02Z", "2026-03-02T02:00:00Z");
  // Both come 2 s later themselves; neither clock is another beyond that.
  EXPECT_THAT(compared(run, later, milliseconds(2)).shifts, SizeIs(2));
  const auto wrong = planned(0, "2026-03-01T09:00:00Z", "2026-03-02T02:00:00Z");
  const Comparison found = compared(run, wrong);
  ASSERT_THAT(found.shifts, SizeIs(1));
  EXPECT_EQ(found.shifts[0].by, std::chrono::hours(1));
}

/// Two answers that race: which of them is there first is used.
ComparedRun race(int a_comes, int b_comes) {
  TraceText text;
  const EventNumber asked = text.event(0, "device", "stage_started", 0, R"("stage":2)");
  const auto answer = [&](const std::string& host, int at) {
    const EventNumber sent =
        text.event(at - 1, host, "answer_sent", asked, R"("summary":"http://)" + host + R"(/")");
    return text.packet(at - 1, host, "device", sent);
  };
  const bool a_first = a_comes < b_comes;
  const int first = std::min(a_comes, b_comes);
  const int second = std::max(a_comes, b_comes);
  const std::string winner = a_first ? "cloud" : "pbx";
  const std::string loser = a_first ? "pbx" : "cloud";
  const EventNumber heard = answer(winner, first);
  text.event(first, "device", "winner_chosen", heard,
             R"("source":")" + winner + R"(","url":"http://)" + winner + R"(/")");
  const EventNumber late = answer(loser, second);
  text.event(second, "device", "late_answer_ignored", late, R"("source":")" + loser + R"(")");
  const EventNumber page = text.packet(first + 10, "prov", "device", heard);
  text.event(first + 11, "device", "run_ended", page,
             R"("run":1,"result":"provisioned","sentence":"By )" + winner + R"(.")");
  return text.run();
}

TEST(Comparing, OfARaceTheOrderOfTheAnswersIsTheReason) {
  const ComparedRun a = race(10, 13);
  const ComparedRun b = race(10, 9);
  const Comparison found = compared(a, b);
  ASSERT_TRUE(found.parting);
  EXPECT_THAT(found.parting->because,
              Contains("in A cloud's http://cloud/ comes 3 ms before pbx's http://pbx/"));
  EXPECT_THAT(found.parting->because,
              Contains("in B pbx's http://pbx/ comes 1 ms before cloud's http://cloud/"));
  // From there to the outcome, without what leads nowhere.
  ASSERT_THAT(found.chain[0], SizeIs(2));
  EXPECT_EQ(a.words(found.chain[0][0]), "uses http://cloud/, found by cloud");
  EXPECT_EQ(a.words(found.chain[0][1]), "run 1 ends provisioned: By cloud.");
}

TEST(Comparing, AnAnswerThatNeverComesIsTheReason) {
  TraceText lost;
  const EventNumber asked = lost.event(0, "device", "stage_started", 0, R"("stage":2)");
  lost.event(1, "cloud", "answer_withheld", asked, R"("answer":"a")");
  lost.event(4000, "device", "source_failed", asked, R"("source":"cloud","reason":"no answer")");
  const ComparedRun a = race(10, 13);
  const ComparedRun b = lost.run();
  const Comparison found = compared(a, b);
  ASSERT_TRUE(found.parting);
  EXPECT_EQ(found.parting->at, milliseconds(1));
  EXPECT_THAT(comparison_line(a, b, found), HasSubstr("B: cloud gives no answer to - [a, rule -]"));
}

TEST(Comparing, WhatComesAboutInAnotherWayIsTheSameStep) {
  const auto run = [](const std::string& because) {
    TraceText text;
    const EventNumber reason = text.event(0, "device", "source_failed", 0,
                                          R"("source":")" + because + R"(","reason":"none")");
    const EventNumber query =
        text.event(0, "device", "name_query_sent", reason, R"("name":"prov","server":"192.0.2.1")");
    text.event(5, "device", "name_resolved", query, R"("name":"prov","address":"192.0.2.2")");
    return text.run();
  };
  const Comparison found = compared(run("dhcp"), run("redirect"));
  EXPECT_THAT(found.alone[0], SizeIs(1));
  EXPECT_EQ(found.same_in_all, 2U);
}

TEST(Comparing, WhatTheLabPreparesIsNoDifference) {
  const auto run = [](const std::string& variant) {
    TraceText text;
    const EventNumber begun =
        text.event(0, "device", "scenario_started", 0,
                   R"("scenario":"x","variant":")" + variant + R"(","seed":1)");
    text.event(1, "device", "race_formed", begun, R"("order":")" + variant + R"(")");
    text.event(2, "device", "powered_on", begun, R"("type":"D200")");
    return text.run();
  };
  EXPECT_TRUE(compared(run("a-then-b"), run("b-then-a")).same());
}

TEST(Comparing, LongWaysAreFolded) {
  const auto run = [](const std::string& url, int count) {
    TraceText text;
    EventNumber cause = text.event(0, "device", "powered_on", 0, R"("type":"D200")");
    for (int i = 0; i < count; ++i) {
      cause = text.event(i, "device", "http_request_sent", cause,
                         fmt::format(R"("url":"{}{}")", url, i));
    }
    return text.run();
  };
  const ComparedRun a = run("http://a/", 200);
  const ComparedRun b = run("http://b/", 200);
  const std::string text = comparison_text(a, b, compared(a, b));
  EXPECT_THAT(text, HasSubstr("... 188 more ..."));
  EXPECT_THAT(text, HasSubstr("and 190 more"));
  EXPECT_LT(std::ranges::count(text, '\n'), 70);
}

TEST(Comparing, StepsOfBothStandInOneList) {
  const ComparedRun a = race(10, 13);
  const ComparedRun b = race(10, 9);
  const std::string text = steps_text(a, b, Matching(a, b));
  EXPECT_THAT(text, HasSubstr("A    0.010000 s                device     uses http://cloud/"));
  EXPECT_THAT(text, HasSubstr("B                  0.009000 s  device     uses http://pbx/"));
  EXPECT_THAT(text, HasSubstr("=    0.000000 s    0.000000 s  device     stage 2"));
}

}  // namespace
}  // namespace provlab::lab
