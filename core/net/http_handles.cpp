#include "core/net/http_handles.hpp"

#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>
#include <vector>

namespace provlab::net {

namespace {

constexpr std::size_t kMostKept = 16;

struct Cleanup {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, Cleanup>;

std::vector<Handle>& kept_handles() {
  thread_local std::vector<Handle> handles;
  return handles;
}

/// Before 8.2 libcurl lets a handle's next transfer write to a header of its last one, freed long
/// since, where an answer's first header line begins with a blank (curl/curl issue 11101).
bool may_be_used_again() {
  static const bool safe = curl_version_info(CURLVERSION_NOW)->version_num >= 0x080200;
  return safe;
}

}  // namespace

void initialise_curl() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
      throw std::runtime_error("libcurl cannot be initialised");
    }
  });
}

CURL* take_easy_handle() {
  std::vector<Handle>& kept = kept_handles();
  if (!kept.empty()) {
    CURL* handle = kept.back().release();
    kept.pop_back();
    return handle;
  }
  CURL* handle = curl_easy_init();
  if (handle == nullptr) throw std::bad_alloc();
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");  // not even that of the environment
  curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(handle, CURLOPT_IPRESOLVE, static_cast<long>(CURL_IPRESOLVE_V4));
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);  // Url has removed the dot segments
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  // A session of a former transfer would make a handshake depend on what this thread did before.
  curl_easy_setopt(handle, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  // A request is one segment: there is nothing for Nagle to hold back, and one system call less.
  curl_easy_setopt(handle, CURLOPT_TCP_NODELAY, 0L);
  return handle;
}

void return_easy_handle(CURL* handle) {
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, nullptr);  // its owner goes
  std::vector<Handle>& kept = kept_handles();
  if (may_be_used_again() && kept.size() < kMostKept) {
    kept.emplace_back(handle);
  } else {
    curl_easy_cleanup(handle);
  }
}

}  // namespace provlab::net
