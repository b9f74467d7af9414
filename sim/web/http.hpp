#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/platform/address.hpp"

/// What is asked of the telephone by HTTP, and what it answers.
namespace provlab::web {

struct Request {
  std::string method;
  std::string path;  ///< as it was sent, without the query
  std::string query;
  std::string authorization;
  std::string content_type;
  std::string cookie;
  std::string origin;  ///< empty where the client names none
  std::string host;    ///< one of the connection's own names
  std::string body;
  Endpoint from;
};

/// What an answer goes on with behind its body: the text since the last call, nothing at its end.
using Feed = std::function<std::optional<std::string>()>;

struct Response {
  unsigned status = 200;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> fields;  ///< further header fields
  Feed feed;
};

/// The value of a cookie in a Cookie header; empty where there is none of that name.
std::string_view cookie(std::string_view header, std::string_view name);

/// User and password of `Basic …` (RFC 7617); nothing where it is no such thing.
struct Credentials {
  std::string user;
  std::string password;
};
std::optional<Credentials> basic_credentials(std::string_view authorization);

/// The token of `Bearer …` (RFC 6750 2.1); empty where it is no such thing.
std::string_view bearer_token(std::string_view authorization);

/// A value of `application/x-www-form-urlencoded`; the first where there are several, empty where
/// there is none.
std::string form_value(std::string_view form, std::string_view name);

/// A field of a form as `multipart/form-data` (RFC 7578).
struct FormPart {
  std::string name;
  std::string file_name;
  std::string_view content;  ///< in the body
};
/// The parts of a body, which must outlive them; an error where the body is no such form.
Expected<std::vector<FormPart>> form_parts(std::string_view content_type, std::string_view body);

}  // namespace provlab::web
