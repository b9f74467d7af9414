#include "sim/lab/capture/tls_session.hpp"

#include <openssl/x509v3.h>

#include <memory>

#include "sim/lab/capture/tls_cipher.hpp"

namespace provlab::lab {

namespace {

constexpr std::size_t kRecordHeader = 5;
constexpr std::size_t kRandom = 32;

enum Content : std::uint8_t { change_cipher = 20, alert = 21, handshake = 22, data = 23 };
enum Message : std::uint8_t {
  client_hello = 1,
  server_hello = 2,
  certificate = 11,
  finished = 20,
  key_update = 24
};

/// Numbers and vectors; what is not there is empty.
class Fields {
 public:
  explicit Fields(std::string_view text) : text_(text) {}
  std::string_view take(std::size_t size) {
    const std::string_view taken = text_.substr(0, size);
    text_.remove_prefix(taken.size());
    return taken;
  }
  std::size_t number(std::size_t size) {
    std::size_t value = 0;
    for (const char c : take(size)) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
  /// Behind its length, which has so many octets.
  std::string_view vector(std::size_t size) { return take(number(size)); }
  bool at_end() const { return text_.empty(); }

 private:
  std::string_view text_;
};

template <class Look>
void for_each_extension(std::string_view extensions, const Look& look) {
  for (Fields fields(extensions); !fields.at_end();) {
    const std::size_t kind = fields.number(2);
    look(kind, fields.vector(2));
  }
}

/// What both hellos come to.
struct Agreement {
  std::string client_random;
  std::string server_random;
  std::uint16_t version = 0;
  std::uint16_t suite = 0;
  bool encrypt_then_mac = false;
};

void read_client_hello(std::string_view body, Agreement& agreed, SeenTls& seen) {
  Fields fields(body);
  fields.take(2);
  agreed.client_random = fields.take(kRandom);
  fields.vector(1);  // session
  fields.vector(2);  // suites
  fields.vector(1);  // compression
  for_each_extension(fields.vector(2), [&](std::size_t kind, std::string_view value) {
    if (kind != 0 || !seen.server_name.empty()) return;
    Fields name(value);
    name.take(3);
    seen.server_name = name.vector(2);
  });
}

void read_server_hello(std::string_view body, Agreement& agreed) {
  Fields fields(body);
  agreed.version = static_cast<std::uint16_t>(fields.number(2));
  agreed.server_random = fields.take(kRandom);
  fields.vector(1);
  agreed.suite = static_cast<std::uint16_t>(fields.number(2));
  fields.take(1);
  for_each_extension(fields.vector(2), [&](std::size_t kind, std::string_view value) {
    constexpr std::size_t kEncryptThenMac = 22;
    constexpr std::size_t kVersions = 43;
    if (kind == kEncryptThenMac) agreed.encrypt_then_mac = true;
    if (kind == kVersions) agreed.version = static_cast<std::uint16_t>(Fields(value).number(2));
  });
}

struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};

std::optional<SeenCertificate> read_certificate(std::string_view der, const std::string& name,
                                                Ipv4Address address) {
  const auto* octets = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<X509, FreeCertificate> read(
      d2i_X509(nullptr, &octets, static_cast<long>(der.size())));
  if (!read) return std::nullopt;
  SeenCertificate seen;
  seen.self_signed =
      X509_NAME_cmp(X509_get_subject_name(read.get()), X509_get_issuer_name(read.get())) == 0;
  seen.has_names = X509_get_ext_by_NID(read.get(), NID_subject_alt_name, -1) >= 0;
  seen.fits = name.empty() ? X509_check_ip_asc(read.get(), address.to_string().c_str(), 0) == 1
                           : X509_check_host(read.get(), name.data(), name.size(), 0, nullptr) == 1;
  return seen;
}

/// Reads one direction: what `server` says, or what it is told. The server's hello must be known
/// before what is encrypted is.
class Direction {
 public:
  Direction(const SeenStream& stream, std::optional<Ipv4Address> server, const KeyLog& keys,
            Agreement& agreed, SeenTls& seen)
      : stream_(stream),
        by_client_(!server),
        server_(server.value_or(Ipv4Address{})),
        keys_(keys),
        agreed_(agreed),
        seen_(seen) {
    plain_.begun = stream.begun;
    plain_.gap = stream.gap;
    plain_.finished = stream.finished;
    plain_.sent_again = stream.sent_again;
  }

  /// Up to the first record that cannot be read.
  void read() {
    const std::string_view octets = stream_.octets;
    while (readable_ && octets.size() - at_ >= kRecordHeader) {
      const std::string_view header = octets.substr(at_, kRecordHeader);
      const std::size_t size = Fields(header.substr(3)).number(2);
      if (octets.size() - at_ - kRecordHeader < size) break;
      end_ = at_ + kRecordHeader + size;
      take_record(static_cast<std::uint8_t>(header[0]), header,
                  octets.substr(at_ + kRecordHeader, size));
      at_ = end_;
    }
  }
  bool opened() const { return readable_ && opener_.has_value(); }
  SeenStream take_plain() { return std::move(plain_); }

 private:
  void take_record(std::uint8_t type, std::string_view header, std::string_view body) {
    const bool v1_3 = agreed_.version == kTls13;
    if (type == change_cipher) {
      if (!v1_3) begin_opening("CLIENT_RANDOM");
      return;
    }
    // An alert is shorter than anything else that a client could say first.
    constexpr std::size_t kOfAlert = 2 + 1 + 16;
    if (!opener_ && v1_3 && type == data && by_client_ && body.size() == kOfAlert) {
      seen_.refused = true;
    }
    if (!opener_ && v1_3 && type == data) {
      begin_opening(by_client_ ? "CLIENT_HANDSHAKE_TRAFFIC_SECRET"
                               : "SERVER_HANDSHAKE_TRAFFIC_SECRET");
    }
    if (!opener_) {
      if (type == data) readable_ = false;
      return take_content(type, body);
    }
    if (!readable_) return;
    auto text = opener_->open(header, body);
    if (!text) {
      readable_ = false;
      return;
    }
    if (v1_3) {
      // The type stands behind it, and zeros behind that (RFC 8446 5.2).
      while (!text->empty() && text->back() == '\0') text->pop_back();
      if (text->empty()) return;
      type = static_cast<std::uint8_t>(text->back());
      text->pop_back();
    }
    take_content(type, *text);
  }

  void begin_opening(std::string_view label) {
    const auto suite = TlsSuite::find(agreed_.suite, agreed_.version);
    const std::string_view secret = keys_.secret(label, agreed_.client_random);
    if (!suite || secret.empty() || (agreed_.version != kTls13 && agreed_.version != kTls12)) {
      readable_ = false;
    } else if (agreed_.version == kTls13) {
      opener_ = TlsOpener::of_traffic(*suite, secret);
    } else {
      opener_ = TlsOpener::of_master(*suite, secret, agreed_.client_random, agreed_.server_random,
                                     by_client_, agreed_.encrypt_then_mac);
    }
  }

  void take_content(std::uint8_t type, std::string_view text) {
    if (type == handshake) {
      messages_ += text;
      take_messages();
    } else if (type == alert && text.size() == 2 && text[0] == 2) {
      if (!by_client_) {
        seen_.server_complaint = static_cast<std::uint8_t>(text[1]);
        return;
      }
      seen_.complaint = static_cast<std::uint8_t>(text[1]);
      seen_.refused = true;
    } else if (type == data && opener_ && !text.empty()) {
      plain_.arrivals.emplace_back(plain_.octets.size(), stream_.time_of(end_ - 1));
      plain_.octets += text;
    }
  }

  void take_messages() {
    constexpr std::size_t kHeader = 4;
    while (messages_.size() >= kHeader) {
      Fields fields(messages_);
      const auto type = static_cast<std::uint8_t>(fields.number(1));
      const std::size_t size = fields.number(3);
      if (messages_.size() < kHeader + size) return;
      const std::string body = messages_.substr(kHeader, size);
      messages_.erase(0, kHeader + size);
      take_message(type, body);
    }
  }

  void take_message(std::uint8_t type, std::string_view body) {
    switch (type) {
      case client_hello:
        if (by_client_) read_client_hello(body, agreed_, seen_);
        return;
      case server_hello:
        if (!by_client_) read_server_hello(body, agreed_);
        return;
      case certificate:
        if (!by_client_) take_certificates(body);
        return;
      case finished:
        if (agreed_.version == kTls13) {
          begin_opening(by_client_ ? "CLIENT_TRAFFIC_SECRET_0" : "SERVER_TRAFFIC_SECRET_0");
        }
        return;
      case key_update:
        if (opener_) opener_->update();
        return;
      default:
        return;
    }
  }

  void take_certificates(std::string_view body) {
    const bool v1_3 = agreed_.version == kTls13;
    Fields fields(body);
    if (v1_3) fields.vector(1);
    Fields list(fields.vector(3));
    seen_.certificate = read_certificate(list.vector(3), seen_.server_name, server_);
    if (v1_3) list.vector(2);
    while (seen_.certificate && !list.at_end()) {
      list.vector(3);
      if (v1_3) list.vector(2);
      ++seen_.certificate->with_others;
    }
  }

  const SeenStream& stream_;
  bool by_client_;
  Ipv4Address server_;
  const KeyLog& keys_;
  Agreement& agreed_;
  SeenTls& seen_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;  ///< of the record that is being read
  std::string messages_;
  std::optional<TlsOpener> opener_;
  bool readable_ = true;
  SeenStream plain_;
};

bool begins_with_hello(std::string_view octets) {
  return octets.size() >= 11 && octets[0] == 0x16 && octets[1] == 3 && octets[5] == client_hello;
}

/// The records of it that stand before any others.
std::string handshake_at_begin(std::string_view octets) {
  std::size_t end = 0;
  while (octets.size() - end >= kRecordHeader && octets[end] == handshake) {
    end += kRecordHeader + Fields(octets.substr(end + 3)).number(2);
    if (end > octets.size()) break;
  }
  return std::string(octets.substr(0, end));
}

}  // namespace

std::optional<SeenTls> tls_in(const SeenConnection& connection, const KeyLog& keys) {
  if (!begins_with_hello(connection.to_server.octets)) return std::nullopt;
  SeenTls seen;
  Agreement agreed;
  {
    // The hello alone: what follows it is read by what the server says to it.
    SeenStream hello;
    hello.octets = handshake_at_begin(connection.to_server.octets);
    Direction(hello, std::nullopt, keys, agreed, seen).read();
  }
  Direction to_client(connection.to_client, connection.server.address, keys, agreed, seen);
  to_client.read();
  Direction to_server(connection.to_server, std::nullopt, keys, agreed, seen);
  to_server.read();
  seen.version = agreed.version;
  const std::string& answer = connection.to_client.octets;
  seen.plain = !answer.empty() && (answer[0] < alert || answer[0] > handshake);
  seen.opened = to_server.opened() && (to_client.opened() || connection.to_client.octets.empty());
  seen.to_server = to_server.take_plain();
  seen.to_client = to_client.take_plain();
  return seen;
}

}  // namespace provlab::lab
