#pragma once
#include <memory>
#include <utility>

#include "netfakes/datagram_listener.hpp"
#include "netfakes/front.hpp"

namespace provlab::netfakes {

/// A responder that is asked in datagrams, on one UDP port.
template <class Config>
class DatagramFront : public Front<Config> {
 public:
  Expected<void> start() override {
    return listener_.open(this->host_, options_,
                          [this](const Datagram& datagram) { receive(datagram); });
  }
  void stop() override {
    this->answering_.forget_all();
    listener_.close();
  }

 protected:
  DatagramFront(Host& host, std::shared_ptr<const Config> config, UdpOptions options)
      : Front<Config>(host, std::move(config)), options_(std::move(options)) {}

  virtual void receive(const Datagram& datagram) = 0;
  UdpSocket& socket() { return listener_.socket(); }  ///< precondition: started

 private:
  UdpOptions options_;
  DatagramListener listener_;
};

}  // namespace provlab::netfakes
