#pragma once
#include <string_view>
#include <vector>

#include "core/platform/error.hpp"
#include "core/settings/migration_step.hpp"

namespace provlab::settings {

/// The migrations built into the program, oldest first; read and checked once per process.
const std::vector<Migration>& migrations();
/// Reads one file of schemas/migrations/. The error says where it does not fit migrations.xsd.
Expected<Migration> read_migration(std::string_view xml);

}  // namespace provlab::settings
