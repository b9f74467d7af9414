#pragma once
#include <string>

#include "sim/web/views.hpp"

/// The pages' twins for scripts, as JSON.
namespace provlab::web {

std::string status_json(const StatusView& view);
std::string provisioning_json(const ProvisioningView& view);
std::string log_json(const LogView& view);
std::string restore_json(const RestoreView& view);
std::string login_json(const Visitor& visitor, Duration idle);
std::string error_json(std::string_view sentence);

/// The text of a member of the one object that `text` holds; an error where there is none.
Expected<std::string> text_member(std::string_view text, std::string_view key);

}  // namespace provlab::web
