#include <fmt/format.h>

#include "sim/lab/capture/capture_reader.hpp"
#include "sim/lab/capture/octet_source.hpp"
#include "sim/lab/capture/pcap_file.hpp"
#include "sim/lab/capture/pcapng_file.hpp"

namespace provlab::lab {

namespace {

using Opened = Expected<std::unique_ptr<CaptureReader>>;

bool begins_as_pcap(std::string_view start) {
  for (const std::string_view magic :
       {"\xa1\xb2\xc3\xd4", "\xd4\xc3\xb2\xa1", "\xa1\xb2\x3c\x4d", "\x4d\x3c\xb2\xa1",
        "\xa1\xb2\xcd\x34", "\x34\xcd\xb2\xa1"}) {
    if (start == magic) return true;
  }
  return false;
}

Opened open_source(std::unique_ptr<OctetSource> source, const std::string& name) {
  const std::string start(source->peek(4));
  if (start == "\x0a\x0d\x0d\x0a") return open_pcapng(std::move(source), name);
  if (begins_as_pcap(start)) return open_pcap(std::move(source), name);
  if (!source->trouble().empty()) return fail(source->trouble(), name);
  if (start.empty()) return fail("the file is empty; name a capture (pcap or pcapng)", name);
  return fail(
      "this is no capture: it begins neither as pcap nor as pcapng; what Wireshark reads becomes "
      "one by 'editcap -F pcapng FILE NEW'",
      name);
}

}  // namespace

Opened CaptureReader::open(const std::string& file) {
  auto source = OctetSource::of_file(file);
  if (!source) return std::unexpected(source.error());
  return open_source(std::move(*source), file);
}

Opened CaptureReader::of_octets(std::string octets) {
  return open_source(OctetSource::of_octets(std::move(octets)), {});
}

}  // namespace provlab::lab
