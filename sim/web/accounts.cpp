#include "sim/web/accounts.hpp"

#include <fmt/format.h>

#include "sim/web/passwords.hpp"

namespace provlab::web {

namespace {

constexpr std::size_t kMostAccounts = 64;
constexpr std::size_t kShortestPassword = 4;

std::string path_of_user(std::size_t index, std::string_view setting) {
  return fmt::format("users/user[{}]/{}", index + 1, setting);
}

std::string text_at(const settings::Configuration& configuration, std::size_t index,
                    std::string_view setting) {
  const auto found = configuration.select(path_of_user(index, setting));
  return found && !found->empty() ? found->front() : std::string();
}

bool is_true(std::string_view text) {
  return text == "true" || text == "1";
}

}  // namespace

std::string_view to_string(Role role) {
  return role == Role::admin ? "admin" : "user";
}

std::vector<Account> accounts_of(const settings::Configuration& configuration) {
  std::vector<Account> accounts;
  const auto names = configuration.select("users/user/@name");
  if (!names) return accounts;
  for (std::size_t i = 0; i < std::min(names->size(), kMostAccounts); ++i) {
    const bool admin = text_at(configuration, i, "role") == "admin" ||
                       is_true(text_at(configuration, i, "administrator"));
    accounts.push_back({.name = (*names)[i],
                        .password = text_at(configuration, i, "password"),
                        .role = admin ? Role::admin : Role::user,
                        .must_change = is_true(text_at(configuration, i, "changePassword"))});
  }
  return accounts;
}

std::optional<Account> find_account(const settings::Configuration& configuration,
                                    std::string_view name) {
  for (Account& account : accounts_of(configuration)) {
    if (account.name == name) return std::move(account);
  }
  return std::nullopt;
}

void hash_passwords(settings::DeviceSettings& settings, Random& random) {
  const std::vector<Account> accounts = accounts_of(settings.configuration());
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const std::string& password = accounts[i].password;
    if (password.empty() || password.size() > kLongestPassword || is_hashed(password)) continue;
    // Where it cannot be stored, it stays plain, and the store has said why.
    (void)settings.set(path_of_user(i, "password"), hash_password(password, random));
  }
}

Expected<void> change_password(settings::DeviceSettings& settings, Random& random,
                               std::string_view name, std::string_view password) {
  if (password.size() < kShortestPassword || password.size() > kLongestPassword) {
    return fail(fmt::format("a password has {} to {} octets", kShortestPassword, kLongestPassword));
  }
  if (password.find('\0') != password.npos) return fail("a password has no zero octet");
  const std::vector<Account> accounts = accounts_of(settings.configuration());
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    if (accounts[i].name != name) continue;
    const auto set = settings.set(path_of_user(i, "password"), hash_password(password, random));
    if (!set) return set;
    if (accounts[i].must_change) return settings.set(path_of_user(i, "changePassword"), "false");
    return {};
  }
  return fail("there is no such user any more");
}

}  // namespace provlab::web
