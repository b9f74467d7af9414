#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>

#include "sim/lab/explaining/explainer.hpp"
#include "sim/lab/suite/runner.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/unit/explaining/tap.hpp"

/// Captures that are made with a cause which they do not show, and what is found of it.
namespace provlab::lab {
namespace {

using namespace std::chrono_literals;
using test::Mishap;
using Kind = test::Mishap::Kind;

/// A capture with what brought it about.
struct Case {
  std::string name;
  std::string body;  ///< of the scenario
  std::vector<Mishap> mishaps{};
  /// What the phone does is that of the body; the capture shows this in place of that.
  std::vector<std::pair<std::string, std::string>> shown_as{};
  /// The true cause: a part of its hypothesis' words, or of the oddity that decided.
  std::string cause;
  bool shown = false;  ///< the capture itself shows it
};

constexpr std::string_view kDocument = R"(
      <file path="/a.xml"><time><timezone>UTC0</timezone></time></file>)";

std::string by_dhcp(std::string_view before = "", std::string_view rules = "") {
  return fmt::format(R"({}
  <responders>
    <dhcp><option code="66" text="http://prov.server.com/a.xml"/>{}</dhcp>
    <http>{}</http>
  </responders>)",
                     before, rules, kDocument);
}

std::string by_search(std::string_view before, std::string_view more = "") {
  return fmt::format(R"({}
  <responders>
    <redirect><assign url="http://prov.server.com/a.xml"/></redirect>
    {}
    <http>{}
      <file path="/b.xml"><time><timezone>UTC0</timezone></time></file>
    </http>
  </responders>)",
                     before, more, kDocument);
}

constexpr std::string_view kNotify =
    R"(<multicast><notify url="http://prov.server.com/b.xml"/></multicast>)";

std::string by_multicast() {
  return fmt::format(R"(
  <responders>
    <redirect/>{}
    <http><file path="/b.xml"><time><timezone>UTC0</timezone></time></file></http>
  </responders>)",
                     kNotify);
}

std::string check_sync(std::string_view rest = "") {
  return fmt::format(R"(
  <device>
    <set path="/provisioning/sip/active" value="true"/>
    <set path="/provisioning/sip/allowlist/allowlistEntry" value="192.0.2.10"/>
  </device>
  <world extends="standard"><host id="pbx" address="192.0.2.10"/></world>
  <responders>
    <dhcp><option code="66" text="http://prov.server.com/a.xml"/></dhcp>
    <http>{}</http>
  </responders>
  <timeline until="40s"><boot at="0s"/>
    <check-sync at="20s" host="pbx"{}/></timeline>)",
                     kDocument, rest);
}

constexpr std::string_view kReferences = R"(
  <responders>
    <dhcp><option code="66" text="http://prov.server.com/all.xml"/></dhcp>
    <http>
      <file path="/all.xml"><referencedSettings><url>b.xml</url><url>c.xml</url></referencedSettings></file>
      <file path="/c.xml"><time><timezone>UTC0</timezone></time></file>
    </http>
  </responders>)";

std::string with_device(std::string_view inside, const std::string& rest) {
  return fmt::format("<device>{}</device>{}", inside, rest);
}

std::vector<Case> lost_ones() {
  const auto lost = [](std::string what) { return std::vector<Mishap>{{Kind::lost, what}}; };
  const auto unseen = [](std::string what) {
    return std::vector<Mishap>{{.kind = Kind::lost, .what = what, .to_phone = false}};
  };
  return {
      {"offer lost", by_dhcp(), lost("offer"), {}, "DHCP offer"},
      {"ack lost", by_dhcp(), lost("ack"), {}, "DHCP ack"},
      {"time lost", by_dhcp(), lost("tells the time"), {}, "answer with the time"},
      {"name lost", by_dhcp(), lost("A prov.server.com"), {}, "answer to A"},
      {"SYN-ACK lost", by_dhcp(), lost("SYN,ACK"), {}, "for a connection", true},
      {"answer lost",
       std::string(kReferences),
       lost("HTTP/1.1"),
       {},
       "prov had to send a part",
       true},
      {"notify lost", by_search("", kNotify), lost("notify"), {}, "SIP NOTIFY"},
      {"check-sync lost", check_sync(), lost("notify"), {}, "SIP NOTIFY"},
      {"question for a name lost", by_dhcp(), unseen("A prov.server.com"), {}, "question for A"},
      {"question for the time lost", by_dhcp(), unseen("time"), {}, "question for the time"},
      {"SUBSCRIBE lost", by_multicast(), unseen("subscribe"), {}, "SIP SUBSCRIBE"},
      {"offer and time lost",
       by_dhcp(),
       {{Kind::lost, "offer"}, {Kind::lost, "tells the time"}},
       {},
       "DHCP offer"},
  };
}

std::vector<Case> late_ones() {
  const auto late = [](std::string what, Duration time) {
    return std::vector<Mishap>{{Kind::late, what, 1, time}};
  };
  return {
      {"name late", by_dhcp(), late("A prov.server.com", 700ms), {}, "answer to A"},
      {"time late", by_dhcp(), late("tells the time", 800ms), {}, "answer with the time"},
      {"offer late", by_dhcp(), late("offer", 2500ms), {}, "DHCP offer"},
      {"document late",
       std::string(kReferences),
       late("HTTP/1.1", 900ms),
       {},
       "prov had to send a part",
       true},
      {"redirect service late",
       by_search(
           "",
           R"(<multicast><notify url="http://prov.server.com/b.xml" after="100ms"/></multicast>)"),
       late("HTTP/1.1", 600ms),
       {},
       "cloud had to send a part",
       true},
      {"check-sync late", check_sync(), late("notify", 400ms), {}, "SIP NOTIFY"},
      {"check-sync twice", check_sync(), {{Kind::doubled, "notify"}}, {}, "twice"},
  };
}

std::vector<Case> device_ones() {
  return {
      {"DHCP is not asked for a URL",
       with_device(
           R"(<set path="/provisioning/dhcp" value="false"/>)",
           by_search("",
                     R"(<dhcp><option code="66" text="http://prov.server.com/b.xml"/></dhcp>)")),
       {},
       {},
       "/provisioning/dhcp was false"},
      {"configured URL before DHCP",
       with_device(R"(<set path="/provisioning/url" value="http://prov.server.com/c.xml"/>
                      <knobs sequence="configured, dhcp, redirect+multicast"/>)",
                   by_dhcp()),
       {},
       {},
       "/provisioning/url was http"},
      {"another order",
       with_device(R"(<knobs sequence="multicast, redirect, dhcp"/>)", by_dhcp()),
       {},
       {},
       "knob sequence"},
      {"short patience with multicast",
       with_device(R"(<set path="/provisioning/url" value="http://prov.server.com/a.xml"/>
                      <knobs multicast-timeout="2s"/>)",
                   R"(
  <responders>
    <multicast><on request="subscribe"><nothing/></on></multicast>
    <http><file path="/a.xml"><time><timezone>UTC0</timezone></time></file></http>
  </responders>)"),
       {},
       {},
       "knob multicast-timeout was at 2s"},
      {"stops at a missing file",
       with_device(R"(<knobs on-reference-failure="stop"/>)",
                   std::string(kReferences) +
                       R"(<timeline until="40s"><boot at="0s"/>
                         <press at="20s" button="start-provisioning"/></timeline>)"),
       {},
       {},
       "on-reference-failure"},
      {"option 43 last",
       with_device(R"(<knobs option-43="last"/>)", R"(
  <responders>
    <dhcp><option code="66" text="http://prov.server.com/a.xml"/>
      <option code="43"><sub code="66" text="http://prov.server.com/b.xml"/></option></dhcp>
    <http><file path="/a.xml"><time><timezone>UTC0</timezone></time></file></http>
  </responders>)"),
       {},
       {},
       "option 43"},
      {"next source after a failure",
       with_device(
           R"(<knobs on-download-failure="next-source"/>)",
           by_search(
               "",
               R"(<dhcp><option code="66" text="http://prov.server.com/missing.xml"/></dhcp>)")),
       {},
       {},
       "on-download-failure"},
      {.name = "NUL after 66 is taken into the URL",
       .body = R"(
  <responders>
    <dhcp><option code="66" text="http://prov.server.com/a.xml%00"/></dhcp>
    <http><file path="/a.xml%00"><time><timezone>UTC0</timezone></time></file></http>
  </responders>)",
       .shown_as = {{"\x42\x1fhttp://prov.server.com/a.xml%00",
                     std::string("\x42\x1dhttp://prov.server.com/a.xml\0\0\0", 33)}},
       .cause = "took them into its URL"},
      {.name = "0xff after the file name is taken into the URL",
       .body = R"(
  <responders>
    <dhcp file="http://prov.server.com/a.xml%FF"/>
    <http><file path="/a.xml%FF"><time><timezone>UTC0</timezone></time></file></http>
  </responders>)",
       .shown_as = {{"/a.xml%FF", std::string("/a.xml\xff\0\0", 9)}},
       .cause = "took them into its URL"},
  };
}

std::vector<Case> shown_ones() {
  const auto shown = [](std::string name, std::string body, std::string cause) {
    return Case{.name = std::move(name), .body = std::move(body), .cause = cause, .shown = true};
  };
  std::vector<Case> all{
      shown("second DHCP server", R"(
  <world extends="standard"><host id="other" address="192.0.2.66"/></world>
  <responders>
    <dhcp><option code="66" text="http://prov.server.com/a.xml"/>
      <on request="discover"><answer after="1ms"/></on></dhcp>
    <dhcp host="other" router="router" dns="router" ntp="router">
      <option code="66" text="http://prov.server.com/b.xml"/></dhcp>
    <http><file path="/b.xml"><time><timezone>UTC0</timezone></time></file></http>
  </responders>)",
            "is one of 2 that answer"),
      shown("kiss",
            R"(<responders><ntp><on request="time"><answer kiss="DENY"/></on></ntp></responders>)",
            "kiss"),
      shown(
          "not synchronised",
          R"(<responders><ntp><on request="time" nth="1"><answer stratum="16"/></on></ntp></responders>)",
          "stratum 16"),
      shown("refused address", by_dhcp("", R"(<on request="request" nth="1"><nak/></on>)"),
            "refuses the address"),
      shown("NUL within option 66", R"(
  <responders>
    <dhcp><option code="66" hex="687474703a2f2f70726f762e7365727665722e636f6d2f6100622e786d6c"/></dhcp>
    <http><file path="/a"><time><timezone>UTC0</timezone></time></file></http>
  </responders>)",
            "has a NUL in it"),
      shown("name server out of order", R"(
  <responders>
    <dhcp><option code="66" text="http://prov.server.com/a.xml"/></dhcp>
    <dns><on request="A prov.server.com"><answer result="server-failure"/></on></dns>
    <http><file path="/a.xml"><time><timezone>UTC0</timezone></time></file></http>
  </responders>)",
            "server-failure"),
      shown("document not there", R"(
  <responders>
    <dhcp><option code="66" text="http://prov.server.com/a.xml"/></dhcp>
    <http><on request="GET /a.xml"><answer status="503"/></on></http>
  </responders>)",
            "503"),
      shown("0xff after the file name",
            by_search("", R"(<dhcp file="http://prov.server.com/b.xml&#x7f;"/>)"), "%FF"),
  };
  all.back().shown_as = {{"/b.xml\x7f", "/b.xml\xff"}};
  return all;
}

class HiddenCauses : public ::testing::Test {
 protected:
  HiddenCauses() { prepare_language(); }

  std::string captured(const Case& each) {
    const std::string text = fmt::format(
        "<scenario name=\"made\"><about>Made for a test.</about>{}"
        "<expect><event name=\"powered_on\"/></expect></scenario>",
        each.body);
    const PlanResult plan = compile_scenario(text, folder_ / "made.xml");
    EXPECT_TRUE(plan) << each.name << ": " << (plan ? "" : plan.error().front().to_string());
    if (!plan) return {};
    test::Tap tap(each.mishaps);
    tap.rewrite = [&](world::Packet& packet) {
      for (const auto& [before, after] : each.shown_as) replace(packet, before, after);
    };
    return tap.capture(*plan);
  }

  static void replace(world::Packet& packet, const std::string& before, const std::string& after) {
    std::string text(text_of(packet.payload));
    if (packet.from.port != 67) return;
    const std::size_t at = text.find(before);
    if (at == text.npos) return;
    text.replace(at, before.size(), after);
    packet.payload = Bytes(text.begin(), text.end());
  }

  CaptureExplanation explained(const std::string& capture, const std::string& name,
                               const SearchLimits& limits = {}) {
    const std::string file = folder_ / "capture.pcapng";
    std::ofstream(file, std::ios::binary) << capture;
    auto found =
        explain_capture({.import = {.capture = file, .folder = folder_ / name, .name = "explained"},
                         .limits = limits});
    EXPECT_TRUE(found) << name << ": " << (found ? "" : found.error().to_string());
    return std::move(*found);
  }

  /// From 1; 0: it is not among them.
  static std::size_t rank(const Case& each, const CaptureExplanation& found) {
    const auto has = [&](const std::string& text) { return text.find(each.cause) != text.npos; };
    if (each.shown) {
      for (std::size_t i = 0; i < found.decisions.size(); ++i) {
        if (has(found.decisions[i].oddity)) return i + 1;
      }
      return 0;
    }
    for (std::size_t i = 0; i < found.hypotheses.size(); ++i) {
      if (std::ranges::any_of(found.hypotheses[i].sentences, has)) return i + 1;
    }
    return 0;
  }

  /// A kept scenario is one of the library's kind: it is valid, and passes.
  static void expect_passing(const CaptureExplanation& found, const std::string& name) {
    std::vector<std::string> files{found.import.scenario};
    for (const KeptHypothesis& each : found.hypotheses) files.push_back(each.scenario);
    const SuiteReport report = run_suite(files, {});
    for (const Complaint& each : report.complaints) ADD_FAILURE() << name << each.to_string();
    for (const RunReport& run : report.runs) {
      if (run.file == found.import.scenario && !found.replays) continue;
      EXPECT_EQ(run.verdict.reason, "") << name;
      for (const Finding& each : run.verdict.findings) {
        if (!each.held) ADD_FAILURE() << name << ": " << run.heading(each) << each.actual;
      }
    }
  }

  ::provlab::test::TemporaryFolder folder_;
};

TEST_F(HiddenCauses, AreAmongTheFirstHypotheses) {
  std::vector<Case> all = lost_ones();
  for (auto more : {late_ones(), device_ones(), shown_ones()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  std::size_t first = 0;
  std::size_t among_three = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto started = std::chrono::steady_clock::now();
    const CaptureExplanation found = explained(captured(all[i]), fmt::format("case{}", i));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    const std::size_t place = rank(all[i], found);
    first += place == 1 ? 1 : 0;
    among_three += place >= 1 && place <= 3 ? 1 : 0;
    std::cout << fmt::format("{:<45} rank {} {:6} runs {:5.2f} s{}\n", all[i].name, place,
                             found.runs, took.count(), found.replays ? " (replays)" : "");
    if (place != 1) {
      if (found.import.divergence) std::cout << "    " << found.import.divergence->text << '\n';
      for (const auto& each : found.hypotheses) {
        std::cout << "    ? " << each.probability << " " << each.apart;
        for (const auto& sentence : each.sentences) std::cout << ": " << sentence;
        std::cout << '\n';
      }
      for (const auto& each : found.decisions) {
        std::cout << "    ! " << each.oddity << " | " << each.consequence << '\n';
      }
    }
    EXPECT_LT(took.count(), 30) << all[i].name;
    expect_passing(found, all[i].name);
  }
  std::cout << fmt::format("{} causes: {} first, {} among three\n", all.size(), first, among_three);
  EXPECT_GE(all.size(), 30U);
  EXPECT_GE(first * 30, all.size() * 25);
  EXPECT_EQ(among_three, all.size());
}

std::string told(const CaptureExplanation& found) {
  std::string text;
  for (const KeptHypothesis& each : found.hypotheses) {
    text += each.probability + fmt::format(" {}\n", each.apart);
    for (const std::string& sentence : each.sentences) text += sentence + "\n";
    std::ifstream file(each.scenario);
    text.append(std::istreambuf_iterator<char>(file), {});
  }
  for (const Decision& each : found.decisions) text += each.oddity + each.consequence + "\n";
  for (const std::string& each : found.unknown) text += each + "\n";
  return text + fmt::format("{}", found.runs);
}

TEST_F(HiddenCauses, AreToldAlikeOnAnyNumberOfThreads) {
  const std::string capture = captured(lost_ones().back());
  const std::string first = told(explained(capture, "same", {.jobs = 1}));
  EXPECT_THAT(first, ::testing::HasSubstr("two lost packets"));
  EXPECT_EQ(told(explained(capture, "same", {.jobs = 3})), first);
}

TEST_F(HiddenCauses, BudgetEndsTheSearch) {
  const CaptureExplanation found =
      explained(captured(lost_ones().back()), "short", {.runs = 100, .assumptions = 2});
  EXPECT_FALSE(found.explains());
  EXPECT_FALSE(found.exhausted);
  ASSERT_TRUE(found.farthest) << "one of the two losses leads farther";
  EXPECT_EQ(found.farthest->probability, "one lost packet");
  EXPECT_GT(found.explained, Duration::zero());
}

TEST_F(HiddenCauses, WhatIsOpenIsTold) {
  const CaptureExplanation found =
      explained(captured({.name = "",
                          .body = by_dhcp("", R"(<on request="discover" nth="1"><nothing/></on>)"),
                          .cause = {}}),
                "open");
  EXPECT_TRUE(found.replays);
  EXPECT_THAT(found.unknown, ::testing::Contains(::testing::HasSubstr(
                                 "discover to everybody at 0.000000 s was lost behind the tap")));
}

TEST(Assumptions, ClassIsSaidInWords) {
  const auto of = [](std::vector<AssumptionKind> kinds) {
    std::vector<Assumption> all;
    for (const AssumptionKind each : kinds)
      all.push_back({.kind = each, .words = {}, .change = {}});
    return class_of(all);
  };
  EXPECT_EQ(of({AssumptionKind::lost}), "one lost packet");
  EXPECT_EQ(of({AssumptionKind::lost, AssumptionKind::lost}), "two lost packets");
  EXPECT_EQ(of({AssumptionKind::setting, AssumptionKind::lost}), "one lost packet and one setting");
}

}  // namespace
}  // namespace provlab::lab
