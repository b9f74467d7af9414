#pragma once
#include <string>
#include <string_view>

/// What every page has around its body: the head, the style sheet and the script.
namespace provlab::lab {

/// A whole page around `body`: self-contained, and forbidden to fetch anything.
std::string framed_page(std::string_view title, std::string_view body);

/// The same page with one more script at its end, which may load others that lie beside it.
std::string with_script(std::string page, std::string_view script);

// Files of sim/lab/pages/assets/, embedded when the program is built.
std::string_view page_style();
std::string_view page_script();

}  // namespace provlab::lab
