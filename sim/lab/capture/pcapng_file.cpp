#include "sim/lab/capture/pcapng_file.hpp"

#include <fmt/format.h>

#include <limits>
#include <vector>

namespace provlab::lab {

namespace {

constexpr std::uint32_t kSection = 0x0a0d0d0a;
constexpr std::uint32_t kInterface = 1;
constexpr std::uint32_t kOldPacket = 2;
constexpr std::uint32_t kSimplePacket = 3;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kSecrets = 10;
constexpr std::uint32_t kTlsKeyLog = 0x544c534b;
constexpr std::size_t kMostBlock = std::size_t{16} << 20;
constexpr std::size_t kMostInterfaces = 4096;
constexpr std::size_t kMostSecrets = std::size_t{4} << 20;

/// Of an interface: its link, and how its stamps become nanoseconds since 1970.
struct Interface {
  int link = kLinkEthernet;
  std::size_t snap = 0;             ///< 0: no limit
  std::uint64_t ticks = 1'000'000;  ///< in a second
  std::int64_t offset = 0;          ///< in seconds
};

/// The numbers in a block, in the section's order of octets. Whoever reads has seen that they are
/// there.
class BlockBody {
 public:
  BlockBody(BytesView octets, bool little) : octets_(octets), little_(little) {}

  std::size_t size() const { return octets_.size(); }
  BytesView from(std::size_t at) const { return octets_.subspan(at); }
  std::uint32_t get16(std::size_t at) const { return number(at, 2); }
  std::uint32_t get32(std::size_t at) const { return number(at, 4); }
  std::uint64_t get64(std::size_t at) const {
    const std::uint64_t first = get32(at);
    const std::uint64_t second = get32(at + 4);
    return little_ ? second << 32 | first : first << 32 | second;
  }

 private:
  std::uint32_t number(std::size_t at, std::size_t octets) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < octets; ++i) {
      value = value << 8 | octets_[little_ ? at + octets - 1 - i : at + i];
    }
    return value;
  }

  BytesView octets_;
  bool little_;
};

/// if_tsresol: a power of ten, or with the highest bit one of two.
std::uint64_t ticks_of(std::uint8_t resolution) {
  const bool binary = (resolution & 0x80) != 0;
  const unsigned power = resolution & 0x7f;
  if (binary) return power < 63 ? std::uint64_t{1} << power : 0;
  std::uint64_t ticks = 1;
  for (unsigned i = 0; i < power && i < 20; ++i) ticks *= 10;
  return power < 20 ? ticks : 0;
}

std::int64_t nanoseconds_of(std::uint64_t stamp, const Interface& interface) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  constexpr std::int64_t kMostSeconds = std::numeric_limits<std::int64_t>::max() / 2 / kSecond;
  const std::uint64_t seconds = stamp / interface.ticks;
  const std::uint64_t rest = stamp % interface.ticks;
  const auto wide = static_cast<long double>(rest) * kSecond / interface.ticks;
  const auto limited = static_cast<std::int64_t>(std::min<std::uint64_t>(seconds, kMostSeconds));
  const std::int64_t offset = std::clamp(interface.offset, -kMostSeconds, kMostSeconds - limited);
  return (limited + offset) * static_cast<std::int64_t>(kSecond) +
         static_cast<std::int64_t>(wide + 0.5L);
}

class PcapngFile final : public CaptureReader {
 public:
  explicit PcapngFile(std::unique_ptr<OctetSource> source) : source_(std::move(source)) {}

  bool next(CapturedFrame& frame) override {
    while (trouble_.empty() && read_block()) {
      if (take_block(frame)) return true;
    }
    return false;
  }

  Expected<void> begin(const std::string& name) {
    if (read_block()) {
      CapturedFrame none;
      take_block(none);
      if (trouble_.empty()) return {};
    }
    return fail("this is no capture: " + (trouble_.empty() ? "it ends at once" : trouble_), name);
  }

 private:
  /// The next one, into block_ and type_; false at the end, or where there is none.
  bool read_block() {
    std::array<std::uint8_t, 12> head{};
    const std::size_t got = source_->read(reinterpret_cast<char*>(head.data()), 8);
    if (got == 0) return damaged(source_->trouble());
    if (got < 8) return damaged("the file ends within a block");
    type_ = BlockBody(head, little_).get32(0);
    std::size_t taken = 8;
    if (BlockBody(head, true).get32(0) == kSection) {
      type_ = kSection;
      taken += source_->read(reinterpret_cast<char*>(head.data()) + 8, 4);
      if (taken < 12) return damaged("the file ends within a block");
      if (!take_order(BlockBody(head, true).get32(8))) return false;
    }
    return read_body(BlockBody(head, little_).get32(4), taken);
  }

  bool take_order(std::uint32_t magic) {
    constexpr std::uint32_t kMagic = 0x1a2b3c4d;
    constexpr std::uint32_t kOtherMagic = 0x4d3c2b1a;
    if (magic != kMagic && magic != kOtherMagic) {
      return damaged("a section does not say in which order its octets are");
    }
    little_ = magic == kMagic;
    return true;
  }

  bool read_body(std::size_t length, std::size_t taken) {
    if (length < 12 || length % 4 != 0 || length > kMostBlock || length < taken + 4) {
      return damaged(fmt::format("a block says that it has {} octets", length));
    }
    block_.resize(length - taken);
    if (source_->read(reinterpret_cast<char*>(block_.data()), block_.size()) < block_.size()) {
      return damaged(source_->trouble().empty() ? "the file ends within a block"
                                                : source_->trouble());
    }
    block_.resize(block_.size() - 4);  // its length once more
    return true;
  }

  bool damaged(std::string why) {
    trouble_ = std::move(why);
    return false;
  }

  /// Whether it holds a frame.
  bool take_block(CapturedFrame& frame) {
    const BlockBody body(block_, little_);
    switch (type_) {
      case kSection:
        interfaces_.clear();
        return false;
      case kInterface:
        take_interface(body);
        return false;
      case kSecrets:
        take_secrets(body);
        return false;
      case kEnhancedPacket:
        if (body.size() < 20) return damaged("a packet's block is too short");
        return take_packet(frame, body, body.get32(0), 20);
      case kOldPacket:
        if (body.size() < 20) return damaged("a packet's block is too short");
        return take_packet(frame, body, body.get16(0), 20);
      case kSimplePacket:
        return take_simple(frame, body);
      default:
        return false;
    }
  }

  void take_interface(const BlockBody& body) {
    if (body.size() < 8) return void(damaged("an interface's block is too short"));
    if (interfaces_.size() == kMostInterfaces) return void(damaged("too many interfaces"));
    Interface interface { .link = static_cast<int>(body.get16(0)), .snap = body.get32(4) };
    for (std::size_t at = 8; at + 4 <= body.size();) {
      const std::uint32_t code = body.get16(at);
      const std::size_t length = body.get16(at + 2);
      if (code == 0 || at + 4 + length > body.size()) break;
      const BytesView value = body.from(at + 4).first(length);
      constexpr std::uint32_t kResolution = 9;
      constexpr std::uint32_t kOffset = 14;
      if (code == kResolution && length == 1) interface.ticks = ticks_of(value[0]);
      if (code == kOffset && length == 8) {
        interface.offset = static_cast<std::int64_t>(BlockBody(value, little_).get64(0));
      }
      at += 4 + (length + 3) / 4 * 4;
    }
    if (interface.ticks == 0) return void(damaged("an interface's clock is finer than any clock"));
    interfaces_.push_back(interface);
  }

  void take_secrets(const BlockBody& body) {
    if (body.size() < 8 || body.get32(0) != kTlsKeyLog) return;
    const std::size_t length = std::min<std::size_t>(body.get32(4), body.size() - 8);
    if (secrets_.size() + length > kMostSecrets) return;
    secrets_ += text_of(body.from(8).first(length));
  }

  bool take_packet(CapturedFrame& frame, const BlockBody& body, std::size_t number,
                   std::size_t head) {
    if (number >= interfaces_.size()) return damaged("a packet is of no interface");
    const Interface& interface = interfaces_[number];
    const std::uint64_t stamp = std::uint64_t{body.get32(4)} << 32 | body.get32(8);
    const std::size_t captured = std::min<std::size_t>(body.get32(12), body.size() - head);
    frame = {.time = nanoseconds_of(stamp, interface),
             .link = interface.link,
             .whole = std::max<std::size_t>(body.get32(16), captured),
             .number = ++read_,
             .octets = body.from(head).first(captured)};
    last_ = frame.time;
    return true;
  }

  /// It has no time of its own.
  bool take_simple(CapturedFrame& frame, const BlockBody& body) {
    if (body.size() < 4) return damaged("a packet's block is too short");
    if (interfaces_.empty()) return damaged("a packet is of no interface");
    const std::size_t whole = body.get32(0);
    std::size_t captured = std::min(whole, body.size() - 4);
    if (interfaces_[0].snap != 0) captured = std::min(captured, interfaces_[0].snap);
    frame = {.time = last_,
             .link = interfaces_[0].link,
             .whole = whole,
             .number = ++read_,
             .octets = body.from(4).first(captured)};
    return true;
  }

  std::unique_ptr<OctetSource> source_;
  bool little_ = true;
  std::uint32_t type_ = 0;
  Bytes block_;
  std::vector<Interface> interfaces_;  ///< of the section
  std::int64_t last_ = 0;
};

}  // namespace

Expected<std::unique_ptr<CaptureReader>> open_pcapng(std::unique_ptr<OctetSource> source,
                                                     const std::string& name) {
  auto reader = std::make_unique<PcapngFile>(std::move(source));
  if (const auto begun = reader->begin(name); !begun) return std::unexpected(begun.error());
  return reader;
}

}  // namespace provlab::lab
