#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "core/platform/host.hpp"

/// Captures as files hold them: pcap, read by libpcap, and pcapng, whose blocks are walked here,
/// since libpcap ends at the second kind of link; both also compressed by gzip.
namespace provlab::lab {

/// Link types, by their numbers of LINKTYPE_.
inline constexpr int kLinkNull = 0;
inline constexpr int kLinkEthernet = 1;
inline constexpr int kLinkRawIp = 101;
inline constexpr int kLinkLoop = 108;
inline constexpr int kLinkCooked = 113;
inline constexpr int kLinkIpv4 = 228;
inline constexpr int kLinkCooked2 = 276;

/// A frame as it was captured.
struct CapturedFrame {
  std::int64_t time = 0;     ///< in nanoseconds since 1970
  int link = kLinkEthernet;  ///< LINKTYPE_
  std::size_t whole = 0;     ///< how many octets it had; `octets` may be fewer
  std::size_t number = 0;    ///< in the file, from 1
  BytesView octets;          ///< until the next frame is read
};

/// Reads frame after frame.
///  1. A file that is no capture is an error. One that breaks off or is damaged further on is read
///  up to there; trouble() says so.
///  2. No more than one block is held, of at most 16 MiB; a longer one is damage.
class CaptureReader {
 public:
  static Expected<std::unique_ptr<CaptureReader>> open(const std::string& file);
  /// The octets of a file.
  static Expected<std::unique_ptr<CaptureReader>> of_octets(std::string octets);
  virtual ~CaptureReader() = default;

  /// False at the end.
  virtual bool next(CapturedFrame& frame) = 0;
  /// What ended the reading too early, as a sentence; empty: the file ended.
  const std::string& trouble() const { return trouble_; }
  /// What a pcapng carries to open TLS, as lines of a key log; empty: nothing.
  const std::string& secrets() const { return secrets_; }

 protected:
  CaptureReader() = default;
  std::string trouble_;
  std::string secrets_;
  std::size_t read_ = 0;  ///< frames
};

}  // namespace provlab::lab
