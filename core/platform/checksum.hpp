#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace provlab {

inline constexpr std::uint64_t kChecksumBasis = 0xcbf29ce484222325ULL;

/// The two halves of a product of 128 bits, each word mixed with what it meets: the step of wyhash
/// and its kin.
inline std::uint64_t mix_words(std::uint64_t a, std::uint64_t b) {
  __extension__ typedef unsigned __int128 Wide;  // NOLINT(modernize-use-using): not with the word
  const Wide product = Wide{a} * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// A checksum over words of eight octets (little endian), two at a time in two lanes, then over the
/// rest and the length. The same on every machine. To notice differences, not to hide anything.
inline std::uint64_t checksum_of(std::string_view text, std::uint64_t basis = kChecksumBasis) {
  constexpr std::uint64_t kFirst = 0xa0761d6478bd642fULL;
  constexpr std::uint64_t kSecond = 0xe7037ed1a0b428dbULL;
  const std::size_t length = text.size();
  const auto word_at = [&](std::size_t offset) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + offset, 8);
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
    return word;
  };
  std::uint64_t sum = basis;
  std::uint64_t other = basis;
  for (; text.size() >= 32; text.remove_prefix(32)) {
    sum = mix_words(word_at(0) ^ kFirst, word_at(8) ^ sum);
    other = mix_words(word_at(16) ^ kSecond, word_at(24) ^ other);
  }
  sum ^= std::rotl(other, 32);
  for (; text.size() >= 8; text.remove_prefix(8)) sum = mix_words(word_at(0) ^ kFirst, sum);
  if (!text.empty()) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      word |= std::uint64_t{static_cast<unsigned char>(text[i])} << 8 * i;
    }
    sum = mix_words(word ^ kFirst, sum);
  }
  return mix_words(sum ^ kFirst, length ^ kSecond);
}

/// The same over one word.
inline std::uint64_t checksum_of(std::uint64_t word, std::uint64_t basis) {
  return mix_words(word ^ 0x8ebc6af09c88c6e3ULL, basis ^ 0x589965cc75374cc3ULL);
}

}  // namespace provlab
