#include <fmt/format.h>

#include <map>
#include <memory>

#include "sim/phone/phone.hpp"
#include "sim/web/http.hpp"
#include "sim/web/server.hpp"
#include "sim/world/world.hpp"
#include "tests/fuzz/records.hpp"
#include "tests/fuzz/targets.hpp"

// The Web UI of a phone, and those who speak to it. Each record of an input is what one of them
// sends on one of his connections; the marks @C@, @K@ and @T@ stand for the cookie, the key of
// forms and the token of an admin who is logged in.
namespace provlab::fuzz {

namespace {

using namespace std::chrono_literals;

constexpr Endpoint kWebUi{Ipv4Address::of(192, 0, 2, 100), 80};
/// A setting that nobody sees without a login.
constexpr std::string_view kSecret = "only-for-those-who-are-logged-in";
/// Hashes of `admin`, of as few rounds as there can be.
constexpr std::string_view kUsers =
    "<configuration><users version=\"1.34.0\"><user name=\"admin\"><password>$6$rounds=1000$salt$"
    "zXIRHglcA2MZWyoqqHT5sSAPBALAyTPuNG3tdCPYcpQ9eX9xMZxjO8IZ3SyRa2Izv.VrdQKbU.SMiYO02C4v0."
    "</password><role>admin</role></user></users></configuration>";

/// One end of a connection to the Web UI.
class WebCaller {
 public:
  explicit WebCaller(Host& host) : host_(host) {
    host_.start_connect(kWebUi, host_.now() + 5s,
                        standing_.tie([this](error_code error, auto socket) {
                          if (error) return;
                          socket_ = std::move(socket);
                          read();
                          write();
                        }));
  }
  void send(std::string_view octets) {
    waiting_ += octets;
    write();
  }
  const std::string& received() const { return received_; }

 private:
  void read() {
    socket_->start_read(asio::buffer(chunk_),
                        arrival_.tie([this](error_code error, std::size_t size) {
                          if (error) return;
                          received_.append(chunk_.data(), size);
                          read();
                        }));
  }
  void write() {
    if (!socket_ || waiting_.empty() || departure_.holds()) return;
    leaving_ = std::exchange(waiting_, {});
    write_rest(0);
  }
  void write_rest(std::size_t done) {
    if (done == leaving_.size()) return write();
    socket_->start_write(asio::buffer(leaving_.data() + done, leaving_.size() - done),
                         departure_.tie([this, done](error_code error, std::size_t size) {
                           if (!error) write_rest(done + size);
                         }));
  }

  Host& host_;
  std::unique_ptr<StreamSocket> socket_;
  std::array<char, 4096> chunk_;
  std::string waiting_;
  std::string leaving_;
  std::string received_;
  Tether standing_;
  Tether arrival_;
  Tether departure_;
};

std::string between(std::string_view text, std::string_view before, std::string_view after) {
  const std::size_t begin = text.find(before);
  if (begin == text.npos) return {};
  text.remove_prefix(begin + before.size());
  return std::string(text.substr(0, text.find(after)));
}

void replace_marks(std::string& text, const std::map<std::string, std::string>& marks) {
  for (const auto& [mark, value] : marks) {
    for (std::size_t at = text.find(mark); at != text.npos; at = text.find(mark, at)) {
      text.replace(at, mark.size(), value);
      at += value.size();
    }
  }
}

struct WebWorld {
  WebWorld() {
    phone::PhoneOptions options;
    options.run_at_boot = false;
    options.static_address = InterfaceConfiguration{{kWebUi.address, 24}, {}};
    options.initial_configuration_xml = kUsers;
    options.settings = {{"provisioning/url", "http://a/" + std::string(kSecret)}};
    phone.emplace(device, options);
    phone->power_on();
    world.run_until(Instant(1s));
  }
  std::string ask(const std::string& text) {
    WebCaller caller(client);
    caller.send(text);
    world.run_until(world.now() + 1s);
    return caller.received();
  }
  /// What the marks stand for.
  std::map<std::string, std::string> log_in() {
    const std::string host = " HTTP/1.1\r\nHost: 192.0.2.100\r\n";
    std::map<std::string, std::string> marks;
    marks["@C@"] = between(
        ask("POST /login" + host + "Content-Length: 25\r\n\r\n" + "user=admin&password=admin"),
        "Set-Cookie: ", ";");
    marks["@K@"] = between(ask("GET /password" + host + "Cookie: " + marks["@C@"] + "\r\n\r\n"),
                           "name=\"key\" value=\"", "\"");
    marks["@T@"] =
        between(ask("POST /api/v1/login" + host +
                    "Content-Length: 0\r\nAuthorization: Basic YWRtaW46YWRtaW4=\r\n\r\n"),
                "\"token\":\"", "\"");
    return marks;
  }

  world::World world{7};
  world::VirtualHost& device = world.add_host({.name = "device"});
  world::VirtualHost& client = world.add_host(
      {.name = "client",
       .configuration = InterfaceConfiguration{{Ipv4Address::of(192, 0, 2, 9), 24}, {}}});
  std::optional<phone::Phone> phone;
};

/// Of all that came back on one connection.
std::string problem_of(const std::string& received, bool stranger) {
  if (!received.empty() && !received.starts_with("HTTP/1.1 ")) return "an answer that is none";
  if (received.starts_with("HTTP/1.1 500")) return "the phone's own fault";
  if (stranger && received.contains(kSecret)) return "something was told without a login";
  return {};
}

/// What is read of a request by itself.
std::string pieces_problem(const std::string& text) {
  const std::size_t line = std::min(text.size(), text.find("\r\n"));
  const auto parts = web::form_parts(text.substr(0, line), text);
  if (!parts && parts.error().text.empty()) return "an error without a sentence";
  if (parts) {
    for (const web::FormPart& part : *parts) {
      if (part.name.empty()) return "a field without a name";
      if (part.content.data() + part.content.size() > text.data() + text.size()) {
        return "a field beyond the form";
      }
    }
  }
  web::form_value(text, "key");
  web::cookie(text, "session");
  web::basic_credentials(text);
  return {};
}

}  // namespace

std::string web_ui(std::string_view input) {
  WebWorld around;
  const std::map<std::string, std::string> marks = around.log_in();
  for (const auto& [mark, value] : marks) {
    if (value.size() < 64) return "no login: " + mark;
  }
  std::map<unsigned, std::unique_ptr<WebCaller>> callers;
  std::map<unsigned, bool> strangers;
  for (Record& record : read_records(input)) {
    constexpr Duration kPauses[] = {0s, 1ms, 500ms, 16s, 61s, 10min};
    around.world.run_until(around.world.now() + kPauses[record.when % std::size(kPauses)]);
    if (auto problem = pieces_problem(record.octets); !problem.empty()) return problem;
    const unsigned caller = record.kind % 4U;
    if (record.which % 2 == 1 || !callers.contains(caller)) {
      if (callers.contains(caller)) {
        auto problem = problem_of(callers.at(caller)->received(), strangers[caller]);
        if (!problem.empty()) return problem;
      }
      callers[caller] = std::make_unique<WebCaller>(around.client);
      strangers[caller] = true;
    }
    const std::string before = record.octets;
    replace_marks(record.octets, marks);
    if (record.octets != before || record.octets.contains("login")) strangers[caller] = false;
    callers.at(caller)->send(record.octets);
  }
  around.world.run_until(around.world.now() + 2s);
  for (const auto& [number, caller] : callers) {
    auto problem = problem_of(caller->received(), strangers[number]);
    if (!problem.empty()) return problem;
  }
  callers.clear();
  around.phone->power_off();
  around.device.set_power(false);
  around.world.run_until(around.world.now() + 1s);
  if (!around.phone->resources_released()) return "something of the phone is left";
  return around.device.open_sockets() == 0 ? "" : "a socket is left";
}

}  // namespace provlab::fuzz
