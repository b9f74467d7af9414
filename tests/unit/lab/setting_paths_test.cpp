#include "sim/lab/language/setting_paths.hpp"

#include <gmock/gmock.h>

namespace provlab::lab {
namespace {

using ::testing::HasSubstr;

TEST(SettingPaths, ArePossibleWhereARelaseHasThem) {
  for (const char* path :
       {"/telephony/callWaiting/active", "telephony/callWaiting/active",
        "/configuration/time/timezone", "/provisioning/sip/whitelist/whitelistEntry",
        "/provisioning/sip/allowlist/allowlistEntry", "/identities/identity[3]/displayname",
        "//whitelist", "count(/keys/phoneXtensions/key)",
        "/keys/phoneXtensions/key[@keyNumber='7']/@label",
        "/templates/template[@name='Test']/@prio", "/users/user[@name='admin' and role]/role",
        "/*/callWaiting", "/update | /luaLibraries", "/telephony/callWaiting/active/text()",
        "/telephony/callWaiting/active/..", "/telephony/callWaiting[not(active='true')]",
        "(//key)[1]/@label", "/", "//shape"}) {
    EXPECT_EQ(impossible_step(path), std::nullopt) << path;
  }
}

TEST(SettingPaths, AreImpossibleWhereNoneHasThem) {
  const auto why = [](const char* path) { return impossible_step(path).value_or("possible"); };
  EXPECT_EQ(why("/telephny/a"), "there is no section 'telephny' (did you mean 'telephony'?)");
  EXPECT_EQ(why("/telephony/callWating/active"),
            "no release has a setting 'callWating' in telephony (did you mean 'callWaiting'?)");
  EXPECT_EQ(why("/telephony/callWaiting/activ"),
            "no release has a setting 'activ' in callWaiting (did you mean 'active'?)");
  EXPECT_THAT(why("/callWaiting/active"), HasSubstr("; there is /telephony/callWaiting"));
  EXPECT_THAT(why("/telephony/callWaiting/furniture"), HasSubstr("; it has active or tone"));
  EXPECT_THAT(why("/time/timezone/zone"), HasSubstr("; timezone has none"));
  EXPECT_THAT(why("count(/keys/phoneXtensions/kye)"), HasSubstr("did you mean 'key'?"));
  EXPECT_THAT(why("/keys/phoneXtensions/key[@keyNumbr='7']"),
              HasSubstr("did you mean 'keyNumber'?"));
  EXPECT_THAT(why("/telephony/callWaiting[activ='true']"), HasSubstr("did you mean 'active'?"));
  EXPECT_THAT(why("//allowlistEntri"), HasSubstr("did you mean 'allowlistEntry'?"));
  EXPECT_THAT(why("/time | /tme"), HasSubstr("did you mean 'time'?"));
}

}  // namespace
}  // namespace provlab::lab
