#pragma once
#include <fmt/format.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/unit/explaining/tap.hpp"

namespace provlab::lab::test {

using namespace std::chrono_literals;
using Kind = Mishap::Kind;

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
  Duration begin{};    ///< the capture begins so long after the phone
};

inline constexpr std::string_view kDocument = R"(
      <file path="/a.xml"><time><timezone>UTC0</timezone></time></file>)";

inline std::string by_dhcp(std::string_view before = "", std::string_view rules = "") {
  return fmt::format(R"({}
  <responders>
    <dhcp><option code="66" text="http://prov.server.com/a.xml"/>{}</dhcp>
    <http>{}</http>
  </responders>)",
                     before, rules, kDocument);
}

inline std::string by_search(std::string_view before, std::string_view more = "") {
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

inline constexpr std::string_view kNotify =
    R"(<multicast><notify url="http://prov.server.com/b.xml"/></multicast>)";

inline std::string by_multicast() {
  return fmt::format(R"(
  <responders>
    <redirect/>{}
    <http><file path="/b.xml"><time><timezone>UTC0</timezone></time></file></http>
  </responders>)",
                     kNotify);
}

/// Whose body is a section; empty: none.
inline std::string check_sync(std::string_view body = "", std::string_view release = "2.2A") {
  return fmt::format(R"(
  <device release="{}">
    <set path="/provisioning/sip/active" value="true"/>
    <set path="/provisioning/sip/{}" value="192.0.2.10"/>
  </device>
  <world extends="standard"><host id="pbx" address="192.0.2.10"/></world>
  <responders>
    <dhcp><option code="66" text="http://prov.server.com/a.xml"/></dhcp>
    <http>{}</http>
  </responders>
  <timeline until="40s"><boot at="0s"/>
    <check-sync at="20s" host="pbx">{}</check-sync></timeline>)",
                     release,
                     release == "2.2A" ? "allowlist/allowlistEntry" : "whitelist/whitelistEntry",
                     kDocument, body);
}

inline constexpr std::string_view kReferences = R"(
  <responders>
    <dhcp><option code="66" text="http://prov.server.com/all.xml"/></dhcp>
    <http>
      <file path="/all.xml"><referencedSettings><url>b.xml</url><url>c.xml</url></referencedSettings></file>
      <file path="/c.xml"><time><timezone>UTC0</timezone></time></file>
    </http>
  </responders>)";

inline std::string with_device(std::string_view inside, const std::string& rest) {
  return fmt::format("<device>{}</device>{}", inside, rest);
}

inline std::vector<Case> lost_ones() {
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

inline std::vector<Case> late_ones() {
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

inline std::vector<Case> device_ones() {
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

/// A document that the redirect service leads to, and that an earlier run had stored already.
/// `clock`: what DHCP names as time server.
inline std::string stored(std::string_view document, std::string_view clock,
                          std::string_view more = "") {
  return fmt::format(R"(
  <device><configuration-file><configuration>{0}</configuration></configuration-file></device>
  <world extends="standard"><host id="clock" address="192.0.2.77"/></world>
  <responders>
    <dhcp ntp="{1}"><option code="66" text="http://prov.server.com/b.xml"/></dhcp>
    <ntp/><ntp host="clock"/>
    <redirect><assign url="http://prov.server.com/a.xml"/></redirect>
    <http>
      <file path="/a.xml"><configuration>{0}</configuration></file>
      <file path="/b.xml"><time><timezone>UTC0</timezone></time></file>
    </http>
  </responders>{2})",
                     document, clock, more);
}

inline std::vector<Case> stored_ones() {
  constexpr std::string_view kNoDhcp = "<provisioning><dhcp>false</dhcp></provisioning>";
  constexpr std::string_view kClock = "<time><ntpServer>192.0.2.77</ntpServer></time>";
  const std::string both = fmt::format("{}{}", kNoDhcp, kClock);
  return {
      {.name = "stored: DHCP is not asked for a URL",
       .body = stored(kNoDhcp, "router"),
       .cause = "had stored already what"},
      {.name = "stored: neither DHCP's URL nor its clock",
       .body = stored(both, "none"),
       .cause = "had stored already what"},
      {.name = "stored: after a restart by hand",
       .body = stored(both, "none", R"(
  <timeline until="60s"><boot at="0s"/><press at="30s" button="start-provisioning"/></timeline>)"),
       .cause = "had stored already what"},
  };
}

/// Their captures begin too late to show a User-Agent.
inline std::vector<Case> release_ones() {
  return {
      {.name = "release without the section update",
       .body = check_sync("<update><check>true</check></update>", "2.0C"),
       .cause = "behaves as 2.0C",
       .begin = 15s},
      {.name = "oldest release, without the section luaLibraries",
       .body = check_sync(
           "<luaLibraries><luaLibrary name=\"a\"><code>x</code></luaLibrary></luaLibraries>",
           "1.10A"),
       .cause = "behaves as 1.10A",
       .begin = 15s},
  };
}

inline std::vector<Case> shown_ones() {
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

}  // namespace provlab::lab::test
