#pragma once
#include "sim/lab/capture/capture_reader.hpp"
#include "sim/lab/capture/octet_source.hpp"

namespace provlab::lab {

/// pcapng (IETF draft-ietf-opsawg-pcapng): sections in either order of octets, interfaces of
/// different links and clocks (if_tsresol, if_tsoffset), packets of all three kinds, secrets; other
/// blocks are stepped over. Precondition: `source` begins as pcapng does.
Expected<std::unique_ptr<CaptureReader>> open_pcapng(std::unique_ptr<OctetSource> source,
                                                     const std::string& name);

}  // namespace provlab::lab
