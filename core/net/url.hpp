#pragma once
#include <string>
#include <string_view>

#include "core/platform/address.hpp"
#include "core/platform/error.hpp"

namespace provlab::net {

/// The scheme before the first ':' (RFC 3986 3.1), as it is written; empty where the text is a
/// relative reference.
std::string_view scheme_of(std::string_view text);

/// An absolute http or https URL with a host: what SPEC 2.9 calls usable. Read by RFC 3986 and kept
/// normalised: scheme and host in lower case, the default port filled in, dot segments removed, the
/// fragment dropped, and in path and query each octet percent-encoded that RFC 3986 does not allow
/// there (SPEC 5.10). Surrounding white space is ignored. Refused, each with its own sentence: user
/// names, of which no sentence quotes one, IPv6 literals, port 0, impossible hosts.
class Url {
 public:
  static Expected<Url> parse(std::string_view text);

  const std::string& scheme() const { return scheme_; }
  const std::string& host() const { return host_; }      ///< a name or a dotted quad
  Port port() const { return port_; }                    ///< 80 or 443 where none was given
  const std::string& target() const { return target_; }  ///< path?query, at least "/"
  bool secure() const { return scheme_ == "https"; }
  /// The same by http: at port 80 where this is at https's own, else at the port that it names.
  Url by_http() const {
    return {"http", host_, secure() && port_ == 443 ? Port{80} : port_, target_};
  }
  std::string to_string() const;  ///< without the port where it is the scheme's own

  /// `reference` as seen from this URL (RFC 3986 5.2, SPEC 5.5): `a.xml`, `../a.xml`, `/a.xml`,
  /// `?q`, `//host/a.xml` or a complete URL. Markers must have been replaced before.
  Expected<Url> resolve(std::string_view reference) const;

  friend bool operator==(const Url&, const Url&) = default;

 private:
  Url(std::string scheme, std::string host, Port port, std::string target)
      : scheme_(std::move(scheme)),
        host_(std::move(host)),
        port_(port),
        target_(std::move(target)) {}
  static Expected<Url> read_absolute(std::string_view text);
  Expected<Url> read_reference(std::string_view reference) const;
  static Expected<Url> assemble(std::string scheme, std::string_view authority,
                                std::string_view path_and_query, std::string_view whole);
  void append_authority(std::string& out) const;

  std::string scheme_;
  std::string host_;
  Port port_;
  std::string target_;
};

}  // namespace provlab::net
