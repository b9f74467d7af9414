#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/phone/phone.hpp"
#include "sim/record/trace.hpp"
#include "sim/world/world.hpp"
#include "tests/unit/world/tcp_client.hpp"

/// A telephone with a static address, and somebody beside it who speaks to its Web UI.
namespace provlab::web {

using namespace std::chrono_literals;

struct Answer {
  unsigned status = 0;  ///< 0: none came
  std::multimap<std::string, std::string> fields;
  std::string body;

  std::string field(const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? "" : found->second;
  }
  /// A member of the JSON object that the body is.
  std::string member(std::string_view key) const {
    boost::system::error_code wrong;
    const auto value = boost::json::parse(body, wrong);
    if (wrong || !value.is_object()) return "no JSON: " + body;
    const auto* found = value.get_object().if_contains(boost::json::string_view(key));
    if (found == nullptr) return "";
    return found->is_string() ? std::string(found->get_string().c_str())
                              : boost::json::serialize(*found);
  }
};

using Fields = std::vector<std::pair<std::string, std::string>>;

class WebLab : public testing::Test {
 protected:
  explicit WebLab(WebOptions web = {}, Release release = Release::r2_2A) {
    phone::PhoneOptions options;
    options.identity.release = release;
    options.run_at_boot = false;
    options.static_address = InterfaceConfiguration{{kDevice, 24}, {}};
    options.web = std::move(web);
    options.web.trace = &world_.trace();
    phone_ = std::make_unique<phone::Phone>(device_, options);
    phone_->power_on();
    run(1s);
  }

  void run(Duration time) { world_.run_until(world_.now() + time); }
  /// What comes back on a connection until the phone closes it, or for `time`.
  std::string raw(std::string_view octets, Duration time = 5s, world::VirtualHost* from = nullptr) {
    world::TcpClient client(from == nullptr ? client_ : *from, {kDevice, 80});
    client.send(octets);
    world_.run_until([&] { return client.ended(); }, world_.now() + time);
    std::string received = client.received();
    client.close();
    run(10ms);
    return received;
  }
  Answer ask(std::string_view method, std::string_view path, const Fields& fields = {},
             std::string_view body = {}, world::VirtualHost* from = nullptr) {
    std::string text = std::string(method) + " " + std::string(path) + " HTTP/1.1\r\n";
    const auto add = [&text](std::string_view name, std::string_view value) {
      text.append(name).append(": ").append(value).append("\r\n");
    };
    bool host = false;
    for (const auto& [name, value] : fields) host |= name == "Host";
    if (!host) add("Host", "192.0.2.50");
    add("Connection", "close");
    for (const auto& [name, value] : fields) add(name, value);
    if (!body.empty() || method == "POST" || method == "PUT") {
      add("Content-Length", std::to_string(body.size()));
    }
    text += "\r\n";
    text += body;
    return read(raw(text, 20s, from));
  }
  static Answer read(std::string_view text) {
    Answer answer;
    const std::size_t end = text.find("\r\n\r\n");
    if (!text.starts_with("HTTP/1.1 ") || end == text.npos) return answer;
    answer.status = static_cast<unsigned>(std::stoul(std::string(text.substr(9, 3))));
    answer.body = text.substr(end + 4);
    std::string_view head = text.substr(0, end + 2);
    head.remove_prefix(head.find("\r\n") + 2);
    while (!head.empty()) {
      const std::string_view line = head.substr(0, head.find("\r\n"));
      const std::size_t colon = line.find(": ");
      answer.fields.emplace(line.substr(0, colon), line.substr(colon + 2));
      head.remove_prefix(line.size() + 2);
    }
    return answer;
  }

  // A browser.
  Answer form(std::string_view path, std::string_view body, const Fields& more = {}) {
    Fields fields{{"Cookie", cookie_},
                  {"Origin", "http://192.0.2.50"},
                  {"Content-Type", "application/x-www-form-urlencoded"}};
    fields.insert(fields.end(), more.begin(), more.end());
    return ask("POST", path, fields, body);
  }
  Answer get(std::string_view path) { return ask("GET", path, {{"Cookie", cookie_}}); }
  /// Logs in and takes the key of the session's forms.
  Answer log_in(std::string_view user, std::string_view password) {
    cookie_.clear();
    Answer answer =
        form("/login", "user=" + std::string(user) + "&password=" + std::string(password));
    const std::string set = answer.field("Set-Cookie");
    cookie_ = set.substr(0, set.find(';'));
    key_.clear();
    const std::string page = get("/log").body;
    const std::size_t at = page.find("name=\"key\" value=\"");
    if (at != page.npos) key_ = page.substr(at + 18, 64);
    return answer;
  }
  std::string key_field() const { return "key=" + key_ + "&"; }
  /// A document by the form of the restore page.
  Answer restore(std::string_view document) {
    std::string body = "--between\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n" + key_ +
                       "\r\n--between\r\nContent-Disposition: form-data; name=\"document\"; "
                       "filename=\"a.xml\"\r\nContent-Type: text/xml\r\n\r\n";
    body += document;
    body += "\r\n--between--\r\n";
    return ask("POST", "/restore",
               {{"Cookie", cookie_},
                {"Origin", "http://192.0.2.50"},
                {"Content-Type", "multipart/form-data; boundary=between"}},
               body);
  }

  // A script.
  Answer script(std::string_view method, std::string_view path, std::string_view body = {}) {
    return ask(method, path, {{"Authorization", "Bearer " + token_}}, body);
  }
  /// `admin:admin` in base64 is YWRtaW46YWRtaW4=.
  Answer log_in_script(std::string_view coded, world::VirtualHost* from = nullptr) {
    Answer answer =
        ask("POST", "/api/v1/login", {{"Authorization", "Basic " + std::string(coded)}}, {}, from);
    if (answer.status == 200) token_ = answer.member("token");
    return answer;
  }

  unsigned count(std::string_view event) {
    unsigned found = 0;
    for (const TraceRecord record : world_.trace()) found += record.is(event);
    return found;
  }

  static constexpr Ipv4Address kDevice = Ipv4Address::of(192, 0, 2, 50);
  world::World world_;
  world::VirtualHost& device_ = world_.add_host({.name = "device"});
  world::VirtualHost& client_ = world_.add_host(
      {.name = "client",
       .configuration = InterfaceConfiguration{{Ipv4Address::of(192, 0, 2, 9), 24}, {}}});
  world::VirtualHost& other_ = world_.add_host(
      {.name = "other",
       .configuration = InterfaceConfiguration{{Ipv4Address::of(192, 0, 2, 10), 24}, {}}});
  std::unique_ptr<phone::Phone> phone_;
  std::string cookie_;
  std::string key_;
  std::string token_;
};

inline const std::string kAdmin = "YWRtaW46YWRtaW4=";  // admin:admin
inline const std::string kUser = "dXNlcjp1c2Vy";       // user:user
inline const std::string kWrong = "YWRtaW46d3Jvbmc=";  // admin:wrong

}  // namespace provlab::web
