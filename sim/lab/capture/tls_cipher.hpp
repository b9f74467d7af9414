#pragma once
#include <openssl/evp.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace provlab::lab {

/// A cipher suite, as far as it takes to read what others have encrypted by it: AES-GCM, AES-CCM,
/// ChaCha20-Poly1305, and AES-CBC before TLS 1.3.
struct TlsSuite {
  const EVP_CIPHER* cipher = nullptr;
  const EVP_MD* hash = nullptr;  ///< of the key derivation
  std::size_t mac = 0;           ///< octets of the MAC; 0: an AEAD
  std::size_t fixed_iv = 0;
  std::size_t explicit_iv = 0;  ///< in each record
  std::size_t tag = 0;

  /// By its number of IANA; nothing: not among these.
  static std::optional<TlsSuite> find(std::uint16_t number, std::uint16_t version);
};

inline constexpr std::uint16_t kTls12 = 0x0303;
inline constexpr std::uint16_t kTls13 = 0x0304;

/// Reads the records of one direction, one after the other.
class TlsOpener {
 public:
  /// TLS 1.3: by the traffic secret of an epoch (RFC 8446 7.3).
  static TlsOpener of_traffic(const TlsSuite& suite, std::string_view secret);
  /// TLS 1.2: by the master secret and both randoms (RFC 5246 6.3).
  static TlsOpener of_master(const TlsSuite& suite, std::string_view master,
                             std::string_view client_random, std::string_view server_random,
                             bool by_client, bool encrypt_then_mac);

  /// What is in a record, whose header stands before `body`; nothing: it is not what the keys are
  /// for.
  std::optional<std::string> open(std::string_view header, std::string_view body);
  /// TLS 1.3: the keys that follow these after a KeyUpdate (RFC 8446 7.2).
  void update();

 private:
  explicit TlsOpener(const TlsSuite& suite) : suite_(suite) {}
  void take_traffic(std::string_view secret);
  std::optional<std::string> open_aead(std::string_view header, std::string_view body);
  std::optional<std::string> open_cbc(std::string_view body) const;

  TlsSuite suite_;
  bool v1_3_ = false;
  bool encrypt_then_mac_ = false;
  std::string secret_;
  std::string key_;
  std::string iv_;
  std::uint64_t number_ = 0;
};

}  // namespace provlab::lab
