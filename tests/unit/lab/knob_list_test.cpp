#include "sim/lab/language/knob_list.hpp"

#include <gmock/gmock.h>

#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(KnobList, TurnsKnobsOfEveryKind) {
  phone::PhoneOptions phone;
  const auto turned = turn_knobs(
      "arp-probe=true,time-wait=5s,sequence=dhcp+redirect,configured,notify-match=event,"
      "redirect-base=http://a/?b=1",
      phone);
  ASSERT_TRUE(turned) << turned.error().to_string();
  EXPECT_TRUE(phone.dhcp.arp_probe);
  EXPECT_EQ(phone.service.time_wait, 5s);
  EXPECT_EQ(phone.sip.notify_match, net::SipOptions::NotifyMatch::event);
  EXPECT_EQ(phone.service.discovery.redirect_base, "http://a/?b=1");
  using discovery::SourceKind;
  EXPECT_THAT(phone.service.discovery.sequence,
              ElementsAre(ElementsAre(SourceKind::dhcp, SourceKind::redirect),
                          ElementsAre(SourceKind::configured)));
}

TEST(KnobList, TurnsNoneWhereNoneIsGiven) {
  phone::PhoneOptions phone;
  EXPECT_TRUE(turn_knobs("", phone));
  EXPECT_FALSE(phone.dhcp.arp_probe);
}

struct WrongKnobs {
  const char* list;
  const char* words;
};

TEST(KnobList, ComplainsAsAScenarioDoes) {
  const std::string device = R"(release="2.2A"/>)";
  for (const std::string wrong : {"arp-prob=true", "arp-probe=maybe", "time-wait=5",
                                  "time-wait=", "sequence=dhcp+dhcp", "redirect-base=tftp:"}) {
    const std::size_t sign = wrong.find('=');
    const std::string attribute = wrong.substr(0, sign) + "=\"" + wrong.substr(sign + 1) + "\"";
    const PlanResult scenario = compile_scenario(
        changed(kScenario, device, R"(release="2.2A"><knobs )" + attribute + "/></device>"), "a");
    ASSERT_FALSE(scenario) << wrong;
    phone::PhoneOptions phone;
    const auto turned = turn_knobs(wrong, phone);
    ASSERT_FALSE(turned) << wrong;
    EXPECT_EQ(turned.error().text, scenario.error().front().text);
  }
}

TEST(KnobList, SaysWhatIsNoListOfKnobs) {
  for (const WrongKnobs& each :
       {WrongKnobs{"true", "'true' turns no knob; write name=value"},
        WrongKnobs{"=x", "'=x' turns no knob"},
        WrongKnobs{"manual=sequence,manual=url-first", "manual is given twice"}}) {
    phone::PhoneOptions phone;
    const auto turned = turn_knobs(each.list, phone);
    ASSERT_FALSE(turned) << each.list;
    EXPECT_THAT(turned.error().text, HasSubstr(each.words));
  }
}

}  // namespace
}  // namespace provlab::lab
