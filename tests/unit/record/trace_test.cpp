#include "sim/record/trace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/platform/host.hpp"

namespace provlab {
namespace {

using namespace std::chrono_literals;

struct Said {
  static constexpr std::string_view name = "said";
  std::string text;
  int number = 0;
  std::optional<bool> loud{};
  void fields(auto&& field) const {
    field("text", text);
    field("number", number);
    field("loud", loud);
    field("to", Endpoint{Ipv4Address::of(192, 0, 2, 1), 53});
    field("after", Duration(1500ms));
  }
};

struct Other {
  static constexpr std::string_view name = "other";
  void fields(auto&&) const {}
};

TEST(Trace, WritesOneJsonLinePerEvent) {
  Trace trace;
  const HostId phone = trace.add_host("phone");
  const EventNumber first = trace.record(phone, Instant(3ms), Said{"hello", -7});
  trace.set_cause(first);
  trace.record(phone, Instant(4ms), Other{});
  EXPECT_EQ(trace.json_lines(),
            "{\"n\":1,\"time_ns\":3000000,\"host\":\"phone\",\"event\":\"said\",\"text\":\"hello\","
            "\"number\":-7,\"to\":\"192.0.2.1:53\",\"after\":\"1.5s\"}\n"
            "{\"n\":2,\"time_ns\":4000000,\"host\":\"phone\",\"cause\":1,\"event\":\"other\"}\n");
}

TEST(Trace, GivesFieldsBackAsTheyWere) {
  Trace trace;
  const HostId phone = trace.add_host("phone");
  const std::string text = "a \"b\" \\ c,\"d\":1\n\x01 \xc3\xa4 {}";
  trace.record(phone, Instant{}, Said{text, 5, true});
  const TraceRecord record = trace.event(1);
  EXPECT_TRUE(record.is<Said>());
  EXPECT_FALSE(record.is<Other>());
  EXPECT_EQ(record.field("text"), text);
  EXPECT_EQ(record.field("number"), "5");
  EXPECT_EQ(record.field("loud"), "true");
  EXPECT_EQ(record.field("absent"), std::nullopt);
  EXPECT_EQ(record.fields().size(), 5U);
}

TEST(Trace, GivesAnEventByItsNumber) {
  Trace trace;
  const HostId phone = trace.add_host("phone");
  trace.record(phone, Instant{}, Other{});
  const EventNumber said = trace.record(phone, Instant{}, Said{"hello", 1});
  EXPECT_EQ(trace.event(said).number(), said);
  EXPECT_TRUE(trace.event(said).is<Said>());
}

TEST(Trace, ForgetsWhatWasBefore) {
  Trace whole;
  Trace trace;
  for (Trace* each : {&whole, &trace}) {
    const HostId phone = each->add_host("phone");
    each->record(phone, Instant(1ms), Said{"one", 1});
    each->record(phone, Instant(2ms), Other{});
    EXPECT_FALSE(each->json_lines().empty());
    each->record(phone, Instant(3ms), Said{"three", 3});
    if (each == &trace) each->forget_before(3);
    each->record(phone, Instant(4ms), Said{"four", 4});
  }
  EXPECT_EQ(trace.first(), 3U);
  EXPECT_EQ(trace.last(), 4U);
  EXPECT_EQ(trace.size(), 2U);
  EXPECT_EQ(trace.event(3).field("text"), "three");
  EXPECT_EQ(trace.event(4).field("text"), "four");
  EXPECT_TRUE(whole.json_lines().ends_with(trace.json_lines())) << trace.json_lines();
  EXPECT_EQ((*trace.begin()).number(), 3U);

  trace.forget_before(2);  // has been forgotten
  EXPECT_EQ(trace.size(), 2U);
  trace.forget_before(1000);
  EXPECT_EQ(trace.size(), 0U);
  EXPECT_EQ(trace.json_lines(), "");
  EXPECT_EQ(trace.record(HostId{}, Instant(5ms), Other{}), 5U);
  EXPECT_EQ(trace.event(5).event(), "other");
}

struct Every {
  static constexpr std::string_view name = "every";
  void fields(auto&& field) const {
    field("text", "a \"b\"");
    field("number", -1);
    field("flag", true);
    field("address", Ipv4Address::of(192, 0, 2, 1));
    field("endpoint", Endpoint{Ipv4Address::of(192, 0, 2, 1), 53});
    field("mac", MacAddress::broadcast());
    field("wait", Duration(1500ms));
    field("time", WallTime(Duration(1s)));
  }
};

TEST(Trace, WritesEveryKindOfField) {
  Trace trace;
  trace.record(trace.add_host("phone"), Instant(1ms), Every{});
  EXPECT_EQ(trace.json_lines(),
            R"({"n":1,"time_ns":1000000,"host":"phone","event":"every","text":"a \"b\"",)"
            R"("number":-1,"flag":true,"address":"192.0.2.1","endpoint":"192.0.2.1:53",)"
            R"("mac":"FF:FF:FF:FF:FF:FF","wait":"1.5s","time":"1970-01-01T00:00:01Z"})"
            "\n");
}

TEST(Trace, ReplacesOctetsThatAreNoUtf8) {
  Trace trace;
  const HostId phone = trace.add_host("phone");
  trace.record(phone, Instant{}, Said{"x\xff\xc3y", 0});
  EXPECT_EQ(trace.event(1).field("text"), "x\xef\xbf\xbd\xef\xbf\xbdy");
}

TEST(Trace, ChecksumSeesEveryOctet) {
  const auto sum = [](const std::string& text) {
    Trace trace;
    trace.record(trace.add_host("h"), Instant{}, Said{text, 0});
    return trace.checksum();
  };
  EXPECT_EQ(sum("abc"), sum("abc"));
  EXPECT_NE(sum("abc"), sum("abd"));
  EXPECT_NE(sum("abcdefgh"), sum("abcdefgi"));
}

TEST(UniqueFunction, KeepsSmallAndLargeCallables) {
  const auto counted = std::make_shared<int>(0);
  std::array<char, 200> large{};
  UniqueFunction<int()> small_one = [counted] { return 1; };
  UniqueFunction<int()> large_one = [counted, large] { return 2 + large[0]; };
  UniqueFunction<int()> moved = std::move(large_one);
  EXPECT_FALSE(large_one);
  EXPECT_EQ(small_one() + moved(), 3);
  EXPECT_EQ(counted.use_count(), 3);
  moved = std::move(small_one);
  EXPECT_EQ(counted.use_count(), 2);
  moved.reset();
  EXPECT_EQ(counted.use_count(), 1);
}

struct Large {
  static constexpr std::string_view name = "large";
  std::int64_t number;
  void fields(auto&& field) const { field("number", number); }
};

struct Either {
  static constexpr std::string_view name = "either";
  std::optional<int> left;
  std::optional<int> right;
  void fields(auto&& field) const {
    field("left", left);
    field("right", right);
  }
};

/// So many events that most of them are packed.
constexpr int kMany = 50'000;

EventNumber record_many(Trace& trace, int count = kMany) {
  const HostId phone = trace.find_host("phone") ? HostId{} : trace.add_host("phone");
  for (int i = 0; i < count; ++i) {
    trace.set_cause(i % 3 == 0 ? 0 : trace.last());
    const Instant at(Duration(1ms) * trace.last());
    if (i % 5 == 4) {
      trace.record(phone, at, Other{});
    } else {
      trace.record(phone, at,
                   Said{i % 2 == 0 ? "again" : "no. " + std::to_string(i), -7 * i,
                        i % 7 == 0 ? std::optional(i % 2 == 0) : std::nullopt});
    }
  }
  return trace.last();
}

TEST(Trace, PacksWhatIsOldWithoutLosingAnything) {
  Trace trace;
  record_many(trace);
  EXPECT_EQ(trace.size(), static_cast<std::size_t>(kMany));
  EventNumber number = 0;
  for (const TraceRecord record : trace) {
    const int i = static_cast<int>(number++);
    ASSERT_EQ(record.number(), number);
    ASSERT_EQ(record.cause(), i % 3 == 0 ? 0 : number - 1);
    ASSERT_EQ(record.at(), Instant(Duration(1ms) * i));
    ASSERT_EQ(trace.host_name(record.host()), "phone");
    ASSERT_EQ(record.is<Other>(), i % 5 == 4);
    if (record.is<Other>()) continue;
    ASSERT_EQ(record.field("text"), i % 2 == 0 ? "again" : "no. " + std::to_string(i));
    ASSERT_EQ(record.field("number"), std::to_string(-7 * i));
    ASSERT_EQ(record.field("loud").has_value(), i % 7 == 0);
    ASSERT_TRUE(record.says("to", "192.0.2.1:53"));
  }
}

TEST(Trace, TakesLittleForManyEvents) {
  Trace trace;
  record_many(trace, 300'000);
  EXPECT_LT(trace.octets() / trace.size(), 60U) << "unpacked it would be 190";
}

TEST(Trace, GivesPackedEventsInAnyOrder) {
  Trace trace;
  record_many(trace);
  // Records of as many parts as are kept open stay valid beside each other.
  const TraceRecord first = trace.event(2);
  const TraceRecord second = trace.event(9'002);
  const TraceRecord third = trace.event(18'002);
  const TraceRecord last = trace.event(kMany - 1);
  EXPECT_EQ(first.field("text"), "no. 1");
  EXPECT_EQ(second.field("text"), "no. 9001");
  EXPECT_EQ(third.field("text"), "no. 18001");
  EXPECT_EQ(last.number(), kMany - 1U);
  for (EventNumber number = kMany; number > 0; number -= 997) {
    ASSERT_EQ(trace.event(number).at(), Instant(Duration(1ms) * (number - 1)));
    if (number < 997) break;
  }
}

TEST(Trace, GoesFromOnePackedPartToTheNext) {
  Trace trace;
  record_many(trace);
  for (const EventNumber last : {8'192U, 16'384U, 24'576U}) {
    for (const EventNumber number : {last, last + 1, last, last - 1, last + 2}) {
      ASSERT_EQ(trace.event(number).at(), Instant(Duration(1ms) * (number - 1)));
      ASSERT_EQ(trace.event(number).cause(), (number - 1) % 3 == 0 ? 0 : number - 1);
    }
  }
}

TEST(Trace, PacksTheLargestNumbersToo) {
  Trace trace;
  const HostId phone = trace.add_host("phone");
  const std::array<std::int64_t, 6> numbers{0, 1, -1, INT64_MAX, INT64_MIN, INT64_MAX / 2 + 1};
  for (const std::int64_t number : numbers) trace.record(phone, Instant{}, Large{number});
  record_many(trace);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    EXPECT_EQ(trace.event(static_cast<EventNumber>(i + 1)).field("number"),
              std::to_string(numbers[i]));
  }
}

TEST(Trace, WritesPackedEventsAsAllOthers) {
  Trace trace;
  record_many(trace, 20'000);
  const std::string all(trace.json_lines());
  EXPECT_EQ(std::ranges::count(all, '\n'), 20'000);
  EXPECT_EQ(trace.json_lines(1, 10'001) + trace.json_lines(10'001, 20'001), all);
  EXPECT_TRUE(all.ends_with(trace.json_lines(20'000, 20'001)));
}

TEST(Trace, ChecksumSeesWhichFieldIsThere) {
  const auto sum = [](std::optional<int> left, std::optional<int> right, int more) {
    Trace trace;
    trace.record(trace.add_host("phone"), Instant{}, Either{left, right});
    if (more != 0) record_many(trace, more);
    return trace.checksum();
  };
  for (const int more : {0, kMany}) {
    EXPECT_NE(sum(1, {}, more), sum({}, 1, more));
    EXPECT_NE(sum(1, {}, more), sum(2, {}, more));
    EXPECT_EQ(sum(1, {}, more), sum(1, {}, more));
  }
}

TEST(Trace, ChecksumSeesWhatIsPacked) {
  Trace one, other, same;
  for (Trace* each : {&one, &other, &same}) {
    const HostId phone = each->add_host("phone");
    each->record(phone, Instant{}, Said{each == &other ? "b" : "a", 1});
    record_many(*each);
  }
  EXPECT_EQ(one.checksum(), same.checksum());
  EXPECT_NE(one.checksum(), other.checksum());
}

TEST(Trace, ForgetsWhatIsPacked) {
  Trace trace;
  record_many(trace);
  for (const EventNumber number : {5U, 8'192U, 8'194U, 30'000U, 49'000U}) {
    trace.forget_before(number);
    EXPECT_EQ(trace.first(), number);
    EXPECT_EQ(trace.last(), static_cast<EventNumber>(kMany));
    EXPECT_EQ(trace.event(number).at(), Instant(Duration(1ms) * (number - 1)));
    EXPECT_EQ((*trace.begin()).number(), number);
  }
  EXPECT_EQ(std::ranges::count(trace.json_lines(), '\n'), 1'001);
  EXPECT_EQ(record_many(trace), 2U * kMany);
  EXPECT_EQ(trace.event(49'500).at(), Instant(Duration(1ms) * 49'499));
  trace.forget_before(1'000'000);
  EXPECT_EQ(trace.size(), 0U);
  EXPECT_EQ(trace.last(), 2U * kMany);
}

}  // namespace
}  // namespace provlab
