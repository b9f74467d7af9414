#include "netfakes/raw_summary.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace provlab::netfakes {
namespace {

std::string summary_of(std::string_view kind, BytesView octets) {
  const std::string text = summarize_raw(kind, octets);
  constexpr std::string_view kBegin = "octets of the scenario: ";
  EXPECT_TRUE(text.starts_with(kBegin)) << text;
  return text.substr(kBegin.size());
}

TEST(RawSummary, SaysWhatDhcpSaysOfItself) {
  Bytes offer(244);
  std::ranges::copy(Bytes{192, 0, 2, 77}, offer.begin() + 16);
  std::ranges::copy(Bytes{99, 130, 83, 99, 53, 1, 2, 255}, offer.begin() + 236);
  EXPECT_EQ(summary_of("dhcp", offer), "offer 192.0.2.77");
  offer[242] = 77;
  EXPECT_EQ(summary_of("dhcp", offer), "message type 77");
  offer[240] = 255;
  EXPECT_EQ(summary_of("dhcp", offer), "244 of them, no message of dhcp");
  EXPECT_EQ(summary_of("dhcp", {}), "0 of them, no message of dhcp");
}

TEST(RawSummary, SaysWhatOtherProtocolsSayOfThemselves) {
  EXPECT_EQ(summary_of("http", bytes_of("HTTP/1.1 200 OK\r\n\r\n")), "HTTP/1.1 200 OK");
  EXPECT_EQ(summary_of("multicast", bytes_of("NOTIFY sip:x SIP/2.0\nA: b")),
            "NOTIFY sip:x SIP/2.0");
  EXPECT_EQ(summary_of("http", bytes_of("no")), "2 of them, no message of http");
  Bytes response(12);
  response[2] = 0x80;
  response[3] = 3;
  EXPECT_EQ(summary_of("dns", response), "response, code 3, 0 in its answer section");
  Bytes time(48);
  time[0] = 0x24;
  time[1] = 2;
  EXPECT_EQ(summary_of("ntp", time), "mode 4 stratum 2");
}

}  // namespace
}  // namespace provlab::netfakes
