#include <gmock/gmock.h>

#include "sim/lab/language/load.hpp"
#include "tests/unit/lab/slip.hpp"

namespace provlab::lab {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

TEST(ScenarioComplaints, AreNotMadeOfAGoodScenario) {
  EXPECT_THAT(complaints(kScenario), IsEmpty());
}

TEST(ScenarioComplaints, OfWhatARaceLacksAreNotRepeatedForItsVariants) {
  const std::string of_variant =
      changed(kScenario, "<winner is=\"first-answer\"/>",
              "<winner is=\"redirect\" variant=\"r-then-* without-m\"/>");
  EXPECT_THAT(complaints(changed(of_variant, "ref=\"m\"", "ref=\"mm\"")),
              ElementsAre(HasSubstr("no answer has the id 'mm'")));
  EXPECT_THAT(complaints(changed(of_variant, "<answer ref=\"m\"/>", "")),
              ElementsAre(HasSubstr("it has one answer only")));
  EXPECT_THAT(complaints(changed(of_variant, "<multicast host=\"pbx\"", "<multicast host=\"pbz\"")),
              ElementsAre(HasSubstr("there is no host 'pbz'")));
}

TEST(ScenarioComplaints, SayThatAFileIsNotUtf8) {
  EXPECT_THAT(
      complaints(changed(kScenario, "A sample.", "F\xfcr alle.")),
      ElementsAre(HasSubstr("s.xml:2: the file is not valid UTF-8 here; save it as UTF-8")));
}

TEST(ScenarioComplaints, SayThatElementsLieTooDeep) {
  std::string deep = "<scenario name=\"a\">";
  for (int i = 0; i < 300; ++i) deep += "<a>";
  EXPECT_THAT(complaints(deep), ElementsAre(HasSubstr("elements lie more than 256 deep")));
}

class ScenarioComplaint : public ::testing::TestWithParam<Slip> {};

TEST_P(ScenarioComplaint, SaysWhereWhatAndWhatToWrite) {
  EXPECT_THAT(complaints(GetParam().in(kScenario)), ElementsAre(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Xml, ScenarioComplaint,
    ::testing::Values(
        Slip{"WrongEndTag", "</timeline>", "</timelin>",
             "s.xml:25: <timeline> (opened in line 23) is closed by </timelin>; write </timeline> "
             "before it"},
        Slip{"BareLessThan", "/a.xml\"/>", "/<MACADR>.xml\"/>",
             "s.xml:15: an attribute's value holds '<'; write &lt; for it, for example "
             "&lt;MACADR>"},
        Slip{"BareAmpersand", "/a.xml\"/>", "/a.xml?a=1&b=2\"/>",
             "s.xml:15: there is a bare '&' or '<'; write &amp; for '&' and &lt; for '<'"},
        Slip{"UnknownEntity", "A sample.", "A &nice; sample.",
             "s.xml:2: '&nice;' is unknown; write &amp; for a bare '&'"},
        Slip{"AttributeTwice", "id=\"pbx\"", "id=\"pbx\" id=\"p\"",
             "s.xml:7: the attribute id= stands twice in one element; keep one of them"},
        Slip{"NoQuotes", "at=\"0s\"", "at=0s",
             "s.xml:24: an attribute's value has no quotes; write name=\"value\""},
        Slip{"NoSpace", "\"router\" address", "\"router\"address",
             "s.xml:6: a space is missing between two attributes"},
        Slip{"TextAfterTheEnd", "</scenario>\n", "</scenario>\nmore",
             "s.xml:31: there is text after the end of the scenario; a file holds one <scenario>"},
        Slip{"Doctype", "<scenario name", "<!DOCTYPE scenario []><scenario name",
             "s.xml:1: a scenario has no DOCTYPE; remove it"},
        Slip{"CommentWithDashes", "A sample.", "A sample.<!-- a -- b -->",
             "s.xml:2: a comment holds '--', which XML forbids; write a single '-'"}),
    kSlipName);

INSTANTIATE_TEST_SUITE_P(
    Language, ScenarioComplaint,
    ::testing::Values(
        Slip{"OtherRoot", "<scenario name=\"sample\" seed=\"3\">",
             "<scenario name=\"sample\" seeds=\"3\">",
             "s.xml:1: <scenario> has no attribute 'seeds' (did you mean 'seed'?)"},
        Slip{"MissingUnit", "latency=\"1ms\"", "latency=\"1\"",
             "s.xml:5: latency=\"1\" in <link>: write a length of time with its unit, for example "
             "30ms, 1.5s, 5min or 24h"},
        Slip{"WrongUnit", "latency=\"10ms\"", "latency=\"10msec\"",
             "s.xml:9: latency=\"10msec\" in <host>: write a length of time with its unit, for "
             "example 30ms, 1.5s, 5min or 24h"},
        Slip{"MisspeltElement", "<link latency=\"1ms\"/>", "<lnik latency=\"1ms\"/>",
             "s.xml:5: <world> has no element <lnik> (did you mean 'link'?)"},
        Slip{"UnknownElement", "<link latency=\"1ms\"/>", "<wireless/>",
             "s.xml:5: <world> has no element <wireless>; it may hold link, host or lose"},
        Slip{"AttributeAsElement", "<link latency=\"1ms\"/>", "<link><latency>1ms</latency></link>",
             "s.xml:5: <link> has no element <latency>; it is an attribute: <link "
             "latency=\"...\">"},
        Slip{"ElementAsAttribute", "<world>", "<world link=\"1ms\">",
             "s.xml:4: <world> has no attribute 'link'; write an element <link> into it"},
        Slip{"AttributeOfAnElementInside", "<multicast host=\"pbx\">",
             "<multicast host=\"pbx\" from=\"router\">",
             "s.xml:16: <multicast> has no attribute 'from'; it is one of <notify> inside"},
        Slip{"MisspeltAttribute", "<link latency", "<link latencey",
             "s.xml:5: <link> has no attribute 'latencey' (did you mean 'latency'?)"},
        Slip{"MisspeltRequiredAttribute", "<host id=\"pbx\" address", "<host id=\"pbx\" adress",
             "s.xml:7: <host> has no attribute 'adress' (did you mean 'address'?)"},
        Slip{"UnknownAttribute", "<link latency", "<link bandwidth",
             "s.xml:5: <link> has no attribute 'bandwidth'; it knows latency, up, down, jitter or "
             "loss"},
        Slip{"MissingAttribute", "<boot at=\"0s\"/>", "<boot/>",
             "s.xml:24: <boot> needs at=\"...\": write a time since the start with its unit, for "
             "example 2s, or an event and a time after it, for example provisioned+30s, or a time "
             "of day in UTC by the scenario's clock, for example 02:30 or 02:30+24h"},
        Slip{"EmptyAbout", "A sample.", " ",
             "s.xml:2: <about> is empty; write a text that is not empty"},
        Slip{"NoExpectations", "<result is=\"provisioned\"/>\n    <winner is=\"first-answer\"/>",
             "",
             "s.xml:26: <expect> is empty; write result, winner, requests, request, response, "
             "event, "
             "setting or never into it"},
        Slip{"BareText", "<timeline>", "<timeline>now",
             "s.xml:23: there is bare text inside <timeline>, which holds elements only; remove "
             "it"},
        Slip{"WrongValue", "type=\"D200\"", "type=\"D300\"",
             "s.xml:3: type=\"D300\" in <device>: write D100 or D200 (did you mean 'D100'?)"},
        Slip{"MisspeltResult", "is=\"provisioned\"", "is=\"provisoned\"",
             "s.xml:27: is: there is no result 'provisoned' (did you mean 'provisioned'?); write "
             "inactive, no-network, no-valid-time, no-url, download-failed, rejected, partial, "
             "provisioned or unchanged, or several with spaces between them"},
        Slip{"TwoAnswersToOneRule", "<dns host=\"router\"/>",
             "<dns host=\"router\"><on><nothing/><nothing/></on></dns>",
             "s.xml:13: <on> holds one of nothing, answer or raw, not several"},
        Slip{"RuleWithoutAnswer", "<dns host=\"router\"/>", "<dns host=\"router\"><on/></dns>",
             "s.xml:13: <on> is empty; write nothing, answer or raw into it"},
        Slip{"SecondLink", "<link latency=\"1ms\"/>", "<link latency=\"1ms\"/><link/>",
             "s.xml:5: there is a second <link> in <world>; keep one of them"}),
    kSlipName);

INSTANTIATE_TEST_SUITE_P(
    Meaning, ScenarioComplaint,
    ::testing::Values(
        Slip{"UnknownHost", "<dns host=\"router\"/>", "<dns host=\"ruter\"/>",
             "s.xml:13: there is no host 'ruter' (did you mean 'router'?); the world has router, "
             "pbx, cloud or prov"},
        Slip{"NoHost", "<dns host=\"router\"/>", "<dns/>",
             "s.xml:13: <dns> needs host=\"...\": the world has router, pbx, cloud or prov"},
        Slip{"SameHostTwice", "<host id=\"pbx\"",
             "<host id=\"router\" address=\"192.0.2.2\"/><host id=\"pbx\"",
             "s.xml:7: there is already a host 'router' in line 6; choose another id"},
        Slip{"SameAddressTwice", "192.0.2.10", "192.0.2.1",
             "s.xml:7: the address 192.0.2.1 belongs to host 'router' already; choose another"},
        Slip{"SameNameTwice", "name=\"prov.server.com\"", "name=\"connect.redirect.auerswald.de\"",
             "s.xml:9: the name connect.redirect.auerswald.de belongs to host 'cloud' already"},
        Slip{"HostCalledDevice", "<host id=\"router\" address=\"192.0.2.1\"/>",
             "<host id=\"router\" address=\"192.0.2.1\"/><host id=\"device\" "
             "address=\"192.0.2.2\"/>",
             "s.xml:6: id=\"device\" is the phone's own name; choose another"},
        Slip{"ImpossibleAddress", "192.0.2.10\"", "192.0.2.999\"",
             "s.xml:7: address: '192.0.2.999' is not an IPv4 address; write it as 192.0.2.1"},
        Slip{"GroupAddress", "\"192.0.2.10\"", "\"224.0.1.75\"",
             "s.xml:7: address=\"224.0.1.75\" is no address that a machine can have"},
        Slip{"ImpossiblePrefix", "\"192.0.2.10\"", "\"192.0.2.10/40\"",
             "s.xml:7: address=\"192.0.2.10/40\": a prefix length goes from 1 to 32"},
        Slip{"GroupMac", "00:09:52:00:00:0E", "01:09:52:00:00:0E",
             "s.xml:3: mac: the first octet is odd, which marks a group of machines; a phone has "
             "for example 00:09:52:00:00:0E"},
        Slip{"RouterWithoutAddress", "release=\"2.2A\"/>", "release=\"2.2A\" router=\"router\"/>",
             "s.xml:3: router and dns belong to a static address; add address=\"...\" or give them "
             "in <dhcp>"},
        Slip{"SourceTwice", "release=\"2.2A\"/>",
             "release=\"2.2A\"><knobs sequence=\"dhcp, redirect+multicast+dhcp\"/></device>",
             "s.xml:3: sequence: dhcp stands there twice; each source is asked once"},
        Slip{"UnusableRedirectBase", "release=\"2.2A\"/>",
             "release=\"2.2A\"><knobs redirect-base=\"tftp://x/\"/></device>",
             "s.xml:3: redirect-base: scheme 'tftp' is not http or https"},
        Slip{"MissingBodyFile", "<file path=\"/a.xml\">",
             "<file path=\"/c.xml\" src=\"nowhere.xml\"/><file path=\"/a.xml\">",
             "s.xml:18: there is no file 'nowhere.xml'; it is looked for beside the scenario, as "
             "nowhere.xml"},
        Slip{"BodyTwice", "<file path=\"/a.xml\">", "<file path=\"/a.xml\" src=\"a.xml\">",
             "s.xml:18: <file> has both src and content of its own; keep one of them"},
        Slip{"NoBody", "<file path=\"/a.xml\">", "<file path=\"/c.xml\"/><file path=\"/a.xml\">",
             "s.xml:18: this file has no content; name it by src=\"...\", write it in here, or "
             "say by size=\"...\" how much of nothing it is"},
        Slip{"SameFileTwice", "path=\"/b.xml\"", "path=\"/a.xml\"",
             "s.xml:19: there is already a file /a.xml in line 18; remove one of them"},
        Slip{"SecondResponder", "<ntp host=\"router\"/>",
             "<ntp host=\"router\"/><ntp host=\"router\"/>",
             "s.xml:14: host 'router' has a <ntp> already; give this one another host"},
        Slip{"SamePort", "<http host=\"prov\">", "<http host=\"cloud\">",
             "s.xml:17: port 80 of host 'cloud' is taken by the <redirect> in line 15; give one of "
             "them another port or host"},
        Slip{"MulticastOutside", "<multicast host=\"pbx\">", "<multicast host=\"prov\">",
             "s.xml:9: host 'prov' has a <multicast>, which reaches only the phone's own network "
             "192.0.2.1/24; give the host an address there"},
        Slip{"ImpossibleRequest", "<dhcp host=\"router\"/>",
             "<dhcp host=\"router\"><on request=\"discovr\"><nothing/></on></dhcp>",
             "s.xml:12: <dhcp> never gets a request 'discovr' (did you mean 'discover'?)"},
        Slip{"RequestWithoutMethod", "<http host=\"prov\">",
             "<http host=\"prov\"><on request=\"/a.xml\"><nothing/></on>",
             "s.xml:17: <http> never gets a request '/a.xml'; write for example GET /a.xml"},
        Slip{"NthAndEvery", "<ntp host=\"router\"/>",
             "<ntp host=\"router\"><on nth=\"1\" every=\"2\"><nothing/></on></ntp>",
             "s.xml:14: nth and every exclude each other; keep one of them"},
        Slip{"ShadowedRule", "<dhcp host=\"router\"/>",
             "<dhcp host=\"router\"><on request=\"request\"><nothing/></on>\n<on "
             "request=\"request\" nth=\"2\"><nak/></on></dhcp>",
             "s.xml:13: this rule is never used: the rule in line 12 comes first and answers all "
             "its requests; move it up, or narrow the other"},
        Slip{"NakOfDiscover", "<dhcp host=\"router\"/>",
             "<dhcp host=\"router\"><on request=\"discover\"><nak/></on></dhcp>",
             "s.xml:12: only a 'request' can be refused by <nak>, not 'discover'"},
        Slip{"TextLongerThanItsHeaderField", "<dhcp host=\"router\"/>",
             "<dhcp host=\"router\" "
             "sname=\"http://0123456789012345678901234567890123456789012345678901234567\"/>",
             "s.xml:12: the header field has 64 octets, this text 65; shorten it, or send it "
             "as option 66"},
        Slip{"OptionWithoutValue", "<dhcp host=\"router\"/>",
             "<dhcp host=\"router\"><option code=\"66\"/></dhcp>",
             "s.xml:12: an option has either text=\"...\" or hex=\"...\"; give one of them"},
        Slip{"SubOptionWithoutValue", "<dhcp host=\"router\"/>",
             "<dhcp host=\"router\"><option code=\"43\"><sub code=\"66\"/></option></dhcp>",
             "s.xml:12: a sub-option has either text=\"...\" or hex=\"...\"; give one of them"},
        Slip{"SubOptionsBesideText", "<dhcp host=\"router\"/>",
             "<dhcp host=\"router\"><option code=\"43\" text=\"a\"><sub code=\"66\" "
             "text=\"b\"/></option></dhcp>",
             "s.xml:12: an option is what its <sub> are, or has text=\"...\"; remove text or the "
             "<sub>"},
        Slip{"AddressOrHost", "<dhcp host=\"router\"/>", "<dhcp host=\"router\" dns=\"ruter\"/>",
             "s.xml:12: dns: 'ruter' is neither an address nor a host of this scenario (did you "
             "mean 'router'?); the world has router, pbx, cloud or prov"},
        Slip{"DanglingReference", "<answer ref=\"m\"/>", "<answer ref=\"mm\"/>",
             "s.xml:22: no answer has the id 'mm' (did you mean 'm'?); give the id to an answer in "
             "<responders> or to what is sent in the <timeline>"},
        Slip{"OneOfTheResults", "is=\"provisioned\"", "is=\"provisioned unchangd\"",
             "s.xml:27: is: there is no result 'unchangd' (did you mean 'unchanged'?); write "
             "inactive, no-network, no-valid-time, no-url, download-failed, rejected, partial, "
             "provisioned or unchanged, or several with spaces between them"},
        Slip{"TwoTimeouts", "<answer ref=\"m\"/>",
             "<timeout source=\"multicast\"/><timeout source=\"redirect\"/>",
             "s.xml:22: a race has one <timeout>: when the other comes follows from it; remove one "
             "of them"},
        Slip{"RaceOfOne", "<answer ref=\"m\"/>", "",
             "s.xml:22: a race that cannot form: it has one answer only; add another <answer "
             "ref=...>"},
        Slip{"RaceOfStages", "release=\"2.2A\"/>",
             "release=\"2.2A\"><knobs sequence=\"redirect, multicast\"/></device>",
             "s.xml:22: a race that cannot form: 'r' and 'm' belong to stages that come one after "
             "the other; join redirect and multicast by '+' in the knob sequence"},
        Slip{"SettingThatIsNone", "release=\"2.2A\"/>",
             "release=\"2.2A\"><set path=\"/time/zone\" value=\"UTC0\"/></device>",
             "s.xml:3: the phone refuses this: there is no such setting; time has ntpServer, "
             "timezone, timeFormat, dateFormat"},
        Slip{"SettingWithAWrongValue", "release=\"2.2A\"/>",
             "release=\"2.2A\"><set path=\"/provisioning/dhcp\" value=\"no\"/></device>",
             "s.xml:3: the phone refuses this: 'no' is not allowed; write true or false"},
        Slip{"RaceSwitchedOff", "release=\"2.2A\"/>",
             "release=\"2.2A\"><set path=\"/provisioning/pbx\" value=\"false\"/></device>",
             "s.xml:22: a race that cannot form: the setting /provisioning/pbx is false, so 'm' is "
             "never asked for; remove one of the two"},
        Slip{"NeverSwitchedOn", "<boot at=\"0s\"/>", "<power-off at=\"1s\"/>",
             "s.xml:23: the phone is never switched on; begin with <boot at=\"0s\"/>"},
        Slip{"SwitchedOnByAnEvent", "<boot at=\"0s\"/>", "<power-on at=\"provisioned+1s\"/>",
             "s.xml:23: the phone is never switched on; begin with <boot at=\"0s\"/>"},
        Slip{"UploadOfNothing", "<boot at=\"0s\"/>", "<boot at=\"0s\"/><upload at=\"1s\"/>",
             "s.xml:24: <upload> holds no document; write it inside, or name its file with src"},
        Slip{"UnknownAnchor", "<boot at=\"0s\"/>",
             "<boot at=\"0s\"/><power-off at=\"provisoned+3s\"/>",
             "s.xml:24: at: there is no event 'provisoned' (did you mean 'provisioned'?); a moment "
             "hangs on an event of the trace or on a result of a run, for example "
             "provisioned+30s"},
        Slip{"UnknownEvent", "<winner is=\"first-answer\"/>", "<event name=\"sourc_failed\"/>",
             "s.xml:28: there is no event 'sourc_failed' (did you mean 'source_failed'?); 'provlab "
             "list --events' shows all of them"},
        Slip{"UnknownField", "<winner is=\"first-answer\"/>",
             "<event name=\"source_failed\"><with field=\"sorce\" is=\"dhcp\"/></event>",
             "s.xml:28: the event source_failed has no field 'sorce' (did you mean 'source'?); it "
             "has source or reason"},
        Slip{"FieldWithoutValue", "<winner is=\"first-answer\"/>",
             "<event name=\"source_failed\"><with field=\"source\"/></event>",
             "s.xml:28: <with> needs is=\"...\" or contains=\"...\""},
        Slip{"XPathThatDoesNotCompile", "<winner is=\"first-answer\"/>",
             "<setting path=\"/telephony[\" equals=\"1\"/>",
             "s.xml:28: path=\"/telephony[\" is no XPath; write for example "
             "/telephony/callWaiting/active"},
        Slip{"MisspeltSection", "<winner is=\"first-answer\"/>",
             "<setting path=\"/telephny/a\" equals=\"1\"/>",
             "s.xml:28: path=\"/telephny/a\": there is no section 'telephny' (did you mean "
             "'telephony'?)"},
        Slip{"MisspeltSettingThatIsToBeAbsent", "<winner is=\"first-answer\"/>",
             "<setting path=\"/telephony/callWating\" absent=\"true\"/>",
             "s.xml:28: path=\"/telephony/callWating\": no release has a setting 'callWating' in "
             "telephony (did you mean 'callWaiting'?)"},
        Slip{
            "MisspeltSettingOfTheTimeline", "<boot at=\"0s\"/>",
            "<boot at=\"0s\"/><set at=\"1s\" path=\"/time/timzone\" value=\"UTC0\"/>",
            "s.xml:24: path=\"/time/timzone\": no release has a setting 'timzone' in time (did you "
            "mean 'timezone'?)"},
        Slip{"TextBesideAnElement", "<file path=\"/a.xml\">", "<file path=\"/a.xml\">Hello",
             "s.xml:18: text beside the element in <file> goes unheard: Hello; remove it, or write "
             "all of it as text, in <![CDATA[...]]>"},
        Slip{
            "OptionThatGoesOnWithNothing", "<dhcp host=\"router\"/>",
            "<dhcp host=\"router\"><option code=\"66\" text=\"a\" continues=\"true\"/></dhcp>",
            "s.xml:12: there is no option 66 before it that it could go on with; remove continues"},
        Slip{"SettingWithoutValue", "<winner is=\"first-answer\"/>",
             "<setting path=\"/time/timezone\"/>",
             "s.xml:28: <setting> needs equals=\"...\", contains=\"...\", absent=\"true\" or "
             "count=\"...\""},
        Slip{"RequestToNobody", "<winner is=\"first-answer\"/>",
             "<request to=\"pbx\" path=\"/a.xml\"/>",
             "s.xml:28: host 'pbx' has no <http>, so it receives no request for a path"},
        Slip{"RequestToTheWrongHost", "<winner is=\"first-answer\"/>",
             "<never><request to=\"pbx\" is=\"assignment\"/></never>",
             "s.xml:28: is=\"assignment\": host 'pbx' receives no such request; it receives "
             "subscribe"},
        Slip{"MisspeltRequest", "<winner is=\"first-answer\"/>",
             "<request is=\"discovr\" kind=\"dhcp\"/>",
             "s.xml:28: is=\"discovr\": a responder receives no such request (did you mean "
             "'discover'?); it receives discover, request, request selecting, request "
             "init-reboot, request renewing, request rebinding, inform, release or decline"},
        Slip{"UnknownVariant", "<winner is=\"first-answer\"/>",
             "<winner is=\"redirect\" variant=\"without-x\"/>",
             "s.xml:28: no variant of the race is called 'without-x' (did you mean 'without-r'?); "
             "there are r-then-m, m-then-r, r-ties-m, m-ties-r, without-r or "
             "without-m"},
        Slip{"AtAndWithin", "<result is=\"provisioned\"/>",
             "<result is=\"provisioned\" at=\"1s\" within=\"2s\"/>",
             "s.xml:27: at and within exclude each other; keep one of them"},
        Slip{"WindowTurnedRound", "<result is=\"provisioned\"/>",
             "<result is=\"provisioned\" within=\"5s..2s\"/>",
             "s.xml:27: within=\"5s..2s\": the window ends before it begins; swap the two times"},
        Slip{"OfWithoutWithin", "<result is=\"provisioned\"/>",
             "<result is=\"provisioned\" of=\"run_started\"/>",
             "s.xml:27: of says from when within counts; add within=\"...\" or remove of"}),
    kSlipName);

TEST(ScenarioComplaints, NameAnOtherRootElement) {
  EXPECT_THAT(complaints("<configuration/>"),
              ElementsAre("s.xml:1: the root element is <configuration>; a scenario begins with "
                          "<scenario name=\"...\">"));
}

TEST(ScenarioComplaints, NameAnEmptyFile) {
  EXPECT_THAT(complaints(""),
              ElementsAre("s.xml:1: the file is empty or does not begin with XML; begin with "
                          "<scenario name=\"...\">"));
}

TEST(ScenarioComplaints, NameAFileCutShort) {
  EXPECT_THAT(complaints(kScenario.substr(0, kScenario.find("</expect>"))),
              ElementsAre(HasSubstr("the file ends before </expect> (opened in line 26)")));
}

TEST(ScenarioComplaints, NameTheFirstOfTwoAnswersWithOneId) {
  const std::string twice = changed(kScenario, "id=\"m\"", "id=\"r\"");
  EXPECT_THAT(complaints(changed(twice, "<answer ref=\"m\"/>", "<answer ref=\"r\"/>")),
              Contains("s.xml:16: there is already an answer 'r' in line 15; choose another id"));
}

TEST(ScenarioComplaints, FirstAnswerNeedsARace) {
  const std::string text =
      changed(without_race(), "<result is=\"provisioned\"/>", "<winner is=\"first-answer\"/>");
  EXPECT_THAT(complaints(text),
              ElementsAre("s.xml:27: is=\"first-answer\" needs a <race>; name the source itself"));
}

TEST(ScenarioComplaints, TiesNeedAnExactLink) {
  const std::string text =
      changed(kScenario, "latency=\"1ms\"/>", "latency=\"1ms\" jitter=\"1ms\"/>");
  EXPECT_THAT(complaints(text), IsEmpty());
  EXPECT_THAT(complaints(changed(text, "<race>", "<race ties=\"both\">")),
              ElementsAre("s.xml:22: ties need a link without jitter; remove ties or the jitter"));
}

TEST(ScenarioComplaints, OrderOfTheParts) {
  std::string text = changed(kScenario, "  <timeline>\n    <boot at=\"0s\"/>\n  </timeline>\n", "");
  text = changed(text, "</scenario>", "  <timeline><boot at=\"0s\"/></timeline>\n</scenario>");
  EXPECT_THAT(complaints(text),
              ElementsAre("s.xml:27: <timeline> stands after <expect>; the order in <scenario> is "
                          "about, device, world, responders, race, timeline, expect"));
}

TEST(ScenarioComplaints, ComeAllInOneGo) {
  std::string text = changed(kScenario, "latency=\"1ms\"", "latency=\"1\"");
  text = changed(text, "<dns host=\"router\"/>", "<dns host=\"rooter\"/>");
  text = changed(text, "<answer ref=\"m\"/>", "<answer ref=\"x\"/>");
  text = changed(text, "<winner is=\"first-answer\"/>", "<winer is=\"first-answer\"/>");
  EXPECT_THAT(complaints(text), ElementsAre(StartsWith("s.xml:5:"), StartsWith("s.xml:13:"),
                                            StartsWith("s.xml:22:"), StartsWith("s.xml:28:")));
}

TEST(ScenarioComplaints, GiveTheLineOfTheAttributeInALongTag) {
  const std::string text = changed(kScenario, "<host id=\"pbx\" address=\"192.0.2.10\"/>",
                                   "<host\n id=\"pbx\"\n\n address=\"192.0.2.10\"\n loss=\"5\"/>");
  EXPECT_THAT(complaints(text), ElementsAre(StartsWith("s.xml:11: loss=\"5\"")));
}

TEST(ScenarioComplaints, AreNotConfusedByCommentsAndCdata) {
  std::string text = changed(kScenario, "<world>", "<!-- <a b=\"'\n> -->\n<world>");
  text = changed(text, "A sample.", "<![CDATA[ <x y='z'>\n ]]>");
  EXPECT_THAT(complaints(changed(text, "latency=\"1ms\"", "latency=\"1\"")),
              ElementsAre(StartsWith("s.xml:8: latency")));
}

TEST(ScenarioComplaints, LetEditorsNameTheirSchema) {
  EXPECT_THAT(
      complaints(changed(kScenario, "<scenario ",
                         "<scenario xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                         "xsi:noNamespaceSchemaLocation=\"../schemas/scenario.xsd\" ")),
      IsEmpty());
}

TEST(ScenarioComplaints, NameAFileThatCannotBeRead) {
  const PlanResult plan = load_scenario("/nowhere/at/all.xml");
  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error(), SizeIs(1));
  EXPECT_EQ(plan.error().front().to_string(),
            "/nowhere/at/all.xml: the file cannot be read; check its name and permissions");
}

}  // namespace
}  // namespace provlab::lab
