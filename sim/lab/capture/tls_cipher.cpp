#include "sim/lab/capture/tls_cipher.hpp"

#include <openssl/hmac.h>
#include <openssl/ssl.h>

#include <array>
#include <memory>

namespace provlab::lab {

namespace {

const unsigned char* octets_at(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hmac(const EVP_MD* hash, std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  HMAC(hash, key.data(), static_cast<int>(key.size()), octets_at(text), text.size(), out.data(),
       &size);
  return {reinterpret_cast<const char*>(out.data()), size};
}

/// HKDF-Expand-Label with an empty context (RFC 8446 7.1).
std::string expand_label(const EVP_MD* hash, std::string_view secret, std::string_view label,
                         std::size_t size) {
  const std::string full = "tls13 " + std::string(label);
  std::string info;
  info += static_cast<char>(size >> 8);
  info += static_cast<char>(size);
  info += static_cast<char>(full.size());
  info += full;
  info += '\0';
  std::string out;
  std::string block;
  for (char i = 1; out.size() < size; ++i) {
    block = hmac(hash, secret, block + info + i);
    out += block;
  }
  return out.substr(0, size);
}

/// PRF of TLS 1.2 (RFC 5246 5).
std::string expand_master(const EVP_MD* hash, std::string_view secret, const std::string& seed,
                          std::size_t size) {
  std::string out;
  for (std::string a = seed; out.size() < size;) {
    a = hmac(hash, secret, a);
    out += hmac(hash, secret, a + seed);
  }
  return out.substr(0, size);
}

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

struct FreeTls {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* connection) const { SSL_free(connection); }
};

const SSL_CIPHER* cipher_by_number(std::uint16_t number) {
  const std::array<unsigned char, 2> octets{static_cast<unsigned char>(number >> 8),
                                            static_cast<unsigned char>(number)};
  const std::unique_ptr<SSL_CTX, FreeTls> context(SSL_CTX_new(TLS_client_method()));
  if (!context) return nullptr;
  const std::unique_ptr<SSL, FreeTls> connection(SSL_new(context.get()));
  // What it gives is of the library's own tables.
  return connection ? SSL_CIPHER_find(connection.get(), octets.data()) : nullptr;
}

}  // namespace

std::optional<TlsSuite> TlsSuite::find(std::uint16_t number, std::uint16_t version) {
  const SSL_CIPHER* const found = cipher_by_number(number);
  if (found == nullptr) return std::nullopt;
  TlsSuite suite;
  suite.cipher = EVP_get_cipherbynid(SSL_CIPHER_get_cipher_nid(found));
  suite.hash = SSL_CIPHER_get_handshake_digest(found);
  if (suite.cipher == nullptr || suite.hash == nullptr) return std::nullopt;
  constexpr std::size_t kNonce = 12;
  constexpr std::size_t kTag = 16;
  constexpr std::size_t kShortTag = 8;
  switch (EVP_CIPHER_get_mode(suite.cipher)) {
    case EVP_CIPH_CBC_MODE: {
      const int digest = SSL_CIPHER_get_digest_nid(found);
      if (version == kTls13 || digest == NID_undef) return std::nullopt;
      suite.mac = static_cast<std::size_t>(EVP_MD_get_size(EVP_get_digestbynid(digest)));
      suite.explicit_iv = static_cast<std::size_t>(EVP_CIPHER_get_iv_length(suite.cipher));
      return suite;
    }
    case EVP_CIPH_GCM_MODE:
    case EVP_CIPH_CCM_MODE: {
      // RFC 6655 4 and 5.3 name the short ones so.
      const std::string_view name = SSL_CIPHER_get_name(found);
      suite.tag = name.ends_with("CCM8") || name.ends_with("CCM_8_SHA256") ? kShortTag : kTag;
      suite.explicit_iv = version == kTls13 ? 0 : 8;
      suite.fixed_iv = kNonce - suite.explicit_iv;
      return suite;
    }
    default:
      if (EVP_CIPHER_get_nid(suite.cipher) != NID_chacha20_poly1305) return std::nullopt;
      suite.tag = kTag;
      suite.fixed_iv = kNonce;
      return suite;
  }
}

void TlsOpener::take_traffic(std::string_view secret) {
  const auto size = static_cast<std::size_t>(EVP_CIPHER_get_key_length(suite_.cipher));
  secret_ = secret;
  key_ = expand_label(suite_.hash, secret_, "key", size);
  iv_ = expand_label(suite_.hash, secret_, "iv", suite_.fixed_iv);
  number_ = 0;
}

TlsOpener TlsOpener::of_traffic(const TlsSuite& suite, std::string_view secret) {
  TlsOpener opener(suite);
  opener.v1_3_ = true;
  opener.take_traffic(secret);
  return opener;
}

void TlsOpener::update() {
  const auto size = static_cast<std::size_t>(EVP_MD_get_size(suite_.hash));
  take_traffic(expand_label(suite_.hash, secret_, "traffic upd", size));
}

TlsOpener TlsOpener::of_master(const TlsSuite& suite, std::string_view master,
                               std::string_view client_random, std::string_view server_random,
                               bool by_client, bool encrypt_then_mac) {
  TlsOpener opener(suite);
  opener.encrypt_then_mac_ = encrypt_then_mac;
  const auto key = static_cast<std::size_t>(EVP_CIPHER_get_key_length(suite.cipher));
  std::string seed = "key expansion";
  seed.append(server_random).append(client_random);
  const std::size_t size = 2 * (suite.mac + key + suite.fixed_iv);
  const std::string block = expand_master(suite.hash, master, seed, size);
  // MAC keys, keys, IVs; of the client and of the server each.
  const std::size_t other = by_client ? 0 : 1;
  opener.key_ = block.substr(2 * suite.mac + other * key, key);
  opener.iv_ = block.substr(2 * (suite.mac + key) + other * suite.fixed_iv, suite.fixed_iv);
  return opener;
}

std::optional<std::string> TlsOpener::open(std::string_view header, std::string_view body) {
  auto text = suite_.mac > 0 ? open_cbc(body) : open_aead(header, body);
  ++number_;
  return text;
}

std::optional<std::string> TlsOpener::open_aead(std::string_view header, std::string_view body) {
  if (body.size() < suite_.explicit_iv + suite_.tag) return std::nullopt;
  std::string nonce = iv_ + std::string(body.substr(0, suite_.explicit_iv));
  body.remove_prefix(suite_.explicit_iv);
  std::string counted;
  for (int shift = 56; shift >= 0; shift -= 8) counted += static_cast<char>(number_ >> shift);
  if (suite_.explicit_iv == 0) {
    for (std::size_t i = 0; i < 8; ++i) {
      char& octet = nonce[nonce.size() - 8 + i];
      octet = static_cast<char>(octet ^ counted[i]);
    }
  }
  const std::string_view text = body.substr(0, body.size() - suite_.tag);
  std::string tag(body.substr(text.size()));
  std::string known(header);
  if (!v1_3_) {
    known = counted + std::string(header.substr(0, 3));
    known += static_cast<char>(text.size() >> 8);
    known += static_cast<char>(text.size());
  }
  const CipherContext context(EVP_CIPHER_CTX_new());
  std::string out(text.size() + EVP_MAX_BLOCK_LENGTH, '\0');
  int size = 0;
  int last = 0;
  auto* const to = reinterpret_cast<unsigned char*>(out.data());
  const bool ccm = EVP_CIPHER_get_mode(suite_.cipher) == EVP_CIPH_CCM_MODE;
  const bool opened =
      EVP_DecryptInit_ex(context.get(), suite_.cipher, nullptr, nullptr, nullptr) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_IVLEN, static_cast<int>(nonce.size()),
                          nullptr) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()),
                          tag.data()) == 1 &&
      EVP_DecryptInit_ex(context.get(), nullptr, nullptr, octets_at(key_), octets_at(nonce)) == 1 &&
      (!ccm || EVP_DecryptUpdate(context.get(), nullptr, &size, nullptr,
                                 static_cast<int>(text.size())) == 1) &&
      EVP_DecryptUpdate(context.get(), nullptr, &size, octets_at(known),
                        static_cast<int>(known.size())) == 1 &&
      EVP_DecryptUpdate(context.get(), to, &size, octets_at(text), static_cast<int>(text.size())) ==
          1 &&
      (ccm || EVP_DecryptFinal_ex(context.get(), to + size, &last) == 1);
  if (!opened) return std::nullopt;
  out.resize(static_cast<std::size_t>(size + last));
  return out;
}

/// RFC 5246 6.2.3.2, RFC 7366 3. The MAC is not looked at: what a capture has was not changed by
/// anybody.
std::optional<std::string> TlsOpener::open_cbc(std::string_view body) const {
  if (encrypt_then_mac_) {
    if (body.size() < suite_.mac) return std::nullopt;
    body.remove_suffix(suite_.mac);
  }
  const std::size_t block = suite_.explicit_iv;
  if (body.size() < 2 * block || body.size() % block != 0) return std::nullopt;
  const std::string_view iv = body.substr(0, block);
  const std::string_view text = body.substr(block);
  const CipherContext context(EVP_CIPHER_CTX_new());
  std::string out(text.size() + EVP_MAX_BLOCK_LENGTH, '\0');
  int size = 0;
  auto* const to = reinterpret_cast<unsigned char*>(out.data());
  if (EVP_DecryptInit_ex(context.get(), suite_.cipher, nullptr, octets_at(key_), octets_at(iv)) !=
          1 ||
      EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
      EVP_DecryptUpdate(context.get(), to, &size, octets_at(text), static_cast<int>(text.size())) !=
          1) {
    return std::nullopt;
  }
  out.resize(static_cast<std::size_t>(size));
  const auto padding = static_cast<std::size_t>(static_cast<unsigned char>(out.back())) + 1;
  const std::size_t behind = padding + (encrypt_then_mac_ ? 0 : suite_.mac);
  if (out.size() < behind) return std::nullopt;
  for (std::size_t i = out.size() - padding; i < out.size(); ++i) {
    if (out[i] != out.back()) return std::nullopt;
  }
  out.resize(out.size() - behind);
  return out;
}

}  // namespace provlab::lab
