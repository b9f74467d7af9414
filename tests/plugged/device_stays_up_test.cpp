#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/plugged/plugged_device.hpp"

/// What a phone that stays up does by itself and when it is told to.
namespace provlab::lab {
namespace {

using test::Program;
using testing::HasSubstr;
using testing::StartsWith;

/// The clock is 4 s before the time of day of the settings below, and the lease short.
constexpr const char* kShortTimes = R"(<scenario name="stays-up">
  <about>Short times.</about>
  <responders>
    <dhcp lease="6s"><option code="67" text="http://prov.server.com/a.xml"/></dhcp>
    <ntp clock="2026-03-01T07:59:56Z"/>
    <http><file path="/a.xml"><telephony><callWaiting><active>true</active></callWaiting></telephony></file></http>
  </responders>
  <expect><result is="provisioned"/></expect>
</scenario>)";

constexpr const char* kSettings =
    "<configuration><time><timezone>UTC0</timezone></time><provisioning>"
    "<sip><active>true</active><allowlist><allowlistEntry>192.0.2.60</allowlistEntry></allowlist>"
    "</sip><execution><time>08:00</time><useRandomDelay>false</useRandomDelay></execution>"
    "</provisioning></configuration>";

constexpr const char* kCheckSync =
    "NOTIFY sip:phone@192.0.2.100 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.60:5060;branch=z9hG4bK-stays-up\r\n"
    "From: <sip:pbx@192.0.2.60>;tag=1\r\n"
    "To: <sip:phone@192.0.2.100>\r\n"
    "Call-ID: stays-up@192.0.2.60\r\n"
    "CSeq: 1 NOTIFY\r\n"
    "Max-Forwards: 70\r\n"
    "Event: check-sync\r\n"
    "Content-Length: 0\r\n\r\n";

sockaddr_in sip_port_of(Ipv4Address address) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(5060);
  place.sin_addr.s_addr = htonl(address.value);
  return place;
}

/// The kernel's own stack at the other end of the cable sends a check-sync; its answer.
std::string answer_to_check_sync() {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const sockaddr_in from = sip_port_of(Ipv4Address::of(192, 0, 2, 60));
  const sockaddr_in to = sip_port_of(Ipv4Address::of(192, 0, 2, 100));
  EXPECT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&from), sizeof from), 0);
  const std::string_view text = kCheckSync;
  EXPECT_GT(::sendto(socket, text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&to),
                     sizeof to),
            0);
  pollfd wait{.fd = socket, .events = POLLIN, .revents = 0};
  char answer[2048];
  ssize_t got = 0;
  if (::poll(&wait, 1, 5'000) > 0) got = ::recv(socket, answer, sizeof answer, 0);
  ::close(socket);
  return {answer, static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

using DeviceStaysUp = PluggedDevice;

TEST_F(DeviceStaysUp, ForCheckSyncsItsScheduleAndRenewals) {
  servers_.reset();
  const PlanResult plan = compile_scenario(kShortTimes, "stays-up.xml");
  ASSERT_TRUE(plan) << plan.error().front().to_string();
  plan_ = *plan;
  servers_.emplace(plan_, open("theirs"));
  ASSERT_TRUE(wire::set_interface_address("theirs", {Ipv4Address::of(192, 0, 2, 60), 24}));
  const std::string config = folder_ / "config.xml";
  std::ofstream(config) << kSettings;

  Program phone(device({"--store", store_, "--config", config, "--verbose"}));
  EXPECT_TRUE(phone.says("run 1 (boot): Provisioned: 1 section")) << phone.text();
  EXPECT_THAT(answer_to_check_sync(), StartsWith("SIP/2.0 200 OK\r\n"));
  EXPECT_TRUE(phone.says("run 2 (check-sync): ")) << phone.text();
  EXPECT_TRUE(phone.says("renews its lease of 192.0.2.100")) << phone.text();
  EXPECT_TRUE(phone.says("run 3 (at-time): ")) << phone.text();
  EXPECT_TRUE(phone.says("renews its lease of 192.0.2.100")) << phone.text();
  phone.signal(SIGTERM);
  EXPECT_EQ(phone.ends(), 130);
}

}  // namespace
}  // namespace provlab::lab
