#pragma once
#include <memory>
#include <utility>

#include "core/platform/host.hpp"
#include "netfakes/dhcp_config.hpp"

namespace provlab::netfakes {

class AnswerGate;

/// A DHCP server (RFC 2131, 2132) with leases by MAC address, on port 67 of its host.
class DhcpResponder {
 public:
  DhcpResponder(Host& host, std::shared_ptr<const DhcpConfig> config);
  DhcpResponder(Host& host, DhcpConfig config)
      : DhcpResponder(host, std::make_shared<const DhcpConfig>(std::move(config))) {}
  ~DhcpResponder();
  DhcpResponder(const DhcpResponder&) = delete;
  DhcpResponder& operator=(const DhcpResponder&) = delete;

  /// Fails where the host has neither an address nor a configured one, or port 67 is taken.
  Expected<void> start();
  void stop();  ///< answers nothing more; leases stay, for a later start()
  /// See Answering::set_gate().
  void set_gate(AnswerGate* gate);

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace provlab::netfakes
