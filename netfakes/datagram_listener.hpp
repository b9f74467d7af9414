#pragma once
#include <memory>

#include "core/platform/host.hpp"

namespace provlab::netfakes {

/// A UDP socket and the loop that receives from it, until close() or its destruction; the handler
/// is not called after either.
class DatagramListener {
 public:
  using Handler = UniqueFunction<void(Datagram)>;
  Expected<void> open(Host& host, const UdpOptions& options, Handler handler);
  void close() { state_.reset(); }
  bool is_open() const { return state_ != nullptr; }
  UdpSocket& socket() { return *state_->socket; }  ///< precondition: is_open()

 private:
  struct State {
    std::unique_ptr<UdpSocket> socket;
    Handler handler;
  };
  static void receive_next(const std::shared_ptr<State>& state);
  std::shared_ptr<State> state_;
};

}  // namespace provlab::netfakes
