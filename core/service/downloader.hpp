#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/net/http_client.hpp"
#include "core/net/url.hpp"
#include "core/platform/device_identity.hpp"
#include "core/platform/host.hpp"
#include "core/service/document_tally.hpp"
#include "core/service/run_limit.hpp"
#include "core/settings/device_settings.hpp"

namespace provlab::service {

/// SPEC 2.12. The first document is level 1 and counts as a file.
inline constexpr unsigned kMaxLevels = 8;
inline constexpr unsigned kMaxFiles = 64;

struct DownloadOptions {
  net::HttpLimits limits;
  bool stop_on_reference_failure = false;  ///< knob on-reference-failure
  bool refuse_downgrade = false;           ///< knob downgrade
};

/// Downloads the documents of one run and applies them (SPEC 2.12).
///  1. One file after the other: each is downloaded and applied before the next is requested (I6).
///     References are followed depth first.
///  2. A reference is resolved against the URL that its file was finally got from. Its markers are
///     replaced before that (SPEC 5.5).
///  3. A reference is skipped where it names its own ancestor, beyond kMaxLevels and kMaxFiles, and
///     once the run's limit is reached.
///  4. A first document whose scheme is the phone's guess is one file, by https or else by http.
///  5. Whatever fails or is skipped is recorded and counted. The rest still runs, unless the knob
///     on-reference-failure stops it.
class Downloader {
 public:
  /// `limit` and `tally` are the run's; all referred to must outlive this.
  Downloader(Host& host, const DeviceIdentity& device, DownloadOptions options, RunLimit& limit,
             DocumentTally& tally, settings::DeviceSettings& settings, net::HttpClient& http);

  /// Returns when `url` and all that it leads to are done. Throws nothing but operation_aborted.
  /// `or_by_http`: where connection or TLS fails, the same is asked for by http (SPEC 1.5).
  Task<> load(net::Url url, bool or_by_http);

 private:
  /// A document on the way from the first one to the one at hand.
  struct Ancestor {
    net::Url requested;
    net::Url final;
  };

  Task<> load_level(net::Url url, unsigned level);
  /// `url` becomes that by which it was asked for last.
  Task<std::optional<net::HttpResponse>> download(net::Url& url, unsigned level);
  Task<net::HttpResult> get(const net::Url& url);
  Task<> follow(const settings::Document& document, unsigned level);
  /// The URL to request for a `url` element, or why it is not requested. `shown` is what to call
  /// it by.
  Expected<net::Url> resolve_reference(const std::string& raw, std::string& shown);
  /// Notes a reference by http in a document that came by https (SPEC 5.11). False where it is
  /// refused.
  bool warn_of_downgrade(const net::Url& url);
  void note_downgrade(std::string named, const net::Url& document);
  /// Why a file of this level and URL is not requested; empty where it is.
  std::string obstacle(const net::Url& url, unsigned level) const;
  void apply(const settings::Document& document, const net::Url& url);
  void fail_download(const net::Url& url, std::string reason, std::optional<int> status);
  void skip(std::string_view url, std::string_view reason);
  void fail_file(std::string_view url, std::string_view reason);
  bool is_ancestor(const net::Url& url) const;

  Host& host_;
  const DeviceIdentity& device_;
  DownloadOptions options_;
  RunLimit& limit_;
  DocumentTally& tally_;
  settings::DeviceSettings& settings_;
  net::HttpClient& http_;
  std::vector<Ancestor> ancestors_;
  bool or_by_http_ = false;  // the first document
  bool stopped_ = false;     // by stop_on_reference_failure
};

}  // namespace provlab::service
