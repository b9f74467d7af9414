#pragma once
#include <string>
#include <string_view>

/// What every page has around its body: the head, the style sheet and the script.
namespace provlab::lab {

/// A whole page around `body`: self-contained, and forbidden to fetch anything.
std::string framed_page(std::string_view title, std::string_view body);

// Files of sim/lab/pages/assets/, embedded when the program is built.
std::string_view page_style();
std::string_view page_script();

}  // namespace provlab::lab
