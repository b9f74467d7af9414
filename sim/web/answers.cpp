#include "sim/web/answers.hpp"

#include "sim/web/pages.hpp"

namespace provlab::web {

Response page(std::string html, unsigned status) {
  return {.status = status,
          .content_type = "text/html; charset=utf-8",
          .body = std::move(html),
          .fields = {{"Content-Security-Policy", content_policy()}},
          .feed = {}};
}

Response json_answer(std::string body, unsigned status) {
  return {.status = status,
          .content_type = "application/json",
          .body = std::move(body),
          .fields = {},
          .feed = {}};
}

Response see(std::string place) {
  return {.status = 303,
          .content_type = {},
          .body = {},
          .fields = {{"Location", std::move(place)}},
          .feed = {}};
}

}  // namespace provlab::web
