#pragma once
#include <memory>
#include <string>

#include "sim/wire/frame_link.hpp"

namespace provlab::wire {

struct InterfaceOptions {
  /// Of the kernel's ring. In immediate mode each frame takes a place of the largest size.
  std::size_t buffer = 32U * 1024 * 1024;
  /// A frame: segments that a local sender or the kernel has joined are as large as this, behind
  /// Ethernet header and tag. Where nobody but us sends, the interface's own size suffices.
  int largest = 65535 + 18;
};

/// An Ethernet interface of this machine, through libpcap: in immediate mode, promiscuous, without
/// our own frames. Owns its handle. While it is down nothing comes in and nothing is taken.
class Interface final : public FrameLink {
 public:
  /// Errors: no such interface, no permission, the interface is down, it is no Ethernet; each says
  /// what to do.
  static Expected<std::unique_ptr<Interface>> open(const std::string& name,
                                                   const InterfaceOptions& options = {});
  ~Interface() override;
  Interface(const Interface&) = delete;
  Interface& operator=(const Interface&) = delete;

  bool send(BytesView frame) override;
  Expected<std::size_t> receive(std::size_t most, const Taker& take) override;
  int descriptor() const override;
  Expected<void> want(const FrameInterest& interest) override;
  LinkStatistics statistics() override;
  std::size_t mtu() const override { return mtu_; }
  /// Its own address, which hosts of ours do not use.
  MacAddress mac() const { return mac_; }

 private:
  struct Handle;
  Interface(std::string name, std::unique_ptr<Handle> handle);

  std::string name_;
  unsigned index_;
  std::unique_ptr<Handle> handle_;
  std::size_t mtu_ = 1500;
  MacAddress mac_;
};

/// What there is to say where an interface is not there any more.
std::unexpected<Error> interface_gone(const std::string& name);

/// An interest in the language of pcap-filter(7). More stations than fit into a filter of the
/// kernel are told by what all their addresses begin with.
std::string filter_text(const FrameInterest& interest);

}  // namespace provlab::wire
