#pragma once
#include <string>
#include <string_view>

namespace provlab::lab {

/// What a JSON report says that it is of, such as `soak`; empty where it says nothing, as that of a
/// suite, and where the text is no JSON. Reports that say it begin with it.
std::string kind_of_report(std::string_view text);

}  // namespace provlab::lab
