#pragma once
#include "sim/lab/capture/capture_reader.hpp"
#include "sim/lab/capture/octet_source.hpp"

namespace provlab::lab {

/// Precondition: `source` begins as pcap does. `name` is the place of errors.
Expected<std::unique_ptr<CaptureReader>> open_pcap(std::unique_ptr<OctetSource> source,
                                                   const std::string& name);

}  // namespace provlab::lab
