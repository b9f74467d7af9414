#include "netfakes/responder_kinds.hpp"

#include <gmock/gmock.h>

#include "tests/unit/netfakes/lan.hpp"

namespace provlab::netfakes::test {
namespace {

using testing::ElementsAre;

TEST(ResponderKinds, AreInTheOrderOfTheTable) {
  std::vector<std::string_view> names;
  for (const ResponderKind* kind : responder_kinds()) names.push_back(kind->name);
  EXPECT_THAT(names, ElementsAre("dhcp", "dns", "ntp", "redirect", "multicast", "http"));
}

TEST(ResponderKinds, ConfigurationIsOfTheKindThatWasNamed) {
  for (const ResponderKind* kind : responder_kinds()) {
    const ResponderConfig config = configured(kind->name, [](auto& empty) { empty.name = "it"; });
    EXPECT_EQ(&kind_of(config), kind);
    EXPECT_EQ(std::visit([](const auto& each) { return each->name; }, config), "it");
  }
}

TEST(ResponderKind, IsAskedWhatItsRequestsSay) {
  const ResponderKind& dhcp = kind_named("dhcp");
  EXPECT_TRUE(dhcp.can_be_asked("request"));
  EXPECT_TRUE(dhcp.can_be_asked("request renewing"));
  EXPECT_FALSE(dhcp.can_be_asked("request something else"));
  EXPECT_FALSE(dhcp.can_be_asked("requests"));
}

TEST(ResponderKind, IsAskedWhatBeginsAsItsRequestsDoWhereTheseGoOn) {
  const ResponderKind& http = kind_named("http");
  EXPECT_TRUE(http.can_be_asked("GET"));
  EXPECT_TRUE(http.can_be_asked(http.example));
  EXPECT_FALSE(http.can_be_asked("GETS /a.xml"));
  EXPECT_FALSE(http.can_be_asked("POST /a.xml"));
}

TEST(ResponderKind, IsAskedAnyBeginning) {
  for (const ResponderKind* kind : responder_kinds()) EXPECT_TRUE(kind->can_be_asked("x*"));
}

TEST_F(LanTest, ResponderOfAnyKindStopsAndStartsAgain) {
  for (const ResponderKind* kind : responder_kinds()) {
    const auto responder = make_responder(server_, configured(kind->name, [](auto&) {}));
    EXPECT_TRUE(responder->start()) << kind->name;
    responder->stop();
    EXPECT_TRUE(responder->start()) << kind->name;
    run();
  }
}

TEST_F(LanTest, TwoRespondersOfAKindDoNotShareAHost) {
  for (const ResponderKind* kind : responder_kinds()) {
    const ResponderConfig config = configured(kind->name, [](auto&) {});
    const auto first = make_responder(server_, config);
    const auto second = make_responder(server_, config);
    EXPECT_TRUE(first->start()) << kind->name;
    EXPECT_FALSE(second->start()) << kind->name;
  }
}

}  // namespace
}  // namespace provlab::netfakes::test
