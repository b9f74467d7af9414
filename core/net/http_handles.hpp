#pragma once
#include <curl/curl.h>

namespace provlab::net {

/// A libcurl easy handle with the options that are the same for every transfer; the caller cleans
/// it up. Each transfer has one of its own: a handle that is used again keeps system errors, what
/// TLS left, how often it sent again and, before libcurl 8.2, a pointer to freed headers (curl/curl
/// issue 11101), and all that would make one world depend on another. Never null; throws
/// std::bad_alloc.
CURL* new_easy_handle();

/// Initialises libcurl once for the process.
void initialise_curl();

}  // namespace provlab::net
