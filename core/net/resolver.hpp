#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/net/dns_message.hpp"
#include "core/platform/host.hpp"
#include "core/platform/task_group.hpp"

namespace provlab::net {

/// What is known of a name.
struct NameAnswer {
  /// In the order of the answer, each once, at least one; the error says which server answered
  /// what, or that none did.
  Expected<std::vector<Ipv4Address>> addresses;
  Instant until;         ///< how long they may be relied on; now, where nothing is known
  bool definite = true;  ///< false where no server could say whether it has an address
};

/// A stub resolver for IPv4 addresses (RFC 1035 7, RFC 1123 6.1.3). Each resolve() asks from an
/// ephemeral port with an identifier of its own, the servers in turn, in three rounds that wait 1,
/// 2 and 4 s for each answer. NXDOMAIN and "no address" are final; SERVFAIL, REFUSED and the like,
/// and a referral, rule that server out and the next is asked at once. An answer with TC is asked
/// for again over TCP (RFC 7766 5), for 4 s in all; what the datagram held is not used. Positive
/// answers are kept for their TTL, an hour at most. Must live until every resolve() has ended.
class Resolver {
 public:
  explicit Resolver(Host& host) : host_(host) {}

  /// In the order they are to be asked, and the domain of names without a dot (SPEC 3.8; empty
  /// where there is none). A change of either forgets what was answered. Where there are no
  /// servers, `why_none` may say why: part of a sentence.
  void set_servers(std::vector<Ipv4Address> servers, std::string domain = {},
                   std::string why_none = {});
  /// How often those have changed.
  unsigned changes() const { return changes_; }

  /// The addresses of `name`, as in NameAnswer; a dotted quad is itself. Gives up at `deadline`, if
  /// that comes before its own end.
  Task<Expected<std::vector<Ipv4Address>>> resolve(std::string name, Instant deadline = kNever);
  /// The same, with how long and how far it holds.
  Task<NameAnswer> look_up(std::string name, Instant deadline = kNever);

 private:
  struct Cached {
    std::vector<Ipv4Address> addresses;
    Instant until;
  };
  struct Query;

  std::vector<std::string> candidates(std::string name) const;
  std::optional<NameAnswer> recall(const std::string& name);
  Task<NameAnswer> ask(std::string name, Instant deadline);
  bool send(Query& query, std::size_t server);
  Task<> ask_over_tcp(Query& query, std::size_t server, Instant deadline);
  void judge(Query& query, const Datagram& datagram);
  Expected<DnsResponse> read(const Query& query, BytesView message) const;
  void take(Query& query, std::size_t server, const DnsResponse& response);
  void rule_out(Query& query, std::size_t server, std::string reason);
  NameAnswer fail_resolution(std::string_view name, std::string reason, bool definite = false);

  Host& host_;
  std::vector<Ipv4Address> servers_;
  std::string why_none_;
  std::string domain_;
  unsigned changes_ = 0;
  std::map<std::string, Cached, std::less<>> cache_;
};

}  // namespace provlab::net
