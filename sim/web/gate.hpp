#pragma once
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "sim/web/accounts.hpp"
#include "sim/web/device.hpp"
#include "sim/web/http.hpp"
#include "sim/web/sessions.hpp"

namespace provlab::web {

/// Somebody who is logged in.
struct Visitor {
  std::string name;
  Role role = Role::user;
  bool must_change = false;  ///< the password, before anything else
  Sessions::Kind kind = Sessions::Kind::browser;
  std::string token;
  std::string form_key;  ///< what forms must bring along
};

/// Why somebody is not let in.
struct Refusal {
  unsigned status = 401;
  std::string text;
  std::optional<Duration> wait{};  ///< how long no guess counts
};

/// The door of the Web UI: passwords, sessions and who may do what (SPEC 8.2).
class Gate {
 public:
  Gate(Host& host, Device& device, Duration idle);

  Duration idle() const { return sessions_.idle(); }
  /// The name of the cookie with the token: another one for each telephone, since a browser sends
  /// cookies to all ports of a host.
  const std::string& cookie_name() const { return cookie_name_; }
  /// Who asks: by cookie, or by token on the interface for scripts.
  std::optional<Visitor> visitor(const Request& request, Sessions::Kind kind);
  /// Whether the session still stands; asking is no use of it.
  bool stands(const Visitor& visitor);
  void use(const Visitor& visitor);

  std::expected<Visitor, Refusal> log_in(Sessions::Kind kind, const Credentials& given,
                                         Endpoint from);
  void log_out(const Visitor& visitor);
  /// Ends the sessions of that user. The error says what is wrong with the new password.
  std::expected<void, Refusal> change_password(const Visitor& visitor, std::string_view old,
                                               std::string_view password, Endpoint from);

  /// Hashes passwords that are plain.
  void hash();
  /// Users whose password is still the factory's.
  std::vector<std::string> factory_users();

 private:
  /// Who opened it; nobody where the password is another by now.
  std::optional<Account> holder_of(const Sessions::Session& session) const;
  std::optional<Refusal> pause_of(Endpoint from);
  Refusal wrong_guess(Endpoint from);
  bool is_factory(const Account& account);

  Host& host_;
  Device& device_;
  std::string cookie_name_;
  Sessions sessions_;
  std::string nobodys_password_;
  settings::SectionPointer hashed_;  ///< the users in whose passwords nothing is plain
  std::map<std::string, bool> factory_passwords_;  ///< by what is stored: whether it is one
};

}  // namespace provlab::web
