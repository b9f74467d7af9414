// The floor under a boot: the same GETs by bare libcurl over a socket pair whose other end gives a
// canned answer. No world, no phone, no parsing. A program of its own, because it answers libcurl's
// connect() itself, as the virtual world does in the benchmarks it is compared with.
//
// usage: bench_floor fresh|keepalive SERVERS SECONDS
//   fresh      each round makes a multi and an easy handle and does its requests with them
//   keepalive  one multi and easy handle for all rounds
//   SERVERS    a digit for each request of a round: the server it goes to, as in 011121
// prints rounds per second of CPU time.
#include <curl/curl.h>
#include <dlfcn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>

namespace {

constexpr int kDescriptors = 64;
int g_far[kDescriptors];  // by libcurl's end of a pair, which is connected already: the other end

int far_end(int socket) {
  return socket >= 0 && socket < kDescriptors ? g_far[socket] : 0;
}

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

struct Client {
  CURLM* multi = nullptr;
  CURL* easy = nullptr;
  int near = -1;  // of the request at work
  std::string body;
  std::string answer;

  Client() {
    const std::string document(2048, 'x');
    answer = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 2048\r\n\r\n" + document;
  }

  void make() {
    multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &Client::on_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &Client::on_timer);
    easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Client::on_open);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &Client::on_close);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Client::on_write);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  }
  void drop() {
    curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
  }
  bool get(char server) {
    int running = 0;
    body.clear();
    char url[] = "http://192.0.2.1_/a.xml";
    url[16] = server;
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_multi_add_handle(multi, easy);
    curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
    char request[4096];
    const int far = far_end(near);
    if (recv(far, request, sizeof request, MSG_DONTWAIT) <= 0) return false;
    if (send(far, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) return false;
    curl_multi_socket_action(multi, near, CURL_CSELECT_IN, &running);
    int left = 0;
    const CURLMsg* message = curl_multi_info_read(multi, &left);
    const bool done = message != nullptr && message->data.result == CURLE_OK && body.size() == 2048;
    curl_multi_remove_handle(multi, easy);
    return done;
  }

  static int on_socket(CURL*, curl_socket_t socket, int what, void* user, void*) {
    if (what != CURL_POLL_REMOVE) static_cast<Client*>(user)->near = socket;
    return 0;
  }
  static int on_timer(CURLM*, long, void*) { return 0; }
  static curl_socket_t on_open(void*, curlsocktype, curl_sockaddr*) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0 ||
        pair[0] >= kDescriptors) {
      return CURL_SOCKET_BAD;
    }
    g_far[pair[0]] = pair[1];
    return pair[0];
  }
  static int on_close(void*, curl_socket_t socket) {
    close(socket);
    close(far_end(socket));
    g_far[socket] = 0;
    return 0;
  }
  static size_t on_write(char* data, size_t size, size_t count, void* user) {
    static_cast<Client*>(user)->body.append(data, size * count);
    return size * count;
  }
};

int usage() {
  std::fprintf(stderr, "usage: bench_floor fresh|keepalive SERVERS SECONDS\n");
  return 2;
}

}  // namespace

extern "C" int connect(int socket, const sockaddr* address, socklen_t length) {
  static const auto real = reinterpret_cast<decltype(&::connect)>(dlsym(RTLD_NEXT, "connect"));
  return far_end(socket) != 0 ? 0 : real(socket, address, length);
}

/// Connections of a socket pair have no peer name, and libcurl uses none again that has no name.
extern "C" int getpeername(int socket, sockaddr* address, socklen_t* length) noexcept {
  static const auto real =
      reinterpret_cast<decltype(&::getpeername)>(dlsym(RTLD_NEXT, "getpeername"));
  if (far_end(socket) == 0) return real(socket, address, length);
  std::memset(address, 0, *length < 16 ? *length : 16);
  address->sa_family = AF_INET;
  *length = 16;
  return 0;
}

int main(int argc, char** argv) {
  if (argc != 4) return usage();
  const bool fresh = std::strcmp(argv[1], "fresh") == 0;
  const std::string servers = argv[2];
  const double seconds = std::atof(argv[3]);
  if ((!fresh && std::strcmp(argv[1], "keepalive") != 0) || servers.empty() || seconds <= 0)
    return usage();
  curl_global_init(CURL_GLOBAL_DEFAULT);
  Client client;
  if (!fresh) client.make();
  const double start = cpu_seconds();
  double spent = 0;
  long rounds = 0;
  for (; spent < seconds; spent = cpu_seconds() - start) {
    for (int batch = 0; batch < 100; ++batch, ++rounds) {
      if (fresh) client.make();
      for (const char server : servers) {
        if (!client.get(server)) {
          std::fprintf(stderr, "bench_floor: a GET failed\n");
          return 1;
        }
      }
      if (fresh) client.drop();
    }
  }
  std::printf("%.0f\n", static_cast<double>(rounds) / spent);
  return 0;
}
