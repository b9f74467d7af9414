#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/settings/store.hpp"
#include "sim/phone/phone.hpp"
#include "sim/record/trace.hpp"
#include "sim/world/world.hpp"

/// What a power cut and a damaged store leave of a phone's settings (SPEC 1.3, 1.4, I10).
namespace provlab::phone {
namespace {

using world::MemoryDisk;

constexpr const char* kLanguage = "userInterface/language";

/// A phone on its own that can lose its power amid a save.
struct StoredPhone {
  StoredPhone() {
    PhoneOptions options;
    options.run_at_boot = false;
    options.settings = {{kLanguage, "en"}};
    phone = std::make_unique<Phone>(host, options);
    phone->power_on();
  }
  void cut_power_and_boot(MemoryDisk::Names names = MemoryDisk::Names::old) {
    const std::size_t loaded = count("settings_loaded");
    host.disk().power_cut(names);
    phone->power_off();
    host.set_power(false);
    host.set_power(true);
    phone->power_on();
    // The boot comes within the same instant.
    world.run_until([&] { return count("settings_loaded") > loaded; }, world.now());
  }
  std::string language() const { return phone->configuration().text(kLanguage); }
  std::size_t count(std::string_view event) {
    std::size_t found = 0;
    for (const TraceRecord record : world.trace()) found += record.is(event) ? 1 : 0;
    return found;
  }
  std::string last(std::string_view event, std::string_view field) {
    std::string value;
    for (const TraceRecord record : world.trace()) {
      if (record.is(event)) value = record.field(field).value_or("");
    }
    return value;
  }
  /// Whether the store holds what the phone has in memory.
  bool store_equals_memory() {
    const auto content = host.storage().read(settings::kStorePiece);
    if (!content || !*content) return false;
    const auto state = settings::read_store(**content);
    return state && state->configuration == phone->configuration();
  }

  world::World world;
  world::VirtualHost& host = world.add_host({.name = "device"});
  std::unique_ptr<Phone> phone;
};

class PowerCutInASave : public testing::TestWithParam<std::tuple<unsigned, MemoryDisk::Names>> {};

INSTANTIATE_TEST_SUITE_P(Steps, PowerCutInASave,
                         testing::Combine(testing::Range(0U, 5U),
                                          testing::Values(MemoryDisk::Names::old,
                                                          MemoryDisk::Names::changed)),
                         [](const auto& test) {
                           const bool old = std::get<1>(test.param) == MemoryDisk::Names::old;
                           return "CutAfter" + std::to_string(std::get<0>(test.param)) +
                                  (old ? "NamesAreLost" : "NamesAreKept");
                         });

TEST_P(PowerCutInASave, LeavesTheOldOrTheNewSettingsWhole) {
  const auto [step, names] = GetParam();
  StoredPhone stored;
  stored.host.disk().fail_after(step);
  stored.phone->set(kLanguage, "fr");
  const bool promised = stored.language() == "fr";
  stored.cut_power_and_boot(names);
  EXPECT_EQ(stored.count("store_damaged"), 0U);
  EXPECT_EQ(stored.last("settings_loaded", "from"), "store");
  EXPECT_TRUE(stored.language() == "en" || stored.language() == "fr") << stored.language();
  // From the third step on the new file is in its place, and the phone goes by it; that its name
  // outlives the power is certain once the folder is synced.
  EXPECT_EQ(promised, step >= 3);
  if (step == 4 || (step == 3 && names == MemoryDisk::Names::changed)) {
    EXPECT_EQ(stored.language(), "fr");
  }
  EXPECT_TRUE(stored.store_equals_memory());
}

TEST_P(PowerCutInASave, LeavesTheOldOrTheRestoredSettingsWhole) {
  const auto [step, names] = GetParam();
  StoredPhone stored;
  const std::string backup = *stored.phone->make_backup();
  stored.phone->set(kLanguage, "fr");
  stored.phone->set("telephony/callWaiting/active", "true");
  const auto changed = stored.phone->configuration();
  stored.host.disk().fail_after(step);
  stored.phone->upload(backup);
  stored.cut_power_and_boot(names);
  EXPECT_TRUE(stored.phone->configuration() == changed || *stored.phone->make_backup() == backup);
  EXPECT_TRUE(stored.store_equals_memory());
}

TEST(DamagedStore, GivesFactoryDefaultsIsKeptAsideAndSaid) {
  StoredPhone stored;
  ASSERT_TRUE(stored.host.storage().replace(settings::kStorePiece, "half a st"));
  stored.cut_power_and_boot();
  EXPECT_EQ(stored.language(), "de");
  EXPECT_EQ(stored.last("settings_loaded", "from"), "factory");
  EXPECT_EQ(stored.last("store_damaged", "aside"), settings::kDamagedPiece);
  EXPECT_EQ(stored.host.storage().read(settings::kDamagedPiece)->value_or(""), "half a st");
  EXPECT_FALSE(*stored.host.storage().read(settings::kStorePiece));
}

TEST(DamagedStore, DoesNotHinderTheNextSave) {
  StoredPhone stored;
  ASSERT_TRUE(stored.host.storage().replace(settings::kStorePiece, ""));
  stored.cut_power_and_boot();
  stored.phone->set(kLanguage, "fr");
  EXPECT_EQ(stored.language(), "fr");
  EXPECT_TRUE(stored.store_equals_memory());
}

}  // namespace
}  // namespace provlab::phone
