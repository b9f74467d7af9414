#pragma once
#include <memory>

#include "core/platform/host.hpp"
#include "netfakes/plaintext_ear.hpp"
#include "netfakes/tls_identity.hpp"

namespace provlab::netfakes {

/// The serving side of TLS over an accepted connection, with the interface of a plain one.
///  1. What is read and written is plaintext. OpenSSL works on memory only.
///  2. The handshake happens while the first read waits; where it fails, the read ends with an
///  error.
///  3. Its operations cannot be cancelled.
///  4. close() and the destructor say goodbye (close_notify) before the FIN; reset() does not.
class TlsSocket final : public StreamSocket {
 public:
  /// `ear`, which may be null, must outlive it.
  TlsSocket(Host& host, std::unique_ptr<StreamSocket> inner,
            std::shared_ptr<const TlsServer> server, PlaintextEar* ear = nullptr);
  ~TlsSocket() override;
  Endpoint local() const override;
  Endpoint remote() const override;
  OperationId start_read(asio::mutable_buffer buffer, TransferHandler handler) override;
  OperationId start_write(asio::const_buffer buffer, TransferHandler handler) override;
  void shutdown_send() override;
  void close() override;
  void reset() override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace provlab::netfakes
