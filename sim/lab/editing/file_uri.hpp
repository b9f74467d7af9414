#pragma once
#include <string>
#include <string_view>

namespace provlab::lab {

/// The path of a `file:` URI; what has another scheme, a text that was never saved for instance, is
/// its own name and has no files beside it.
std::string path_of_uri(std::string_view uri);

/// The `file:` URI of a path (RFC 8089), seen from the current folder where it is relative.
std::string uri_of_path(const std::string& path);

}  // namespace provlab::lab
