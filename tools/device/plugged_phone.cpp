#include "tools/device/plugged_phone.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "core/service/network_manager.hpp"
#include "sim/wire/chance_and_clock.hpp"
#include "sim/wire/frame_tap.hpp"

namespace provlab::tools {

PluggedPhone::PluggedPhone(phone::PhoneOptions options, const PlugOptions& plug,
                           std::unique_ptr<wire::Interface> interface)
    : world_(wire::fresh_seed()),
      interface_name_(plug.interface_name),
      carrier_(wire::Carrier::follow(world_.context(), plug.interface_name)) {
  world_.network().link.latency = {};  // the wire has its own
  host_ = &world_.add_host({.name = "device", .mac = options.identity.mac});
  if (plug.storage != nullptr) host_->keep_in(*plug.storage);
  options.web.trace = &world_.trace();
  phone_.emplace(*host_, std::move(options));
  std::unique_ptr<wire::FrameLink> link = std::move(interface);
  if (plug.captured) {
    capture_.emplace(plug.interface_name, wire::wall_time(), "provlab device");
    link = std::make_unique<wire::FrameTap>(
        std::move(link), [this](BytesView frame) { capture_->frame(world_.actual(), frame); });
  }
  port_.emplace(world_, std::move(link));
  pacer_.emplace(world_, &*port_, wire::PacerOptions{.realtime = true});
  follow_cable();
}

Expected<void> PluggedPhone::probe_static_address() {
  const auto fixed = service::static_network(phone_->configuration());
  if (!fixed || !*fixed) return {};  // what is wrong with it the phone will say
  const Ipv4Address address = (*fixed)->configuration.address.address;
  struct Answer {
    bool given = false;
    std::optional<MacAddress> by;
  };
  const auto answer = std::make_shared<Answer>();
  port_->probe(*host_, address, [answer](std::optional<MacAddress> by) { *answer = {true, by}; });
  const auto ran = run([&] { return answer->given; }, clock() + std::chrono::seconds(2));
  if (!ran) return std::unexpected(ran.error());
  if (!answer->by) return {};
  return fail(
      fmt::format("the phone's static address {} is that of {} already; give it another one "
                  "by --config, or take that machine off the network",
                  address.to_string(), answer->by->to_string()));
}

Expected<bool> PluggedPhone::run(const std::function<bool()>& done, Instant limit) {
  if (!carrier_) return std::unexpected(carrier_.error());
  const auto gone = [this] { return (*carrier_)->state() == wire::Carrier::State::gone; };
  const auto ran = pacer_->run(
      [&] {
        follow_cable();
        return gone() || done();
      },
      limit);
  if (ran && gone()) return wire::interface_gone(interface_name_);
  return ran;
}

void PluggedPhone::power_on() {
  host_->set_power(true);
  phone_->power_on();
}

void PluggedPhone::power_off() {
  phone_->power_off();
  host_->set_power(false);
}

Expected<Endpoint> PluggedPhone::serve_web(Endpoint local) {
  auto listener =
      wire::LocalListener::open(world_, local, [this](std::unique_ptr<StreamSocket> socket) {
        const Endpoint at = socket->local();
        phone_->serve_web(std::move(socket),
                          {at.to_string(), "localhost:" + std::to_string(at.port)});
      });
  if (!listener) return std::unexpected(listener.error());
  web_ = std::move(*listener);
  return web_->local();
}

void PluggedPhone::add_keys(std::string_view lines) {
  for (std::size_t end = lines.find('\n'); capture_ && end != lines.npos; end = lines.find('\n')) {
    capture_->secret(lines.substr(0, end));
    lines.remove_prefix(end + 1);
  }
}

void PluggedPhone::pull_cable(bool out) {
  pulled_ = out;
  follow_cable();
}

void PluggedPhone::follow_cable() {
  const bool in = carrier_ && (*carrier_)->state() == wire::Carrier::State::in;
  host_->set_link(in && !pulled_);
}

}  // namespace provlab::tools
