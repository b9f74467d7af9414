#include "netfakes/answering.hpp"

#include <gmock/gmock.h>

#include "sim/record/trace.hpp"
#include "tests/unit/netfakes/lan.hpp"

namespace provlab::netfakes::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Endpoint kAsker{kClient, 40000};

/// Does with every answer the same, and keeps what it is told to keep.
class FixedGate final : public AnswerGate {
 public:
  explicit FixedGate(Admission admission) : admission_(admission) {}
  Admission admit(Host&, const DueAnswer& due, Duration, AnswerCallback& leave) override {
    if (admission_ == Admission::keep) {
      kept_due = due;
      kept = std::move(leave);
    }
    return admission_;
  }
  DueAnswer kept_due;
  AnswerCallback kept;

 private:
  Admission admission_;
};

class AnsweringTest : public LanTest {
 protected:
  void schedule(const AnswerRule* rule, const Answer& standard) {
    answering_->received({"question", {}}, kAsker);
    answering_->schedule(rule, standard, "question", [this](const DueAnswer& due) {
      ids_.push_back(due.id);
      times_.push_back(world_.now());
    });
  }
  std::unique_ptr<Answering> answering_ = std::make_unique<Answering>(server_, "oracle", "test");
  std::vector<std::string> ids_;
  std::vector<Instant> times_;
};

TEST_F(AnsweringTest, LeavesAtOnceWithoutDelay) {
  schedule(nullptr, {});
  EXPECT_THAT(ids_, ElementsAre("oracle:question"));
}

TEST_F(AnsweringTest, RuleWinsOverTheStandardAnswer) {
  AnswerRule rule;
  rule.answer = {.id = "from rule", .after = 20ms, .silent = false};
  schedule(&rule, {.id = "standard", .after = 10ms, .silent = false});
  schedule(nullptr, {.id = "standard", .after = 10ms, .silent = false});
  run();
  EXPECT_THAT(ids_, ElementsAre("standard", "from rule"));
  EXPECT_THAT(times_, ElementsAre(Instant(10ms), Instant(20ms)));
}

TEST_F(AnsweringTest, CountsEachRequestText) {
  answering_->received({"a", {}}, kAsker);
  answering_->received({"b", {}}, kAsker);
  answering_->received({"a", {}}, kAsker);
  EXPECT_THAT(recorded("request_received", "nth"), ElementsAre("1", "1", "2"));
}

TEST_F(AnsweringTest, MakesTheRequestTheCauseOfItsAnswer) {
  answering_->received({"question", {}}, kAsker);
  const EventNumber request = world_.trace().last();
  answering_->schedule(nullptr, {.id = {}, .after = 5ms, .silent = false}, "question",
                       [this](const DueAnswer& due) { answering_->sent(due, kAsker, "yes"); });
  world_.trace().set_cause(0);
  run();
  const TraceRecord sent = world_.trace().event(world_.trace().last());
  ASSERT_EQ(sent.event(), "answer_sent");
  EXPECT_EQ(sent.cause(), request);
}

TEST_F(AnsweringTest, ForgetsWhatIsDueWhenToldToOrDestroyed) {
  schedule(nullptr, {.id = {}, .after = 5ms, .silent = false});
  answering_->forget_all();
  schedule(nullptr, {.id = {}, .after = 5ms, .silent = false});
  answering_.reset();
  run();
  EXPECT_THAT(ids_, IsEmpty());
}

TEST_F(AnsweringTest, MayOutliveItsWorldsTimers) {
  world::World other(2);
  auto& host = other.add_host({.name = "host"});
  Answering answering(host, "oracle", "test");
  answering.schedule(nullptr, {.id = {}, .after = 1h, .silent = false}, "question",
                     [](const DueAnswer&) { FAIL(); });
}

TEST_F(AnsweringTest, GateCanDropAnAnswer) {
  FixedGate gate(AnswerGate::Admission::drop);
  answering_->set_gate(&gate);
  schedule(nullptr, {});
  EXPECT_THAT(ids_, IsEmpty());
  EXPECT_THAT(recorded("answer_withheld", "rule"), ElementsAre("race"));
}

TEST_F(AnsweringTest, GateCanKeepAnAnswerAndGiveItLater) {
  FixedGate gate(AnswerGate::Admission::keep);
  answering_->set_gate(&gate);
  schedule(nullptr, {});
  EXPECT_THAT(ids_, IsEmpty());
  gate.kept(gate.kept_due);
  EXPECT_THAT(ids_, ElementsAre("oracle:question"));
}

TEST_F(AnsweringTest, AnswerThatAGateKeepsDoesNothingOnceTheResponderHasGone) {
  FixedGate gate(AnswerGate::Admission::keep);
  answering_->set_gate(&gate);
  schedule(nullptr, {});
  answering_.reset();
  gate.kept(gate.kept_due);
  EXPECT_THAT(ids_, IsEmpty());
}

/// The answers of a rule with faults, as a client gets them.
class SpoiltAnswerTest : public LanTest {
 protected:
  SpoiltAnswerTest() {
    auto socket = server_.open_udp({.port = 500});
    EXPECT_TRUE(socket);
    socket_ = std::move(*socket);
  }
  static AnswerRule rule(Faults faults) {
    AnswerRule made;
    made.answer.faults = std::make_shared<const Faults>(std::move(faults));
    return made;
  }
  void answer(const AnswerRule* rule, std::string text) {
    answering_.schedule(rule, {}, "question", [this, text](const DueAnswer& due) {
      answering_.send(due, *socket_, {kClient, 40000}, bytes_of(text), text);
    });
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> result;
    for (const auto& entry : inbox_.entries()) result.push_back(entry.text());
    return result;
  }
  Answering answering_{server_, "oracle", "test"};
  std::unique_ptr<UdpSocket> socket_;
  Inbox inbox_{client_, 40000};
};

TEST_F(SpoiltAnswerTest, LeavesWithItsOctetsSpoiltAndTheTraceSaysSo) {
  Faults faults;
  faults.cut = 3;
  const AnswerRule cut = rule(faults);
  answer(&cut, "answer");
  run();
  EXPECT_THAT(texts(), ElementsAre("ans"));
  EXPECT_THAT(recorded("fault_injected", "fault"), ElementsAre("cut"));
}

TEST_F(SpoiltAnswerTest, LeavesSeveralTimesAGapApart) {
  Faults faults;
  faults.copies = 3;
  faults.gap = 20ms;
  const AnswerRule copied = rule(faults);
  answer(&copied, "answer");
  run();
  EXPECT_THAT(texts(), ElementsAre("answer", "answer", "answer"));
  EXPECT_EQ(inbox_.entries()[2].at - inbox_.entries()[0].at, 40ms);
  EXPECT_THAT(recorded("answer_repeated", "attempt"), ElementsAre("2", "3"));
}

TEST_F(SpoiltAnswerTest, CopiesEndWithWhatIsForgotten) {
  Faults faults;
  faults.copies = 3;
  faults.gap = 20ms;
  const AnswerRule copied = rule(faults);
  answer(&copied, "answer");
  run(30ms);
  answering_.forget_all();
  socket_.reset();
  run();
  EXPECT_THAT(texts(), ElementsAre("answer", "answer"));
}

TEST_F(SpoiltAnswerTest, ComesFromAnotherAddressAndPort) {
  Faults faults;
  faults.from = Endpoint{Ipv4Address::of(192, 0, 2, 66), 0};
  const AnswerRule stranger = rule(faults);
  answer(&stranger, "one");
  faults.from->port = 501;
  const AnswerRule other_port = rule(faults);
  answer(&other_port, "two");
  run();
  EXPECT_EQ(inbox_.entries().at(0).datagram.from.to_string(), "192.0.2.66:500");
  EXPECT_EQ(inbox_.entries().at(1).datagram.from.to_string(), "192.0.2.66:501");
}

TEST_F(SpoiltAnswerTest, AfterNextIsOvertakenByOneAnswer) {
  Faults faults;
  faults.after_next = true;
  const AnswerRule overtaken = rule(faults);
  answer(&overtaken, "first");
  run();
  EXPECT_THAT(texts(), IsEmpty());
  answer(nullptr, "second");
  answer(nullptr, "third");
  run();
  EXPECT_THAT(texts(), ElementsAre("second", "first", "third"));
}

TEST_F(SpoiltAnswerTest, AfterNextOnEveryAnswerSwapsThemInPairs) {
  Faults faults;
  faults.after_next = true;
  const AnswerRule overtaken = rule(faults);
  for (const char* text : {"1", "2", "3", "4"}) answer(&overtaken, text);
  run();
  EXPECT_THAT(texts(), ElementsAre("2", "1", "4", "3"));
}

TEST_F(SpoiltAnswerTest, IsSpoiltAgainWhenItIsRepeated) {
  Faults faults;
  faults.cut = 3;
  const AnswerRule cut = rule(faults);
  answering_.repeat({.request = "question", .id = "id", .faults = cut.faults()}, 2, *socket_,
                    {kClient, 40000}, bytes_of("answer"));
  run();
  EXPECT_THAT(texts(), ElementsAre("ans"));
}

}  // namespace
}  // namespace provlab::netfakes::test
