#include "sim/lab/pages/sequence_diagram.hpp"

#include <gmock/gmock.h>

#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A run as a page is made of it.
struct Seen {
  TraceLog log;
  std::vector<PacketContent> contents;
};

Seen log_of(const std::string& text, std::string_view variant = {}) {
  const Shared<ScenarioPlan> plan = plan_of(text);
  const Variant& chosen = variant.empty() ? plan->variants.front() : *plan->variant(variant);
  PacketLog packets;
  Play play(plan, chosen, plan->seed);
  play.show(packets, packets);
  play.run();
  auto log = TraceLog::parse(play.trace().json_lines());
  if (!log) throw std::logic_error(log.error().to_string());
  EXPECT_EQ(log->json_lines(), play.trace().json_lines());
  return {std::move(*log), read_contents(packets, Secrets())};
}

SequenceDiagram sequence_diagram(const Seen& seen) {
  return sequence_diagram(seen.log, seen.contents);
}

const Message* labelled(const SequenceDiagram& diagram, std::string_view label) {
  const auto found = std::ranges::find(diagram.messages, label, &Message::label);
  return found == diagram.messages.end() ? nullptr : &*found;
}

std::vector<std::string> labels_between(const SequenceDiagram& diagram, std::string_view from,
                                        std::string_view to) {
  std::vector<std::string> labels;
  for (const Message& message : diagram.messages) {
    if (message.transport || !message.to) continue;
    if (diagram.lifelines[message.from].host == from && diagram.lifelines[*message.to].host == to) {
      labels.push_back(message.label);
    }
  }
  return labels;
}

TEST(TraceLog, RefusesEventsOutOfOrderAndCausesOfTheFuture) {
  const std::string first = R"({"n":1,"time_ns":5,"host":"device","event":"a"})";
  EXPECT_TRUE(TraceLog::parse(first + "\n"));
  EXPECT_FALSE(TraceLog::parse(first + "\n" + first));
  EXPECT_FALSE(TraceLog::parse(R"({"n":1,"time_ns":5,"host":"device","cause":1,"event":"a"})"));
  EXPECT_FALSE(TraceLog::parse(first + "\n" +
                               R"({"n":2,"time_ns":4,"host":"device","event":"time goes back"})"));
  EXPECT_THAT(TraceLog::parse(first + "\n{").error().to_string(), HasSubstr("line 2"));
}

TEST(SequenceDiagram, PutsThePhoneFirstAndNamesHostsByFirstAppearance) {
  const SequenceDiagram diagram = sequence_diagram(log_of(kScenario, "m-then-r"));
  std::vector<std::string> hosts;
  for (const Lifeline& each : diagram.lifelines) hosts.push_back(each.host);
  EXPECT_THAT(hosts, ElementsAre("device", "router", "pbx", "cloud", "prov"));
  EXPECT_EQ(diagram.lifelines[0].address, "192.0.2.100");
}

TEST(SequenceDiagram, CallsMessagesByWhatTheySay) {
  const SequenceDiagram diagram = sequence_diagram(log_of(kScenario, "m-then-r"));
  EXPECT_THAT(labels_between(diagram, "device", "router"),
              ElementsAre("DHCP DISCOVER", "DHCP REQUEST", "NTP request",
                          "DNS A connect.redirect.auerswald.de", "DNS A prov.server.com"));
  EXPECT_THAT(labels_between(diagram, "device", "pbx"), ElementsAre("SUBSCRIBE", "200 to NOTIFY"));
  EXPECT_THAT(labels_between(diagram, "pbx", "device"),
              ElementsAre("200 OK", "NOTIFY http://prov.server.com/b.xml"));
  EXPECT_THAT(labels_between(diagram, "device", "prov"), ElementsAre("GET /b.xml"));
  EXPECT_THAT(labels_between(diagram, "prov", "device"),
              ElementsAre(HasSubstr("200 application/xml")));
}

TEST(SequenceDiagram, FoldsHandshakesAway) {
  const SequenceDiagram diagram = sequence_diagram(log_of(kScenario, "m-then-r"));
  const Message* syn = labelled(diagram, "TCP SYN");
  ASSERT_NE(syn, nullptr);
  EXPECT_TRUE(syn->transport);
}

TEST(SequenceDiagram, TellsTheWinnerFromWhoCameLate) {
  for (const std::string variant : {"r-then-m", "m-then-r", "r-ties-m", "m-ties-r"}) {
    const bool redirect_first = variant.starts_with('r');
    const SequenceDiagram diagram = sequence_diagram(log_of(kScenario, variant));
    const auto answers = diagram.answers_in_order();
    ASSERT_EQ(answers.size(), 2U);
    EXPECT_EQ(answers[0]->answer, redirect_first ? "r" : "m");
    EXPECT_EQ(answers[0]->part, Message::Part::winner);
    EXPECT_EQ(answers[1]->answer, redirect_first ? "m" : "r");
    EXPECT_EQ(answers[1]->part, Message::Part::late);
    EXPECT_LE(answers[0]->ended, answers[1]->ended);
  }
}

TEST(SequenceDiagram, MarksRunRaceAndWinner) {
  const SequenceDiagram diagram = sequence_diagram(log_of(kScenario, "r-then-m"));
  std::vector<std::string> marks;
  for (const Mark& mark : diagram.marks) {
    if (mark.kind == Mark::Kind::run || mark.kind == Mark::Kind::race ||
        mark.kind == Mark::Kind::winner) {
      marks.push_back(mark.text);
    }
  }
  EXPECT_THAT(marks, ElementsAre("run 1 starts (boot)", "the race is formed", "redirect wins",
                                 "run 1 ends provisioned"));
}

TEST(SequenceDiagram, DrawsLostMessagesTowardsTheirReceiverAndTheirRepetition) {
  const std::string lose = "<lose from=\"device\" to=\"router\" port=\"67\" nth=\"1\"/></world>";
  const SequenceDiagram diagram =
      sequence_diagram(log_of(changed(without_race(), "</world>", lose)));
  const Message* lost = labelled(diagram, "DHCP DISCOVER");
  ASSERT_NE(lost, nullptr);
  EXPECT_EQ(lost->lost, "lost on purpose");
  EXPECT_EQ(lost->received_event, 0U);
  const Message* again = labelled(diagram, "DHCP DISCOVER (attempt 2)");
  ASSERT_NE(again, nullptr);
  EXPECT_TRUE(again->again);
  EXPECT_THAT(again->lost, IsEmpty());
}

TEST(SequenceDiagram, CallsALostRequestTheSameWhenItIsSentAgain) {
  const std::string lose =
      "<lose from=\"device\" to=\"prov\" protocol=\"tcp\" nth=\"3\"/></world>";  // SYN, ACK, GET
  const SequenceDiagram diagram =
      sequence_diagram(log_of(changed(without_race(), "</world>", lose)));
  std::vector<const Message*> gets;
  for (const Message& message : diagram.messages) {
    if (message.label == "GET /a.xml") gets.push_back(&message);
  }
  ASSERT_EQ(gets.size(), 2U);
  EXPECT_EQ(gets[0]->lost, "lost on purpose");
  EXPECT_FALSE(gets[0]->again);
  EXPECT_TRUE(gets[1]->again);
  EXPECT_FALSE(gets[1]->transport);
  EXPECT_THAT(gets[1]->lost, IsEmpty());
}

TEST(SequenceDiagram, DoesNotCallOtherOctetsOfTheSameNumberTheSame) {
  // Two documents of the same length, the first of which gets lost.
  const std::string two =
      changed(changed(without_race(),
                      "<file "
                      "path=\"/a.xml\"><telephony><callWaiting><active>true</active></"
                      "callWaiting></telephony></file>",
                      "<file "
                      "path=\"/a.xml\"><referencedSettings><url>/1.xml</url><url>/2.xml</url></"
                      "referencedSettings></file>"
                      "<file path=\"/1.xml\"><time><timezone>UTC0</timezone></time></file>"
                      "<file path=\"/2.xml\"><time><timezone>UTC1</timezone></time></file>"),
              "</world>", "<lose from=\"prov\" to=\"device\" protocol=\"tcp\" nth=\"2\"/></world>");
  const SequenceDiagram diagram = sequence_diagram(log_of(two));
  std::size_t again = 0;
  std::size_t documents = 0;
  for (const Message& message : diagram.messages) {
    if (message.protocol != "http") continue;
    documents += message.label.starts_with("200 ") && !message.again ? 1 : 0;
    again += message.label.starts_with("200 ") && message.again ? 1 : 0;
  }
  EXPECT_EQ(documents, 3U);
  EXPECT_EQ(again, 1U);
}

TEST(SequenceDiagram, TellsARepeatedAnswerFromTheFirst) {
  const std::string lose = "<lose from=\"pbx\" to=\"device\" port=\"5060\" nth=\"2\"/></world>";
  const SequenceDiagram diagram =
      sequence_diagram(log_of(changed(kScenario, "</world>", lose), "without-r"));
  std::vector<const Message*> notifies;
  for (const Message& message : diagram.messages) {
    if (message.label == "NOTIFY http://prov.server.com/b.xml") notifies.push_back(&message);
  }
  ASSERT_GE(notifies.size(), 2U);
  EXPECT_EQ(notifies[0]->lost, "lost on purpose");
  EXPECT_FALSE(notifies[0]->again);
  EXPECT_TRUE(notifies[1]->again);
  EXPECT_EQ(notifies[1]->part, Message::Part::winner);
}

TEST(SequenceDiagram, SaysThatNobodyListensToAGroup) {
  const SequenceDiagram diagram =
      sequence_diagram(log_of(changed(without_race(), "<multicast host=\"pbx\"></multicast>", "")));
  const Message* subscribe = labelled(diagram, "SUBSCRIBE");
  ASSERT_NE(subscribe, nullptr);
  EXPECT_EQ(subscribe->lost, "nobody on the link listens for it");
}

TEST(SequenceDiagram, LeavesHostsOutThatHaveNoUseForABroadcast) {
  const SequenceDiagram diagram = sequence_diagram(log_of(kScenario, "r-then-m"));
  EXPECT_THAT(labels_between(diagram, "device", "pbx"), ::testing::Not(Contains("DHCP DISCOVER")));
}

TEST(SequenceDiagram, KeepsMessagesInTheOrderOfTheirSending) {
  const SequenceDiagram diagram = sequence_diagram(log_of(kScenario));
  EXPECT_TRUE(std::ranges::is_sorted(diagram.messages, {}, &Message::sent_event));
  for (const Message& message : diagram.messages) EXPECT_GE(message.ended, message.sent);
}

}  // namespace
}  // namespace provlab::lab
