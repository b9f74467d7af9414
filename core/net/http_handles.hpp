#pragma once
#include <curl/curl.h>

namespace provlab::net {

/// libcurl easy handles of this thread, kept for reuse, where the library's version allows it,
/// because making one costs as much as a small GET. Only handles whose last transfer left no state behind may come back; whoever takes one sets
/// every option that differs between transfers. The options that never differ are set already.
CURL* take_easy_handle();  ///< never null; throws std::bad_alloc
void return_easy_handle(CURL* handle);

/// Initialises libcurl once for the process.
void initialise_curl();

}  // namespace provlab::net
