#include <gmock/gmock.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <signal.h>

#include <filesystem>

#include "sim/lab/capture/capture_reader.hpp"
#include "sim/world/frame_reader.hpp"
#include "tests/file_content.hpp"
#include "tests/interop/tshark.hpp"
#include "tests/plugged/plugged_device.hpp"

/// What a phone of ours says on a wire in the reference boot: the capture that is kept
/// (tests/data/pcaps/README.md), and one that is made now.
namespace provlab::lab {
namespace {

using testing::ElementsAre;

const std::string kKept = PROVLAB_TEST_DATA "/pcaps/own_reference_boot.pcapng";

/// The first lines of HTTP requests and responses in a capture, once each, in their order; what is
/// no frame that we can read is a line as well.
std::vector<std::string> http_lines(const std::string& file) {
  std::vector<std::string> lines;
  char trouble[PCAP_ERRBUF_SIZE] = "";
  pcap_t* const capture = pcap_open_offline(file.c_str(), trouble);
  if (capture == nullptr) return {trouble};
  pcap_pkthdr* header = nullptr;
  const u_char* octets = nullptr;
  while (pcap_next_ex(capture, &header, &octets) == 1) {
    const auto frame = world::read_frame(BytesView(octets, header->caplen));
    if (!frame) {
      lines.emplace_back("a frame that nobody can read");
      continue;
    }
    const auto* datagram = std::get_if<world::IpDatagram>(&frame->content);
    const auto message =
        datagram == nullptr ? std::nullopt : std::optional(world::read_message(*datagram));
    const auto* packet = message && *message ? std::get_if<world::Packet>(&**message) : nullptr;
    if (message && !*message) lines.emplace_back("a packet that nobody can read");
    if (packet == nullptr || packet->protocol != world::Protocol::tcp) continue;
    const std::string_view text = text_of(packet->payload);
    if (!text.starts_with("GET ") && !text.starts_with("HTTP/")) continue;
    std::string line(text.substr(0, text.find("\r\n")));
    if (std::ranges::find(lines, line) == lines.end() || line.starts_with("HTTP")) {
      lines.push_back(std::move(line));
    }
  }
  pcap_close(capture);
  return lines;
}

/// That of scenarios/reference/reference-chain.xml.
void expect_the_reference_boot(const std::string& file) {
  EXPECT_THAT(http_lines(file),
              ElementsAre("GET /?mac=00095200000E&type=D200&serial=0000000001 HTTP/1.1",
                          "HTTP/1.1 302 Found", "GET /prov/references.xml HTTP/1.1",
                          "HTTP/1.1 200 OK", "GET /prov/first_file.xml HTTP/1.1", "HTTP/1.1 200 OK",
                          "GET /second_file.xml HTTP/1.1", "HTTP/1.1 200 OK",
                          "GET /third_file.xml HTTP/1.1", "HTTP/1.1 200 OK",
                          "GET /prov.py?mac=00095200000E HTTP/1.1", "HTTP/1.1 200 OK"));
  if (!interop::Tshark::available()) return;
  const interop::Tshark tshark(test::content_of(file));
  EXPECT_THAT(tshark.run("-Y '_ws.malformed || _ws.expert.severity >= warning || "
                         "ip.checksum.status == 0 || udp.checksum.status == 0 || "
                         "tcp.checksum.status == 0'"),
              testing::IsEmpty());
  for (const char* protocol : {"arp", "dhcp", "dns", "ntp", "sip", "http"}) {
    EXPECT_THAT(tshark.run(std::string("-Y ") + protocol), testing::Not(testing::IsEmpty()))
        << protocol;
  }
}

TEST(DeviceCapture, KeptOneIsTheReferenceBoot) {
  expect_the_reference_boot(kKept);
}

using DeviceCaptureMade = PluggedDevice;

TEST_F(DeviceCaptureMade, NowIsTheReferenceBootToo) {
  serve("scenarios/reference/reference-chain.xml");
  const std::string file = folder_ / "boot.pcapng";
  const Said said = run({"--no-store", "--once", "--pcap", file});
  EXPECT_EQ(said.code, 0) << said.text;
  expect_the_reference_boot(file);
  // How the one that is kept is made again.
  if (std::getenv("PROVLAB_KEEP_CAPTURE") == nullptr) return;
  std::filesystem::copy_file(file, kKept, std::filesystem::copy_options::overwrite_existing);
}

TEST_F(DeviceCaptureMade, CarriesTheKeysOfTls) {
  serve("scenarios/references/same-host-by-https.xml");
  const std::string file = folder_ / "boot.pcapng";
  run({"--no-store", "--once", "--pcap", file});
  const auto reader = CaptureReader::open(file);
  ASSERT_TRUE(reader) << reader.error().to_string();
  CapturedFrame frame;
  while ((*reader)->next(frame)) continue;
  // The phone does not know who signed the server's certificate, and ends its handshake there.
  EXPECT_THAT((*reader)->secrets(), testing::HasSubstr("SERVER_HANDSHAKE_TRAFFIC_SECRET "));
  EXPECT_EQ((*reader)->trouble(), "");
}

TEST_F(DeviceCaptureMade, WhatIsRecordedOutlivesAKill) {
  const std::string trace = folder_ / "trace.jsonl";
  const std::string capture = folder_ / "boot.pcapng";
  test::Program phone(device({"--no-store", "--trace", trace, "--pcap", capture}));
  ASSERT_TRUE(phone.says("Provisioned: 1 section")) << phone.text();
  // What is recorded is written a moment later.
  for (int i = 0; i < 200 && !test::content_of(trace).contains("\"run_ended\""); ++i) {
    ::poll(nullptr, 0, 50);
  }
  phone.signal(SIGKILL);
  EXPECT_EQ(phone.ends(), -1);
  EXPECT_THAT(http_lines(capture),
              ElementsAre("GET /prov.py?mac=00095200000E HTTP/1.1", "HTTP/1.1 200 OK"));
  std::ifstream lines(trace);
  unsigned number = 0;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_THAT(line, testing::StartsWith("{\"n\":" + std::to_string(++number) + ","));
  }
  EXPECT_GT(number, 50U);
}

TEST_F(DeviceCaptureMade, FileThatCannotBeWrittenIsToldAndThePhoneGoesOn) {
  const Said full = run({"--no-store", "--once", "--pcap", "/dev/full"});
  EXPECT_EQ(full.code, 2);
  EXPECT_THAT(full.text,
              testing::AllOf(testing::HasSubstr("provlab: /dev/full: the file cannot be written: "),
                             testing::HasSubstr("Provisioned: 1 section")));
  const Said nowhere = run({"--no-store", "--once", "--trace", "/dev/null/in"});
  EXPECT_EQ(nowhere.code, 2);
  EXPECT_THAT(nowhere.text, testing::Not(testing::HasSubstr("Provisioned")));
}

}  // namespace
}  // namespace provlab::lab
