#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "sim/web/device_log.hpp"
#include "sim/web/gate.hpp"
#include "sim/web/views.hpp"

namespace provlab::web {

struct FeedState;

/// Answers the requests of the Web UI: finds out who asks, what for, and whether he may.
class Desk {
 public:
  Desk(Host& host, Device& device, DeviceLog log, Duration idle);
  ~Desk();

  std::size_t most_octets(const Request& head);
  Response answer(const Request& request);
  /// The answer to a request whose body would be too long.
  Response too_long(const Request& head, std::size_t most);
  Gate& gate() { return gate_; }

 private:
  /// One request of somebody who is logged in.
  struct Visit {
    const Request& request;
    Visitor visitor;
    bool by_script = false;
  };
  struct Route;
  using Handler = Response (Desk::*)(const Visit&);
  static std::span<const Route> routes();

  Response unknown_visitor(const Request& request);
  Response refuse(const Visit& visit, unsigned status, std::string_view title,
                  std::string_view sentence);
  Response unlike(const Visit& visit);
  std::optional<std::string> objection(const Visit& visit, const Route& route) const;
  Surroundings around(const Visitor& visitor);
  ProvisioningView provisioning_view(std::string complaint = {});

  // The login, for pages and scripts.
  Response show_login(const Request& request);
  Response log_in(const Request& request);
  Response log_in_script(const Request& request);
  Response log_out(const Visit& visit);
  // What a visitor may ask for; each serves the page and its twin.
  Response status(const Visit& visit);
  Response provisioning(const Visit& visit);
  Response submit_provisioning(const Visit& visit);
  Response put_url(const Visit& visit);
  Response start_provisioning(const Visit& visit);
  Response log(const Visit& visit);
  Response events(const Visit& visit);
  Response backup(const Visit& visit);
  Response download_backup(const Visit& visit);
  Response restore(const Visit& visit);
  Response submit_restore(const Visit& visit);
  Response password(const Visit& visit);
  Response submit_password(const Visit& visit);
  Response script(const Visit& visit);

  Expected<void> enter_url(const std::string& url);
  std::optional<std::string> next_events(const Visitor& visitor, FeedState& state);

  Host& host_;
  Device& device_;
  Gate gate_;
  DeviceLog log_;
  /// Held by the feeds that run, to count them.
  std::shared_ptr<Desk*> self_;
};

}  // namespace provlab::web
