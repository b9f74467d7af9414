#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace provlab::settings {

/// What came in place of a provisioning document, where that can be recognised, and what to do: a
/// web page, a message of a script or the script itself, JSON, what is compressed, invisible
/// characters before the document (SPEC 2.14). For what read_document() has refused only.
std::optional<std::string> mistaken_for_document(std::string_view bytes,
                                                 std::string_view content_type);

}  // namespace provlab::settings
