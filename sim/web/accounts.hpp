#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/settings/device_settings.hpp"

/// The people of section `users`, as the Web UI knows them.
namespace provlab::web {

enum class Role { user, admin };        ///< may look; may also change and restore
std::string_view to_string(Role role);  ///< `user`, `admin`

struct Account {
  std::string name;
  std::string password;  ///< as stored; nobody logs in with an empty one
  Role role = Role::user;
  bool must_change = false;  ///< the password is to be changed at the next login
};

/// In the settings' order. 1.10A says `administrator`, later releases `role`.
std::vector<Account> accounts_of(const settings::Configuration& configuration);
std::optional<Account> find_account(const settings::Configuration& configuration,
                                    std::string_view name);

/// Hashes the passwords that are plain. One that is too long to be hashed stays, and lets nobody
/// in.
void hash_passwords(settings::DeviceSettings& settings, Random& random);
/// Gives somebody another password, hashed. The error says what is wrong with it.
Expected<void> change_password(settings::DeviceSettings& settings, Random& random,
                               std::string_view name, std::string_view password);

}  // namespace provlab::web
