#include "core/net/dns_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/platform/text.hpp"

namespace provlab::net {

namespace {

constexpr std::size_t kHeaderSize = 12;
constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestName = 253;
constexpr std::uint16_t kClassInternet = 1;
constexpr unsigned kMostAliases = 16;
constexpr unsigned kMostLabels = 127;  // of one octet each
constexpr std::uint16_t kTypeNameServer = 2;
constexpr std::uint16_t kTypeAuthority = 6;  // SOA

void append_label(std::string& out, BytesView label) {
  for (const std::uint8_t octet : label) {
    const char c = lower(static_cast<char>(octet));
    if (c > ' ' && c <= '~' && c != '.' && c != '\\') {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "\\{:03}", octet);
    }
  }
}

/// Reads forward through a message; a read beyond its end sets the failure flag and gives zeros.
class Reader {
 public:
  explicit Reader(BytesView message) : message_(message) {}

  std::size_t position() const { return position_; }
  bool failed() const { return failed_; }
  std::size_t left() const { return message_.size() - position_; }

  std::uint16_t u16() {
    if (!has(2)) return 0;
    const auto value =
        static_cast<std::uint16_t>(message_[position_] << 8 | message_[position_ + 1]);
    position_ += 2;
    return value;
  }
  std::uint32_t u32() {
    const std::uint32_t high = u16();
    return high << 16 | u16();
  }
  void skip(std::size_t octets) {
    if (has(octets)) position_ += octets;
  }

  /// RFC 1035 4.1.4. A pointer must lead to before the piece it stands in, so no loop is possible;
  /// more pointers than a name has labels are a chain that leads to nothing new.
  std::string name() {
    std::string out;
    std::size_t at = position_;
    std::size_t piece = position_;
    unsigned pointers = 0;
    for (std::size_t octets = 0;;) {
      if (at >= message_.size()) return failure();
      const std::uint8_t length = message_[at];
      if (length >= 0xc0) {
        if (at + 1 >= message_.size()) return failure();
        const std::size_t target = static_cast<std::size_t>(length & 0x3f) << 8 | message_[at + 1];
        if (target >= piece || pointers == kMostLabels) return failure();
        if (pointers++ == 0) position_ = at + 2;
        at = piece = target;
        continue;
      }
      if (length > kLongestLabel) return failure();
      octets += length + 1U;
      if (octets > kLongestName + 2 || at + 1 + length > message_.size()) return failure();
      ++at;
      if (length == 0) break;
      if (!out.empty()) out += '.';
      append_label(out, message_.subspan(at, length));
      at += length;
    }
    if (pointers == 0) position_ = at;
    return out;
  }
  /// Past a name, wherever it points.
  void skip_name() {
    while (has(1)) {
      const std::uint8_t length = message_[position_];
      if (length >= 0xc0) return skip(2);
      if (length > kLongestLabel) return static_cast<void>(failure());
      skip(length + 1U);
      if (length == 0) return;
    }
  }

 private:
  bool has(std::size_t octets) {
    if (octets > left()) failed_ = true;
    return !failed_;
  }
  std::string failure() {
    failed_ = true;
    return {};
  }

  BytesView message_;
  std::size_t position_ = 0;
  bool failed_ = false;
};

/// Reads one resource record; keeps it where it is an A or CNAME of class IN.
void read_record(Reader& reader, BytesView message, DnsResponse& response) {
  DnsRecord record;
  record.name = reader.name();
  const std::uint16_t type = reader.u16();
  const std::uint16_t record_class = reader.u16();
  record.ttl = reader.u32();
  if (record.ttl > 0x7fffffffU) record.ttl = 0;
  const std::uint16_t length = reader.u16();
  const std::size_t data = reader.position();
  reader.skip(length);
  if (reader.failed() || record_class != kClassInternet) return;
  if (type == static_cast<std::uint16_t>(DnsType::a) && length == 4) {
    Reader address(message);
    address.skip(data);
    record.type = DnsType::a;
    record.address = Ipv4Address{address.u32()};
  } else if (type == static_cast<std::uint16_t>(DnsType::cname)) {
    Reader target(message.first(data + length));
    target.skip(data);
    record.type = DnsType::cname;
    record.target = target.name();
    if (target.failed()) return;
  } else {
    return;
  }
  response.answers.push_back(std::move(record));
}

/// Reads the authority records as far as they are whole: only their types say something.
void read_authority(Reader& reader, unsigned records, DnsResponse& response) {
  for (unsigned i = 0; i < records; ++i) {
    reader.skip_name();
    const std::uint16_t type = reader.u16();
    reader.skip(6);
    reader.skip(reader.u16());
    if (reader.failed()) return;
    if (type == kTypeNameServer) response.has_name_servers = true;
    if (type == kTypeAuthority) response.has_authority = true;
  }
}

void append_u16(Bytes& out, std::uint16_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

}  // namespace

std::string to_string(DnsResponseCode code) {
  switch (code) {
    case DnsResponseCode::no_error:
      return "NOERROR";
    case DnsResponseCode::format_error:
      return "FORMERR";
    case DnsResponseCode::server_failure:
      return "SERVFAIL";
    case DnsResponseCode::name_error:
      return "NXDOMAIN";
    case DnsResponseCode::not_implemented:
      return "NOTIMP";
    case DnsResponseCode::refused:
      return "REFUSED";
  }
  return fmt::format("RCODE{}", static_cast<unsigned>(code));
}

std::string canonical_name(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  std::string out;
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find('.', start), name.size());
    if (start != 0) out += '.';
    append_label(out, bytes_of(name.substr(start, end - start)));
    start = end + 1;
  }
  return out;
}

bool has_identifier(BytesView message, std::uint16_t id) {
  return message.size() >= 2 && message[0] == id >> 8 && message[1] == (id & 0xff);
}

bool is_referral(const DnsResponse& response) {
  return response.code == DnsResponseCode::no_error && response.has_name_servers &&
         !response.has_authority;
}

Expected<DnsResponse> DnsResponse::parse(BytesView message) {
  if (message.size() < kHeaderSize) {
    return fail(fmt::format("a DNS message of {} octets has no whole header", message.size()));
  }
  Reader reader(message);
  DnsResponse response;
  response.id = reader.u16();
  const std::uint16_t flags = reader.u16();
  if ((flags & 0x8000) == 0) return fail("the DNS message is a query, not a response");
  if ((flags & 0x7800) != 0) return fail("the DNS response is not one to a standard query");
  response.truncated = (flags & 0x0200) != 0;
  response.code = static_cast<DnsResponseCode>(flags & 0x000f);
  const std::uint16_t questions = reader.u16();
  const std::uint16_t answers = reader.u16();
  const std::uint16_t authorities = reader.u16();
  reader.skip(2);  // additional records say nothing that a stub needs
  if (questions > 1) return fail(fmt::format("the DNS response has {} questions", questions));
  if (questions == 1) {
    response.question = reader.name();
    response.question_type = reader.u16();
    if (reader.u16() != kClassInternet && !reader.failed()) {
      return fail("the DNS response is not of class IN");
    }
  }
  if (reader.failed()) return fail("the question of the DNS response is malformed");
  for (unsigned i = 0; i < answers; ++i) {
    read_record(reader, message, response);
    if (!reader.failed()) continue;
    if (response.truncated) break;
    return fail(fmt::format("answer {} of {} of the DNS response is malformed", i + 1, answers));
  }
  if (!reader.failed()) read_authority(reader, authorities, response);
  return response;
}

Expected<DnsAddresses> addresses_of(std::string_view name, const DnsResponse& response) {
  std::string current(name);
  DnsAddresses found{.addresses = {}, .ttl = 0x7fffffffU};
  for (unsigned aliases = 0; aliases <= kMostAliases; ++aliases) {
    std::set<Ipv4Address> seen;
    const DnsRecord* alias = nullptr;
    for (const DnsRecord& record : response.answers) {
      if (record.name != current) continue;
      if (record.type == DnsType::cname) {
        if (alias == nullptr) alias = &record;
        continue;
      }
      if (seen.insert(record.address).second) found.addresses.push_back(record.address);
      found.ttl = std::min(found.ttl, record.ttl);
    }
    if (!found.addresses.empty()) return found;
    if (alias == nullptr) {
      if (aliases == 0) return fail(fmt::format("{} has no IPv4 address", name));
      return fail(fmt::format("{} is an alias of {}, for which the answer holds no IPv4 address",
                              name, current));
    }
    found.ttl = std::min(found.ttl, alias->ttl);
    current = alias->target;
  }
  return fail(
      fmt::format("the aliases of {} form a loop or a chain of more than {}", name, kMostAliases));
}

bool has_lengths_of_name(std::string_view name) {
  if (name.size() > kLongestName) return false;
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t end = std::min(name.find('.', at), name.size());
    if (end == at || end - at > kLongestLabel) return false;
    at = end + 1;
  }
  return true;
}

Expected<Bytes> serialize_address_query(std::uint16_t id, std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.empty() || name.size() > kLongestName) {
    return fail(
        fmt::format("a host name has 1 to {} characters, not {}", kLongestName, name.size()));
  }
  Bytes out;
  out.reserve(kHeaderSize + name.size() + 6);
  append_u16(out, id);
  append_u16(out, 0x0100);  // recursion desired
  append_u16(out, 1);
  out.resize(kHeaderSize);
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find('.', start), name.size());
    const std::size_t length = end - start;
    if (length == 0 || length > kLongestLabel) {
      return fail(fmt::format("a part of the host name {} has {} characters, not 1 to {}", name,
                              length, kLongestLabel));
    }
    out.push_back(static_cast<std::uint8_t>(length));
    for (const char c : name.substr(start, length)) out.push_back(static_cast<std::uint8_t>(c));
    start = end + 1;
  }
  out.push_back(0);
  append_u16(out, static_cast<std::uint16_t>(DnsType::a));
  append_u16(out, kClassInternet);
  return out;
}

}  // namespace provlab::net
