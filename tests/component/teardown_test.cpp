#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "netfakes/check_sync_sender.hpp"
#include "tests/component/phone_lab.hpp"

/// What ends a phone, after each event of a session that goes through every stage: DHCP and its
/// renewal, DNS, NTP, the race of both concurrent sources, downloads, settings, check-sync.
namespace provlab::test {
namespace {

constexpr Duration kEnd = 40s;

class Session {
 public:
  Session() {
    lab.dhcp.settings.lease = 60s;
    lab.redirect.otherwise = {.id = {}, .url = "http://prov.server.com/a.xml", .after = 50ms};
    lab.multicast.notifies = {{.id = {}, .url = "http://prov.server.com/b.xml", .after = 110ms}};
    lab.options.settings = {{"provisioning/sip/active", "true"},
                            {"provisioning/sip/allowlist/allowlistEntry", "192.0.2.10"}};
    lab.file("/a.xml", reference({"http://prov.server.com/c.xml", "http://prov.server.com/d.xml"}));
    lab.file("/b.xml", kPatch);
    lab.file("/c.xml", patch_brightness(3));
    lab.file("/d.xml", kPatch);
    lab.boot();
    EXPECT_TRUE(sender_.start());
    notify_.event = "check-sync";
    notify_.body = "<notifySync><startDelay>1</startDelay></notifySync>";
    lab.world.at(Instant(5s), [this] {
      const auto& configuration = lab.device.configuration();
      if (configuration) sender_.send(notify_, {configuration->address.address, 5060});
    });
  }

  /// Whether there was an event of that number.
  bool run_to_event(std::uint64_t number) {
    return lab.world.run_until([&] { return executed() >= number; }, Instant(kEnd));
  }
  std::uint64_t executed() { return lab.world.queue().executed(); }

  PhoneLab lab;

 private:
  netfakes::CheckSync notify_;
  netfakes::CheckSyncSender sender_{lab.pbx, "check-sync"};
};

/// Plays a session of its own up to each of its events and hands it over.
void after_each_event(const std::function<void(std::unique_ptr<Session>)>& end) {
  for (std::uint64_t number = 0;; ++number) {
    auto session = std::make_unique<Session>();
    if (!session->run_to_event(number)) {
      EXPECT_EQ(session->lab.count("run_ended"), 2U) << "after " << number << " events";
      break;
    }
    SCOPED_TRACE(testing::Message() << "after event " << number << " at "
                                    << to_string(session->lab.world.now().time_since_epoch()));
    end(std::move(session));
    if (testing::Test::HasFailure()) break;
  }
}

TEST(Teardown, SessionGoesThroughEveryStage) {
  Session session;
  session.lab.run_until(kEnd);
  EXPECT_EQ(session.lab.result(0), "provisioned") << session.lab.sentence();
  EXPECT_EQ(session.lab.result(1), "unchanged") << session.lab.sentence(1);
  EXPECT_EQ(session.lab.count("source_cancelled"), 2U);
  EXPECT_EQ(session.lab.count("lease_renewed"), 1U);
}

TEST(Teardown, WorldThatEndsTakesThePhoneAlong) {
  after_each_event([](std::unique_ptr<Session> session) { session.reset(); });
}

TEST(Teardown, PhoneThatEndsLeavesNothingToTheWorld) {
  after_each_event([](std::unique_ptr<Session> session) {
    PhoneLab& lab = session->lab;
    lab.phone.reset();
    lab.device.set_power(false);
    lab.world.run_until(lab.world.now());
    EXPECT_EQ(lab.device.open_sockets(), 0);
    lab.world.run_until(lab.world.now() + 60s);
  });
}

TEST(Teardown, PhoneMayEndInAnAction) {
  after_each_event([](std::unique_ptr<Session> session) {
    PhoneLab& lab = session->lab;
    lab.world.at(lab.world.now(), [&lab] { lab.phone.reset(); });
    // Connections still close as the network has them do.
    lab.world.run_until(lab.world.now() + 60s);
    EXPECT_EQ(lab.device.open_sockets(), 0);
  });
}

TEST(Teardown, WorldMayEndAmidAPowerCut) {
  after_each_event([](std::unique_ptr<Session> session) { session->lab.cut_power(); });
}

TEST(Teardown, WorldMayEndAmidAReboot) {
  after_each_event([](std::unique_ptr<Session> session) { session->lab.phone->reboot(); });
}

}  // namespace
}  // namespace provlab::test
