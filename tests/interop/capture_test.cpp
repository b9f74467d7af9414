// What core and fakes send, and what the world writes into a capture, as tshark reads it.
#include <algorithm>

#include "sim/lab/language/load.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/world/pcapng.hpp"
#include "tests/interop/tshark.hpp"

namespace provlab::interop {
namespace {

std::string capture_of(const std::string& scenario, std::size_t variant = 0) {
  const std::string file = std::string(PROVLAB_SOURCE_DIR "/scenarios/") + scenario + ".xml";
  const lab::PlanResult plan = lab::load_scenario(file);
  if (!plan) throw std::runtime_error(plan.error().front().to_string());
  world::PcapngWriter writer("device", (*plan)->epoch, "scenario " + (*plan)->name);
  lab::Play play(*plan, (*plan)->variants.at(variant), (*plan)->seed);
  play.capture(writer);
  play.run();
  return writer.bytes();
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

struct Capture : testing::Test {
  void SetUp() override {
    if (!Tshark::available()) GTEST_SKIP() << "tshark is not installed: apt-get install tshark";
  }
};

constexpr const char* kComplaints =
    "-Y '_ws.malformed || _ws.expert.severity >= warning || ip.checksum.status == 0 || "
    "udp.checksum.status == 0 || tcp.checksum.status == 0' -V";

TEST_F(Capture, OfTheReferenceScenarioIsDissectedToTheTop) {
  const Tshark tshark(capture_of("reference/redirect-beats-multicast"));
  const std::string protocols = joined(tshark.run("-T fields -e frame.protocols"));
  for (const char* protocol : {"dhcp", "dns", "ntp", "sip", "http"}) {
    EXPECT_NE(protocols.find(protocol), std::string::npos) << protocol;
  }
  EXPECT_EQ(joined(tshark.run(kComplaints)), "");
}

TEST_F(Capture, ShowsTheDocumentInTheFollowedStream) {
  const Tshark tshark(capture_of("reference/redirect-beats-multicast"));
  std::string streams;
  for (const char* number : {"0", "1", "2"}) {
    streams += joined(tshark.run(std::string("-q -z follow,tcp,ascii,") + number));
  }
  EXPECT_NE(streams.find("GET /a.xml HTTP/1.1"), std::string::npos);
  EXPECT_NE(streams.find("<callWaiting>"), std::string::npos);
}

TEST_F(Capture, ShowsWhatTheSpecificationPutsIntoTheMessages) {
  const Tshark tshark(capture_of("reference/redirect-beats-multicast"));
  EXPECT_EQ(joined(tshark.run("-Y 'dhcp.option.dhcp == 1' -T fields -e dhcp.option.vendor_class_id "
                              "-e dhcp.option.dhcp_max_message_size -e dhcp.flags.bc -e ip.src")),
            "D200\t1472\t1\t0.0.0.0\n");
  const std::string asked =
      joined(tshark.run("-Y 'dhcp.option.dhcp == 1' -T fields -e dhcp.option.request_list_item"));
  EXPECT_EQ(asked, "1,3,6,15,42,43,51,54,58,59,66,67\n");
  const auto subscribe = tshark.run(
      "-Y 'sip.Method == SUBSCRIBE' -T fields -e sip.r-uri -e sip.Event -e sip.Expires -e ip.ttl "
      "-e ip.dst");
  ASSERT_FALSE(subscribe.empty());
  EXPECT_NE(
      subscribe[0].find("sip:MAC%3a00095200000E@224.0.1.75\tua-profile;profile-type=\"device\""
                        ";vendor=\"Auerswald\";model=\"D200\";version=\"2.2A\"\t0\t1\t224.0.1.75"),
      std::string::npos)
      << subscribe[0];
}

/// Every scenario of the library that shows another shape of packet.
class EachCapture : public Capture, public testing::WithParamInterface<const char*> {};

TEST_P(EachCapture, IsReadWithoutAComplaint) {
  const Tshark tshark(capture_of(GetParam()));
  EXPECT_EQ(joined(tshark.run("-Y '_ws.malformed || ip.checksum.status == 0 || "
                              "udp.checksum.status == 0 || tcp.checksum.status == 0' -V")),
            "");
}

INSTANTIATE_TEST_SUITE_P(
    OfTheLibrary, EachCapture,
    testing::Values("dhcp-url/option-43", "dhcp-url/option-overload",
                    "dhcp-url/long-option-is-joined", "dhcp-url/static-address-asks-by-inform",
                    "dhcp-url/isc-filename-and-66", "preconditions/nak-starts-again",
                    "preconditions/lease-is-renewed", "preconditions/kiss-o-death-deny",
                    "preconditions/time-after-2036", "multicast/notify-before-the-200",
                    "multicast/notify-with-unswapped-addresses",
                    "sources/late-notify-changes-nothing", "redirect-service/assignment-by-text",
                    "references/four-kinds-of-url", "transport/too-many-redirects",
                    "transport/name-does-not-exist", "transport/everything-over-a-lossy-link"),
    [](const auto& param_info) {
      std::string name = param_info.param;
      std::replace_if(
          name.begin(), name.end(), [](char c) { return !std::isalnum(c); }, '_');
      return name;
    });

}  // namespace
}  // namespace provlab::interop
