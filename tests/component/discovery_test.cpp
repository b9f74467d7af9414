#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/discovery/staged_search.hpp"
#include "core/net/dhcp_client.hpp"
#include "core/net/http_client.hpp"
#include "core/net/sip_endpoint.hpp"
#include "netfakes/dhcp_responder.hpp"
#include "netfakes/dns_responder.hpp"
#include "netfakes/multicast_responder.hpp"
#include "netfakes/redirect_responder.hpp"
#include "tests/component/net_fixture.hpp"

/// The search against the lab's own responders, which write SIP with libosip2, DHCP and DNS with
/// libtins and HTTP with Beast: what they cannot read, they do not answer.
namespace provlab::test {
namespace {

using discovery::SourceKind;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kAssigned = "http://prov.server.com/a.xml";
constexpr const char* kNotified = "http://prov.server.com/b.xml";

/// A phone without an address, and a network that gives it everything but the URL.
class Discovery : public testing::Test {
 protected:
  Discovery() {
    lan.phone.deconfigure();
    dhcp_config.settings.dns_servers = {kFirstServer};
    dns_config.names.emplace("connect.redirect.auerswald.de", kSecondServer);
  }
  ~Discovery() override { tasks.cancel(); }

  netfakes::MulticastConfig& add_multicast(Duration after, std::string url) {
    multicast_config.notifies.push_back({.id = {}, .url = std::move(url), .after = after});
    return multicast_config;
  }
  void assign(Duration after, std::string url) {
    redirect_config.otherwise = {.id = {}, .url = std::move(url), .after = after};
  }

  template <class Config>
  void serve(Host& host, const Config& config) {
    servers.push_back(netfakes::make_responder(host, std::make_shared<const Config>(config)));
    EXPECT_TRUE(servers.back()->start());
  }

  /// Boots the network of the phone, searches, and goes on for a while after the end.
  std::string find(discovery::SourceSettings settings = {}) {
    serve(lan.first, dhcp_config);
    serve(lan.first, dns_config);
    serve(lan.second, redirect_config);
    serve(lan.second, multicast_config);
    EXPECT_TRUE(sip.open());
    tasks.spawn(sip.run());
    tasks.spawn(dhcp.run());
    EXPECT_TRUE(lan.world.run_until([&] { return dhcp.lease().has_value(); }, Instant(10s)));
    resolver.set_servers(dhcp.lease()->dns_servers);
    started_at = lan.world.now();
    discovery::StagedSearch search(lan.phone, identity, options, &dhcp, http, sip);
    Running<std::optional<discovery::FoundUrl>> run(lan.phone,
                                                    search.run(std::move(settings), kNever));
    EXPECT_TRUE(lan.world.run_until([&] { return run.done(); }, Instant(60s)));
    ended_after = *run.ended_at - started_at;
    lan.world.run_until(lan.world.now() + 20s);
    return run.value() ? run.value()->url.to_string() : "none";
  }

  Lan lan;
  DeviceIdentity identity;
  discovery::DiscoveryOptions options;
  netfakes::DhcpConfig dhcp_config;
  netfakes::DnsConfig dns_config;
  netfakes::RedirectConfig redirect_config;
  netfakes::MulticastConfig multicast_config;
  net::Resolver resolver{lan.phone};
  net::DeviceClock clock{lan.phone};
  net::HttpClient http{lan.phone, resolver, clock, identity};
  net::DhcpClient dhcp{lan.phone, identity};
  net::SipEndpoint sip{lan.phone, identity};
  std::vector<std::unique_ptr<netfakes::Responder>> servers;
  TaskGroup tasks{lan.phone};
  Instant started_at{};
  Duration ended_after{};
};

TEST_F(Discovery, UrlOfTheLeaseEndsTheSearchBeforeAnythingElseIsAsked) {
  dhcp_config.settings.option_66 = "http://prov.server.com";
  dhcp_config.settings.option_67 = "prov.py?mac=<MACADR>";
  add_multicast(1ms, kNotified);
  assign(1ms, kAssigned);
  EXPECT_EQ(find(), "http://prov.server.com/prov.py?mac=00095200000E");
  EXPECT_EQ(ended_after, 0ms);
  EXPECT_THAT(lan.values("sip_request_sent", "method"), IsEmpty());
  EXPECT_THAT(lan.values("name_query_sent", "name"), IsEmpty());
  EXPECT_THAT(lan.values("winner_chosen", "source"), ElementsAre("dhcp"));
}

TEST_F(Discovery, RedirectWinsWhenItAnswersFirst) {
  assign(10ms, kAssigned);
  add_multicast(50ms, kNotified);
  EXPECT_EQ(find(), kAssigned);
  EXPECT_THAT(lan.values("winner_chosen", "stage"), ElementsAre("2"));
  EXPECT_THAT(lan.values("late_answer_ignored", "source"), Contains("multicast"));
  EXPECT_EQ(lan.values("sip_request_sent", "method").size(), 1U);
}

TEST_F(Discovery, MulticastWinsWhenItAnswersFirst) {
  assign(50ms, kAssigned);
  add_multicast(1ms, kNotified);
  EXPECT_EQ(find(), kNotified);
  EXPECT_EQ(ended_after, 3ms);
  EXPECT_THAT(lan.values("unauthenticated_source", "source"), ElementsAre("multicast"));
  EXPECT_THAT(lan.values("source_cancelled", "source"), ElementsAre("redirect"));
}

TEST_F(Discovery, ConfiguredUrlIsTheLastResort) {
  redirect_config.otherwise = netfakes::Assignment::not_registered();
  EXPECT_EQ(find({.configured_url = "http://prov.server.com/{type}.xml"}),
            "http://prov.server.com/D200.xml");
  EXPECT_EQ(ended_after, 5s) << "the multicast source's limit";
  EXPECT_THAT(lan.values("stage_ended", "result"), ElementsAre("no-url", "no-url", "url"));
}

TEST_F(Discovery, NothingIsFoundWhereNobodyKnowsTheDevice) {
  redirect_config.otherwise = netfakes::Assignment::not_registered();
  EXPECT_EQ(find(), "none");
  EXPECT_EQ(lan.values("source_failed", "source").size(), 3U);
  EXPECT_THAT(lan.values("source_skipped", "source"), ElementsAre("configured"));
}

TEST_F(Discovery, UnknownRedirectServiceLeavesMulticast) {
  dns_config.names.clear();
  add_multicast(1s, kNotified);
  EXPECT_EQ(find(), kNotified);
  EXPECT_THAT(lan.values("source_failed", "source"), ElementsAre("dhcp", "redirect"));
}

TEST_F(Discovery, RespondersOfEveryHabitAreUnderstoodAndSatisfied) {
  for (const bool unswapped : {false, true}) {
    for (const bool ok_first : {false, true}) {
      multicast_config = {};
      multicast_config.unswapped = unswapped;
      multicast_config.ok_first = ok_first;
      Discovery_RespondersOfEveryHabitAreUnderstoodAndSatisfied_Test fresh;
      fresh.multicast_config = multicast_config;
      fresh.add_multicast(20ms, kNotified);
      EXPECT_EQ(fresh.find({.redirect = false}), kNotified);
      EXPECT_THAT(fresh.lan.values("sip_response_sent", "status"), ElementsAre("200"))
          << "one NOTIFY, one answer, no repetition";
    }
  }
}

TEST_F(Discovery, NotifyAloneEndsTheRetransmissions) {
  multicast_config.send_ok = false;
  add_multicast(800ms, "no url at all");
  add_multicast(4s, kNotified);
  EXPECT_EQ(find({.redirect = false}), kNotified);
  EXPECT_EQ(lan.values("sip_request_sent", "attempt").size(), 2U);
  EXPECT_THAT(lan.values("sip_response_sent", "status"), Each("200"));
}

TEST_F(Discovery, DhcpRacesByInformInsideTheConcurrentStage) {
  options.sequence = {{SourceKind::dhcp, SourceKind::redirect, SourceKind::multicast}};
  dhcp_config.settings.option_66 = "http://prov.server.com/{mac}";
  add_multicast(50ms, kNotified);
  assign(50ms, kAssigned);
  EXPECT_EQ(find(), "http://prov.server.com/00095200000E");
  EXPECT_EQ(ended_after, 2ms);
  EXPECT_THAT(lan.values("source_cancelled", "source"), ElementsAre("redirect", "multicast"));
}

}  // namespace
}  // namespace provlab::test
