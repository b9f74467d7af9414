#include "sim/lab/capture/octet_source.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "sim/lab/machine/input_stream.hpp"

namespace provlab::lab {

namespace {

class FileOctets final : public OctetSource {
 public:
  explicit FileOctets(InputStream stream) : stream_(std::move(stream)) {}

 private:
  std::size_t more(char* room, std::size_t octets) override {
    const auto got = stream_.read({room, octets});
    if (got) return *got;
    trouble_ = got.error().text;
    return 0;
  }

  InputStream stream_;
};

class MemoryOctets final : public OctetSource {
 public:
  explicit MemoryOctets(std::string octets) : octets_(std::move(octets)) {}

 private:
  std::size_t more(char* room, std::size_t octets) override {
    const std::size_t taken = std::min(octets, octets_.size() - place_);
    std::memcpy(room, octets_.data() + place_, taken);
    place_ += taken;
    return taken;
  }

  std::string octets_;
  std::size_t place_ = 0;
};

/// RFC 1952: members one behind another are one text.
class UnpackedOctets final : public OctetSource {
 public:
  explicit UnpackedOctets(std::unique_ptr<OctetSource> packed)
      : packed_(std::move(packed)), buffer_(std::size_t{128} << 10) {
    constexpr int kGzip = 16 + MAX_WBITS;
    ready_ = inflateInit2(&zlib_, kGzip) == Z_OK;
    if (!ready_) trouble_ = "zlib cannot begin";
  }
  ~UnpackedOctets() override {
    if (ready_) inflateEnd(&zlib_);
  }

 private:
  std::size_t more(char* room, std::size_t octets) override {
    zlib_.next_out = reinterpret_cast<Bytef*>(room);
    zlib_.avail_out = static_cast<uInt>(std::min(octets, buffer_.size()));
    const uInt wanted = zlib_.avail_out;
    while (ready_ && trouble_.empty() && zlib_.avail_out == wanted) {
      if (zlib_.avail_in == 0 && !refill()) break;
      step();
    }
    return wanted - zlib_.avail_out;
  }

  bool refill() {
    const std::size_t got = packed_->read(buffer_.data(), buffer_.size());
    zlib_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
    zlib_.avail_in = static_cast<uInt>(got);
    taken_ += got;
    if (got > 0) return true;
    trouble_ = packed_->trouble();
    if (trouble_.empty() && in_member_) trouble_ = "the compressed file ends too early";
    return false;
  }

  /// No traffic repeats itself that much; what does is made to cost time.
  bool grows_too_much() const { return given_ > kMuch && given_ / kMostGrowth > taken_; }

  void step() {
    if (grows_too_much()) {
      trouble_ = fmt::format(
          "what is compressed grows to more than {} times its size; if that is wanted, unpack it "
          "by gunzip and name what comes of it",
          kMostGrowth);
      return;
    }
    in_member_ = true;
    const uInt room = zlib_.avail_out;
    const int result = inflate(&zlib_, Z_NO_FLUSH);
    given_ += room - zlib_.avail_out;
    if (result == Z_STREAM_END) {
      in_member_ = false;
      inflateReset(&zlib_);
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      trouble_ = "what is compressed by gzip is damaged";
    }
  }

  static constexpr std::uint64_t kMuch = std::uint64_t{32} << 20;
  static constexpr std::uint64_t kMostGrowth = 250;

  std::unique_ptr<OctetSource> packed_;
  std::vector<char> buffer_;
  z_stream zlib_{};
  std::uint64_t taken_ = 0;
  std::uint64_t given_ = 0;
  bool ready_ = false;
  bool in_member_ = false;
};

std::unique_ptr<OctetSource> unpacked(std::unique_ptr<OctetSource> source) {
  if (source->peek(2) != "\x1f\x8b") return source;
  return std::make_unique<UnpackedOctets>(std::move(source));
}

}  // namespace

Expected<std::unique_ptr<OctetSource>> OctetSource::of_file(const std::string& file) {
  auto stream = InputStream::open(file);
  if (!stream) return std::unexpected(stream.error());
  return unpacked(std::make_unique<FileOctets>(std::move(*stream)));
}

std::unique_ptr<OctetSource> OctetSource::of_octets(std::string octets) {
  return unpacked(std::make_unique<MemoryOctets>(std::move(octets)));
}

std::size_t OctetSource::read(char* room, std::size_t octets) {
  std::size_t filled = std::min(octets, peeked_.size());
  std::memcpy(room, peeked_.data(), filled);
  peeked_.erase(0, filled);
  while (filled < octets) {
    const std::size_t got = more(room + filled, octets - filled);
    if (got == 0) break;
    filled += got;
  }
  return filled;
}

std::string OctetSource::take(std::size_t most) {
  constexpr std::size_t kFirst = 4096;
  std::string taken;
  for (std::size_t got = 1; got > 0 && taken.size() < most;) {
    const std::size_t before = taken.size();
    taken.resize(before + std::min(most - before, std::max(before, kFirst)));
    got = read(taken.data() + before, taken.size() - before);
    taken.resize(before + got);
  }
  return taken;
}

std::string_view OctetSource::peek(std::size_t octets) {
  std::string next(std::min<std::size_t>(octets, 64), '\0');
  next.resize(read(next.data(), next.size()));
  peeked_.insert(0, next);
  return std::string_view(peeked_).substr(0, next.size());
}

}  // namespace provlab::lab
