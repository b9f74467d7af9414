#include "sim/web/passwords.hpp"

#include <crypt.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <stdexcept>

#include "core/platform/text.hpp"

namespace provlab::web {

namespace {

constexpr std::string_view kMethod = "$6$";
constexpr std::string_view kRounds = "rounds=";
constexpr unsigned kMostRounds = 20'000;  // 5,000 where a hash names none
constexpr std::size_t kMostSalt = 16;
constexpr std::size_t kDigest = 86;

bool is_of_crypt_alphabet(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return is_digit(c) || is_letter(c) || c == '.' || c == '/'; });
}

std::string crypted(std::string_view password, const std::string& setting) {
  const auto data = std::make_unique<crypt_data>();  // 32 KiB
  const std::string phrase(password);
  const char* const hash = crypt_r(phrase.c_str(), setting.c_str(), data.get());
  std::string out = hash == nullptr || *hash == '*' ? "" : hash;
  OPENSSL_cleanse(data.get(), sizeof *data);
  return out;
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

bool is_hashed(std::string_view stored) {
  if (!stored.starts_with(kMethod)) return false;
  stored.remove_prefix(kMethod.size());
  if (stored.starts_with(kRounds)) {
    stored.remove_prefix(kRounds.size());
    unsigned rounds = 0;
    const auto [end, error] = std::from_chars(stored.data(), stored.data() + stored.size(), rounds);
    if (error != std::errc{} || rounds > kMostRounds) return false;
    stored.remove_prefix(static_cast<std::size_t>(end - stored.data()));
    if (!stored.starts_with('$')) return false;
    stored.remove_prefix(1);
  }
  const std::size_t dollar = stored.find('$');
  return dollar != stored.npos && dollar > 0 && dollar <= kMostSalt &&
         stored.size() - dollar - 1 == kDigest && is_of_crypt_alphabet(stored.substr(0, dollar)) &&
         is_of_crypt_alphabet(stored.substr(dollar + 1));
}

std::string hash_password(std::string_view plain, Random& random) {
  std::array<char, 16> seed{};
  for (char& octet : seed) octet = static_cast<char>(random.next());
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
  if (crypt_gensalt_rn(kMethod.data(), 0, seed.data(), seed.size(), setting.data(),
                       setting.size()) == nullptr) {
    throw std::logic_error("crypt(3) knows no $6$");
  }
  std::string hash = crypted(plain, setting.data());
  if (hash.empty()) throw std::logic_error("crypt(3) does not hash");
  return hash;
}

bool matches(std::string_view stored, std::string_view given) {
  if (stored.empty() || given.empty() || given.size() > kLongestPassword) return false;
  if (given.find('\0') != given.npos) return false;
  if (!is_hashed(stored)) return same(stored, given);
  return same(stored, crypted(given, std::string(stored)));
}

}  // namespace provlab::web
