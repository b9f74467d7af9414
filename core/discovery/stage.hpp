#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/discovery/source_kind.hpp"
#include "core/platform/host.hpp"

namespace provlab::net {
class DhcpClient;
class HttpClient;
class SipEndpoint;
}  // namespace provlab::net

/// One stage of the search while it runs, and the sources that run in it; for this folder only.
namespace provlab::discovery {

/// Judges answers in the instant in which they have arrived whole (SPEC 2.9, 2.10) and keeps the
/// first usable one. Once there is a winner every other answer is late.
class Stage {
 public:
  enum class Judgement { won, unusable, late };

  /// `contended`: the sequence puts several sources into this stage. `failures` gets why sources
  /// gave no URL, `redirect: …`, in the order in which they say so; it must outlive this.
  Stage(Host& host, const DeviceIdentity& device, unsigned number, bool contended,
        std::vector<std::string>& failures)
      : host_(host), device_(device), number_(number), contended_(contended), failures_(failures) {}

  Host& host() const { return host_; }
  const DeviceIdentity& device() const { return device_; }
  bool contended() const { return contended_; }

  void add(SourceKind source) { running_.push_back(source); }
  void end(SourceKind source);
  const std::vector<SourceKind>& running() const { return running_; }

  /// `text` is the URL as it came, markers and all. Where it answers a request, `base` is the URL
  /// of that: a relative one is resolved against it, and one that leads back to it assigns nothing.
  /// `origin` says for the trace where it was found.
  Judgement judge(SourceKind source, std::string_view text, std::string_view origin,
                  const net::Url* base = nullptr);
  /// An answer without a text for a URL.
  Judgement judge_empty(SourceKind source, std::string_view reason);
  void fail(SourceKind source, std::string_view reason);
  /// Of the winner: what has no answer by https may be asked for by http.
  void allow_http() { winner_->or_by_http = true; }

  const std::optional<FoundUrl>& winner() const { return winner_; }
  bool won_by(SourceKind source) const { return winner_ && winner_->source == source; }
  std::optional<FoundUrl> take_winner() { return std::move(winner_); }

 private:
  void choose(SourceKind source, net::Url url);

  Host& host_;
  const DeviceIdentity& device_;
  unsigned number_;
  bool contended_;
  std::vector<std::string>& failures_;
  std::vector<SourceKind> running_;
  std::optional<FoundUrl> winner_;
};

/// The sources. Each records its start, its answers and, unless it won, its failure; it returns
/// when it has nothing more to say. The stage must outlive it.

/// Whether DHCP reads the lease; in a contended stage and without a lease it asks by DHCPINFORM.
bool reads_lease(const Stage& stage, const net::DhcpClient& client);
/// SPEC 2.8, 3.
Task<> ask_dhcp(Stage& stage, net::DhcpClient& client, net::DhcpUrlKnobs knobs);
/// SPEC 4.1. `timeout` covers name resolution, connection and answer.
Task<> ask_redirect(Stage& stage, net::HttpClient& http, std::string base, Duration timeout);
/// SPEC 4.2: listens until a usable URL or for `timeout`.
Task<> ask_multicast(Stage& stage, net::SipEndpoint& sip, Duration timeout);
Task<> use_configured(Stage& stage, std::string url);

}  // namespace provlab::discovery
