#include "sim/web/web_ui.hpp"

#include "sim/web/desk.hpp"
#include "sim/web/events.hpp"

namespace provlab::web {

/// Where connections come in. The desk behind it is made for the first request.
struct WebUi::Door final : Server::Handler {
  Door(Host& h, Device& d, WebOptions o)
      : host(h), device(d), options(std::move(o)), server(h, *this) {}

  Desk& desk() {
    if (!made) {
      made.emplace(host, device, DeviceLog(host, options.trace, options.narrate), options.idle);
    }
    return *made;
  }
  std::size_t most_octets(const Request& head) override { return desk().most_octets(head); }
  Response answer(const Request& request) override { return desk().answer(request); }
  Response too_long(const Request& head, std::size_t most) override {
    return desk().too_long(head, most);
  }

  Host& host;
  Device& device;
  WebOptions options;
  std::optional<Desk> made;
  Server server;
};

WebUi::WebUi(Host& host, Device& device, WebOptions options)
    : door_(std::make_unique<Door>(host, device, std::move(options))) {}

WebUi::~WebUi() = default;

void WebUi::open() {
  Door& door = *door_;
  if (!door.options.enabled) return;
  if (door.options.hash_at_once) door.desk().gate().hash();
  if (const auto opened = door.server.open(door.options.port); !opened) {
    door.host.record(WebPortFailed{opened.error().text});
  }
}

void WebUi::adopt(std::unique_ptr<StreamSocket> socket, std::vector<std::string> names) {
  door_->server.adopt(std::move(socket), std::move(names));
}

void WebUi::close() {
  door_->server.close();
  door_->made.reset();
}

void WebUi::settings_changed() {
  if (door_->made) door_->made->gate().hash();
}

}  // namespace provlab::web
