#pragma once
#include <string>

#include "sim/web/http.hpp"

/// The forms that answers of the Web UI have.
namespace provlab::web {

Response page(std::string html, unsigned status = 200);
Response json_answer(std::string body, unsigned status = 200);
/// Sends a browser on to a page.
Response see(std::string place);

}  // namespace provlab::web
