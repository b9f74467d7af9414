#include "core/net/http_status.hpp"

#include <algorithm>
#include <array>

namespace provlab::net {

namespace {

struct Status {
  int code;
  std::string_view meaning;
};

/// Those of RFC 9110 15, 6585 and 7725 that a GET can come to, by their codes.
constexpr auto kKnownStatuses = std::to_array<Status>({
    {200, "ok"},
    {204, "no content"},
    {205, "reset content"},
    {206, "part of the content"},
    {300, "multiple choices"},
    {301, "moved permanently"},
    {302, "found elsewhere"},
    {303, "see other"},
    {304, "not modified"},
    {305, "use proxy"},
    {307, "moved temporarily"},
    {308, "moved permanently"},
    {400, "bad request"},
    {401, "login required"},
    {402, "payment required"},
    {403, "forbidden"},
    {404, "not found"},
    {405, "method not allowed"},
    {406, "not acceptable"},
    {407, "login to a proxy required"},
    {408, "request timeout"},
    {409, "conflict"},
    {410, "gone"},
    {411, "length required"},
    {412, "precondition failed"},
    {413, "request too large"},
    {414, "URL too long"},
    {415, "media type not supported"},
    {416, "range not satisfiable"},
    {417, "expectation failed"},
    {421, "misdirected request"},
    {422, "content not processable"},
    {426, "upgrade required"},
    {428, "precondition required"},
    {429, "too many requests"},
    {431, "header lines too large"},
    {451, "withheld for legal reasons"},
    {500, "internal error"},
    {501, "method not known"},
    {502, "bad gateway"},
    {503, "service unavailable"},
    {504, "gateway timeout"},
    {505, "HTTP version not supported"},
    {511, "login to the network required"},
});
static_assert(std::ranges::is_sorted(kKnownStatuses, {}, &Status::code));

}  // namespace

int status_counted_as(int status) {
  if (std::ranges::binary_search(kKnownStatuses, status, {}, &Status::code)) return status;
  return status >= 100 && status < 600 ? status / 100 * 100 : 500;
}

std::string_view meaning_of_status(int status) {
  const auto* const known = std::ranges::lower_bound(kKnownStatuses, status, {}, &Status::code);
  return known != kKnownStatuses.end() && known->code == status ? known->meaning
                                                                : std::string_view{};
}

}  // namespace provlab::net
