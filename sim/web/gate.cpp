#include "sim/web/gate.hpp"

#include <fmt/format.h>

#include <chrono>

#include "core/settings/factory_defaults.hpp"
#include "sim/web/events.hpp"
#include "sim/web/passwords.hpp"

namespace provlab::web {

namespace {

constexpr std::size_t kMostRemembered = 64;

std::string_view word_of(Sessions::Kind kind) {
  return kind == Sessions::Kind::browser ? "browser" : "script";
}

Visitor visitor_of(const Account& account, Sessions::Kind kind, std::string_view token,
                   std::string_view form_key) {
  return {.name = account.name,
          .role = account.role,
          .must_change = account.must_change,
          .kind = kind,
          .token = std::string(token),
          .form_key = std::string(form_key)};
}

}  // namespace

Gate::Gate(Host& host, Device& device, Duration idle)
    : host_(host),
      device_(device),
      cookie_name_("session-" + device.identity().mac.compact()),
      sessions_(host, idle) {}

std::optional<Visitor> Gate::visitor(const Request& request, Sessions::Kind kind) {
  const std::string_view token = kind == Sessions::Kind::browser
                                     ? cookie(request.cookie, cookie_name_)
                                     : bearer_token(request.authorization);
  const Sessions::Session* session = sessions_.find(kind, token);
  if (session == nullptr) return std::nullopt;
  hash();
  const auto account = holder_of(*session);
  if (!account) {
    sessions_.end(token);
    return std::nullopt;
  }
  return visitor_of(*account, kind, token, session->form_key);
}

std::optional<Account> Gate::holder_of(const Sessions::Session& session) const {
  auto account = find_account(device_.device_settings().configuration(), session.user);
  if (account && account->password != session.password) account.reset();
  return account;
}

bool Gate::stands(const Visitor& visitor) {
  const Sessions::Session* session = sessions_.find(visitor.kind, visitor.token);
  return session != nullptr && holder_of(*session);
}

void Gate::use(const Visitor& visitor) {
  if (auto* session = sessions_.find(visitor.kind, visitor.token)) sessions_.use(*session);
}

std::optional<Refusal> Gate::pause_of(Endpoint from) {
  const auto wait = sessions_.wait_of(from.address);
  if (!wait) return std::nullopt;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(*wait);
  host_.record(WebLoginRefused{"too many wrong guesses", from});
  return Refusal{429,
                 fmt::format("After {} wrong guesses no further one counts for 30 seconds. Try "
                             "again in {} s.",
                             Sessions::kMostGuesses, seconds.count()),
                 seconds};
}

Refusal Gate::wrong_guess(Endpoint from) {
  sessions_.guessed_wrong(from.address);
  host_.record(WebLoginRefused{"wrong name or password", from});
  return {401, "The name or the password is wrong."};
}

std::expected<Visitor, Refusal> Gate::log_in(Sessions::Kind kind, const Credentials& given,
                                             Endpoint from) {
  if (auto pause = pause_of(from)) return std::unexpected(std::move(*pause));
  hash();
  const auto account = find_account(device_.device_settings().configuration(), given.user);
  // A guess at nobody takes as long as one at somebody.
  if (nobodys_password_.empty()) nobodys_password_ = hash_password("nobody", host_.random());
  const std::string& stored = account ? account->password : nobodys_password_;
  if (!matches(stored, given.password) || !account) return std::unexpected(wrong_guess(from));
  sessions_.guessed_right(from.address);
  host_.record(WebLogin{account->name, to_string(account->role), word_of(kind), from});
  const std::string token = sessions_.open({.kind = kind,
                                            .user = account->name,
                                            .password = account->password,
                                            .form_key = {},
                                            .used = {}});
  return visitor_of(*account, kind, token, {});
}

void Gate::log_out(const Visitor& visitor) {
  host_.record(WebLogout{visitor.name});
  sessions_.end(visitor.token);
}

std::expected<void, Refusal> Gate::change_password(const Visitor& visitor, std::string_view old,
                                                   std::string_view password, Endpoint from) {
  if (auto pause = pause_of(from)) return std::unexpected(std::move(*pause));
  const auto account = find_account(device_.device_settings().configuration(), visitor.name);
  if (!account || !matches(account->password, old)) {
    sessions_.guessed_wrong(from.address);
    host_.record(WebLoginRefused{"wrong old password", from});
    return std::unexpected(Refusal{403, "The old password is wrong."});
  }
  sessions_.guessed_right(from.address);
  if (password == old) {
    return std::unexpected(Refusal{422, "The new password is the old one."});
  }
  const auto changed =
      web::change_password(device_.device_settings(), host_.random(), visitor.name, password);
  if (!changed) {
    return std::unexpected(
        Refusal{422, "It was not changed: " + changed.error().to_string() + "."});
  }
  host_.record(WebPasswordChanged{visitor.name});
  sessions_.end_of(visitor.name);
  return {};
}

void Gate::hash() {
  const auto users = [this] { return device_.device_settings().configuration().section("users"); };
  if (users() == hashed_) return;
  hashed_ = users();  // first: each change is heard of while it is made
  hash_passwords(device_.device_settings(), host_.random());
  hashed_ = users();
}

bool Gate::is_factory(const Account& account) {
  const auto known = factory_passwords_.find(account.password);
  if (known != factory_passwords_.end()) return known->second;
  const DeviceIdentity identity = device_.identity();
  const auto factory =
      find_account(settings::factory_defaults(identity.type, identity.release), account.name);
  const bool is_it = factory && matches(account.password, factory->password);
  if (factory_passwords_.size() == kMostRemembered) factory_passwords_.clear();
  factory_passwords_.emplace(account.password, is_it);
  return is_it;
}

std::vector<std::string> Gate::factory_users() {
  std::vector<std::string> users;
  for (const Account& account : accounts_of(device_.device_settings().configuration())) {
    if (is_factory(account)) users.push_back(account.name);
  }
  return users;
}

}  // namespace provlab::web
