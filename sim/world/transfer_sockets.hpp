#pragma once
#include <memory>
#include <vector>

#include "sim/world/curl_seam.hpp"
#include "sim/world/tcp_layer.hpp"

namespace provlab::world {

/// TCP connections of the virtual network behind descriptor numbers that only libcurl sees (D2). No
/// descriptor of the kernel is used: while a Scope is open on this thread, the calls that libcurl
/// makes on such a number (connect, poll, send, recv, getsockopt, …) come here by the seam.
class VirtualTransferSockets final : public TransferSockets, public SeamSockets {
 public:
  explicit VirtualTransferSockets(TcpLayer& tcp);
  ~VirtualTransferSockets() override;

  int open(Endpoint remote) override;
  void close(int socket) override;
  void watch(int socket, bool read, bool write, Observer& observer) override;

  // SeamSockets
  int connect(int socket) override;
  long send(int socket, const void* data, std::size_t size) override;
  long receive(int socket, void* data, std::size_t size, bool peek) override;
  short poll(int socket, short events) override;
  int take_error(int socket) override;
  bool names(int socket, Endpoint& local, Endpoint& remote) override;
  Instant now() const override { return loop_.now(); }

  std::size_t open_count() const;

 private:
  struct Entry final : TcpConnection::User {
    void on_tcp_change() override;
    bool readable() const;
    bool writable() const;

    VirtualTransferSockets* owner = nullptr;
    std::shared_ptr<TcpConnection> connection;
    Endpoint remote;
    std::optional<HostTrouble> trouble;  ///< that connect() finds
    Observer* observer = nullptr;
    int number = -1;
    bool connecting = false;
    bool watch_read = false;
    bool watch_write = false;
    bool told_writable = false;  ///< libcurl knows already that this socket can be written
    bool error_taken = false;
    OperationId notice;
  };

  Entry* find(int socket);
  void enter() override;
  void leave() override;
  void notify_soon(Entry& entry);
  void notify(int number);

  TcpLayer& tcp_;
  Loop& loop_;
  std::vector<std::unique_ptr<Entry>>
      entries_;  ///< by number − kFirstNumber; closed ones are empty
};

}  // namespace provlab::world
