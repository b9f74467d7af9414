#include "sim/lab/capture/pcap_file.hpp"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <array>
#include <cstdio>

namespace provlab::lab {

namespace {

/// DLT_RAW has other numbers in memory than LINKTYPE_RAW has in files.
int link_type_of(int dlt) {
  constexpr int kRawHere = 12;
  constexpr int kRawOnOpenBsd = 14;
  return dlt == kRawHere || dlt == kRawOnOpenBsd ? kLinkRawIp : dlt;
}

ssize_t read_for_pcap(void* source, char* room, std::size_t octets) {
  return static_cast<ssize_t>(static_cast<OctetSource*>(source)->read(room, octets));
}

class PcapFile final : public CaptureReader {
 public:
  explicit PcapFile(std::unique_ptr<OctetSource> source) : source_(std::move(source)) {}
  ~PcapFile() override {
    if (pcap_ != nullptr) pcap_close(pcap_);
  }

  Expected<void> begin(const std::string& name) {
    std::FILE* const stream = fopencookie(
        source_.get(), "r", {.read = &read_for_pcap, .write = {}, .seek = {}, .close = {}});
    if (stream == nullptr) return fail("no memory for reading", name);
    std::setvbuf(stream, nullptr, _IOFBF, std::size_t{256} << 10);
    std::array<char, PCAP_ERRBUF_SIZE> error{};
    pcap_ =
        pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, error.data());
    if (pcap_ == nullptr) {
      std::fclose(stream);
      return fail(fmt::format("this is no capture: {}", error.data()), name);
    }
    link_ = link_type_of(pcap_datalink(pcap_));
    return {};
  }

  bool next(CapturedFrame& frame) override {
    pcap_pkthdr* header = nullptr;
    const u_char* octets = nullptr;
    const int result = pcap_next_ex(pcap_, &header, &octets);
    if (result != 1) {
      if (result == PCAP_ERROR) trouble_ = pcap_geterr(pcap_);
      if (!source_->trouble().empty()) trouble_ = source_->trouble();
      return false;
    }
    constexpr std::int64_t kSecond = 1'000'000'000;
    // libpcap gives the 32 bits of a file their sign, and they have none.
    const auto seconds = static_cast<std::uint32_t>(header->ts.tv_sec);
    frame = {.time = std::int64_t{seconds} * kSecond + header->ts.tv_usec,
             .link = link_,
             .whole = std::max<std::size_t>(header->len, header->caplen),
             .number = ++read_,
             .octets = {octets, header->caplen}};
    return true;
  }

 private:
  std::unique_ptr<OctetSource> source_;
  pcap_t* pcap_ = nullptr;
  int link_ = kLinkEthernet;
};

}  // namespace

Expected<std::unique_ptr<CaptureReader>> open_pcap(std::unique_ptr<OctetSource> source,
                                                   const std::string& name) {
  auto reader = std::make_unique<PcapFile>(std::move(source));
  if (const auto begun = reader->begin(name); !begun) return std::unexpected(begun.error());
  return reader;
}

}  // namespace provlab::lab
