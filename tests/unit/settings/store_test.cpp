#include "core/settings/store.hpp"

#include <gtest/gtest.h>

#include "core/settings/section.hpp"

namespace provlab::settings {
namespace {

Configuration configuration(const std::string& telephony) {
  const auto parsed = Configuration::parse("<configuration>" + telephony + "</configuration>");
  EXPECT_TRUE(parsed);
  return parsed ? *parsed : Configuration();
}

const std::string kOn =
    R"(<telephony><callWaiting><active>true</active></callWaiting></telephony>)";
const std::string kOff =
    R"(<telephony><callWaiting><active>false</active></callWaiting></telephony>)";

std::string store_of(const Configuration& configuration) {
  return write_store({DeviceType::d200, Release::r2_2A, configuration, {{"minute", "<03:15>"}}});
}

TEST(Store, IsReadAsItWasWritten) {
  const auto state = read_store(store_of(configuration(kOn)));
  ASSERT_TRUE(state);
  EXPECT_EQ(state->configuration, configuration(kOn));
  EXPECT_EQ(state->kept, (KeptValues{{"minute", "<03:15>"}}));
}

TEST(Store, HoldsTheConfigurationItWasWrittenWithAndNoOther) {
  const std::string content = store_of(configuration(kOn));
  EXPECT_TRUE(store_holds(content, configuration(kOn)));
  EXPECT_FALSE(store_holds(content, configuration(kOff)));
  EXPECT_FALSE(store_holds(content, Configuration()));
}

TEST(Store, HoldsWhatSaysTheSameInAnotherForm) {
  const std::string content =
      store_of(configuration("<users><user name=\"admin\" password=\"x\"/></users>"));
  EXPECT_TRUE(
      store_holds(content, configuration("<users><user password=\"x\" name=\"admin\"/></users>")));
}

TEST(Store, HoldsNothingOnceAnOctetIsAnother) {
  const std::string content = store_of(configuration(kOn));
  for (std::size_t i = 0; i < content.size(); ++i) {
    std::string damaged = content;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_FALSE(store_holds(damaged, configuration(kOn))) << "octet " << i;
    EXPECT_FALSE(store_holds(content.substr(0, i), configuration(kOn))) << "cut at " << i;
  }
}

}  // namespace
}  // namespace provlab::settings
